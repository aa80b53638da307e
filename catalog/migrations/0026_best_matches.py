"""Search of the best matches at a cost that does not grow with their number.

Of a word that very many films have, only some matches are ranked: names that begin so, names with
the word, and others. What few films have is ranked completely.
"""

from importlib import import_module

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.models import F, Func, Q

before = import_module("catalog.migrations.0022_words_written_together")

# The films to rank for a query, as ids of `catalog_findable`: all that match, or of more than
# `most` a part. It is the same part each time, so that the pages of a list fit together.
FILMS = """SELECT words.id FROM catalog_findable AS words JOIN catalog_movie AS film
      ON film.id = words.movie_id AND film.published AND film.playable"""
BEST = f"""
CREATE FUNCTION catalog_best(plain text, query tsquery, most int) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
  names bigint[] := ARRAY(
    {FILMS}
    WHERE ts_filter(words.document, '{{a}}') @@ query LIMIT most + 1);
BEGIN
  IF cardinality(names) <= most THEN
    RETURN ARRAY(SELECT unnest(names) UNION (
      {FILMS}
      WHERE words.document @@ query LIMIT most + 1));
  END IF;
  -- That a beginning holds the words is checked without an index, which would read all matches.
  RETURN ARRAY(SELECT unnest(names) UNION (
    {FILMS}
    WHERE words.name = plain LIMIT most / 2
  ) UNION (
    {FILMS}
    WHERE words.name ~>=~ plain AND words.name ~<~ (plain || chr(1114111))
      AND ts_filter(words.document, '{{a,b}}') @@ query LIMIT most / 2));
END $$;
"""
# Whether a word, or all words, exist is asked of the shorter lists first.
WORD = "    IF NOT EXISTS (SELECT 1 FROM catalog_findable WHERE document @@ part) THEN"
WORD_BOUNDED = """    IF NOT (NOT names AND EXISTS (SELECT 1 FROM catalog_word WHERE word = typed))
        AND NOT EXISTS (
          SELECT 1 FROM catalog_findable WHERE ts_filter(document, '{a}') @@ part)
        AND NOT EXISTS (SELECT 1 FROM catalog_findable WHERE document @@ part) THEN"""
ALL_WORDS = "  IF NOT EXISTS (SELECT 1 FROM catalog_findable WHERE document @@ all_of) THEN"
ALL_WORDS_BOUNDED = """  IF NOT EXISTS (SELECT 1 FROM catalog_findable WHERE ts_filter(document, '{a}') @@ all_of)
      AND NOT EXISTS (SELECT 1 FROM catalog_findable WHERE document @@ all_of) THEN"""
QUERY = before.QUERY.replace(WORD, WORD_BOUNDED).replace(ALL_WORDS, ALL_WORDS_BOUNDED)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0025_tell_what_changed")]

    operations = [
        migrations.AddIndex(
            "findable",
            django.contrib.postgres.indexes.GinIndex(
                Func(
                    F("document"),
                    template="ts_filter(%(expressions)s, '{a}')",
                    output_field=django.contrib.postgres.search.SearchVectorField(),
                ),
                name="findable_by_name_word",
                fastupdate=False,
            ),
        ),
        migrations.AddIndex(
            "findable",
            django.contrib.postgres.indexes.GinIndex(
                fields=["document"],
                name="findable_series_by_word",
                fastupdate=False,
                condition=Q(series__isnull=False),
            ),
        ),
        migrations.RunSQL(BEST, "DROP FUNCTION catalog_best(text, tsquery, int)"),
        migrations.RunSQL(QUERY, before.QUERY),
    ]
