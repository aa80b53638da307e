"""Sections of a person's page in the back office.

Higher apps add theirs: accounts does not know what a film is.
"""

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
    perm: str  # of the role matrix: who may see it
    order: int
    load: Load


_panels: dict[str, Panel] = {}


def user_panel(title: str, *, template: str, perm: str, order: int) -> Callable[[Load], Load]:
    """Decorator: this function reads what the section's template shows."""

    def register(load: Load) -> Load:
        _panels[title] = Panel(title=title, template=template, perm=perm, order=order, load=load)
        return load

    return register


def panels_for(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """What who asks may see of this person, ready for the template."""
    seen = [panel for panel in _panels.values() if request.user.has_perm(panel.perm)]
    return [
        {"title": panel.title, "template": panel.template, **panel.load(user)}
        for panel in sorted(seen, key=lambda panel: panel.order)
    ]
