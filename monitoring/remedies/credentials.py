"""Enter new credentials of an endpoint: tried line by line, kept if they work, then what waits goes out."""

from typing import Any

from integrations.connectors.client import Check
from integrations.domain import credentials
from integrations.views.keys_form import KeysForm
from integrations.views.secret_links import TESTED
from monitoring.domain import endpoints
from monitoring.domain.endpoints import KeysRefusedError
from monitoring.models import CaseEvent
from monitoring.remedies.base import Data, Given, Remedy, Situation, Words

_NOTHING = "Enter at least one of them."


class CredentialsForm(KeysForm):
    """At least one secret; after a test that failed, its lines."""

    lines: tuple[dict[str, Any], ...] = ()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not any(given.values()):
            self.add_error(None, _NOTHING)
        return given

    def refuse(self, why: Exception) -> None:
        """Say what the test found. Nothing of what was entered stands on the page again."""
        self.add_error(None, str(why))
        if isinstance(why, KeysRefusedError):
            self.lines = tuple(_line(check) for check in why.checks)


def _line(check: Check) -> dict[str, Any]:
    return {**check._asdict(), "shape": TESTED[check.passed]}


class Credentials(Remedy):
    slug, label = "credentials", "Enter new credentials"
    wide = True
    permissions = ("desk.work", "endpoints.manage")

    def fits(self, situation: Situation) -> bool:
        case = situation.case
        return case.is_of_endpoint and bool(credentials.wanted(case.endpoint))

    def form(self, situation: Situation, data: Data) -> CredentialsForm:
        endpoint = situation.case.endpoint
        return CredentialsForm(endpoint, data, known=credentials.known(endpoint))

    def words(self, situation: Situation) -> Words:
        return Words(
            title=f"New credentials of {situation.case.endpoint.label}",
            submit="Try and keep",
            note="They are tried first and kept only if they work; then what waits goes out in order.",
        )

    def apply(self, situation: Situation, given: Given) -> CaseEvent:
        return endpoints.enter_credentials(situation.case, given, person=situation.person)
