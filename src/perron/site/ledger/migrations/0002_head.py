"""The chain begins: its head, before any entry."""

import hashlib

from django.db import migrations


def begin(apps, schema_editor):
    apps.get_model("ledger", "Head").objects.get_or_create(
        pk=1, defaults={"seq": 0, "hash": hashlib.sha256(b"perron ledger 1").hexdigest()}
    )


class Migration(migrations.Migration):

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
