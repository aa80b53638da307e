"""Share links of a film, for browsers without a share sheet."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from catalog.models import Movie
from catalog.services.shares import ShareChannel
from kushfilms.core.links import absolute_url


@dataclass(frozen=True)
class ShareLink:
    channel: str
    label: str
    url: str


def film_url(movie: Movie) -> str:
    return absolute_url(reverse("movie", args=[movie.slug]))


def share_links(movie: Movie) -> list[ShareLink]:
    url = film_url(movie)
    title = f"{movie.title} · Kush Films"
    title_and_url = f"{title}\n{url}"
    plain = [
        (ShareChannel.WHATSAPP, "WhatsApp", "https://wa.me/", {"text": title_and_url}),
        (ShareChannel.X, "X", "https://x.com/intent/post", {"text": title, "url": url}),
        (ShareChannel.FACEBOOK, "Facebook", "https://www.facebook.com/sharer.php", {"u": url}),
        (ShareChannel.SMS, "SMS", "sms:", {"body": title_and_url}),
    ]
    return [
        ShareLink(channel, label, f"{base}?{urlencode(query)}")
        for channel, label, base, query in plain
    ]
