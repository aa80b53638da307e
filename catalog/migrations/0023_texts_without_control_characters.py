"""Texts older than `kushfilms.core.text` lose what XML cannot hold: one stopped the whole feed."""

from django.db import migrations

# Line tabulation and form feed are breaks; the others mean nothing.
BREAKS = r"[\u000B\u000C\u0085\u2028\u2029]"
CONTROLS = r"[\u0001-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]"
ANY = r"[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\uFFFE\uFFFF]"
LINES = {
    "catalog_movie": ["title", "language", "country", "director", "licence_holder"],
    "catalog_series": ["title", "language", "country"],
    "catalog_season": ["title"],
    "catalog_person": ["name"],
    "catalog_category": ["name"],
}
PARAGRAPHS = {
    "catalog_movie": ["description", "plot"],
    "catalog_series": ["description"],
    "catalog_person": ["biography"],
    "catalog_category": ["description"],
    "catalog_comment": ["content"],
    "catalog_rating": ["review"],
}
LISTS = {"catalog_movie": ["cast", "vjs", "genres"], "catalog_series": ["genres"]}


def _text(table: str, column: str, *, mark: str) -> str:
    cleaned = f"""regexp_replace(regexp_replace("{column}", '{BREAKS}', {mark}, 'g'),
                                 '{CONTROLS}', '', 'g')"""
    return f"""UPDATE {table} SET "{column}" = {cleaned} WHERE "{column}" ~ '{ANY}'"""


def _list(table: str, column: str) -> str:
    cleaned = f"regexp_replace(item, '{ANY}', ' ', 'g')"
    return f"""
        UPDATE {table} SET "{column}" = (
            SELECT array_agg({cleaned} ORDER BY place)
            FROM unnest("{column}") WITH ORDINALITY AS items (item, place)
        )
        WHERE array_to_string("{column}", ' ') ~ '{ANY}'
    """


STATEMENTS = [
    *(_text(table, name, mark="' '") for table, names in LINES.items() for name in names),
    *(_text(table, name, mark=r"E'\n'") for table, names in PARAGRAPHS.items() for name in names),
    *(_list(table, name) for table, names in LISTS.items() for name in names),
]


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0022_words_written_together"),
    ]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in STATEMENTS]
