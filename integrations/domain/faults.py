"""What keeps a draft from being asked for: said before anything runs."""

from collections.abc import Callable
from typing import Any

from integrations.canonical.extensions import check_extension_schema
from integrations.contracts import problems_with
from integrations.domain.subjects import Content, Subject, owned_by
from integrations.mapping import MappingSyntaxError, Row, compile_mapping
from integrations.models import Endpoint, Flow, Kind, LookupTable
from integrations.routing.rules import check_rules

LONGEST = 200


def find(subject: Subject, content: Content | None) -> list[str]:
    """Sentences; empty when the content can go live as far as its form is concerned."""
    if content is None:
        return []
    return _CHECKS[subject.kind](subject, content)


def _mapping(_: Subject, content: Content) -> list[str]:
    try:
        compile_mapping([Row(*row) for row in content["rows"]], name="draft")
    except MappingSyntaxError as fault:
        return [str(fault)]
    return [] if content["rows"] else ["The mapping has no row."]


def _rules(_: Subject, content: Content) -> list[str]:
    return check_rules(content["rules"])


def _lookup(_: Subject, content: Content) -> list[str]:
    found = [
        f"{code[:40] or 'A code'}: code and meaning have 1 to {LONGEST} characters."
        for code, value in content["rows"].items()
        if not 0 < len(code) <= LONGEST or not 0 < len(value) <= LONGEST
    ]
    if content["default"] not in LookupTable.Default.values:
        found.append(f"There is no default policy {content['default']}.")
    if content["default"] == LookupTable.Default.VALUE and not content["default_value"]:
        found.append("The default is a fixed value, and the value is empty.")
    return found


def _flow(subject: Subject, content: Content) -> list[str]:
    ends = {content["from"], content["to"]}
    known = Endpoint.objects.filter(**owned_by(subject), pk__in=ends).count()
    found = []
    if len(ends) < 2 or known < 2:
        found.append("A flow goes from one endpoint of the customer to another one.")
    if content["latency"] == Flow.Latency.BATCH and not content["at_time"]:
        found.append("A daily flow needs a time of day.")
    if not 1 <= content["every_minutes"] <= 1_440:
        found.append("The minutes between two runs are 1 to 1,440.")
    return found


def _contract(_: Subject, content: Content) -> list[str]:
    return problems_with(content["schema"])


def _extension(_: Subject, content: Content) -> list[str]:
    return [problem.text for problem in check_extension_schema(content["schema"])]


_CHECKS: dict[str, Callable[[Subject, Any], list[str]]] = {
    Kind.MAPPING: _mapping,
    Kind.RULES: _rules,
    Kind.LOOKUP: _lookup,
    Kind.FLOW: _flow,
    Kind.CONTRACT: _contract,
    Kind.EXTENSION: _extension,
}
