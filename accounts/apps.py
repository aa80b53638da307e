from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import mails, personal_data, rights_mails  # noqa: F401  register themselves
        from accounts.services import avatars, erasure, exports  # noqa: F401  job kinds
