"""The ten roles that Perron ships; an agency renames them and changes what each may do by a form."""

from django.db import migrations

ALL = [
    "directory.read", "directory.write", "contacts.read", "contacts.write", "needs.read",
    "needs.write", "ledger.read", "ledger.write", "ledger.review", "strategy.write",
    "confidential.read", "exchange", "settings", "people", "audit",
]
ROLES = [
    ("director", "direction", "Director", ALL),
    ("analyst", "analyste", "Analyst", [
        "directory.read", "directory.write", "contacts.read", "needs.read", "ledger.read",
        "ledger.write", "ledger.review", "strategy.write", "exchange", "settings",
    ]),
    ("project-manager", "chef·fe de projet", "Project manager", [
        "directory.read", "directory.write", "contacts.read", "contacts.write", "needs.read",
        "needs.write", "ledger.read", "ledger.write", "ledger.review", "strategy.write", "exchange",
    ]),
    ("training", "interface formation", "Training interface", [
        "directory.read", "directory.write", "contacts.read", "contacts.write", "needs.read",
        "needs.write", "ledger.read", "ledger.write", "ledger.review", "confidential.read",
        "exchange",
    ]),
    ("communication", "communication", "Communication", [
        "directory.read", "directory.write", "contacts.read", "contacts.write", "ledger.read",
    ]),
    ("events", "évènements et partenariats", "Events and partnerships", [
        "directory.read", "directory.write", "contacts.read", "contacts.write", "ledger.read",
        "ledger.write", "ledger.review", "exchange",
    ]),
    ("finance", "finances", "Finance", ["directory.read", "ledger.read", "exchange"]),
    ("board", "instances", "Board", ["ledger.read"]),
    ("partner", "partenaire externe", "External partner", []),
    ("reader", "lecture", "Reader", ["directory.read", "ledger.read"]),
]


def ship(apps, schema_editor):
    Role = apps.get_model("accounts", "Role")
    for order, (code, name, name_en, capabilities) in enumerate(ROLES, 1):
        Role.objects.get_or_create(
            code=code,
            defaults={
                "name": name, "name_en": name_en, "capabilities": capabilities, "order": order * 10,
            },
        )


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_people")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
