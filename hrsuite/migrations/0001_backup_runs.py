from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="BackupRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(db_index=True, verbose_name="started at")),
                ("file", models.CharField(blank=True, max_length=255, verbose_name="file")),
                ("error", models.TextField(blank=True, verbose_name="what went wrong")),
            ],
            options={"verbose_name": "backup", "verbose_name_plural": "backups", "ordering": ["-started_at", "-pk"]},
        ),
    ]
