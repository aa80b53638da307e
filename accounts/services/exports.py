"""Data exports: a copy of all data on a person, made by a job, downloaded by a signed link."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import DataExport, ExportStatus, User
from accounts.privacy.archive import export_stream
from accounts.services.notifications import notification_create
from kushfilms.core import storage
from kushfilms.core.errors import NotFound
from kushfilms.core.jobs import GiveUp, Payload, Running, job_enqueue, job_kind
from kushfilms.core.mail import mail_enqueue
from kushfilms.core.models import JobLane

KEPT = timedelta(days=7)
LINK_LIFETIME = timedelta(hours=1)
FILE_NAME = "kush-films-data.zip"
UNDER_WAY = (ExportStatus.QUEUED, ExportStatus.RUNNING)


def export_request(user_id: UUID) -> DataExport:
    """Request an export; return the one in progress if there is one."""
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user_id=user_id)
            job_enqueue("data_export", {"export": str(export.pk)})
    except IntegrityError:
        return DataExport.objects.get(user_id=user_id, status__in=UNDER_WAY)
    return export


def export_get(export_id: UUID, *, user_id: UUID) -> DataExport:
    """Return a person's own export. Raises NotFound."""
    export = DataExport.objects.filter(pk=export_id, user_id=user_id).first()
    if export is None:
        raise NotFound("Export not found.")
    return export


def export_link(export: DataExport, *, now: datetime) -> str:
    """Return a link to the ZIP, valid for an hour; empty while there is none."""
    if export.status != ExportStatus.READY or export.expires_at is None or export.expires_at <= now:
        return ""
    return storage.presign(
        "get_object",
        lifetime=min(LINK_LIFETIME, export.expires_at - now),
        public=True,
        Key=export.object_key,
        ResponseContentDisposition=f'attachment; filename="{FILE_NAME}"',
    )


def _failed(payload: Payload) -> None:
    DataExport.objects.filter(pk=payload["export"]).update(status=ExportStatus.FAILED)


@job_kind("data_export", lane=JobLane.LONG, given_up=_failed)
def export_make(job: Running) -> None:
    """Write the ZIP straight into storage, in bounded memory, and notify the person."""
    export = DataExport.objects.select_related("user").filter(pk=job.payload["export"]).first()
    if export is None or export.user.erased_at:
        raise GiveUp("The person is gone.")
    if export.status == ExportStatus.READY:
        return
    export.status = ExportStatus.RUNNING
    export.object_key = f"exports/{export.pk}/{FILE_NAME}"
    export.save(update_fields=["status", "object_key"])
    stream = export_stream(export.user, made_at=timezone.now(), on_progress=job.checkpoint)
    total_bytes = storage.put_blocks(export.object_key, stream, content_type="application/zip")
    _ready(export, total_bytes=total_bytes)


@transaction.atomic
def _ready(export: DataExport, *, total_bytes: int) -> None:
    now = timezone.now()
    export.status = ExportStatus.READY
    export.total_bytes = total_bytes
    export.ready_at = now
    export.expires_at = now + KEPT
    export.save(update_fields=["status", "total_bytes", "ready_at", "expires_at"])
    payload = {"export": str(export.pk)}
    job_enqueue("data_export_expire", payload, not_before=export.expires_at)
    notification_create(
        export.user,
        title=gettext_noop("Your data is ready"),
        message=gettext_noop("You can download the copy of your data for seven days."),
        action_url="/account/privacy",
    )
    mail_enqueue("export_ready", payload)


@job_kind("data_export_expire")
def export_expire(job: Running) -> None:
    """Delete the ZIP from storage; the row stays as a record."""
    export = DataExport.objects.filter(pk=job.payload["export"]).first()
    if export is None or export.status != ExportStatus.READY:
        return
    storage.delete(export.object_key)
    DataExport.objects.filter(pk=export.pk).update(status=ExportStatus.EXPIRED)


def exports_forget(user: User) -> None:
    """Delete a person's ZIPs, before their rows, which hold the keys."""
    for export in DataExport.objects.filter(user=user).exclude(object_key=""):
        storage.delete(export.object_key)
