"""Words of what was there before the triggers; from here on these keep them."""

from django.db import migrations

FILL = """
INSERT INTO catalog_findable (movie_id, name, document)
  SELECT id, catalog_plain(title), catalog_words('A', title)
    || catalog_words('B', concat_ws(' ', director, array_to_string("cast", ' '),
                                    array_to_string(vjs, ' ')))
    || catalog_words('C', array_to_string(genres, ' ')) || catalog_words('D', description)
  FROM catalog_movie;
INSERT INTO catalog_findable (series_id, name, document)
  SELECT id, catalog_plain(title), catalog_words('A', title)
    || catalog_words('C', array_to_string(genres, ' ')) || catalog_words('D', description)
  FROM catalog_series;
INSERT INTO catalog_findable (person_id, name, document)
  SELECT id, catalog_plain(name), catalog_words('A', name) FROM catalog_person;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_search")]

    operations = [migrations.RunSQL(FILL, "DELETE FROM catalog_findable; DELETE FROM catalog_word")]
