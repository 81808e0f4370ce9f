from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budget", "0002_commitment_of_an_agency")]

    operations = [
        migrations.AlterField(
            model_name="commitment",
            name="agency",
            field=models.ForeignKey(
                on_delete=models.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AlterField(
            model_name="commitment",
            name="project",
            field=models.ForeignKey(
                null=True,
                on_delete=models.PROTECT,
                related_name="commitments",
                to="projects.project",
            ),
        ),
    ]
