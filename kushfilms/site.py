"""The back office: Django Admin under our name, with the site's own sign-in."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode


class KushAdminSite(AdminSite):
    site_header = "Kush Films"
    site_title = "Kush Films back office"
    index_title = "Back office"

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """One way to sign in: the site's page, with its session row and its throttle."""
        target = request.GET.get("next", "/admin/")
        return redirect(f"/login?{urlencode({'next': target})}")


class AdminConfig(DjangoAdminConfig):
    default_site = "kushfilms.site.KushAdminSite"
