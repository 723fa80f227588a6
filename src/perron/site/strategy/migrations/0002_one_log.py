"""What was written of drivers joins the log of all apps, which came with accounts."""

from django.db import migrations


def join(apps, schema_editor):
    Here = apps.get_model("strategy", "Entry")
    Log = apps.get_model("accounts", "Entry")
    Log.objects.bulk_create(
        (
            Log(at=e.at, action=e.action, kind="driver", key=str(e.driver_id), said=e.said, changes=e.changes)
            for e in Here.objects.order_by("at", "id").iterator()
        ),
        batch_size=500,
    )


def part(apps, schema_editor):
    Here = apps.get_model("strategy", "Entry")
    Log = apps.get_model("accounts", "Entry")
    written = Log.objects.filter(kind="driver", seen=False)
    Here.objects.bulk_create(
        (
            Here(at=e.at, action=e.action[:32], driver_id=int(e.key), said=e.said, changes=e.changes)
            for e in written.order_by("at", "id").iterator()
        ),
        batch_size=500,
    )
    written.delete()


class Migration(migrations.Migration):

    dependencies = [("strategy", "0001_initial"), ("accounts", "0002_people")]
    operations = [migrations.RunPython(join, part), migrations.DeleteModel(name="Entry")]
