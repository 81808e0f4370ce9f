"""A sealed event never changes and, on PostgreSQL, is never deleted: the database refuses it.

Allowed is what forgetting a person does: the actor becomes empty, and so do texts. On SQLite the
foreign key of the seal keeps the row (Django empties tables with DELETE there). SQLite drops
triggers when Django remakes a table: a later migration that alters Event runs `make` again.
"""

from django.db import migrations

FIXED = (
    "id", "at", "post_code", "post_title_th", "post_title_en", "verb", "subject_kind",
    "subject_id", "agency_code", "fiscal_year_be", "written_at", "sealed",
)
EMPTY = {"actor_id": "NULL", "subject_label": "''", "reason": "''", "facts": "'{}'"}


def _changed(differs):
    fixed = [f"NEW.{name} {differs} OLD.{name}" for name in FIXED]
    texts = [
        f"(NEW.{name} {differs} OLD.{name} AND NEW.{name} {differs} {empty})"
        for name, empty in EMPTY.items()
    ]
    return " OR ".join([*fixed, *texts])


SQLITE = (
    "CREATE TRIGGER audit_event_stays BEFORE UPDATE ON audit_event"
    f" WHEN OLD.sealed AND ({_changed('IS NOT')})"
    " BEGIN SELECT RAISE(ABORT, 'a sealed event never changes'); END",
)
SQLITE_BACK = ("DROP TRIGGER IF EXISTS audit_event_stays",)
POSTGRES = (
    "CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION 'a sealed event never changes' USING ERRCODE = 'restrict_violation';"
    " END $$",
    "CREATE TRIGGER audit_event_stays BEFORE UPDATE ON audit_event FOR EACH ROW"
    f" WHEN (OLD.sealed AND ({_changed('IS DISTINCT FROM')}))"
    " EXECUTE FUNCTION audit_event_stays()",
    "CREATE TRIGGER audit_event_is_kept BEFORE DELETE ON audit_event FOR EACH ROW"
    " WHEN (OLD.sealed) EXECUTE FUNCTION audit_event_stays()",
)
POSTGRES_BACK = (
    "DROP TRIGGER IF EXISTS audit_event_stays ON audit_event",
    "DROP TRIGGER IF EXISTS audit_event_is_kept ON audit_event",
    "DROP FUNCTION IF EXISTS audit_event_stays()",
)


def make(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, None)


def unmake(apps, schema_editor):
    back = POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK
    for statement in back:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_sealed_record")]
    operations = [migrations.RunPython(make, unmake)]
