from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import personal_data, rights_mails  # noqa: F401  register what is theirs
        from accounts.services import erasure, exports  # noqa: F401  job kinds
