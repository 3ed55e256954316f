"""JSON that comes back as it was given, in any database."""

import json
from typing import TYPE_CHECKING, Any

from django.db import migrations, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

if TYPE_CHECKING:
    _Base = models.JSONField[Any, Any]
else:
    _Base = models.JSONField


class JsonField(_Base):
    """A JSON value as text, as SQLite keeps it.

    PostgreSQL's ``jsonb`` would order the keys of objects its own way, write numbers anew and refuse U+0000; we never
    ask it for parts of a value.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "text" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if connection.vendor == "postgresql" and not hasattr(value, "as_sql"):
            return json.dumps(value, cls=self.encoder)
        return super().get_db_prep_value(value, connection, prepared)


class KeepJson(migrations.AlterField):
    """Make a ``JSONField`` a ``JsonField``: nothing changes in SQLite, whose tables need not be written anew."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
