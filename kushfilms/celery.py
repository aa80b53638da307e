"""Celery only wakes work: what there is to do stands in database rows.

A lost message costs one beat of the sweep, never a film.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kushfilms.settings")

app = Celery("kushfilms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse(**kwargs: Any) -> None:
    from kushfilms.core.checks import refuse_bad_configuration

    refuse_bad_configuration(**kwargs)
