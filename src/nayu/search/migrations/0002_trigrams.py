"""The trigram indexes, each database's own way.

On SQLite three triggers keep the FTS5 table; it has no copy of the texts. Django drops triggers
when it remakes a table: a later migration that alters SearchEntry runs `make` again.
"""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE search_trigrams USING fts5("
    "text, toneless, content='search_searchentry', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER search_trigrams_new AFTER INSERT ON search_searchentry BEGIN"
    " INSERT INTO search_trigrams (rowid, text, toneless)"
    " VALUES (new.id, new.text, new.toneless); END",
    "CREATE TRIGGER search_trigrams_gone AFTER DELETE ON search_searchentry BEGIN"
    " INSERT INTO search_trigrams (search_trigrams, rowid, text, toneless)"
    " VALUES ('delete', old.id, old.text, old.toneless); END",
    "CREATE TRIGGER search_trigrams_changed AFTER UPDATE ON search_searchentry BEGIN"
    " INSERT INTO search_trigrams (search_trigrams, rowid, text, toneless)"
    " VALUES ('delete', old.id, old.text, old.toneless);"
    " INSERT INTO search_trigrams (rowid, text, toneless)"
    " VALUES (new.id, new.text, new.toneless); END",
    "INSERT INTO search_trigrams (search_trigrams) VALUES ('rebuild')",
)
SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS search_trigrams_new",
    "DROP TRIGGER IF EXISTS search_trigrams_gone",
    "DROP TRIGGER IF EXISTS search_trigrams_changed",
    "DROP TABLE IF EXISTS search_trigrams",
)
POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX search_trigrams_text ON search_searchentry USING gin (text gin_trgm_ops)",
    "CREATE INDEX search_trigrams_toneless ON search_searchentry"
    " USING gin (toneless gin_trgm_ops)",
)
POSTGRES_BACK = (
    "DROP INDEX IF EXISTS search_trigrams_text",
    "DROP INDEX IF EXISTS search_trigrams_toneless",
)


def make(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, None)


def unmake(apps, schema_editor):
    back = POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK
    for statement in back:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
