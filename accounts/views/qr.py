"""QR codes as pictures of our own, so that no page needs an inline one (CSP)."""

import io

import segno
from django.http import HttpResponse


def qr_picture(text: str) -> HttpResponse:
    """Dark on light with a margin, whatever the page's colours: cameras need both."""
    svg = io.BytesIO()
    segno.make(text, error="m").save(
        svg, kind="svg", scale=4, border=3, dark="#100b0c", light="#fff", xmldecl=False
    )
    return HttpResponse(svg.getvalue(), content_type="image/svg+xml")
