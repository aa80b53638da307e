from django.apps import AppConfig


class StreamingConfig(AppConfig):
    name = "streaming"

    def ready(self) -> None:
        from streaming import events, film_states, personal_data  # noqa: F401  subscribe, declare
        from streaming.services import retracking  # noqa: F401  register its job
