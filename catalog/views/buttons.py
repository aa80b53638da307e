"""Buttons on pages: forms of signed-in people that lead back to the page they are on."""

from collections.abc import Callable

from django.views.decorators.http import require_POST

from accounts.views.base import Page, signed_in


def button(*, of: str, has_arguments: bool = True) -> Callable[[Page], Page]:
    """Accept a POST of a signed-in person, passed as the second argument.

    `of` names the page with the button, which takes the same arguments if it `has_arguments`. A
    viewer whose session has ended signs in and returns there.
    """

    def decorate(view: Page) -> Page:
        return require_POST(signed_in(back=of, same_arguments=has_arguments)(view))

    return decorate
