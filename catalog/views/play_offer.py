"""The Play button: the entitlement decision as a label and a link."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from catalog.entitlement import Entitlement, Refusal
from catalog.models import Movie


@dataclass(frozen=True)
class PlayOffer:
    """A button, or without `url` a `note` on why the film cannot be watched.

    `birth_next`, when set, is the page after the viewer enters a date of birth, which is all that
    is missing to decide.
    """

    label: str = ""
    url: str = ""
    note: str = ""
    birth_next: str = ""


def play_offer(movie: Movie, entitlement: Entitlement, *, resume_seconds: int = 0) -> PlayOffer:
    if entitlement.allowed:
        return PlayOffer(_("Resume") if resume_seconds else _("Watch now"), _watch_url(movie))
    if entitlement.refusal == Refusal.SIGN_IN:
        plan = entitlement.required_plan
        needs = _("Free to watch with an account.")
        if not entitlement.current_plan.covers(plan):
            needs = _("Needs the %(plan)s plan.") % {"plan": plan.title()}
        back = urlencode({"next": reverse("movie", args=[movie.slug])})
        return PlayOffer(_("Sign in to watch"), f"{reverse('login')}?{back}", needs)
    if entitlement.refusal in {Refusal.SUBSCRIPTION, Refusal.UPGRADE}:
        label = _("Get %(plan)s to watch") % {"plan": entitlement.required_plan.title()}
        return PlayOffer(label, reverse("subscribe"), entitlement.message)
    if entitlement.refusal == Refusal.AGE_UNKNOWN:
        return PlayOffer(note=entitlement.message, birth_next=_watch_url(movie))
    return PlayOffer(note=entitlement.message)


def _watch_url(movie: Movie) -> str:
    """Return the address of streaming's page, which this app may name but not import."""
    try:
        return reverse("watch", args=[movie.slug])
    except NoReverseMatch:
        return f"/watch/{movie.slug}"
