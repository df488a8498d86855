"""Times as a system writes them in addresses and answers. Pure."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final

FORMS: Final = ("iso", "date", "unix", "unix_ms", "rfc2822")
_ISO: Final = "%Y-%m-%dT%H:%M:%SZ"
_SAMPLE: Final = datetime(2026, 11, 23, 14, 5, 6, tzinfo=UTC)


def is_form(form: str) -> bool:
    """Whether `form` is one of FORMS, or a pattern of strftime that tells at least the day."""
    if form in FORMS:
        return True
    try:
        return read(write(_SAMPLE, form), form).date() == _SAMPLE.date()
    except ValueError:
        return False


def write(at: datetime, form: str) -> str:
    """A time in UTC, fractions of a second left out: an earlier time than `at`, never a later one."""
    at = at.astimezone(UTC)
    if form == "rfc2822":
        return format_datetime(at)
    if form == "unix":
        return str(int(at.timestamp()))
    if form == "unix_ms":
        return str(int(at.timestamp()) * 1000)
    return at.strftime({"iso": _ISO, "date": "%Y-%m-%d"}.get(form, form))


def read(value: Any, form: str) -> datetime:
    """The time in `value`; without an offset it is UTC. ValueError for what is none."""
    text = str(value).strip()
    try:
        if form in {"unix", "unix_ms"}:
            return datetime.fromtimestamp(float(text) / (1000 if form == "unix_ms" else 1), UTC)
        if form == "rfc2822":
            at = parsedate_to_datetime(text)
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        plain = form in {"iso", "date"}
        at = datetime.fromisoformat(text) if plain else datetime.strptime(text, form)  # noqa: DTZ007
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(str(error)) from None


def step(form: str) -> timedelta:
    """The shortest time that `form` can tell apart, at least a second."""
    for apart in (timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)):
        if write(_SAMPLE + apart, form) != write(_SAMPLE, form):
            return apart
    return timedelta(days=1)
