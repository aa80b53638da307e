from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import mails  # noqa: F401  registers
        from accounts.services import avatars  # noqa: F401  registers
