"""Directors and casts become people with pages; the stars given so far become a sum."""

from typing import Any

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Round
from django.utils.text import slugify


def people_from_names(apps: Any, _schema_editor: Any) -> None:
    movie_model, credit_model = apps.get_model("catalog", "Movie"), apps.get_model("catalog", "Credit")
    people: dict[str, Any] = {}
    for movie in movie_model.objects.only("id", "director", "cast").iterator():
        directors = [name.strip() for name in movie.director.split(",") if name.strip()]
        for job, names in (("DIRECTOR", directors), ("CAST", movie.cast)):
            for order, name in enumerate(dict.fromkeys(names)):
                person = people.get(name) or _person(apps, people, name)
                credit_model.objects.create(movie=movie, person=person, job=job, order=order)
    movie_model.objects.update(rating_sum=Round(F("rating") * F("rating_count")))


def _person(apps: Any, people: dict[str, Any], name: str) -> Any:
    model = apps.get_model("catalog", "Person")
    stem, number = slugify(name)[:120] or "person", 1
    slug = stem
    while model.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{stem}-{number}"
    people[name] = model.objects.create(name=name, slug=slug)
    return people[name]


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_series_people_and_what_viewers_keep")]

    operations = [migrations.RunPython(people_from_names, migrations.RunPython.noop)]
