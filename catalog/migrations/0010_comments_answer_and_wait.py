"""A reply remembers whom it answers, an edit when it was; the spam brake holds comments back."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_words_of_what_there_is")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="reply_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="answers",
                to="catalog.comment",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="reply_told",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="comment", name="held", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="comment",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=Q(held=False) | Q(hidden=True), name="what_is_held_is_hidden"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["movie", "-like_count", "-created_at", "-id"],
                name="comment_thread_top",
                condition=Q(parent=None, hidden=False),
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["parent"],
                name="comment_reply_untold",
                condition=Q(parent__isnull=False, reply_told=False),
            ),
        ),
    ]
