"""Pages."""

from django.urls import path

from accounts import privacy_views, views

urlpatterns = [
    path("login", views.LoginView.as_view(), name="login"),
    path("register", views.RegisterView.as_view(), name="register"),
    path("logout", views.logout, name="logout"),
    path("account/privacy", privacy_views.privacy, name="account-privacy"),
]
