"""Everything a file may get wrong beyond its shape. All of it is told at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from integrations.canonical.extensions import check_extension_schema
from integrations.configfile.check_endpoints import endpoint_faults
from integrations.configfile.check_flows import flow_faults
from integrations.configfile.outlook import Outlook, outlook
from integrations.configfile.stored import Stored
from integrations.mapping import MappingSyntaxError, Row, compile_mapping
from integrations.routing import check_rules
from integrations.yaml_source import Complaint, Entry, Fault, Path, Source
from portal.customers import adding, calendars
from portal.customers.calendar import CalendarError
from portal.customers.targets import POLICY, target_problems

_NAMES_SITES: Final = ("allow", "exclude", "force")


def faults(source: Source, stored: Stored, environment: Mapping[str, str]) -> list[Fault]:
    """The faults of a file that has its shape, in the order of its lines."""
    names = outlook(source, stored)
    complaints = [
        *_repeated(source, "customers", lambda entry: entry["slug"]),
        *_customer_faults(source),
        *_repeated(source, "endpoints", lambda entry: entry["slug"]),
        *endpoint_faults(source, stored, names, environment),
        *_repeated(source, "flows", lambda entry: entry["slug"]),
        *flow_faults(source, stored, names),
        *_repeated(source, "routes", lambda entry: entry["customer"]),
        *_route_faults(source, names),
        *_repeated(source, "lookups", lambda entry: (entry.get("customer"), entry["name"])),
        *_lookup_faults(source, names),
        *_repeated(source, "mappings", _mapping_key),
        *_mapping_faults(source, names),
    ]
    return sorted({source.fault(path, text) for path, text in complaints})


def _repeated(source: Source, section: str, key: Callable[[Entry], Any]) -> Iterator[Complaint]:
    seen: Counter[Any] = Counter()
    for path, entry in source.entries(section):
        seen[key(entry)] += 1
        if seen[key(entry)] == 2:
            yield path, "The file has this entry twice."


def _customer_faults(source: Source) -> Iterator[Complaint]:
    for path, entry in source.entries("customers"):
        yield from (((*path, name), text) for name, text in adding.field_problems(entry))
        yield from _promise_faults(path, entry)
        for entity, namespaces in entry.get("extensions", {}).items():
            for namespace, schema in namespaces.items():
                for problem in check_extension_schema(schema):
                    where = (*path, "extensions", entity, namespace)
                    yield where, f"{problem.path}: {problem.text}".removeprefix(": ")


def _promise_faults(path: Path, entry: Entry) -> Iterator[Complaint]:
    if "calendar" in entry:
        try:
            calendars.read(entry["calendar"], zone="UTC")  # the zone has its own fault
        except CalendarError as error:
            yield from (((*path, "calendar", *at), text) for at, text in error.problems)
    own = entry.get("policies", {}).get(POLICY, {})
    for at, text in target_problems(own):
        yield (*path, "policies", POLICY, *at), text


def _route_faults(source: Source, names: Outlook) -> Iterator[Complaint]:
    for path, entry in source.entries("routes"):
        if entry["customer"] not in names.customers:
            yield (*path, "customer"), f"There is no customer {entry['customer']}."
        yield from _rule_faults((*path, "rules"), entry["rules"])
        yield from _site_faults((*path, "rules"), entry["rules"], names.sites_of(entry["customer"]))


def _rule_faults(path: Path, rules: list[Any]) -> Iterator[Complaint]:
    known = 0
    for index in range(len(rules)):
        # What is wrong with a rule does not depend on those behind it.
        found = check_rules(rules[: index + 1])
        for problem in found[known:]:
            _, key, text = problem.split(": ", 2)
            yield (*path, index, *key.split(".", 1)), f"{text[:1].upper()}{text[1:]}."
        known = len(found)


def _site_faults(path: Path, rules: list[dict[str, Any]], sites: set[str]) -> Iterator[Complaint]:
    for index, rule in enumerate(rules):
        actions = rule.get("then")
        for action, named in actions.items() if isinstance(actions, dict) else ():
            strange = _texts(named) - sites if action in _NAMES_SITES else set()
            for site in sorted(strange):
                text = f"No endpoint of this customer has the site {site}."
                yield (*path, index, "then", action), text


def _texts(named: Any) -> set[str]:
    items = named if isinstance(named, list) else [named]
    return {item for item in items if isinstance(item, str)}


def _lookup_faults(source: Source, names: Outlook) -> Iterator[Complaint]:
    for path, entry in source.entries("lookups"):
        if "customer" in entry and entry["customer"] not in names.customers:
            yield (*path, "customer"), f"There is no customer {entry['customer']}."


def _mapping_key(entry: Entry) -> tuple[str, str, str]:
    return entry["endpoint"], entry["object"], entry["direction"]


def _mapping_faults(source: Source, names: Outlook) -> Iterator[Complaint]:
    for path, entry in source.entries("mappings"):
        yield from _mapped_type_faults(path, entry, names)
        rows = [Row(*row) for row in entry["rows"]]
        try:
            compile_mapping(rows, name=entry["endpoint"])
        except MappingSyntaxError as error:
            at = "" if error.position is None else f" (at character {error.position + 1})"
            where = (*path, "rows", error.row_index)
            yield where, f"{error.target}: {error.message}{at}"


def _mapped_type_faults(path: Path, entry: Entry, names: Outlook) -> Iterator[Complaint]:
    place = names.endpoints.get(entry["endpoint"])
    if place is None:
        yield (*path, "endpoint"), f"There is no endpoint {entry['endpoint']}."
    elif place.connector:
        manifest = place.connector.manifest
        comes = entry["direction"] == "in"
        if entry["object"] not in (manifest.reads if comes else manifest.writes):
            verb = "give" if comes else "take"
            yield (*path, "object"), f"{manifest.label} does not {verb} {entry['object']}."
