from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        from catalog import events, mails, personal_data  # noqa: F401  subscribe and declare
        from catalog.services import replies  # noqa: F401  its jobs
