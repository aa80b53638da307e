from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        from catalog import events, mails, personal_data  # noqa: F401  subscribe and declare
        from catalog.services import new_films, related, replies  # noqa: F401  their jobs
