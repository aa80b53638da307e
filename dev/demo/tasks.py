"""The rest of the films, sent by a worker while people look at the first."""

from celery import shared_task

from dev.demo.uploads import film_send_next


@shared_task
def send_film() -> None:
    """One film a task, so that other work gets its turn. A lost message costs one start."""
    if film_send_next():
        send_film.delay()
