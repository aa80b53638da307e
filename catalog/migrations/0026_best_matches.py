"""Search of the best matches at a cost that does not grow with their number.

Of a word that very many films have, only some matches are ranked: names that begin so, names with
the word, and others. What few films have is ranked completely.
"""

from importlib import import_module

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.models import F, Func, Q
from django.db.models.functions import Left, Length

first = import_module("catalog.migrations.0008_search")
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



# Words at most two edits away, of which two letters that changed places are one, begin with the
# same letter in nearly all cases; only where none is one edit away, all similar ones are compared.
MISSPELT = """
CREATE FUNCTION catalog_edits(typed text, words text[])
RETURNS TABLE (word text, edits int) LANGUAGE sql STABLE AS $$
  WITH near AS MATERIALIZED (
    SELECT DISTINCT w AS word, levenshtein_less_equal(w, typed, 3) AS edits
    FROM unnest(words) AS w
  )
  SELECT word, edits - CASE
    WHEN length(word) = length(typed)
      AND (SELECT string_agg(c, '' ORDER BY c) FROM string_to_table(word, NULL) AS c)
        = (SELECT string_agg(c, '' ORDER BY c) FROM string_to_table(typed, NULL) AS c)
    THEN 1 ELSE 0 END
  FROM near WHERE edits <= 3
$$;
CREATE OR REPLACE FUNCTION catalog_misspelt(typed text) RETURNS SETOF text
LANGUAGE plpgsql STABLE ROWS 4
SET enable_seqscan = off SET pg_trgm.similarity_threshold = 0.4 AS $$
DECLARE
  most int := CASE WHEN length(typed) <= 5 THEN 1 ELSE 2 END;
  words text[] := ARRAY(
    SELECT word FROM catalog_word
    WHERE left(word, 1) = left(typed, 1)
      AND length(word) BETWEEN length(typed) - 1 AND length(typed) + 1
      AND levenshtein_less_equal(word, typed, 2) <= 2);
BEGIN
  IF NOT EXISTS (SELECT FROM catalog_edits(typed, words) WHERE edits <= 1) THEN
    words := ARRAY(
      SELECT word FROM catalog_word WHERE word % typed
      UNION ALL
      SELECT word FROM catalog_word
      WHERE left(word, 1) = left(typed, 1)
        AND length(word) BETWEEN length(typed) - most AND length(typed) + most
        AND levenshtein_less_equal(word, typed, most + 1) <= most + 1);
  END IF;
  RETURN QUERY
    SELECT found.word FROM catalog_edits(typed, words) AS found WHERE found.edits <= most
    ORDER BY found.edits, similarity(found.word, typed) DESC, found.word LIMIT 4;
END $$;
"""
MISSPELT_BEFORE = (
    "DROP FUNCTION catalog_misspelt(text); DROP FUNCTION catalog_edits(text, text[]);"
    + first.QUERY[: first.QUERY.index("-- What was typed")]
)
NAMES = first.QUERY[first.QUERY.index("CREATE FUNCTION catalog_names") :].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
NAMES_BOUNDED = NAMES.replace("document @@ query", "ts_filter(document, '{a}') @@ query")


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
        migrations.AddIndex(
            "word",
            models.Index(
                Left("word", 1), Length("word"), "word", name="word_by_letter_and_length"
            ),
        ),
        migrations.RunSQL(QUERY, before.QUERY),
        migrations.RunSQL(MISSPELT, MISSPELT_BEFORE),
        migrations.RunSQL(NAMES_BOUNDED, NAMES),
    ]
