"""Pages."""

from django.urls import path

from catalog.seo.feeds import NewFilms
from catalog.seo.sitemaps import SITEMAPS, sitemap_index, sitemap_section
from catalog.views import account, browse, comments, films, home, lists, reports, series, takedowns

urlpatterns = [
    path("", home.home, name="home"),
    path("movies", browse.browse, name="movies"),
    path("search", browse.search, name="search"),
    path("movies/<slug:reference>", films.movie, name="movie"),
    path("movies/<slug:reference>/favorite", lists.favorite, name="favorite"),
    path("movies/<slug:reference>/rate", lists.rate, name="rate"),
    path("movies/<slug:reference>/comments", comments.comment, name="comment"),
    path(
        "movies/<slug:reference>/comments/<uuid:comment_id>/delete",
        comments.comment_withdraw,
        name="comment-delete",
    ),
    path("series", series.series_list, name="series-list"),
    path("series/<slug:slug>", series.series, name="series"),
    path("series/<slug:slug>/follow", lists.series_follow, name="series-follow"),
    path("people/<slug:slug>", series.person, name="person"),
    path("people/<slug:slug>/follow", lists.person_follow, name="person-follow"),
    path("report", reports.report, name="report"),
    path("takedown", takedowns.takedown, name="takedown"),
    path("takedown/sent", takedowns.takedown_sent, name="takedown-sent"),
    path("categories/<slug:slug>", browse.category, name="category"),
    path("account/history", account.history, name="account-history"),
    path("account/history/clear", account.history_clear_all, name="history-clear"),
    path("account/history/<uuid:movie_id>/forget", account.history_forget, name="history-forget"),
    path("account/favorites", account.favorites, name="account-favorites"),
    path("account/ratings", account.ratings, name="account-ratings"),
    path("films.rss", NewFilms(), name="feed"),
    path("sitemap.xml", sitemap_index, {"sitemaps": SITEMAPS}, name="sitemap-index"),
    path("sitemap-<section>.xml", sitemap_section, {"sitemaps": SITEMAPS}, name="sitemap-section"),
]
