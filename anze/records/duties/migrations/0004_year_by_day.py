from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("duties", "0003_own_numbers")]

    operations = [
        migrations.RemoveIndex(model_name="obligation", name="obligation_by_day"),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["company", "due"], include=["state"], name="obligation_by_day"),
        ),
    ]
