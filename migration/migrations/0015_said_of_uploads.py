"""What was said at the upload of files that are opened later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migration", "0014_sealed_refused_rows")]

    operations = [migrations.AddField("upload", "said", models.BinaryField(default=b""))]
