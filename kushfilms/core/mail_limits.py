"""How much mail one mailbox, and all together, get from us.

Forms that anybody may fill in send mail to whatever address is typed. Beyond a limit a letter waits
for the next window; one that has waited a day for its mailbox is given up, and stands among the
failed jobs.
"""

from datetime import datetime, timedelta

from kushfilms.core.jobs import GiveUp, Running, job_enqueue
from kushfilms.core.rate_windows import digest, rate_of, window_count, window_rest

MOST_WAITS = 24


def mail_postponed(job: Running, *, to: str, counted: bool, now: datetime) -> bool:
    """Whether the letter of this job waits, in a job of its own.

    `counted`: by its mailbox, too. A letter whose own limit is narrower is not: a flood must not
    keep a person from the link to a new password.

    Raises:
        GiveUp: it has waited long enough for its mailbox.
    """
    own = _wait("mail_recipient", digest(to.casefold()), now=now) if counted else 0
    seconds = own or _wait("mail_all", "", now=now)
    if not seconds:
        return False
    waits = job.payload.get("waits", 0) + bool(own)
    if waits > MOST_WAITS:
        raise GiveUp("Too many mails to this address within a day.")
    payload = {**job.payload, "waits": waits}
    job_enqueue("mail", payload, key=job.row.key, not_before=now + timedelta(seconds=seconds))
    return True


def _wait(scope: str, key: str, *, now: datetime) -> float:
    """Seconds until the next window; 0 while there is room in this one."""
    limit, window = rate_of(scope)
    moment = now.timestamp()
    count = window_count(f"{scope}:{key}", seconds=window, now=moment)
    return window_rest(window, now=moment) + 1 if count > limit else 0
