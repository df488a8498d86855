"""Creating the tables of many models in one step of a migration."""

from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState, StateApps


class CreateModels(Operation):
    """All of an app's models at once. One after the other, Django draws the whole picture of all models
    anew for each of them: with a hundred, a schema took eight seconds instead of one. What is drawn already
    stays: drawn anew for each app, a schema of a hundred and fifty tables took 4.3 seconds instead of 2.4.
    """

    reversible = False
    category = OperationCategory.ADDITION

    def __init__(self, *models: CreateModel) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, list(self.models), {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        drawn: StateApps | None = state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)
        if drawn is not None:  # the new ones are drawn into the picture there is
            drawn.render_multiple(
                [state.models[app_label, model.name_lower] for model in self.models]
            )
            drawn.clear_cache()
            state.__dict__["apps"] = drawn

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"
