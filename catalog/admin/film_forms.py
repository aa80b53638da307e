"""The form of a film's page in the back office. `movie_add` and `movie_update` do the writes."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from catalog.models import Credit, Movie, MovieKind
from catalog.services.edits import countries_clean
from catalog.services.film_edits import EDITABLE, POSITION
from kushfilms.core.errors import InvalidInput

if TYPE_CHECKING:
    _MovieForm = forms.ModelForm[Movie]
    _CreditForm = forms.ModelForm[Credit]
else:  # generic only in the stubs
    _MovieForm = _CreditForm = forms.ModelForm

WRITTEN = EDITABLE | POSITION


class MovieForm(_MovieForm):
    """A form whose fields carry the values that the editor saw.

    A tab that was left open therefore writes only what was changed in it, and does not undo what
    others have changed since.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def _get_validation_exclusions(self) -> set[str]:
        """Exclude what `clean` checks in plainer words than the database's constraints."""
        plainer = {"kind", "season", "episode_number", "licence_starts_at", "licence_ends_at"}
        return set(super()._get_validation_exclusions()) | plainer  # type: ignore[misc]

    def clean_allowed_countries(self) -> list[str]:
        return self._countries("allowed_countries")

    def clean_blocked_countries(self) -> list[str]:
        return self._countries("blocked_countries")

    def _countries(self, field: str) -> list[str]:
        try:
            return countries_clean(self.cleaned_data[field], field=field)
        except InvalidInput as exc:
            raise forms.ValidationError(exc.extras["fields"][field]) from exc

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("season") and values.get("kind") != MovieKind.EPISODE:
            values["kind"] = MovieKind.EPISODE
        if values.get("kind") == MovieKind.EPISODE and "season" in values:
            self._check_position(values)
        starts = values.get("licence_starts_at")
        ends = values.get("licence_ends_at")
        if starts and ends and ends <= starts:
            self.add_error("licence_ends_at", "The licence must end after it starts.")
        moment = values.get("publish_at")
        if moment and "publish_at" in self.changed_data and moment <= timezone.now():
            self.add_error(
                "publish_at", "This time has passed. Publish now, or choose a later time."
            )
        return values

    def _check_position(self, values: dict[str, Any]) -> None:
        season = values["season"]
        number = values.get("episode_number")
        if season is None:
            self.add_error("season", "An episode belongs to a season. Choose one.")
            return
        others = season.episodes.exclude(pk=self.instance.pk).filter(episode_number=number)
        if number is not None and (holder := others.first()):
            self.add_error("episode_number", f"Episode {number} is “{holder}” already.")

    def changes(self) -> dict[str, Any]:
        names = set(self.changed_data)
        if {"season", "kind"} & names:
            names |= {"season", "kind"}
        given = {name: self.cleaned_data[name] for name in names & WRITTEN if name in self.fields}
        if given.get("episode_number", 0) is None and given.get("season") is not None:
            del given["episode_number"]  # it is placed after the last episode
        return given


class CreditForm(_CreditForm):
    class Meta:
        model = Credit
        fields = ["job", "person", "character", "order"]
