"""Below `/api/v1/`: what a viewer keeps and says of films."""

from django.urls import path

from catalog.api import comments, favorites, ratings

urlpatterns = [
    path("users/favorites", favorites.FavoriteListView.as_view(), name="api-favorites"),
    path(
        "users/favorites/<slug:reference>",
        favorites.FavoriteView.as_view(),
        name="api-favorite",
    ),
    path(
        "movies/<slug:reference>/comments/<uuid:comment_id>/like",
        comments.LikeView.as_view(),
        name="api-comment-like",
    ),
    path("users/comments", comments.OwnCommentListView.as_view(), name="api-own-comments"),
    path("movies/<slug:reference>/rate", ratings.RateView.as_view(), name="api-rate"),
    path("movies/<slug:reference>/reviews", ratings.ReviewListView.as_view(), name="api-reviews"),
    path("users/ratings", ratings.OwnRatingListView.as_view(), name="api-ratings"),
    path("admin/ratings/<uuid:rating_id>/hide", ratings.RatingHideView.as_view()),
    path("admin/ratings/<uuid:rating_id>/restore", ratings.RatingRestoreView.as_view()),
]
