"""Pages."""

from django.urls import path

from accounts import tv_screen, tv_views, views

urlpatterns = [
    path("login", views.LoginView.as_view(), name="login"),
    path("register", views.RegisterView.as_view(), name="register"),
    path("logout", views.logout, name="logout"),
    path("tv", tv_views.TvView.as_view(), name="tv"),
    path("tv/approved", tv_views.tv_approved, name="tv-approved"),
    path("tv/denied", tv_views.tv_denied, name="tv-denied"),
    path("tv/screen", tv_screen.TvScreenView.as_view(), name="tv-screen"),
    path("tv/qr.svg", tv_screen.tv_qr, name="tv-qr"),
]
