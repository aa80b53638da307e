"""Template tags of pages: icons, pictures, structured data, scripts' texts, personal parts."""

import json
import secrets
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.base import Parser, Token
from django.urls import reverse
from django.utils.html import escape, format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kushfilms.core.page_frames import FRAME, mark, part_render
from kushfilms.core.pictures import picture_key, picture_widths
from kushfilms.core.storage import public_url

register = template.Library()

ICONS = {
    "home": "M3 11 12 4l9 7M6 9v11h12V9",
    "films": "M4 5h16v14H4zM8 5v14M16 5v14M4 9.500h4M4 14.500h4M16 9.500h4M16 14.500h4",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
    "heart": (
        "M12 20s-8-4.800-8-10.500A4.500 4.500 0 0 1 12 7a4.500 4.500 "
        "0 0 1 8 2.500C20 15.200 12 20 12 20z"
    ),
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c.6-4 4-6 8-6s7.400 2 8 6",
    "star": (
        "m12 3.500 2.600 5.500 6 .8-4.400 4.200 1.100 "
        "6-5.300-2.900L6.700 20l1.100-6-4.400-4.200 6-.8z"
    ),
    "plans": "M4 7h16v11H4zM4 11h16M8 15h3",
    "share": "M12 15V4M8 8l4-4 4 4M5 13v7h14v-7",
}
# A phone loads one transparent pixel instead.
WIDE_ONLY = SafeString(
    '<source media="(max-width: 47.99rem)" srcset="data:image/gif;base64,'
    'R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">'
)


@register.simple_tag
def script_texts(page: str) -> SafeString:
    """Render the texts of a page's script in the page's language; nothing for English."""
    texts = script_texts_of(get_language() or "en").get(page)
    return json_script(texts, "words") if texts else SafeString("")


@cache
def script_texts_of(language: str) -> dict[str, dict[str, str]]:
    """Return a language's texts by page, from the build (`dev.stack.message_catalogs`)."""
    file = settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "scripts.json"
    return json.loads(file.read_text()) if file.exists() else {}


@register.simple_tag
def icon(name: str, size: int = 22) -> SafeString:
    """Render a decorative icon; its text is beside it."""
    return format_html(
        '<svg viewBox="0 0 24 24" width="{}" height="{}" aria-hidden="true"><path d="{}"/></svg>',
        size,
        size,
        ICONS[name],
    )


@register.simple_tag(takes_context=True)
def picture(
    context: dict[str, Any],
    key: str,
    sizes: str,
    *,
    shape: str = "poster",
    eager: bool = False,
    first: bool = False,
    wide_only: bool = False,
    title: str = "",
) -> SafeString:
    """Render a stored picture in the width that fits; the narrowest with data saver.

    `first`: loaded with priority. `wide_only`: not loaded on a phone. `title`: shown where the
    picture does not load.
    """
    return _picture(
        key,
        sizes,
        shape=shape,
        eager=eager,
        first=first,
        wide_only=wide_only,
        title=title,
        saver=bool(context.get("saver")),
        cdn_url=settings.CDN_URL,
    )


# A picture depends on nothing but the arguments; `cdn_url` is in `public_url`.
@lru_cache(maxsize=2000)
def _picture(
    key: str,
    sizes: str,
    *,
    shape: str,
    eager: bool,
    first: bool,
    wide_only: bool,
    title: str,
    saver: bool,
    cdn_url: str,
) -> SafeString:
    widths = picture_widths(key)[: 1 if saver else None]
    shown = max(widths, default=400)
    return format_html(
        '<picture>{}{}<img class="{}" src="{}"{} alt="" width="{}" height="{}"{}{}{}></picture>',
        WIDE_ONLY if wide_only else "",
        format_html(
            '<source type="image/avif" srcset="{}" sizes="{}">', srcset(key, widths, "avif"), sizes
        )
        if widths
        else "",
        shape,
        public_url(picture_key(key, shown, "webp") if widths else key),
        format_html(' srcset="{}" sizes="{}"', srcset(key, widths, "webp"), sizes)
        if len(widths) > 1
        else "",
        shown,
        round(shown * (1.5 if shape == "poster" else 0.5625)),
        format_html(' data-title="{}"', title) if title else "",
        SafeString("" if eager else ' loading="lazy"'),
        SafeString(' fetchpriority="high"' if first else ' decoding="async"'),
    )


