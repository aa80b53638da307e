"""Pages."""

from django.urls import path

from billing import views

urlpatterns = [path("subscribe", views.subscribe, name="subscribe")]
