from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from accounts.principal import register_plan_source
        from accounts.selectors import register_plan_column
        from billing import personal_data  # noqa: F401  declares it
        from billing.selectors import held_plan, users_with_plan

        register_plan_source(held_plan)
        register_plan_column(users_with_plan)
