"""Admin pages of subscriptions, and the complimentary plan on a person's page."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.people import UserAdmin
from accounts.models import User
from billing.admin.statistics import churn
from billing.models import Plan, Subscription
from billing.selectors import plan_of
from billing.services.complimentary import subscription_end, subscription_grant
from kushfilms.core.errors import InvalidInput
from kushfilms.core.form_fields import LineFormField

COMPLIMENTARY_DAYS = 30


class ChurnFilter(admin.SimpleListFilter):
    """Filter for subscribers who are leaving, late, or gone."""

    title = "churn"
    parameter_name = "churn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [
            ("leaving", "canceled, still open"),
            ("late", "payment overdue"),
            ("gone", "left in the last 30 days"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return churn(queryset, str(self.value() or ""), now=timezone.now())


class GiftForm(forms.Form):
    plan = forms.ChoiceField(choices=[("BASIC", "Basic"), ("PREMIUM", "Premium")])
    days = forms.IntegerField(min_value=1, max_value=3660)
    reason = LineFormField(max_length=500)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin[Subscription]):
    list_display = [
        "user",
        "plan",
        "status",
        "provider",
        "current_period_end",
        "cancel_at_period_end",
        "complimentary_plan",
        "complimentary_until",
    ]
    list_filter = [ChurnFilter, "plan", "status", "cancel_at_period_end", "complimentary_plan"]
    list_select_related = ["user"]
    search_fields = ["user__email", "provider_subscription_id", "provider_customer_id"]
    ordering = ["-created_at"]


admin.site.unregister(User)


@admin.register(User)
class SubscriberAdmin(UserAdmin):
    """Person's admin page with the plan. Accounts must not import billing, so it is built here."""

    list_display = ["email", "name", "role", "plan", "is_banned", "last_login_at", "created_at"]
    list_select_related = ["subscription"]
    actions = [*UserAdmin.actions, "give_premium"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:pk>/give/", wrap(self.give_view), name="accounts_user_give"),
            path("<uuid:pk>/take-back/", wrap(self.take_view), name="accounts_user_take_back"),
            *super().get_urls(),
        ]

    def give_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "billing.grant_subscription")
        user = get_object_or_404(User, pk=pk)

        def give() -> None:
            form = GiftForm(request.POST)
            if not form.is_valid():
                raise InvalidInput("Choose a plan and a number of days, and enter a reason.")
            values = form.cleaned_data
            until = timezone.now() + timedelta(days=values["days"])
            plan = Plan(values["plan"])
            reason = values["reason"]
            subscription_grant(user, plan=plan, until=until, reason=reason)

        return self.act(request, give, said="Complimentary plan given.", back=self._page(pk))

    def take_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self.must(request, "billing.grant_subscription")
        user = get_object_or_404(User, pk=pk)
        take = partial(subscription_end, user, reason=request.POST.get("reason", ""))
        message = "Complimentary plan ended. A paid plan stays."
        return self.act(request, take, said=message, back=self._page(pk))

    @admin.display(description="Plan")
    def plan(self, user: User) -> str:
        return plan_of(getattr(user, "subscription", None), now=timezone.now()).label

    @admin.action(description=f"Give Premium for {COMPLIMENTARY_DAYS} days", permissions=["gift"])
    def give_premium(self, request: HttpRequest, people: QuerySet[User]) -> None:
        until = timezone.now() + timedelta(days=COMPLIMENTARY_DAYS)
        for user in people:
            subscription_grant(user, plan=Plan.PREMIUM, until=until, reason="given from the list")
            self.message_user(request, f"{user} has Premium until {until:%d %B %Y}.")

    def has_gift_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("billing.grant_subscription"))
