"""Limits of outgoing mail, per mailbox and in all.

Public forms send mail to any address typed into them. Beyond a limit a mail waits for the next
window; one that has waited a day for its mailbox is given up and appears among the failed jobs.
"""

from datetime import datetime, timedelta

from kushfilms.core.jobs import GiveUp, Running, job_enqueue
from kushfilms.core.rate_windows import digest, rate_of, window_count, window_rest

MOST_WAITS = 24


def mail_postponed(job: Running, *, to: str, counted: bool, now: datetime) -> bool:
    """Return whether the mail of this job was postponed, as a new job.

    `counted`: also counted by its mailbox. A mail with a narrower limit of its own is not: a flood
    must not keep a person from the link to a new password.

    Raises:
        GiveUp: the mail has waited too long for its mailbox.
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
    """Return the seconds until the next window; 0 while this one has room."""
    limit, window = rate_of(scope)
    moment = now.timestamp()
    count = window_count(f"{scope}:{key}", seconds=window, now=moment)
    return window_rest(window, now=moment) + 1 if count > limit else 0
