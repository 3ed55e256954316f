from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE catalog_fts USING fts5(urn UNINDEXED, title, body, tokenize = 'unicode61 remove_diacritics 2')
"""
POSTGRESQL = [
    "ALTER TABLE catalog_searchtext ADD COLUMN words tsvector NOT NULL DEFAULT ''::tsvector",
    "CREATE INDEX catalog_words ON catalog_searchtext USING gin (words)",
]


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)
    else:
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE catalog_fts")
    else:
        schema_editor.execute("DROP INDEX catalog_words")
        schema_editor.execute("ALTER TABLE catalog_searchtext DROP COLUMN words")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
