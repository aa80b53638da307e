"""Pages."""

from django.urls import path

from accounts import notification_views, second_factor_views, tv_screen, tv_views, views

urlpatterns = [
    path("login", views.LoginView.as_view(), name="login"),
    path("login/code", second_factor_views.LoginCodeView.as_view(), name="login-code"),
    path("account/two-factor", second_factor_views.TwoFactorView.as_view(), name="two-factor"),
    path("account/two-factor/qr.svg", second_factor_views.two_factor_qr, name="two-factor-qr"),
    path("account/notifications", notification_views.ListView.as_view(), name="notifications"),
    path(
        "account/notifications/<uuid:pk>/open",
        notification_views.OpenView.as_view(),
        name="notification-open",
    ),
    path("unsubscribe", notification_views.UnsubscribeView.as_view(), name="unsubscribe"),
    path("register", views.RegisterView.as_view(), name="register"),
    path("logout", views.logout, name="logout"),
    path("tv", tv_views.TvView.as_view(), name="tv"),
    path("tv/approved", tv_views.tv_approved, name="tv-approved"),
    path("tv/denied", tv_views.tv_denied, name="tv-denied"),
    path("tv/screen", tv_screen.TvScreenView.as_view(), name="tv-screen"),
    path("tv/qr.svg", tv_screen.tv_qr, name="tv-qr"),
]
