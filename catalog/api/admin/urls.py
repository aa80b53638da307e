"""Routes of staff below `/api/v1/admin/`."""

from django.urls import path

from catalog.api.admin import categories, movies, pictures, series

urlpatterns = [
    path("movies", movies.AdminMovieListView.as_view(), name="api-admin-movies"),
    path("movies/<uuid:movie_id>", movies.AdminMovieView.as_view(), name="api-admin-movie"),
    path("movies/<uuid:movie_id>/publish", movies.MoviePublishView.as_view()),
    path("movies/<uuid:movie_id>/restore", movies.MovieRestoreView.as_view()),
    path("movies/<uuid:movie_id>/unpublish", movies.MovieUnpublishView.as_view()),
    path("movies/<uuid:movie_id>/schedule", movies.MovieScheduleView.as_view()),
    path("movies/<uuid:movie_id>/feature", movies.MovieFeatureView.as_view()),
    path("categories", categories.AdminCategoryListView.as_view(), name="api-admin-categories"),
    path("categories/<uuid:category_id>", categories.AdminCategoryView.as_view()),
    path("categories/<uuid:category_id>/merge", categories.CategoryMergeView.as_view()),
    path("categories/<uuid:category_id>/image", pictures.CategoryImageView.as_view()),
    path("people/<uuid:person_id>/photo", pictures.PersonPhotoView.as_view()),
    path("series/<uuid:series_id>/poster", pictures.SeriesPosterView.as_view()),
    path("series/<uuid:series_id>/backdrop", pictures.SeriesBackdropView.as_view()),
    path("people", categories.AdminPersonListView.as_view(), name="api-admin-people"),
    path("people/<uuid:person_id>", categories.AdminPersonView.as_view()),
    path("people/<uuid:person_id>/merge", categories.PersonMergeView.as_view()),
    path("series", series.AdminSeriesListView.as_view(), name="api-admin-series"),
    path("series/<uuid:series_id>", series.AdminSeriesView.as_view()),
    path("series/<uuid:series_id>/seasons", series.AdminSeasonListView.as_view()),
    path("seasons/<uuid:season_id>", series.AdminSeasonView.as_view()),
    path("seasons/<uuid:season_id>/episodes", series.AdminEpisodeListView.as_view()),
    path("seasons/<uuid:season_id>/episodes/<uuid:movie_id>", series.AdminEpisodeView.as_view()),
]
