from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_organisations_listed")]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["last_name", "first_name", "id"], name="directory_contact_listed"
            ),
        ),
    ]
