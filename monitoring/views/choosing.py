"""What of the desk an address asks for: the view, the filters, and the moment its order is of."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from integrations.views.filters import asked_for
from monitoring.models import SavedView
from monitoring.queries import choice
from monitoring.queries.choice import Choice
from monitoring.queries.desk import Place
from monitoring.views import addresses
from portal.core import clock

# The name in the address, and that of the field.
NAMES: Final = {
    "view": "view", "customer": "customer", "cause": "cause", "endpoint": "endpoint",
    "severity": "severity", "tag": "tag", "holder": "holder", "q": "text",
}  # fmt: skip
_PLACES: Final = ("before", "after")
_LONGEST: Final = 200
_OLDEST: Final = timedelta(hours=12)
_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read(query: Mapping[str, Any]) -> Choice:
    """The choice in an address, or in what a saved view kept of one."""
    said = {name: _said(query, name) for name in NAMES}
    severity = said["severity"].upper().removeprefix("S")
    fields: dict[str, Any] = {field: said[name] for name, field in NAMES.items()}
    return Choice(**{**fields, "severity": int(severity) if severity in {*"1234"} else None})


def _said(query: Mapping[str, Any], name: str) -> str:
    """The text of one field. A query within a form was decoded here and by nobody before."""
    said = asked_for(query) if name == "customer" else str(query.get(name, ""))
    return said.replace("\0", "").strip()[:_LONGEST]


def conditions(views: Sequence[SavedView], person: Any) -> list[Q]:
    """The cases of each saved view."""
    return [choice.wanted(read(QueryDict(view.query)), person) for view in views]


def written(query: Mapping[str, Any], *, searched: bool = True) -> str:
    """The part of an address that is a choice; without what was searched, for keeping it."""
    names = [name for name in NAMES if searched or name != "q"]
    said = {name: _said(query, name) for name in names}
    return urlencode({name: value for name, value in said.items() if value})


def address(query: Mapping[str, Any], *, case: int) -> str:
    """The desk as it is, on the same page of its list, with a case chosen."""
    places = {name: query.get(name, "") for name in _PLACES}
    if any(places.values()):
        places["at"] = query.get("at", "")
    said = urlencode({**{n: v for n, v in places.items() if v}, "case": case})
    chosen = written(query)
    return f"/desk/?{chosen}&{said}" if chosen else f"/desk/?{said}"


def moment(query: QueryDict) -> datetime:
    """The moment whose order is shown: that of the address, else now, to the millisecond."""
    now = (clock.now() - _EPOCH) // _MILLISECOND
    return moment_in(query, "at") or _EPOCH + now * _MILLISECOND


def moment_in(query: QueryDict, name: str) -> datetime | None:
    """A moment of the last hours; None for none, and for what is no such moment."""
    now = (clock.now() - _EPOCH) // _MILLISECOND
    asked = addresses.number(query, name)
    if asked is None or not 0 <= now - asked <= _OLDEST / _MILLISECOND:
        return None
    return _EPOCH + asked * _MILLISECOND


def stamp(at: datetime) -> str:
    """The moment as `moment` reads it."""
    return str((at - _EPOCH) // _MILLISECOND)


def place(query: QueryDict, name: str) -> Place | None:
    """The place in the order where a page begins."""
    return Place.read(query.get(name, ""))
