"""Only where the demo app is installed: embedded runs and tests."""

from django.urls import path

from dev.demo import views

urlpatterns = [path("outbox", views.outbox, name="outbox")]
