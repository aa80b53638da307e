"""WSGI entry point, for granian or gunicorn."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kushfilms.settings")

django = get_wsgi_application()

# These need the apps loaded.
from catalog.api.film_details import DETAIL_SHORTCUT  # noqa: E402
from kushfilms.core.body_guard.middleware import BodyGuard  # noqa: E402
from kushfilms.core.checks import refuse_bad_configuration  # noqa: E402
from kushfilms.core.cors import CrossOrigin  # noqa: E402
from kushfilms.core.public_cache import wrap_with_public_cache  # noqa: E402

refuse_bad_configuration()
public_answers = wrap_with_public_cache(django, shortcuts=[DETAIL_SHORTCUT])
application = BodyGuard(CrossOrigin(public_answers, origins=settings.CORS_ALLOWED_ORIGINS))
