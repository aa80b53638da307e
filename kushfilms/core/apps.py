from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "kushfilms.core"
    label = "core"

    def ready(self) -> None:
        from kushfilms.core import checks  # noqa: F401  registers the system checks
