from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index ends in the id, as the order does: no page of a history is sorted any more."""

    atomic = False  # heartbeats go on being written

    dependencies = [("catalog", "0018_trailers")]

    operations = [
        AddIndexConcurrently(
            "watchhistory",
            models.Index(fields=["user", "-watched_at", "-id"], name="history_latest_by_user"),
        ),
        RemoveIndexConcurrently("watchhistory", "history_by_user"),
    ]
