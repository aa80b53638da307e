"""Names are found whether their words are written together, apart or with punctuation.

"Face/Off" is found as "faceoff", "A.I." as "ai", "Spiderman" as "spider man" and the other way
round. Names also hold their neighbouring words joined; a query also looks for its own words
joined. "&" is the word "and".
"""

from importlib import import_module

from django.db import migrations

before = import_module("catalog.migrations.0008_search")

PLAIN = """
CREATE OR REPLACE FUNCTION catalog_plain(said text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(
    lower(unaccent(replace(translate(coalesce(said, ''), '''’‘ʼ`´', ''), '&', ' and '))),
    '[^[:alnum:]]+', ' ', 'g'))
$$;
"""

# Of the first ten words: each pair, and everything from each word to the end; and what stands
# between two blanks, without its punctuation.
JOINED = """
CREATE FUNCTION catalog_joined(said text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH words AS (
    SELECT word, place
    FROM unnest((string_to_array(catalog_plain(said), ' '))[1:10]) WITH ORDINALITY AS w(word, place)
  ), joined AS (
    SELECT one.word || two.word AS word
    FROM words AS one JOIN words AS two ON two.place = one.place + 1
    UNION
    SELECT string_agg(later.word, '' ORDER BY later.place)
    FROM words AS first JOIN words AS later ON later.place >= first.place
    GROUP BY first.place HAVING count(*) > 2
    UNION
    SELECT replace(catalog_plain(part), ' ', '')
    FROM regexp_split_to_table(coalesce(said, ''), '[[:space:]]+') AS part
    WHERE catalog_plain(part) LIKE '% %'
  )
  SELECT coalesce(string_agg(left(word, 60), ' '), '') FROM joined
$$;
CREATE FUNCTION catalog_name_words(said text) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT catalog_words('A', said)
    || setweight(to_tsvector('simple', catalog_joined(said)), 'A')
$$;
-- Joined names of people weigh as little as a description, and are no words to correct errors by.
CREATE FUNCTION catalog_people_words(names text[]) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT catalog_words('B', array_to_string(names, ' ')) || setweight(to_tsvector('simple',
    coalesce((SELECT string_agg(catalog_joined(one), ' ') FROM unnest(names) AS one), '')), 'D')
$$;
CREATE FUNCTION catalog_movie_document(film catalog_movie) RETURNS tsvector
LANGUAGE sql STABLE AS $$
  SELECT catalog_name_words(film.title)
    || catalog_people_words(string_to_array(film.director, ', ') || film."cast"::text[]
                            || film.vjs::text[])
    || catalog_words('C', array_to_string(film.genres, ' '))
    || catalog_words('D', film.description)
$$;
CREATE FUNCTION catalog_series_document(series catalog_series) RETURNS tsvector
LANGUAGE sql STABLE AS $$
  SELECT catalog_name_words(series.title)
    || catalog_words('C', array_to_string(series.genres, ' '))
    || catalog_words('D', series.description)
$$;
"""
NOT_JOINED = """
DROP FUNCTION catalog_series_document(catalog_series);
DROP FUNCTION catalog_movie_document(catalog_movie);
DROP FUNCTION catalog_people_words(text[]);
DROP FUNCTION catalog_name_words(text);
DROP FUNCTION catalog_joined(text);
"""

TRIGGERS = """
CREATE OR REPLACE FUNCTION catalog_movie_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_findable (movie_id, name, document)
  VALUES (NEW.id, catalog_plain(NEW.title), catalog_movie_document(NEW))
  ON CONFLICT (movie_id) DO UPDATE SET name = EXCLUDED.name, document = EXCLUDED.document;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION catalog_series_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_findable (series_id, name, document)
  VALUES (NEW.id, catalog_plain(NEW.title), catalog_series_document(NEW))
  ON CONFLICT (series_id) DO UPDATE SET name = EXCLUDED.name, document = EXCLUDED.document;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION catalog_person_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_findable (person_id, name, document)
  VALUES (NEW.id, catalog_plain(NEW.name), catalog_name_words(NEW.name))
  ON CONFLICT (person_id) DO UPDATE SET name = EXCLUDED.name, document = EXCLUDED.document;
  RETURN NULL;
END $$;
-- Joined words correct typing errors only for names of two words: those of longer names are many
-- and resemble each other.
CREATE OR REPLACE FUNCTION catalog_new_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  joined text[] := CASE WHEN NEW.name LIKE '% % %'
    THEN string_to_array(catalog_joined(NEW.name), ' ') ELSE '{}' END;
BEGIN
  INSERT INTO catalog_word (word)
  SELECT lexeme FROM unnest(tsvector_to_array(ts_filter(NEW.document, '{a,b,c}'))) AS lexeme
  WHERE length(lexeme) BETWEEN 3 AND 40 AND lexeme <> ALL (joined)
    AND NOT EXISTS (SELECT 1 FROM catalog_word WHERE word = lexeme);
  RETURN NULL;
END $$;
"""

