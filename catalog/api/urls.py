"""Below `/api/v1/`. What plays a film (`movies/:id/watch`, `movies/:id/stream`) is streaming's."""

from django.urls import path

from catalog.api import views

urlpatterns = [
    path("movies", views.MovieListView.as_view(), name="api-movies"),
    path("movies/<slug:reference>", views.MovieView.as_view(), name="api-movie"),
    path("categories", views.CategoryListView.as_view(), name="api-categories"),
    path("categories/<slug:slug>", views.CategoryView.as_view(), name="api-category"),
    path(
        "categories/<slug:slug>/movies",
        views.CategoryMovieListView.as_view(),
        name="api-category-movies",
    ),
]
