"""Routes of viewers' lists, comments and ratings below `/api/v1/`."""

from django.urls import path

from catalog.api import comments, favorites, follows, history, ratings

urlpatterns = [
    path("users/favorites", favorites.FavoriteListView.as_view(), name="api-favorites"),
    path(
        "users/favorites/<slug:reference>",
        favorites.FavoriteView.as_view(),
        name="api-favorite",
    ),
    path("users/history", history.HistoryView.as_view(), name="api-history"),
    path(
        "users/history/<slug:reference>",
        history.HistoryFilmView.as_view(),
        name="api-history-film",
    ),
    path(
        "movies/<slug:reference>/comments/<uuid:comment_id>/like",
        comments.LikeView.as_view(),
        name="api-comment-like",
    ),
    path("users/comments", comments.OwnCommentListView.as_view(), name="api-own-comments"),
    path("users/follows", follows.FollowListView.as_view(), name="api-follows"),
    path("users/follows/series/<slug:slug>", follows.SeriesFollowView.as_view()),
    path("users/follows/people/<slug:slug>", follows.PersonFollowView.as_view()),
    path("users/follows/categories/<slug:slug>", follows.CategoryFollowView.as_view()),
    path("movies/<slug:reference>/share", follows.ShareView.as_view(), name="api-share"),
    path("movies/<slug:reference>/rate", ratings.RateView.as_view(), name="api-rate"),
    path("movies/<slug:reference>/reviews", ratings.ReviewListView.as_view(), name="api-reviews"),
    path("users/ratings", ratings.OwnRatingListView.as_view(), name="api-ratings"),
    path("admin/ratings/<uuid:rating_id>/hide", ratings.RatingHideView.as_view()),
    path("admin/ratings/<uuid:rating_id>/restore", ratings.RatingRestoreView.as_view()),
]
