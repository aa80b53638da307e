from kushfilms.core.app_config import KushAppConfig


class BillingConfig(KushAppConfig):
    default = True
    name = "billing"

    def ready(self) -> None:
        super().ready()
        from accounts import selectors as accounts_selectors
        from accounts.auth import principal
        from billing.selectors import held_plans, users_with_plan

        principal.held_plans.register(held_plans)
        accounts_selectors.plan_annotated.register(users_with_plan)
