"""Extensions the catalogue's search and indexes stand on."""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = [TrigramExtension(), UnaccentExtension(), BtreeGinExtension()]
