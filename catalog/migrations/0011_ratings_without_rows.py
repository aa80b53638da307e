"""Stars a film came with have no rows; how many they are stands beside the sum of all.

A film is inserted before anybody can rate it, so whatever figures it has then are of that sort:
a trigger notes them, however the film comes in.
"""

from django.db import migrations, models

FORWARD = """
UPDATE catalog_movie AS film SET
    base_rating_count = GREATEST(film.rating_count - rated.count, 0),
    base_rating_sum = GREATEST(film.rating_sum - rated.sum, 0)
FROM (
    SELECT movie.id, count(rating.id) AS count, coalesce(sum(rating.stars), 0) AS sum
    FROM catalog_movie AS movie LEFT JOIN catalog_rating AS rating ON rating.movie_id = movie.id
    GROUP BY movie.id
) AS rated
WHERE rated.id = film.id AND film.rating_count > 0;

CREATE FUNCTION movie_base_ratings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.rating_sum := round(NEW.rating * NEW.rating_count);
    NEW.base_rating_sum := NEW.rating_sum;
    NEW.base_rating_count := NEW.rating_count;
    RETURN NEW;
END $$;

CREATE TRIGGER movie_base_ratings BEFORE INSERT ON catalog_movie
    FOR EACH ROW WHEN (NEW.rating_count > 0) EXECUTE FUNCTION movie_base_ratings();
"""
BACKWARD = """
DROP TRIGGER movie_base_ratings ON catalog_movie;
DROP FUNCTION movie_base_ratings();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0010_comments_answer_and_wait")]

    operations = [
        migrations.AddField(
            model_name="movie",
            name="base_rating_count",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="movie",
            name="base_rating_sum",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
