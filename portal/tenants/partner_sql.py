"""Statements of a migration that only partners' schemas need."""

from typing import Any

from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState
from django_tenants.utils import get_public_schema_name


class PartnerSQL(Operation):
    """Run in every schema but the platform's, whose tables an app on both sides does not all share.
    Unlike code in a migration it needs no picture of all models, which takes as long as a hundred tables."""

    reversible = False
    category = OperationCategory.SQL

    def __init__(self, *statements: str) -> None:
        self.statements = statements

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, list(self.statements), {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.schema_name != get_public_schema_name():
            for statement in self.statements:
                schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Run {len(self.statements)} statements for partners"
