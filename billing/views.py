"""The plans page. Checkout is not there yet, and the page says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.selectors import plans_offered
from kushfilms.core.pages import page_cache


@require_safe
@page_cache
def subscribe(request: HttpRequest) -> HttpResponse:
    return render(request, "billing/subscribe.html", {"offers": plans_offered()})
