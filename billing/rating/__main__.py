"""`python -m billing.rating`: JSON lines in, one JSON line out for each. See docs/rating.md.

{"model": "graduated", "terms": {...}, "quantity": "21"} gives {"amount": "...", "unit_amount": "...",
"lines": [...]}; what cannot be rated gives {"error": "..."}, and the lines after it go on. With `events`, a
list of decimal strings, the quantity is theirs together and may be left out.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from billing.rating.rated import Line, Rated
from billing.rating.reading import quantity, read
from billing.rating.terms import TermsError
from billing.rating.usage import Usage, UsageError
from portal.core.decimals import plain_number

_KNOWN = frozenset({"model", "terms", "quantity", "events"})


def main() -> None:
    for told in answers(sys.stdin):
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One for each line that is not blank."""
    return (answer(line) for line in lines if line.strip())


def answer(line: str) -> dict[str, Any]:
    """What one line asks, or why not."""
    try:
        asked = json.loads(line, parse_float=Decimal)
        if not isinstance(asked, dict):
            raise TermsError(
                ("line", 'It is an object like {"model": …, "terms": …, "quantity": "21"}.')
            )
        if unknown := sorted(asked.keys() - _KNOWN):
            raise TermsError(
                (unknown[0], f"There is no such field. There are {', '.join(sorted(_KNOWN))}.")
            )
        charge = read(str(asked.get("model", "")), asked.get("terms"))
        return _told(charge.rate(_usage(asked)))
    except (TermsError, UsageError) as error:
        return {"error": str(error)}
    except (ValueError, RecursionError):
        return {"error": "This line is no JSON."}


def _usage(asked: dict[str, Any]) -> Usage:
    if "events" not in asked:
        if "quantity" not in asked:
            raise TermsError(("quantity", "It is missing."))
        return Usage(quantity(asked["quantity"]))
    if not isinstance(asked["events"], list):
        raise TermsError(("events", "It is a list of quantities."))
    events = [quantity(one) for one in asked["events"]]
    if "quantity" not in asked:
        return Usage.of(events)
    return Usage(quantity(asked["quantity"]), tuple(events))


def _told(found: Rated) -> dict[str, Any]:
    return {
        "amount": _text(found.amount),
        "unit_amount": _text(found.unit_amount),
        "lines": [_line(line) for line in found.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    told = {name: _text(getattr(line, name)) for name in ("quantity", "price", "amount")}
    ends = {name: _text(getattr(line, name)) for name in ("above", "up_to")}
    return {"kind": line.kind, **told, **ends}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain_number(value)


if __name__ == "__main__":
    main()
