from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE portal_fts USING fts5(title, body,
  tokenize = 'unicode61 remove_diacritics 2')
"""
POSTGRESQL = [
    "ALTER TABLE portal_searchtext ADD COLUMN words tsvector NOT NULL DEFAULT ''::tsvector",
    "CREATE INDEX portal_words ON portal_searchtext USING gin (words)",
]


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)
    else:
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE portal_fts")
    else:
        schema_editor.execute("DROP INDEX portal_words")
        schema_editor.execute("ALTER TABLE portal_searchtext DROP COLUMN words")


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
