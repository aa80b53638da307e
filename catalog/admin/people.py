"""Pages of people in the back office: directors, actors and VJs."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from catalog.admin.pictures import PicturedAdmin
from catalog.models import Credit, CreditJob, Person
from catalog.selectors.admin import people_for_staff, person_for_staff
from catalog.services.people import (
    EDITABLE,
    person_create,
    person_delete,
    person_merge,
    person_update,
)
from kushfilms.core.errors import InvalidInput

CREDITS_SHOWN = 200


class JobFilter(admin.SimpleListFilter):
    title = "job"
    parameter_name = "job"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return CreditJob.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> QuerySet[Person]:
        if self.value() not in CreditJob.values:
            return queryset
        credited = Credit.objects.filter(job=self.value()).values("person")
        return queryset.filter(pk__in=credited)


@admin.register(Person)
class PersonAdmin(PicturedAdmin[Person]):
    noted_by_services = frozenset({"create", "change", "delete"})
    list_display = ["name", "slug", "films", "follower_count"]
    list_filter = [JobFilter]
    search_fields = ["name", "slug"]
    readonly_fields = ["slug", "follower_count"]
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["name", "slug", "biography", "follower_count"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return people_for_staff()

    @admin.display(description="Credits", ordering="credit_count")
    def films(self, person: Person) -> int:
        return int(person.credit_count)  # type: ignore[attr-defined]  # counted by the selector

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if person := kwargs.get("obj"):
            credited = Credit.objects.filter(person=person).select_related("movie")
            context["credits"] = credited.order_by("-movie__year", "movie__title")[:CREDITS_SHOWN]
            same = Person.objects.filter(name__iexact=person.name).exclude(pk=person.pk)
            context["namesakes"] = same.order_by("slug")[:20]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        names = EDITABLE & set(form.changed_data)
        changes = {name: form.cleaned_data[name] for name in names}
        saved = person_update(obj, changes=changes) if change else person_create(**changes)
        obj.__dict__.update(saved.__dict__)

    def delete_model(self, request: HttpRequest, obj: Person) -> None:
        person_delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        for person in queryset:
            person_delete(person)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        own = path("<uuid:pk>/merge/", view, name="catalog_person_merge")
        return [own, *super().get_urls()]

    def merge_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Merge the person into the one whose address is POSTed as `into`."""
        self.must(request, "catalog.delete_person")
        person = person_for_staff(pk)
        slug = request.POST.get("into", "").replace("\0", "").strip()
        into = Person.objects.filter(Q(slug=slug.rpartition("/")[2])).first()

        def merge() -> None:
            if into is None:
                raise InvalidInput(f"No person has the address “{slug[:60]}”.")
            person_merge(person, into=into)

        gone = into is not None and into.pk != pk
        page = into.pk if into is not None and gone else pk
        back = reverse("admin:catalog_person_change", args=[page])
        return self.act(request, merge, said=f"{person} was merged into {into}.", back=back)
