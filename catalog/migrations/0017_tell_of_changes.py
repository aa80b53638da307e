"""Every change that readers may see is told to whoever listens on `catalogue`, at its commit."""

from django.db import migrations

CHANNEL = "catalogue"
WHOLE = ["catalog_season", "catalog_credit", "catalog_formerslug", "catalog_trend",
         "catalog_relatedmovie"]  # fmt: skip
# All but ids, times of writing and what counts: those move all day, and may lag a minute.
COLUMNS = {
    "catalog_movie": [
        "kind", "season_id", "episode_number", "title", "slug", "description", "plot", "year",
        "duration", "imdb_rating", "language", "country", "director", "cast", "vjs", "genres",
        "audio_languages", "subtitle_languages", "thumbnail_key", "poster_key", "backdrop_key",
        "preview_key", "access_level", "published", "published_at", "playable", "featured",
        "trending", "category_id", "age_rating", "allowed_countries", "blocked_countries",
        "licence_starts_at", "licence_ends_at", "licence_open",
    ],
    "catalog_series": [
        "title", "slug", "description", "year", "language", "country", "genres", "category_id",
        "poster_key", "backdrop_key", "published", "published_at", "featured",
    ],
    "catalog_person": ["name", "slug", "biography", "photo_key"],
    "catalog_category": ["name", "slug", "description", "image_key", "order", "active"],
}  # fmt: skip

TELL = f"""
CREATE FUNCTION catalog_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('{CHANNEL}', '');  -- once a transaction, however often it is called
  RETURN NULL;
END $$;
"""


def triggers(table: str, update: str) -> migrations.RunSQL:
    """By row and not by statement: a sweep that finds nothing to change tells nothing."""
    return migrations.RunSQL(
        f"CREATE TRIGGER tell AFTER INSERT OR DELETE OR {update} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION catalog_tell();"
        f"CREATE TRIGGER tell_emptied AFTER TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION catalog_tell();",
        f"DROP TRIGGER tell_emptied ON {table}; DROP TRIGGER tell ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0016_imports")]

    operations = [
        migrations.RunSQL(TELL, "DROP FUNCTION catalog_tell()"),
        *(triggers(table, "UPDATE") for table in WHOLE),
        *(
            triggers(table, "UPDATE OF " + ", ".join(f'"{name}"' for name in names))
            for table, names in COLUMNS.items()
        ),
    ]
