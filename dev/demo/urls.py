"""URLs of the demo app, which only local runs and tests install."""

from django.urls import path

from dev.demo import views

urlpatterns = [path("outbox", views.outbox, name="outbox")]
