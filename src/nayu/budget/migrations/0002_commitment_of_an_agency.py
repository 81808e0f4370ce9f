from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def name_agencies(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A commitment written so far is of its project's agency."""
    project = apps.get_model("projects", "Project")
    agency = project.objects.filter(pk=OuterRef("project_id")).values("agency_id")[:1]
    apps.get_model("budget", "Commitment").objects.update(agency_id=Subquery(agency))


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
        ("budget", "0001_initial"),
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="agency",
            field=models.ForeignKey(
                null=True, on_delete=models.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.RunPython(name_agencies, migrations.RunPython.noop),
    ]
