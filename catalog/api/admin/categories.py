"""API of staff for categories and people: `admin/categories` and `admin/people`."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import needs
from catalog.api.admin.movies import AdminPermissions, row_of
from catalog.api.admin.serializers import (
    AdminCategoryOutput,
    AdminPersonOutput,
    CategoryCreateInput,
    CategoryInput,
    MergeInput,
    PersonCreateInput,
    PersonInput,
)
from catalog.models import Category, Person
from catalog.selectors.admin import (
    categories_for_staff,
    category_for_staff,
    people_for_staff,
    person_for_staff,
)
from catalog.services.categories import (
    category_create,
    category_delete,
    category_merge,
    category_update,
)
from catalog.services.people import person_create, person_delete, person_merge, person_update
from kushfilms.core.api.fields import LineField
from kushfilms.core.api.pagination import NumberedPagination
from kushfilms.core.api.validation import validated, validated_query


class SearchQuery(serializers.Serializer[Any]):
    search = LineField(required=False, allow_blank=True, max_length=200)


SEARCH = OpenApiParameter("search", str, description="Part of a name.")


@extend_schema_view(
    get=extend_schema(
        summary="List categories for staff",
        description="All categories, active or not, in their display order.",
        operation_id="admin_categories_list",
    )
)
class AdminCategoryListView(AdminPermissions, ListAPIView[Category]):
    model = "category"
    serializer_class = AdminCategoryOutput
    pagination_class = NumberedPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Category]:
        return categories_for_staff()

    @extend_schema(
        summary="Create a category",
        description="Without a `slug` it is made from the name. 400 when the name is taken.",
        operation_id="admin_categories_create",
        request=CategoryCreateInput,
        responses={201: AdminCategoryOutput},
    )
    def post(self, request: Request) -> Response:
        category = category_create(**validated(CategoryCreateInput, request))
        return Response(AdminCategoryOutput(category_for_staff(category.pk)).data, status=201)


class AdminCategoryView(AdminPermissions, APIView):
    model = "category"

    @extend_schema(
        summary="Get a category for staff",
        description="A category with the number of its films.",
        operation_id="admin_categories_retrieve",
        responses=AdminCategoryOutput,
    )
    def get(self, request: Request, category_id: UUID) -> Response:
        return Response(AdminCategoryOutput(category_for_staff(category_id)).data)

    @extend_schema(
        summary="Update a category",
        description="Fields that are left out keep their value. A renamed category keeps its "
        "address unless a `slug` is given.",
        operation_id="admin_categories_update",
        request=CategoryInput,
        responses=AdminCategoryOutput,
    )
    def put(self, request: Request, category_id: UUID) -> Response:
        changes = validated(CategoryInput, request)
        category_update(category_for_staff(category_id), changes=changes)
        return Response(AdminCategoryOutput(category_for_staff(category_id)).data)

    @extend_schema(
        summary="Delete a category",
        description="Its films and series stay, without a category.",
        operation_id="admin_categories_destroy",
        responses={204: None},
    )
    def delete(self, request: Request, category_id: UUID) -> Response:
        category_delete(category_for_staff(category_id))
        return Response(status=204)


class CategoryMergeView(APIView):
    permission_classes = [needs("catalog.delete_category")]

    @extend_schema(
        summary="Merge a category into another",
        description="Films, series, followers and addresses move to `into`; this category is "
        "deleted. Cannot be undone.",
        request=MergeInput,
        responses=AdminCategoryOutput,
    )
    def post(self, request: Request, category_id: UUID) -> Response:
        category = category_for_staff(category_id)
        into = row_of(category_for_staff, validated(MergeInput, request)["into"], field="into")
        target = category_merge(category, into=into)
        return Response(AdminCategoryOutput(category_for_staff(target.pk)).data)


@extend_schema_view(
    get=extend_schema(
        summary="List credited people for staff",
        description="All people, by name, whether they have films or not.",
        operation_id="admin_people_list",
        parameters=[SEARCH],
    )
)
class AdminPersonListView(AdminPermissions, ListAPIView[Person]):
    model = "person"
    serializer_class = AdminPersonOutput
    pagination_class = NumberedPagination
    filter_backends = []

    def get_queryset(self) -> QuerySet[Person]:
        return people_for_staff(**validated_query(SearchQuery, self.request))

    @extend_schema(
        summary="Create a credited person",
        description="People may share a name; their slugs differ.",
        operation_id="admin_people_create",
        request=PersonCreateInput,
        responses={201: AdminPersonOutput},
    )
    def post(self, request: Request) -> Response:
        person = person_create(**validated(PersonCreateInput, request))
        return Response(AdminPersonOutput(person_for_staff(person.pk)).data, status=201)


class AdminPersonView(AdminPermissions, APIView):
    model = "person"

    @extend_schema(
        summary="Get a credited person for staff",
        description="A person with the number of their credits.",
        operation_id="admin_people_retrieve",
        responses=AdminPersonOutput,
    )
    def get(self, request: Request, person_id: UUID) -> Response:
        return Response(AdminPersonOutput(person_for_staff(person_id)).data)

    @extend_schema(
        summary="Update a credited person",
        description="Fields that are left out keep their value. A new name is copied to every film "
        "that credits the person.",
        operation_id="admin_people_update",
        request=PersonInput,
        responses=AdminPersonOutput,
    )
    def put(self, request: Request, person_id: UUID) -> Response:
        person_update(person_for_staff(person_id), changes=validated(PersonInput, request))
        return Response(AdminPersonOutput(person_for_staff(person_id)).data)

    @extend_schema(
        summary="Delete a credited person",
        description="409 `has_credits` while a film credits the person.",
        operation_id="admin_people_destroy",
        responses={204: None, 409: None},
    )
    def delete(self, request: Request, person_id: UUID) -> Response:
        person_delete(person_for_staff(person_id))
        return Response(status=204)


class PersonMergeView(APIView):
    permission_classes = [needs("catalog.delete_person")]

    @extend_schema(
        summary="Merge a duplicate person into another",
        description="Films, followers and addresses move to `into`; this person is deleted. Cannot "
        "be undone.",
        request=MergeInput,
        responses=AdminPersonOutput,
    )
    def post(self, request: Request, person_id: UUID) -> Response:
        person = person_for_staff(person_id)
        into = row_of(person_for_staff, validated(MergeInput, request)["into"], field="into")
        target = person_merge(person, into=into)
        return Response(AdminPersonOutput(person_for_staff(target.pk)).data)
