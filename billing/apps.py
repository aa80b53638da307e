from kushfilms.core.app_config import KushAppConfig


class BillingConfig(KushAppConfig):
    default = True
    name = "billing"

    def ready(self) -> None:
        super().ready()
        from accounts.auth.principal import register_plan_source
        from accounts.selectors import register_plan_column
        from billing.selectors import held_plan, users_with_plan

        register_plan_source(held_plan)
        register_plan_column(users_with_plan)
