"""Pages."""

from django.urls import path

from catalog import views

urlpatterns = [
    path("", views.home, name="home"),
    path("movies", views.browse, name="movies"),
    path("movies/<slug:reference>", views.movie, name="movie"),
    path("categories/<slug:slug>", views.category, name="category"),
]
