"""Background jobs that staff retry."""

from datetime import datetime

from django.db import transaction

from accounts.services.audit import audit_write
from kushfilms.core.jobs import job_retry
from kushfilms.core.models import Job, JobState


@transaction.atomic
def job_do_again(job: Job, *, now: datetime) -> bool:
    """Retry a failed job; return False if it has not failed."""
    if not job_retry(job, now=now):
        return False
    audit_write("job.retry", job, old={"state": JobState.FAILED}, new={"state": JobState.WAITING})
    return True
