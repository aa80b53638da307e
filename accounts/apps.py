from kushfilms.core.app_config import KushAppConfig


class AccountsConfig(KushAppConfig):
    default = True
    name = "accounts"

    def ready(self) -> None:
        super().ready()
        from accounts.auth.clients import person_of
        from kushfilms.core.client_ids import register_person_reader

        register_person_reader(person_of)
