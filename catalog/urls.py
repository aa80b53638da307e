"""Pages."""

from django.urls import path

from catalog.views import comments, films, reports, takedowns

urlpatterns = [
    path("", films.home, name="home"),
    path("movies", films.browse, name="movies"),
    path("movies/<slug:reference>", films.movie, name="movie"),
    path("movies/<slug:reference>/comments", comments.comment, name="comment"),
    path(
        "movies/<slug:reference>/comments/<uuid:comment_id>/delete",
        comments.comment_take_back,
        name="comment-delete",
    ),
    path("report", reports.report, name="report"),
    path("takedown", takedowns.takedown, name="takedown"),
    path("takedown/sent", takedowns.takedown_sent, name="takedown-sent"),
    path("categories/<slug:slug>", films.category, name="category"),
]
