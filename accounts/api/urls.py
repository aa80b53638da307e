"""Below `/api/v1/`."""

from django.urls import path

from accounts.api import rights, staff, views

urlpatterns = [
    path("auth/register", views.RegisterView.as_view(), name="api-register"),
    path("auth/login", views.LoginView.as_view(), name="api-login"),
    path("auth/logout", views.LogoutView.as_view(), name="api-logout"),
    path("auth/refresh", views.RefreshView.as_view(), name="api-refresh"),
    path("auth/me", views.MeView.as_view(), name="api-me"),
    path("admin/users", staff.UserListView.as_view(), name="api-admin-users"),
    path("admin/users/<uuid:user_id>", staff.UserView.as_view(), name="api-admin-user"),
    path("admin/users/<uuid:user_id>/ban", staff.UserBanView.as_view()),
    path("admin/users/<uuid:user_id>/unban", staff.UserUnbanView.as_view()),
    path("users/export", rights.ExportRequestView.as_view(), name="api-export"),
    path("users/export/<uuid:export_id>", rights.ExportView.as_view(), name="api-export-get"),
    path("users/account", rights.AccountView.as_view(), name="api-account"),
    path("users/account/keep", rights.AccountKeepView.as_view(), name="api-account-keep"),
    path("users/consents", rights.ConsentsView.as_view(), name="api-consents"),
]
