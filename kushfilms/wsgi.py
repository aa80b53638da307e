"""The WSGI door, for granian or gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kushfilms.settings")

application = get_wsgi_application()

from kushfilms.core.checks import refuse_bad_configuration  # noqa: E402  needs the apps loaded

refuse_bad_configuration()
