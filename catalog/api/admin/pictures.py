"""API of staff for pictures of series, people and categories."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.parsers import PictureParser
from accounts.api.users import PICTURES
from catalog.api.admin.movies import AdminPermissions
from catalog.selectors.admin import category_for_staff, person_for_staff, series_whole
from catalog.services.pictures import PICTURE_SLOTS, Pictured, picture_clear, picture_put
from kushfilms.core.api.fields import PictureURLField
from kushfilms.core.images import MOST_BYTES
from kushfilms.core.links import absolute_url
from kushfilms.core.storage import public_url

FIND: Mapping[str, Callable[[UUID], Pictured]] = {
    "category": category_for_staff,
    "person": person_for_staff,
    "series": series_whole,
}


class PictureOutput(serializers.Serializer[Any]):
    imageUrl = PictureURLField()


# Each picture has a view of its own below.
class AdminPictureView(AdminPermissions, APIView):
    largest_body = MOST_BYTES
    parser_classes = [PictureParser]
    verbs = {"PUT": "change", "DELETE": "change"}
    slot = ""

    def row(self) -> Pictured:
        return FIND[self.model](next(iter(self.kwargs.values())))

    @extend_schema(
        description="Send the picture itself as the body: JPEG, PNG or WebP, at most 5 MiB. It is "
        "cropped to its size.",
        request=PICTURES,
        responses={200: PictureOutput, 413: None, 422: None},
    )
    def put(self, request: Request, **_: UUID) -> Response:
        body: Any = request.data  # without a body no parser has run
        picture_put(self.row(), slot=self.slot, data=body.get("picture", b""))
        row = self.row()
        key = getattr(row, PICTURE_SLOTS[type(row)][self.slot].column)
        return Response({"imageUrl": absolute_url(public_url(key))})

    @extend_schema(description="Idempotent.", responses={204: None})
    def delete(self, request: Request, **_: UUID) -> Response:
        picture_clear(self.row(), slot=self.slot)
        return Response(status=204)


@extend_schema_view(
    put=extend_schema(summary="Upload the image of a category"),
    delete=extend_schema(summary="Remove the image of a category"),
)
class CategoryImageView(AdminPictureView):
    model = "category"
    slot = "image"


@extend_schema_view(
    put=extend_schema(summary="Upload the photo of a person"),
    delete=extend_schema(summary="Remove the photo of a person"),
)
class PersonPhotoView(AdminPictureView):
    model = "person"
    slot = "photo"


@extend_schema_view(
    put=extend_schema(summary="Upload the poster of a series"),
    delete=extend_schema(summary="Remove the poster of a series"),
)
class SeriesPosterView(AdminPictureView):
    model = "series"
    slot = "poster"


@extend_schema_view(
    put=extend_schema(summary="Upload the backdrop of a series"),
    delete=extend_schema(summary="Remove the backdrop of a series"),
)
class SeriesBackdropView(AdminPictureView):
    model = "series"
    slot = "backdrop"
