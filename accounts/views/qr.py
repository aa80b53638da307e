"""QR codes as image files, as the security policy allows no inline images."""

import io

import segno
from django.http import HttpResponse


def qr_picture(text: str) -> HttpResponse:
    """Return a QR code, dark on light with a margin in any theme, as cameras need both."""
    svg = io.BytesIO()
    segno.make(text, error="m").save(
        svg, kind="svg", scale=4, border=3, dark="#100b0c", light="#fff", xmldecl=False
    )
    return HttpResponse(svg.getvalue(), content_type="image/svg+xml")
