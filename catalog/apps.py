from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        from catalog import events, mails, personal_data  # noqa: F401  subscribe and declare
        from catalog.services import (  # noqa: F401  kinds of jobs
            imports,
            new_films,
            pictures,
            related,
            replies,
            reply_notices,
        )
