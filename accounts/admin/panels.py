"""Panels of a person's admin page, a registry to which higher apps add their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts.models import User

Load = Callable[[User], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Panel:
    title: str
    template: str
    perm: str  # of the role matrix
    order: int
    load: Load


_panels: dict[str, Panel] = {}


def user_panel(title: str, *, template: str, perm: str, order: int) -> Callable[[Load], Load]:
    """Register a function that loads the context of a panel's template (decorator)."""

    def register(load: Load) -> Load:
        _panels[title] = Panel(title=title, template=template, perm=perm, order=order, load=load)
        return load

    return register


def panels_for(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """Return the panels of a person that the request's user may see, for the template."""
    visible = [panel for panel in _panels.values() if request.user.has_perm(panel.perm)]
    return [
        {"title": panel.title, "template": panel.template, **panel.load(user)}
        for panel in sorted(visible, key=lambda panel: panel.order)
    ]
