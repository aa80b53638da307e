from celery import shared_task
from django.core.cache import cache

from kushfilms.core.health import PULSE_KEY, PULSE_SECONDS


@shared_task
def pulse() -> None:
    """Leave a sign of life that `/readyz` looks for: beat, broker and worker all took part."""
    cache.set(PULSE_KEY, 1, timeout=PULSE_SECONDS)
