from kushfilms.core.app_config import KushAppConfig


class AccountsConfig(KushAppConfig):
    default = True
    name = "accounts"

    def ready(self) -> None:
        super().ready()
        from accounts.auth.clients import person_of
        from kushfilms.core.client_ids import person_of_credentials

        person_of_credentials.register(person_of)
