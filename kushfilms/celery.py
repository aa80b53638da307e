"""Celery application, which only wakes workers: the work itself is in database rows.

A lost message costs one interval of the sweep, never a film.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, heartbeat_sent, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kushfilms.settings")

app = Celery("kushfilms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse(**kwargs: Any) -> None:
    from kushfilms.core.checks import refuse_bad_configuration

    refuse_bad_configuration(**kwargs)


@worker_init.connect
def close_memory(**_: Any) -> None:
    """Hide this process's secrets from ffmpeg, which runs as the same user on foreign files."""
    from kushfilms.core.hardening import hide_from_children

    hide_from_children()


@heartbeat_sent.connect
def leave_pulse(sender: Any, **_: Any) -> None:
    """Record that a worker is alive, from its main process, even while its pool is busy.

    `/readyz` looks for the part of the host name before `@`.
    """
    from kushfilms.core.health import note_pulse

    note_pulse(str(sender.eventer.hostname).partition("@")[0])
