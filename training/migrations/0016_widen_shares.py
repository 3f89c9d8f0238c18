"""A share is also somebody's own factor: with a total of 1 it is their own target, and that has more than one digit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0015_guard_statuses_of_closed_years")]

    operations = [
        migrations.AlterField(
            model_name=name,
            name="share",
            field=models.DecimalField(decimal_places=6, max_digits=16, null=True),
        )
        for name in ("snapshotline", "standing")
    ]
