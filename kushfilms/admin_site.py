"""Admin site of the back office: Django Admin with the site's own sign-in."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import SimpleAdminConfig
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.module_loading import module_has_submodule


class KushAdminSite(AdminSite):
    site_header = "Kush Films"
    site_title = "Kush Films back office"
    index_title = "Back office"

    def get_urls(self) -> list[Any]:
        """Return Django's URLs without the redirect to an object's public page.

        No model here has such a page, and Django's view raises for a key that is not a UUID.
        """
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the person is staff, with a second factor where that is required."""
        from accounts.auth.middleware import principal_of  # the site is made before the models are
        from accounts.services.second_factor import second_factor_missing

        principal = principal_of(request)
        allowed = principal is not None and super().has_permission(request)
        return allowed and principal is not None and not second_factor_missing(principal)

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Redirect to the site's sign-in page, with its session row and its rate limit.

        Raises:
            PermissionDenied: the person is signed in without access; the sign-in page would
                redirect back here.
        """
        from django.contrib.auth.views import redirect_to_login  # imports models

        target = request.GET.get("next", "/admin/")
        if super().has_permission(request) and not self.has_permission(request):
            return redirect(f"/account/two-factor?{urlencode({'next': target})}")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(target)

    def logout(  # type: ignore[override]  # a redirect, not a farewell page
        self, request: HttpRequest, extra_context: object = None
    ) -> HttpResponse:
        """End the session row as well as the cookie, unlike Django's view."""
        from accounts.views.sign_in import logout  # the site is made before the models are

        return logout(request)

    def password_change(  # type: ignore[override]  # never answers
        self, request: HttpRequest, extra_context: object = None
    ) -> HttpResponse:
        """Raise Http404: Django's view would leave other sign-ins alive."""
        raise Http404


# dj-stripe's tables are a mirror; staff work with billing's own rows, under the role matrix.
WITHOUT_PAGES = frozenset({"djstripe"})


class AdminConfig(SimpleAdminConfig):
    default_site = "kushfilms.admin_site.KushAdminSite"

    def ready(self) -> None:
        super().ready()
        for app in apps.get_app_configs():
            if app.name not in WITHOUT_PAGES and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
