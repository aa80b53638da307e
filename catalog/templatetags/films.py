"""How facts about films read."""

from django import template

register = template.Library()


@register.filter
def duration(seconds: int) -> str:
    """6720 reads "1 h 52 min"; nothing for a film not measured yet."""
    minutes = round(seconds / 60)
    if not seconds:
        return ""
    hours, rest = divmod(max(minutes, 1), 60)
    return " ".join(part for part in (hours and f"{hours} h", rest and f"{rest} min") if part)
