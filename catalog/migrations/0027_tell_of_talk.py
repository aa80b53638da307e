"""Comments and ratings are on their film's page alone, so their changes are notified as its talk.

The likes of a comment are on no page. A viewer's name is on pages of any film, and rarely changes.
"""

from django.db import migrations

TELL = """
CREATE FUNCTION catalog_tell_talk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('catalogue', 'talk:' || coalesce(NEW.movie_id, OLD.movie_id)::text);
  RETURN NULL;
END $$;
"""
COLUMNS = {
    "catalog_comment": "parent_id, reply_to_id, content, hidden, deleted_at, edited_at",
    "catalog_rating": "stars, review, hidden",
}


def triggers(table: str, columns: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE OF {columns} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION catalog_tell_talk();"
        f"CREATE TRIGGER tell_emptied AFTER TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION catalog_tell();",
        f"DROP TRIGGER tell_emptied ON {table}; DROP TRIGGER tell ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0026_best_matches"),
        ("accounts", "0012_labels_in_plain_english"),
    ]

    operations = [
        migrations.RunSQL(TELL, "DROP FUNCTION catalog_tell_talk()"),
        *(triggers(table, columns) for table, columns in COLUMNS.items()),
        migrations.RunSQL(
            "CREATE TRIGGER tell_of_name AFTER UPDATE OF name ON accounts_user FOR EACH ROW"
            " WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION catalog_tell();",
            "DROP TRIGGER tell_of_name ON accounts_user;",
        ),
    ]
