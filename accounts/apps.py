from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # These register mails, jobs, audiences and what is held on people.
        from accounts import mails, notification_mails, personal_data, rights_mails  # noqa: F401
        from accounts.clients import person_of
        from accounts.services import avatars, erasure, exports, fan_out  # noqa: F401
        from kushfilms.core.clients import register_person_reader

        register_person_reader(person_of)
