"""Celery task that uploads the remaining films while the first one can be watched."""

from celery import shared_task

from dev.demo.uploads import film_send_next


@shared_task
def send_film() -> None:
    """Upload one film, so that other work can run in between.

    After a lost message the next start of the site continues.
    """
    if film_send_next():
        send_film.delay()