QUERY = """
-- What was typed as a query: every word, the last one as a beginning, each unknown one as the
-- known ones nearest to it; or with two neighbouring words, or all of them, written as one.
-- Where nothing has all of them, whatever has any.
-- `names`: only in names. Null: there is nothing to look for.
CREATE OR REPLACE FUNCTION catalog_query(said text, names boolean) RETURNS tsquery
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
  words text[] := (string_to_array(catalog_plain(said), ' '))[1:10];
  weight text := CASE WHEN names THEN 'A' ELSE '' END;
  number int := coalesce(array_length(words, 1), 0);
  parts tsquery[] := '{}';
  unknown boolean := false;
  all_of tsquery; any_of tsquery; joined tsquery; part tsquery; typed text;
BEGIN
  FOR i IN 1 .. number LOOP
    typed := left(words[i], 60);
    part := to_tsquery('simple', quote_literal(typed) || ':'
      || CASE WHEN i = number AND length(typed) > 2 THEN '*' ELSE '' END || weight);
    IF NOT EXISTS (SELECT 1 FROM catalog_findable WHERE document @@ part) THEN
      SELECT to_tsquery('simple', string_agg(quote_literal(word) || ':' || weight, ' | '))
      INTO part FROM catalog_misspelt(typed) AS word;
    END IF;
    parts := array_append(parts, part);
    IF numnode(part) > 0 THEN
      all_of := coalesce(all_of && part, part);
      any_of := coalesce(any_of || part, part);
    ELSE
      unknown := true;
    END IF;
  END LOOP;
  IF number < 2 THEN
    RETURN all_of;
  END IF;
  FOR i IN 1 .. number LOOP
    -- The pair that begins with this word; in the last turn everything, unless that is a pair.
    CONTINUE WHEN i = number AND number = 2;
    typed := left(CASE WHEN i < number THEN words[i] || words[i + 1]
      ELSE array_to_string(words, '') END, 60);
    part := to_tsquery('simple', quote_literal(typed) || ':'
      || CASE WHEN i >= number - 1 AND length(typed) > 2 THEN '*' ELSE '' END || weight);
    CONTINUE WHEN NOT EXISTS (SELECT 1 FROM catalog_findable WHERE document @@ part);
    FOR j IN 1 .. number LOOP
      IF i < number AND j NOT IN (i, i + 1) AND numnode(parts[j]) > 0 THEN
        part := part && parts[j];
      END IF;
    END LOOP;
    joined := coalesce(joined || part, part);
  END LOOP;
  IF joined IS NOT NULL THEN
    -- Where a word by itself is none, only the joined ones have all that was typed.
    all_of := CASE WHEN unknown THEN joined ELSE coalesce(all_of || joined, joined) END;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM catalog_findable WHERE document @@ all_of) THEN
    RETURN any_of;
  END IF;
  RETURN all_of;
END $$;
"""

REFILL = """
UPDATE catalog_findable AS words
  SET name = catalog_plain(film.title), document = catalog_movie_document(film)
  FROM catalog_movie AS film WHERE film.id = words.movie_id;
UPDATE catalog_findable AS words
  SET name = catalog_plain(series.title), document = catalog_series_document(series)
  FROM catalog_series AS series WHERE series.id = words.series_id;
UPDATE catalog_findable AS words
  SET name = catalog_plain(person.name), document = catalog_name_words(person.name)
  FROM catalog_person AS person WHERE person.id = words.person_id;
"""


def replaced(functions: str) -> str:
    return functions.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0021_deleted_films_kept")]

    operations = [
        migrations.RunSQL(PLAIN, replaced(before.PLAIN.partition("-- Descriptions")[0])),
        migrations.RunSQL(JOINED, NOT_JOINED),
        migrations.RunSQL(TRIGGERS, replaced(before.TRIGGERS.partition("CREATE TRIGGER")[0])),
        migrations.RunSQL(
            QUERY, replaced("CREATE FUNCTION catalog_query" + before.QUERY.partition(
                "CREATE FUNCTION catalog_query")[2].partition("-- Names for type-ahead")[0])
        ),
        migrations.RunSQL(REFILL, migrations.RunSQL.noop),
    ]
