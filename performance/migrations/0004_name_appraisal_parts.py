from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("performance", "0003_rank_by_points")]

    operations = [
        migrations.AlterModelOptions(
            name="appraisalpart",
            options={"verbose_name": "appraisal part", "verbose_name_plural": "appraisal parts"},
        ),
    ]
