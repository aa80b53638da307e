"""`/outbox`: the mailbox of everybody who tries the site on one machine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dev.demo.outbox import letters


@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/outbox.html", {"letters": letters()})
