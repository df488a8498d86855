"""Whether the endpoints of a file fit their connectors."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from integrations.configfile.environment import variable_of
from integrations.configfile.outlook import Outlook, find_connector
from integrations.configfile.stored import Stored
from integrations.connectors import registry
from integrations.connectors.connection import Connection, Setting, connection_from
from integrations.connectors.connector import Connector
from integrations.cutoffs import pickup_faults
from integrations.models import Endpoint
from integrations.yaml_source import Complaint, Entry, Path, Source
from portal.core.errors import NeedsCredentials
from portal.core.secrets import decrypt

# What the routing rules ask of a warehouse, whatever its connector.
SITE_SETTINGS: Final = (
    Setting("site_flags", "Site flags", "Such as hazmat.", required=False, kind="lines"),
    Setting("site_order", "Site order", "Lower goes first.", required=False, kind="number"),
    Setting("site_region", "Site region", "Such as NV.", required=False),
)


def endpoint_faults(
    source: Source, stored: Stored, names: Outlook, environment: Mapping[str, str]
) -> Iterator[Complaint]:
    """Everything wrong with the endpoints, besides their shape."""
    for path, entry in source.entries("endpoints"):
        before = stored.endpoints.get(entry["slug"])
        yield from _reference_faults(path, entry, before, names)
        yield from _variable_faults(path, entry, environment)
        yield from _pickup_faults(path, entry, names)
        connector = find_connector(entry["connector"])
        if connector:
            yield from _setting_faults(path, entry, before, connector)
            yield from _secret_faults(path, entry, before, connector)
            yield from _secret_value_faults(path, entry, connector, environment)
            yield from _stream_faults(path, entry, before, connector)


def _reference_faults(
    path: Path, entry: Entry, before: Endpoint | None, names: Outlook
) -> Iterator[Complaint]:
    if entry["customer"] not in names.customers:
        yield (*path, "customer"), f"There is no customer {entry['customer']}."
    if entry["connector"] not in registry.SLUGS:
        known = ", ".join(registry.SLUGS)
        text = f"There is no connector {entry['connector']}. There are: {known}."
        yield (*path, "connector"), text
    if before and before.customer.slug != entry["customer"]:
        text = f"{before.slug} belongs to {before.customer.slug}; an endpoint keeps its customer."
        yield (*path, "customer"), text
    if before and before.connector != entry["connector"]:
        text = f"{before.slug} is a {before.connector} endpoint; an endpoint keeps its connector."
        yield (*path, "connector"), text


def _pickup_faults(path: Path, entry: Entry, names: Outlook) -> Iterator[Complaint]:
    pickup = entry.get("pickup")
    if not pickup:
        return
    for key, text in pickup_faults(pickup):
        yield (*path, "pickup", key), text
    if not names.endpoints[entry["slug"]].site:
        yield (*path, "pickup"), "A pickup is that of a site. Give the endpoint its site."


def _variable_faults(
    path: Path, entry: Entry, environment: Mapping[str, str]
) -> Iterator[Complaint]:
    for name, placeholder in entry.get("secrets", {}).items():
        if placeholder is not None and not environment.get(variable_of(placeholder)):
            text = f"The environment variable {variable_of(placeholder)} is not set."
            yield (*path, "secrets", name), text


def _setting_faults(
    path: Path, entry: Entry, before: Endpoint | None, connector: Connector
) -> Iterator[Complaint]:
    known = {setting.name: setting for setting in (*connector.settings, *SITE_SETTINGS)}
    given = entry.get("settings", before.settings if before else {})
    for name, value in entry.get("settings", {}).items():
        setting = known.get(name)
        where = (*path, "settings", name)
        if setting is None:
            yield where, _unknown(name, connector, secret=False)
        elif setting.secret:
            yield where, f"{name} is a secret. Put it under secrets as ${{NAME}}."
        elif text := _value_fault(setting, value):
            yield where, text
    chosen = {**{name: setting.default for name, setting in known.items()}, **given}
    for name, setting in known.items():
        needed = setting.is_needed(chosen) and not setting.secret
        if needed and given.get(name, setting.default) in (None, ""):
            yield (*path, "settings", name), f"{connector.manifest.label} needs {name}."


def _secret_faults(
    path: Path, entry: Entry, before: Endpoint | None, connector: Connector
) -> Iterator[Complaint]:
    known = {setting.name: setting for setting in connector.settings}
    secrets = entry.get("secrets", {})
    for name in secrets:
        if name not in known:
            yield (*path, "secrets", name), _unknown(name, connector, secret=True)
        elif not known[name].secret:
            yield (*path, "secrets", name), f"{name} is not a secret. Put it under settings."
    there = {*secret_names(before), *secrets}
    there -= {name for name, placeholder in secrets.items() if placeholder is None}
    for name, setting in known.items():
        if setting.secret and setting.required and name not in there:
            yield (*path, "secrets", name), f"{connector.manifest.label} needs {name}."


def _secret_value_faults(
    path: Path, entry: Entry, connector: Connector, environment: Mapping[str, str]
) -> Iterator[Complaint]:
    checks = {setting.name: setting.check for setting in connector.settings if setting.secret}
    for name, placeholder in entry.get("secrets", {}).items():
        value = environment.get(variable_of(placeholder)) if placeholder else None
        check = checks.get(name)
        if value and check and (text := check(value)):
            yield (*path, "secrets", name), text


def secret_names(endpoint: Endpoint | None) -> set[str]:
    """The names of the stored secrets; none when their key is lost, so that they are asked for."""
    if endpoint is None or not endpoint.secrets:
        return set()
    try:
        return set(decrypt(bytes(endpoint.secrets)))
    except NeedsCredentials:
        return set()


def _stream_faults(
    path: Path, entry: Entry, before: Endpoint | None, connector: Connector
) -> Iterator[Complaint]:
    given = entry.get("settings", before.settings if before else {})
    streams = connector.streams(_without_secrets(entry["slug"], given, connector))
    for stream in entry.get("poll", {}):
        if stream not in streams:
            known = f"There are: {', '.join(streams)}." if streams else "It is never polled."
            text = f"{connector.manifest.label} has no stream {stream}. {known}"
            yield (*path, "poll", stream), text


def _without_secrets(slug: str, given: Mapping[str, Any], connector: Connector) -> Connection:
    return connection_from(
        connector.settings, endpoint_id=0, slug=slug, settings=given, secrets=None, concurrency=1
    )


def _unknown(name: str, connector: Connector, *, secret: bool) -> str:
    kind = "secret" if secret else "setting"
    known = ", ".join(s.name for s in connector.settings if s.secret is secret)
    return f"{connector.manifest.label} has no {kind} {name}. There are: {known or 'none'}."


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_lines(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(map(_is_text, value)))


_FITS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "text": (_is_text, "text"),
    "url": (_is_text, "text"),
    "document": (_is_text, "text"),
    "choice": (_is_text, "text"),
    "number": (_is_number, "a number"),
    "flag": (_is_flag, "true or false"),
    "lines": (_is_lines, "a list of texts"),
}


def _value_fault(setting: Setting, value: Any) -> str:
    fits, wanted = _FITS[setting.kind]
    if not fits(value):
        return f"It must be {wanted}."
    if setting.kind == "choice" and value not in setting.choices:
        return f"“{value}” is not one of {', '.join(setting.choices)}."
    if setting.kind == "url" and value and "://" not in value:
        return f"“{value}” is not an address such as https://example.com."
    text = "\n".join(map(str, value)) if isinstance(value, list) else value
    return setting.fault(text) if text else ""
