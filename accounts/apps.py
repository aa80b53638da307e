from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # These register jobs, mails and audiences.
        from accounts import notification_mails  # noqa: F401
        from accounts.services import fan_out  # noqa: F401