@register.simple_tag(takes_context=True)
def hero_picture(context: dict[str, Any], film: Any) -> SafeString:
    """Render the poster for a phone, the backdrop for a wide screen.

    A phone's first rail shows the same poster, so it is loaded once.
    """
    wide = film.backdrop_key
    tall = film.poster_key or film.backdrop_key
    most = 1 if context.get("saver") else None
    return format_html(
        '<picture>{}{}<img src="{}" alt="" width="400" height="600" fetchpriority="high">'
        "</picture>",
        _hero_source(wide, picture_widths(wide)[:most], "(min-width: 48rem)") if wide else "",
        _hero_source(tall, picture_widths(tall)[:most], "") if picture_widths(tall) else "",
        public_url(tall),
    )


def _hero_source(key: str, widths: tuple[int, ...], media: str) -> SafeString:
    if not widths:  # an older picture, of one size
        return format_html('<source media="{}" srcset="{}">', media, public_url(key))
    where = format_html(' media="{}"', media) if media else ""
    return format_html(
        '<source{} type="image/avif" srcset="{}" sizes="100vw">'
        '<source{} srcset="{}" sizes="100vw">',
        where,
        srcset(key, widths, "avif"),
        where,
        srcset(key, widths, "webp"),
    )


def srcset(key: str, widths: tuple[int, ...], form: str) -> str:
    return ", ".join(f"{public_url(picture_key(key, width, form))} {width}w" for width in widths)


@register.simple_tag
def ld_json(data: dict[str, Any]) -> SafeString:
    """Render structured data. A data block is not executed, so the security policy allows it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return SafeString(f'<script type="application/ld+json">{text}</script>')


class PersonalNode(template.Node):
    def __init__(self, part: str) -> None:
        self._part = part

    def render(self, context: template.Context) -> str:
        if context.get(FRAME):
            return mark(self._part)
        with context.push():
            return part_render(self._part, context)


@register.tag
def personal(_parser: Parser, token: Token) -> PersonalNode:
    """Include a template whose output is the viewer's own (`core.page_frames`)."""
    _, part = token.split_contents()
    return PersonalNode(part.strip('"'))


# The pages that the header and the tabs mark as the current one.
PLACES = ("home", "movies", "series-list", "search", "account-favorites", "account", "subscribe",
          "login")  # fmt: skip
# The page's address in a part of all pages; no text of a viewer can contain it.
HERE = secrets.token_hex(16)


class ChromeNode(template.Node):
    """A part of all pages, rendered once for each language, theme and current tab."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._rendered: dict[tuple[object, ...], str] = {}

    def render(self, context: template.Context) -> str:
        request = context.get("request")
        is_frame = bool(context.get(FRAME))
        if request is None or (context.get("viewer") and not is_frame):
            return part_render(self._part, context)
        place = request.path if request.path in _places() else ""
        key = (get_language(), context["theme"], is_frame, place)
        if key not in self._rendered:
            with context.push(here=HERE):
                self._rendered[key] = part_render(self._part, context)
        return self._rendered[key].replace(HERE, escape(request.get_full_path()))


@register.tag
def chrome(_parser: Parser, token: Token) -> ChromeNode:
    """Include a part of all pages that depends on nobody; `here` is its page's address."""
    _, part = token.split_contents()
    return ChromeNode(part.strip('"'))


@cache
def _places() -> frozenset[str]:
    return frozenset(reverse(name) for name in PLACES)
