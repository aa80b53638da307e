"""Subscriptions to look at, and what a person's page shows of theirs."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin import UserAdmin
from accounts.back_office import ReadOnlyAdmin
from accounts.models import User
from billing import user_sections  # noqa: F401  registers
from billing.models import Plan, Subscription
from billing.selectors import plan_of
from billing.services import subscription_grant

COMPLIMENTARY_DAYS = 30


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin[Subscription]):
    list_display = ["user", "plan", "status", "provider", "current_period_end"]
    list_filter = ["plan", "status", "provider"]
    list_select_related = ["user"]
    search_fields = ["user__email", "provider_subscription_id", "provider_customer_id"]
    ordering = ["-created_at"]


admin.site.unregister(User)


@admin.register(User)
class SubscriberAdmin(UserAdmin):
    """The same page with the plan on it: accounts does not know billing, billing knows both."""

    list_display = ["email", "name", "role", "plan", "is_banned", "last_login_at", "created_at"]
    list_select_related = ["subscription"]
    actions = [*UserAdmin.actions, "give_premium"]

    @admin.display(description="Plan")
    def plan(self, user: User) -> str:
        return plan_of(getattr(user, "subscription", None), now=timezone.now()).label

    @admin.action(description=f"Give Premium for {COMPLIMENTARY_DAYS} days", permissions=["gift"])
    def give_premium(self, request: HttpRequest, people: QuerySet[User]) -> None:
        until = timezone.now() + timedelta(days=COMPLIMENTARY_DAYS)
        for user in people:
            subscription_grant(user, plan=Plan.PREMIUM, until=until)
            self.message_user(request, f"{user} has Premium until {until:%d %B %Y}.")

    def has_gift_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.grant_subscription"))
