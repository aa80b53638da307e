"""Routes of catalog below `/api/v1/`.

Playback (`movies/:id/watch`, `movies/:id/stream`) belongs to streaming.
"""

from django.urls import include, path

from catalog.api import (
    comments,
    lists_urls,
    people,
    recommendations,
    reports,
    search,
    series,
    shelves,
    takedowns,
    views,
)

urlpatterns = [
    *lists_urls.urlpatterns,
    path("movies", views.MovieListView.as_view(), name="api-movies"),
    # Before `movies/<reference>`: `catalog.models.films.RESERVED_SLUGS` keeps films off these
    # slugs.
    path("movies/search", search.SearchView.as_view(), name="api-movies-search"),
    path("movies/suggest", search.SuggestView.as_view(), name="api-movies-suggest"),
    path("movies/featured", shelves.FeaturedView.as_view(), name="api-movies-featured"),
    path("movies/recent", shelves.RecentView.as_view(), name="api-movies-recent"),
    path("movies/trending", shelves.TrendingView.as_view(), name="api-movies-trending"),
    path("movies/<slug:reference>", views.MovieView.as_view(), name="api-movie"),
    path(
        "movies/<slug:reference>/comments", comments.CommentListView.as_view(), name="api-comments"
    ),
    path(
        "movies/<slug:reference>/comments/<uuid:comment_id>",
        comments.CommentView.as_view(),
        name="api-comment",
    ),
    path(
        "movies/<slug:reference>/comments/<uuid:comment_id>/replies",
        comments.ReplyListView.as_view(),
        name="api-comment-replies",
    ),
    path(
        "movies/<slug:reference>/related",
        shelves.RelatedView.as_view(),
        name="api-movie-related",
    ),
    path("series", series.SeriesListView.as_view(), name="api-series-list"),
    path("series/<slug:slug>", series.SeriesView.as_view(), name="api-series"),
    path("people", people.PersonListView.as_view(), name="api-people"),
    path("people/<slug:slug>", people.PersonView.as_view(), name="api-person"),
    path("categories", views.CategoryListView.as_view(), name="api-categories"),
    path("categories/<slug:slug>", views.CategoryView.as_view(), name="api-category"),
    path(
        "categories/<slug:slug>/movies",
        views.CategoryMovieListView.as_view(),
        name="api-category-movies",
    ),
    path(
        "users/recommendations",
        recommendations.RecommendationsView.as_view(),
        name="api-recommendations",
    ),
    path("reports", reports.ReportCreateView.as_view(), name="api-reports"),
    path("admin/", include("catalog.api.admin.urls")),
    path("admin/reports", reports.ReportListView.as_view(), name="api-admin-reports"),
    path("admin/reports/<uuid:report_id>", reports.ReportView.as_view(), name="api-admin-report"),
    path("admin/reports/<uuid:report_id>/claim", reports.ReportClaimView.as_view()),
    path("admin/reports/<uuid:report_id>/resolve", reports.ReportResolveView.as_view()),
    path("admin/reports/<uuid:report_id>/restore", reports.ReportRestoreView.as_view()),
    path("admin/comments/<uuid:comment_id>/hide", reports.CommentHideView.as_view()),
    path("admin/comments/<uuid:comment_id>/restore", reports.CommentRestoreView.as_view()),
    path("takedowns", takedowns.TakedownCreateView.as_view(), name="api-takedowns"),
    path("admin/takedowns", takedowns.TakedownListView.as_view(), name="api-admin-takedowns"),
    path("admin/takedowns/<uuid:notice_id>/accept", takedowns.TakedownAcceptView.as_view()),
    path("admin/takedowns/<uuid:notice_id>/reject", takedowns.TakedownRejectView.as_view()),
    path("admin/takedowns/<uuid:notice_id>/reverse", takedowns.TakedownReverseView.as_view()),
]
