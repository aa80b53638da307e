"""Kush Films: a film service for Uganda."""

from kushfilms.celery import app as celery_app

__all__ = ["celery_app"]
