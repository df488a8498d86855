"""An OpenSLO v1 document as an objective; everything that is wrong with it is told with its path."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar, cast

from monitoring.slo import shorthand
from monitoring.slo.burn import POLICIES, Policy
from monitoring.slo.objective import JudgedBy, Objective, ObjectiveError, Path, Problem
from monitoring.slo.openslo import JUDGED_BY, VERSION
from monitoring.slo.sli import METHODS, SLIS, Method, Sli
from monitoring.slo.windows import CALENDAR_UNITS, ROLLING_UNITS, TimeWindow
from portal.customers.calendar import is_zone

_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_MOST_COUNT: Final = {"h": 24 * 92, "d": 366, "w": 53}
Kind = TypeVar("Kind")


@dataclass
class _Part:
    """One group of keys of the document, where it is, and all problems found so far."""

    content: Mapping[str, Any]
    path: Path = ()
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str | int, text: str) -> None:
        self.problems.append(((*self.path, key), text))

    def get(self, key: str, kind: type[Kind], words: str) -> Kind | None:
        """The value of a key that has to be there; None is a problem already told."""
        value = self.content.get(key)
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return value
        self.wrong(key, f"It is missing: {words}." if value is None else f"It must be {words}.")
        return None

    def part(self, *keys: str | int) -> "_Part":
        """A group within; an empty one where there is none."""
        value: Any = self.content
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else _item(value, key)
        content = value if isinstance(value, Mapping) else {}
        return _Part(content, (*self.path, *keys), self.problems)

    def number(self, key: str) -> Decimal | None:
        value = self.content.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Decimal(str(value))
        self.wrong(key, "It is missing: a number." if value is None else "It must be a number.")
        return None


def _item(value: Any, key: str | int) -> Any:
    fits = isinstance(value, list) and isinstance(key, int) and key < len(value)
    return value[cast(int, key)] if fits else None


def from_openslo(content: Any) -> Objective:
    """The objective of a document. ObjectiveError with everything that is wrong, each with its path."""
    if not isinstance(content, Mapping):
        raise ObjectiveError((("kind",), "It must be a group of keys."))
    whole = _Part(content)
    if content.get("apiVersion") != VERSION:
        whole.wrong("apiVersion", f"It must be {VERSION}.")
    if content.get("kind") != "SLO":
        whole.wrong("kind", "It must be SLO.")
    spec, target = whole.part("spec"), _only_target(whole.part("spec"))
    sli, name = _sli(spec.part("indicator", "metadata")), _name(whole.part("metadata"))
    read: dict[str, Any] = {
        "name": name,
        "service": spec.get("service", str, "the name of a service"),
        "target": target.number("target"),
        "window": _window(_only(spec, "timeWindow")),
        "method": _method(spec),
        "limits": _limits(sli, spec, target) if sli else {},
        "slice_target": target.number("timeSliceTarget") if "timeSliceTarget" in target.content else None,
        "slice_window": _length(target, "timeSliceWindow") if "timeSliceWindow" in target.content else None,
        "policies": _policies(spec),
        "judged_by": _judged_by(whole.part("metadata", "annotations")),
    }  # fmt: skip
    if whole.problems or sli is None:
        raise ObjectiveError(*whole.problems)
    return Objective(sli=sli, **read)


def _only(spec: _Part, key: str) -> _Part:
    found = spec.get(key, list, "a list of one")
    if found is not None and len(found) != 1:
        spec.wrong(key, f"It must be a list of one, not of {len(found)}.")
    return spec.part(key, 0)


def _only_target(spec: _Part) -> _Part:
    return _only(spec, "objectives")


def _name(metadata: _Part) -> str:
    name = metadata.get("name", str, "a name such as stock-freshness") or ""
    if name and not _NAME.fullmatch(name):
        metadata.wrong("name", "A name has 1 to 63 small letters, digits and hyphens between them.")
    return name


def _sli(metadata: _Part) -> Sli | None:
    name = metadata.get("name", str, "the name of an indicator")
    if name is not None and name not in SLIS:
        metadata.wrong("name", f"There is no indicator {name}. There are: {', '.join(SLIS)}.")
    return SLIS.get(name or "")


def _method(spec: _Part) -> Method:
    every = sorted({method for methods in METHODS.values() for method in methods})
    if spec.content.get("budgetingMethod") not in every:
        spec.wrong("budgetingMethod", f"It must be one of {', '.join(every)}.")
    return cast(Method, spec.content.get("budgetingMethod"))


def _window(part: _Part) -> TimeWindow:
    found = shorthand.read(part.content.get("duration"))
    rolling = part.get("isRolling", bool, "true or false")
    if found is None:
        part.wrong("duration", "It must be a duration such as 1M or 30d.")
    if found is None or rolling is None:
        return TimeWindow("M")
    if rolling:
        return _rolling(part, found)
    zone = part.part("calendar").content.get("timeZone", "UTC")
    if not (isinstance(zone, str) and is_zone(zone)):
        part.part("calendar").wrong(
            "timeZone", "There is no such time zone. Use one like Europe/Oslo."
        )
        zone = "UTC"
    if found.unit not in CALENDAR_UNITS or found.number != 1:
        part.wrong("duration", "A calendar window is 1d, 1w, 1M or 1Q.")
    return TimeWindow(found.unit, zone=zone)


def _rolling(part: _Part, found: shorthand.Shorthand) -> TimeWindow:
    if found.unit not in ROLLING_UNITS:
        part.wrong("duration", "A rolling window is in hours, days or weeks, such as 30d.")
    elif found.number > _MOST_COUNT[found.unit]:
        part.wrong("duration", f"It is at most {_MOST_COUNT[found.unit]}{found.unit}.")
    return TimeWindow(found.unit, found.number, rolling=True)


def _limits(sli: Sli, spec: _Part, target: _Part) -> dict[str, timedelta]:
    if not sli.has_limit:
        return {}
    if sli.grades == ("",):
        if target.content.get("op") != "lte":
            target.wrong("op", "It must be lte: at most so long.")
        return _seconds(target, {"": target.number("value")})
    source = spec.part("indicator", "spec", "ratioMetric", "good", "metricSource", "spec", "limits")
    return _seconds(source, {grade: source.number(grade) for grade in sli.grades})


def _seconds(part: _Part, given: Mapping[str, Decimal | None]) -> dict[str, timedelta]:
    found = {}
    for grade, seconds in given.items():
        if seconds is not None and not 0 < seconds <= 366 * 86_400:
            part.wrong(grade or "value", "A limit is in seconds, above 0 and at most 366 days.")
        elif seconds is not None:
            found[grade] = timedelta(seconds=float(seconds))
    return found


def _length(part: _Part, key: str) -> timedelta:
    found = shorthand.read_length(part.content.get(key))
    if found is None:
        part.wrong(key, "It must be a duration such as 5m or 1h.")
    return found or timedelta(minutes=5)


def _judged_by(annotations: _Part) -> JudgedBy:
    found = annotations.content.get(JUDGED_BY, "gross")
    if found not in ("gross", "attributable"):
        annotations.wrong(JUDGED_BY, "It must be gross or attributable.")
    return cast(JudgedBy, found)


def _policies(spec: _Part) -> tuple[Policy, ...]:
    given = spec.content.get("alertPolicies")
    if given is None:
        return POLICIES
    if not isinstance(given, list):
        spec.wrong("alertPolicies", "It must be a list.")
        return ()
    return tuple(_policy(spec.part("alertPolicies", at)) for at in range(len(given)))


def _policy(part: _Part) -> Policy:
    name = part.part("metadata").get("name", str, "a name") or ""
    spec = part.part("spec", "conditions", 0, "spec")
    condition = spec.part("condition")
    severity = spec.content.get("severity")
    if severity not in ("page", "ticket"):
        spec.wrong("severity", "It must be page or ticket.")
    rate = condition.number("threshold") or Decimal(1)
    if rate <= 0:
        condition.wrong("threshold", "It must be above 0.")
    lengths = _length(condition, "lookbackWindow"), _length(condition, "alertAfter")
    if lengths[1] >= lengths[0]:
        condition.wrong("alertAfter", "The window that confirms is shorter than the other.")
    return Policy(name, cast(Any, severity), rate, *lengths)
