"""Writing endpoints: their columns, their secrets, their polls, and waking what waits for them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from integrations.configfile.environment import variable_of
from integrations.configfile.stored import Stored
from integrations.configfile.write import line, update
from integrations.domain import health
from integrations.models import Endpoint, PollCursor
from integrations.yaml_source import Entry, Source
from portal.core import breaker, clock
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret, decrypt, encrypt
from portal.jobs import lanes

_ENDPOINT: Final = (
    "label", "settings", "site", "channel", "rate_per_second", "concurrency", "state",
)  # fmt: skip


def write_endpoints(
    source: Source, stored: Stored, environment: Mapping[str, str]
) -> Iterator[str]:
    for _, entry in source.entries("endpoints"):
        row = stored.endpoints.get(entry["slug"])
        if row:
            yield from line("endpoint", row.slug, _change(row, entry, environment))
        else:
            stored.endpoints[entry["slug"]] = _create(entry, stored, environment)
            yield f"created endpoint {entry['slug']}"


def _create(entry: Entry, stored: Stored, environment: Mapping[str, str]) -> Endpoint:
    secrets, _ = _secrets({}, entry, environment)
    row = Endpoint.objects.create(
        slug=entry["slug"],
        customer=stored.customers[entry["customer"]],
        connector=entry["connector"],
        secrets=encrypt(secrets) if secrets else None,
        **_columns(entry),
    )
    _poll(row, entry)
    return row


def _columns(entry: Entry) -> dict[str, Any]:
    given: dict[str, Any] = {name: entry[name] for name in _ENDPOINT if name in entry}
    if "pickup" in entry:
        given["pickup"] = entry["pickup"] or {}
    return given


def _change(row: Endpoint, entry: Entry, environment: Mapping[str, str]) -> list[str]:
    was_paused = row.state == Endpoint.State.PAUSED
    words = update(row, _columns(entry))
    secrets, named = _secrets(_stored_secrets(row), entry, environment)
    if named:
        row.secrets = encrypt(secrets) if secrets else None
        row.save(update_fields=["secrets"])
    if named or any(word.startswith("settings.") for word in words):
        _try_again(row)
    if was_paused and row.state == Endpoint.State.ACTIVE:
        _resume(row)
    return words + named + _poll(row, entry)


def _stored_secrets(row: Endpoint) -> dict[str, Any]:
    try:
        return decrypt(bytes(row.secrets)) if row.secrets else {}
    except NeedsCredentials:
        return {}  # their key is lost; the check has asked for the required ones


def _secrets(
    stored: dict[str, Any], entry: Entry, environment: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """The secrets as they shall be, and which of them changed, by name only."""
    wanted, named = dict(stored), []
    for name, placeholder in entry.get("secrets", {}).items():
        if placeholder is None:
            if wanted.pop(name, None) is not None:
                named.append(f"secret {name} removed")
            continue
        secret = Secret(environment[variable_of(placeholder)])
        if stored.get(name) != secret:
            wanted[name] = secret
            named.append(f"secret {name} {'changed' if name in stored else 'added'}")
    return wanted, named


def _poll(row: Endpoint, entry: Entry) -> list[str]:
    """Poll the streams the file lists and no others; all stay as they are when it lists none."""
    if "poll" not in entry:
        return []
    wanted = entry["poll"]
    there = {cursor.stream: cursor for cursor in row.cursors.all()}
    words = []
    for stream in sorted(there.keys() - wanted.keys()):
        there[stream].delete()
        words.append(f"poll of {stream} stopped")
    for stream, seconds in wanted.items():
        cursor = there.get(stream)
        before = f"every {cursor.every_seconds} s" if cursor else "none"
        if cursor is None or cursor.every_seconds != seconds:
            _set_poll(row, stream, seconds, cursor)
            words.append(f"poll of {stream} {before} → every {seconds} s")
    return words


def _set_poll(row: Endpoint, stream: str, seconds: int, cursor: PollCursor | None) -> None:
    now = clock.now()
    if cursor is None:
        cursor = PollCursor(endpoint=row, stream=stream, due_at=now)
    cursor.every_seconds = seconds
    cursor.due_at = min(cursor.due_at, now + timedelta(seconds=seconds))
    cursor.save()
    lanes.wake("poll", str(row.pk), at=cursor.due_at)


def _try_again(row: Endpoint) -> None:
    """New settings or credentials are a reason to ask the system again at once."""
    stored = Endpoint.objects.values_list("breaker", flat=True).get(pk=row.pk)
    if breaker.from_json(stored.get("state")).state != "closed":
        health.reset(row)


def _resume(row: Endpoint) -> None:
    lanes.wake("deliver", str(row.pk))
    lanes.wake("poll", str(row.pk))
