"""Notifications name the film or series that changed, so that readers drop only what shows it.

A payload is the id of what looks different now, or empty where anything may. Whatever shows films
that it does not name, such as a list, is dropped by any notification.
"""

from importlib import import_module

from django.db import migrations

before = import_module("catalog.migrations.0017_tell_of_changes")

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION catalog_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('{before.CHANNEL}', coalesce(TG_ARGV[0], ''));
  RETURN NULL;
END $$;
-- The argument is the column with the id.
CREATE FUNCTION catalog_tell_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM pg_notify('{before.CHANNEL}', to_jsonb(OLD) ->> TG_ARGV[0]);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM pg_notify('{before.CHANNEL}', to_jsonb(NEW) ->> TG_ARGV[0]);
  END IF;
  RETURN NULL;
END $$;
-- An episode is also shown as the next one after others of its series.
CREATE FUNCTION catalog_tell_movie() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  seasons uuid[] := '{{}}';
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM pg_notify('{before.CHANNEL}', OLD.id::text);
    seasons := seasons || OLD.season_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM pg_notify('{before.CHANNEL}', NEW.id::text);
    seasons := seasons || NEW.season_id;
  END IF;
  IF array_remove(seasons, NULL) <> '{{}}' THEN
    PERFORM pg_notify('{before.CHANNEL}', series_id::text)
    FROM catalog_season WHERE id = ANY (seasons);
  END IF;
  RETURN NULL;
END $$;
-- Of people with more films than this, anything may look different.
CREATE FUNCTION catalog_tell_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  person uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
  films uuid[] := ARRAY(SELECT movie_id FROM catalog_credit WHERE person_id = person LIMIT 101);
BEGIN
  IF cardinality(films) > 100 THEN
    PERFORM pg_notify('{before.CHANNEL}', '');
  ELSE
    PERFORM pg_notify('{before.CHANNEL}', id::text) FROM unnest(films || person) AS id;
  END IF;
  RETURN NULL;
END $$;
"""
NO_FUNCTIONS = f"""
DROP FUNCTION catalog_tell_person();
DROP FUNCTION catalog_tell_movie();
DROP FUNCTION catalog_tell_id();
{before.TELL.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")}
"""
COLUMNS = {
    **before.COLUMNS,
    "catalog_movie": [*before.COLUMNS["catalog_movie"], "trailer_duration"],
}
TOLD = {
    "catalog_movie": "catalog_tell_movie()",
    "catalog_person": "catalog_tell_person()",
    "catalog_series": "catalog_tell_id('id')",
    "catalog_season": "catalog_tell_id('series_id')",
    "catalog_credit": "catalog_tell_id('movie_id')",
    "catalog_formerslug": "catalog_tell_id('target_id')",
    # Shown only in lists.
    "catalog_trend": "catalog_tell('lists')",
    "catalog_relatedmovie": "catalog_tell('lists')",
}


def trigger(table: str, function: str) -> str:
    names = ", ".join(f'"{name}"' for name in COLUMNS.get(table, []))
    return (
        f"DROP TRIGGER tell ON {table};"
        f"CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE {'OF ' + names if names else ''}"
        f" ON {table} FOR EACH ROW EXECUTE FUNCTION {function};"
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0024_labels_in_plain_english")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *(
            migrations.RunSQL(trigger(table, told), trigger(table, "catalog_tell()"))
            for table, told in TOLD.items()
        ),
    ]
