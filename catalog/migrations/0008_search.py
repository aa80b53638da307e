"""Search: words of films, series and people, kept by triggers, and what a query means."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models
from django.db.models import Q

# Lower case, without accents and apostrophes, words apart by one space. Not of the parser that
# `to_tsvector` has by itself, which takes "boda/boda" for a path and "a.b" for a host.
PLAIN = """
CREATE FUNCTION catalog_plain(said text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(
    lower(unaccent(translate(coalesce(said, ''), '''’‘ʼ`´', ''))), '[^[:alnum:]]+', ' ', 'g'))
$$;
-- Descriptions without "the" and "of", which would match everything and say nothing.
CREATE TEXT SEARCH DICTIONARY catalog_prose (TEMPLATE = pg_catalog.simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION catalog_prose (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION catalog_prose
  ALTER MAPPING FOR asciiword, word, numword WITH catalog_prose;
CREATE FUNCTION catalog_words(weight "char", said text) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector(
    CASE WHEN weight = 'D' THEN 'catalog_prose' ELSE 'simple' END::regconfig,
    catalog_plain(said)), weight)
$$;
"""
NO_PLAIN = """
DROP FUNCTION catalog_words("char", text);
DROP TEXT SEARCH CONFIGURATION catalog_prose;
DROP TEXT SEARCH DICTIONARY catalog_prose;
DROP FUNCTION catalog_plain(text);
"""

TRIGGERS = """
CREATE FUNCTION catalog_movie_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_findable (movie_id, name, document)
  VALUES (NEW.id, catalog_plain(NEW.title),
    catalog_words('A', NEW.title)
    || catalog_words('B', concat_ws(' ', NEW.director, array_to_string(NEW."cast", ' '),
                                    array_to_string(NEW.vjs, ' ')))
    || catalog_words('C', array_to_string(NEW.genres, ' '))
    || catalog_words('D', NEW.description))
  ON CONFLICT (movie_id) DO UPDATE SET name = EXCLUDED.name, document = EXCLUDED.document;
  RETURN NULL;
END $$;
CREATE FUNCTION catalog_series_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_findable (series_id, name, document)
  VALUES (NEW.id, catalog_plain(NEW.title),
    catalog_words('A', NEW.title)
    || catalog_words('C', array_to_string(NEW.genres, ' '))
    || catalog_words('D', NEW.description))
  ON CONFLICT (series_id) DO UPDATE SET name = EXCLUDED.name, document = EXCLUDED.document;
  RETURN NULL;
END $$;
CREATE FUNCTION catalog_person_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_findable (person_id, name, document)
  VALUES (NEW.id, catalog_plain(NEW.name), catalog_words('A', NEW.name))
  ON CONFLICT (person_id) DO UPDATE SET name = EXCLUDED.name, document = EXCLUDED.document;
  RETURN NULL;
END $$;
CREATE FUNCTION catalog_new_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_word (word)
  SELECT lexeme FROM unnest(tsvector_to_array(ts_filter(NEW.document, '{a,b,c}'))) AS lexeme
  WHERE length(lexeme) BETWEEN 3 AND 40
    AND NOT EXISTS (SELECT 1 FROM catalog_word WHERE word = lexeme);
  RETURN NULL;
END $$;

CREATE TRIGGER movie_words_new AFTER INSERT ON catalog_movie
  FOR EACH ROW EXECUTE FUNCTION catalog_movie_words();
CREATE TRIGGER movie_words_changed
  AFTER UPDATE OF title, description, director, "cast", vjs, genres ON catalog_movie
  FOR EACH ROW WHEN ((OLD.title, OLD.description, OLD.director, OLD."cast", OLD.vjs, OLD.genres)
    IS DISTINCT FROM
    (NEW.title, NEW.description, NEW.director, NEW."cast", NEW.vjs, NEW.genres))
  EXECUTE FUNCTION catalog_movie_words();
CREATE TRIGGER series_words_new AFTER INSERT ON catalog_series
  FOR EACH ROW EXECUTE FUNCTION catalog_series_words();
CREATE TRIGGER series_words_changed AFTER UPDATE OF title, description, genres ON catalog_series
  FOR EACH ROW WHEN ((OLD.title, OLD.description, OLD.genres)
    IS DISTINCT FROM (NEW.title, NEW.description, NEW.genres))
  EXECUTE FUNCTION catalog_series_words();
CREATE TRIGGER person_words_new AFTER INSERT ON catalog_person
  FOR EACH ROW EXECUTE FUNCTION catalog_person_words();
CREATE TRIGGER person_words_changed AFTER UPDATE OF name ON catalog_person
  FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)
  EXECUTE FUNCTION catalog_person_words();
CREATE TRIGGER new_words AFTER INSERT OR UPDATE OF document ON catalog_findable
  FOR EACH ROW EXECUTE FUNCTION catalog_new_words();
"""
NO_TRIGGERS = """
DROP TRIGGER new_words ON catalog_findable;
DROP TRIGGER person_words_changed ON catalog_person;
DROP TRIGGER person_words_new ON catalog_person;
DROP TRIGGER series_words_changed ON catalog_series;
DROP TRIGGER series_words_new ON catalog_series;
DROP TRIGGER movie_words_changed ON catalog_movie;
DROP TRIGGER movie_words_new ON catalog_movie;
DROP FUNCTION catalog_new_words();
DROP FUNCTION catalog_person_words();
DROP FUNCTION catalog_series_words();
DROP FUNCTION catalog_movie_words();
"""

# How far a word is from what was typed: edits, two letters that changed places being one.
# At most one in words up to five letters, two above.
QUERY = """
CREATE FUNCTION catalog_misspelt(typed text) RETURNS SETOF text
LANGUAGE sql STABLE ROWS 4 AS $$
  WITH alike AS (
    SELECT word FROM catalog_word WHERE word % typed
    UNION
    SELECT word FROM catalog_word
    WHERE word LIKE left(typed, 1) || '%' AND length(word) BETWEEN length(typed) - 2
      AND length(typed) + 2
  ), measured AS (
    SELECT word, levenshtein_less_equal(word, typed, 3) - CASE
      WHEN length(word) = length(typed)
        AND (SELECT string_agg(c, '' ORDER BY c) FROM string_to_table(word, NULL) AS c)
          = (SELECT string_agg(c, '' ORDER BY c) FROM string_to_table(typed, NULL) AS c)
      THEN 1 ELSE 0 END AS edits
    FROM alike WHERE levenshtein_less_equal(word, typed, 3) <= 3
  )
  SELECT word FROM measured
  WHERE edits <= CASE WHEN length(typed) <= 5 THEN 1 ELSE 2 END
  ORDER BY edits, similarity(word, typed) DESC, word LIMIT 4
$$;

-- What was typed as a query: every word, the last one as a beginning, each unknown one as the
-- known ones nearest to it. Where nothing has all of them, whatever has any.
-- `names`: only in names. Null: there is nothing to look for.
CREATE FUNCTION catalog_query(said text, names boolean) RETURNS tsquery
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
  words text[] := (string_to_array(catalog_plain(said), ' '))[1:10];
  weight text := CASE WHEN names THEN 'A' ELSE '' END;
  number int := coalesce(array_length(words, 1), 0);
  all_of tsquery; any_of tsquery; part tsquery; typed text;
BEGIN
  FOR i IN 1 .. number LOOP
    typed := left(words[i], 60);
    part := to_tsquery('simple', quote_literal(typed) || ':'
      || CASE WHEN i = number AND length(typed) > 2 THEN '*' ELSE '' END || weight);
    IF NOT EXISTS (SELECT 1 FROM catalog_findable WHERE document @@ part) THEN
      SELECT to_tsquery('simple', string_agg(quote_literal(word) || ':' || weight, ' | '))
      INTO part FROM catalog_misspelt(typed) AS word;
    END IF;
    IF numnode(part) > 0 THEN
      all_of := coalesce(all_of && part, part);
      any_of := coalesce(any_of || part, part);
    END IF;
  END LOOP;
  IF number > 1 AND NOT EXISTS (SELECT 1 FROM catalog_findable WHERE document @@ all_of) THEN
    RETURN any_of;
  END IF;
  RETURN all_of;
END $$;

-- Names for type-ahead, some that begin so and some with the words, each by its index: left to
-- itself the planner counts on the limit and reads the table from its beginning.
CREATE FUNCTION catalog_names(plain text, query tsquery, most int) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 60 SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY
    (SELECT id FROM catalog_findable
     WHERE name ~>=~ plain AND name ~<~ (plain || chr(1114111)) LIMIT most)
    UNION
    (SELECT id FROM catalog_findable WHERE document @@ query LIMIT most);
END $$;
"""
NO_QUERY = """
DROP FUNCTION catalog_names(text, tsquery, int);
DROP FUNCTION catalog_query(text, boolean);
DROP FUNCTION catalog_misspelt(text);
"""


def one(to: str) -> models.Field:
    return models.OneToOneField(
        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="words", to=to
    )


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0007_lists_and_their_indexes"),
        ("core", "0001_extensions"),
    ]

    operations = [
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name="Findable",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("document", django.contrib.postgres.search.SearchVectorField()),
                ("movie", one("catalog.movie")),
                ("series", one("catalog.series")),
                ("person", one("catalog.person")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(movie__isnull=False, series=None, person=None)
                        | Q(movie=None, series__isnull=False, person=None)
                        | Q(movie=None, series=None, person__isnull=False),
                        name="words_are_of_one_thing",
                    )
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["document"], name="findable_by_word", fastupdate=False
                    ),
                    models.Index(
                        fields=["name"], name="findable_by_name", opclasses=["text_pattern_ops"]
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("word", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["word"], name="word_by_beginning", opclasses=["text_pattern_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], opclasses=["gin_trgm_ops"], name="word_by_likeness"
                    ),
                ],
            },
        ),
        migrations.RunSQL(PLAIN, NO_PLAIN),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(QUERY, NO_QUERY),
    ]
