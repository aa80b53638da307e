"""Indexes for every list's order, and slugs that are no list's address."""

from typing import Any

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import Q

RESERVED = ("featured", "recent", "search", "suggest", "trending")
SHOWN = Q(published=True, playable=True)


def free_the_words(apps: Any, _schema_editor: Any) -> None:
    movies = apps.get_model("catalog", "Movie").objects
    for movie in movies.filter(slug__in=RESERVED):
        stem, number = f"{movie.slug}-film", 1
        slug = stem
        while movies.filter(slug=slug).exists():
            number += 1
            slug = f"{stem}-{number}"
        movies.filter(pk=movie.pk).update(slug=slug)


def index(name: str, *fields: str, condition: Q = SHOWN) -> migrations.AddIndex:
    made = models.Index(fields=list(fields), name=name, condition=condition)
    return migrations.AddIndex(model_name="movie", index=made)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_people_from_names")]

    operations = [
        migrations.RunPython(free_the_words, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="movie",
            constraint=models.CheckConstraint(
                condition=~Q(slug__in=RESERVED),
                name="a_slug_is_no_list",
                violation_error_message="This word is the address of a list. Choose another.",
            ),
        ),
        index("movie_popular", "-view_count", "-id"),
        index("movie_best", "-rating", "-rating_count", "-id"),
        index("movie_by_title", "title", "id"),
        index("movie_popular_by_category", "category", "-view_count", "-id"),
        index("movie_best_by_category", "category", "-rating", "-rating_count", "-id"),
        index("movie_title_by_category", "category", "title", "id"),
        index("movie_newest_by_kind", "kind", "-published_at", "-id"),
        migrations.AddIndex(
            model_name="movie",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["genres"], name="movie_by_genre", condition=SHOWN
            ),
        ),
        index("movie_featured", "-published_at", "-id", condition=SHOWN & Q(featured=True)),
        index("movie_marked_trending", "-view_count", "-id", condition=SHOWN & Q(trending=True)),
        migrations.AddIndex(
            model_name="person", index=models.Index(fields=["name", "id"], name="person_in_order")
        ),
        migrations.AddIndex(
            model_name="credit", index=models.Index(fields=["job", "person"], name="credit_by_job")
        ),
    ]
