from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from accounts.principal import register_plan_source
        from accounts.selectors import register_plan_column

        # These declare what is held, subscribe, and register mails and jobs.
        from billing import events, mails, personal_data  # noqa: F401
        from billing.selectors import held_plan, users_with_plan
        from billing.services import (  # noqa: F401
            checkouts,
            customers,
            inbox,
            ordering,
            reconciling,
        )

        register_plan_source(held_plan)
        register_plan_column(users_with_plan)
