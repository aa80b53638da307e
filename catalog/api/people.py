"""Public API of people: `/api/v1/people`."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.serializers import MovieCard, PersonReference
from catalog.audience import audience_of
from catalog.models import CreditJob, Person
from catalog.selectors import FilmsByJob, people_listed, person_films, person_get
from catalog.selectors.people import FILMS_SHOWN, PEOPLE_ORDER
from kushfilms.core.api.pagination import LimitedCursorPagination
from kushfilms.core.api.public_read import PublicRead
from kushfilms.core.api.throttles import limited
from kushfilms.core.errors import InvalidInput


class FilmsByJobOutput(serializers.Serializer[FilmsByJob]):
    job = serializers.ChoiceField(choices=CreditJob.choices)
    movies = MovieCard(many=True, help_text=f"At most {FILMS_SHOWN}, newest first.")


class PersonOutput(PersonReference):
    biography = serializers.CharField()
    followerCount = serializers.IntegerField(source="follower_count")
    films = serializers.SerializerMethodField()

    class Meta:
        ref_name = "Person"

    @extend_schema_field(FilmsByJobOutput(many=True))
    def get_films(self, _: Person) -> list[Any]:
        return list(FilmsByJobOutput(self.context["films"], many=True).data)


@extend_schema_view(
    get=extend_schema(
        summary="List people",
        description="People with a film to watch, by name. `job=VJ` lists the narrators.",
        parameters=[OpenApiParameter("job", str, enum=CreditJob.values)],
    )
)
class PersonListView(PublicRead, ListAPIView[Person]):
    serializer_class = PersonReference
    pagination_class = LimitedCursorPagination
    filter_backends = []
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    def get_queryset(self) -> QuerySet[Person]:
        job = self.request.query_params.get("job", "")
        if job and job not in CreditJob.values:
            fault = f"One of {', '.join(CreditJob.values)}."
            raise InvalidInput("job cannot be used.", fields={"job": [fault]})
        return people_listed(job=job, **audience_of(self.request))

    def get_ordering(self) -> tuple[str, ...]:
        return PEOPLE_ORDER


class PersonView(PublicRead):
    kept_in_memory = True
    throttle_classes = [limited("movies")]

    @extend_schema(
        summary="Get a person",
        description="With the newest films of each job; `movies?person=` lists all of them.",
        operation_id="people_retrieve",
        responses=PersonOutput,
    )
    def get(self, request: Request, slug: str) -> Response:
        person = person_get(slug)
        films = person_films(person, **audience_of(request))
        return Response(PersonOutput(person, context={"films": films}).data)
