"""Pages."""

from django.urls import path

from catalog.feeds import NewFilms
from catalog.sitemaps import SITEMAPS, sitemap_index, sitemap_section
from catalog.views import (
    browse,
    comments,
    films,
    home,
    keeping,
    library,
    reports,
    series,
    takedowns,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("movies", browse.browse, name="movies"),
    path("search", browse.search, name="search"),
    path("movies/<slug:reference>", films.movie, name="movie"),
    path("movies/<slug:reference>/favorite", keeping.favorite, name="favorite"),
    path("movies/<slug:reference>/rate", keeping.rate, name="rate"),
    path("movies/<slug:reference>/comments", comments.comment, name="comment"),
    path(
        "movies/<slug:reference>/comments/<uuid:comment_id>/delete",
        comments.comment_take_back,
        name="comment-delete",
    ),
    path("series", series.series_list, name="series-list"),
    path("series/<slug:slug>", series.series, name="series"),
    path("series/<slug:slug>/follow", keeping.series_follow, name="series-follow"),
    path("people/<slug:slug>", series.person, name="person"),
    path("people/<slug:slug>/follow", keeping.person_follow, name="person-follow"),
    path("report", reports.report, name="report"),
    path("takedown", takedowns.takedown, name="takedown"),
    path("takedown/sent", takedowns.takedown_sent, name="takedown-sent"),
    path("categories/<slug:slug>", browse.category, name="category"),
    path("account/history", library.history, name="account-history"),
    path("account/history/clear", library.history_clear_all, name="history-clear"),
    path("account/history/<uuid:movie_id>/forget", library.history_forget, name="history-forget"),
    path("account/favorites", library.favorites, name="account-favorites"),
    path("account/ratings", library.ratings, name="account-ratings"),
    path("films.rss", NewFilms(), name="feed"),
    path("sitemap.xml", sitemap_index, {"sitemaps": SITEMAPS}, name="sitemap-index"),
    path("sitemap-<section>.xml", sitemap_section, {"sitemaps": SITEMAPS}, name="sitemap-section"),
]
