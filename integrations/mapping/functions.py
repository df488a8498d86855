"""What a mapping's expressions can call, beside JSONata's own functions.

- `$lookup(table, code)` is the row of `code` in a lookup table. No row is a problem of the
  document, named after the table; with a third argument that value is taken instead.
- `$binding(type, id)` is the id under which the hub's record is known at the other endpoint.
  No binding is a problem, unless a third argument is given.
- `$text(x)` is `x` as trimmed text, and nothing where that is empty.
- `$decimal(x)` is a number or text as decimal text: no exponent, no trailing zeros, no noise of
  doubles (0.1 + 0.2 gives "0.3").
- `$money(x, currency)` is the same in the currency's minor unit, rounded half up.
- `$date(x)` is `2026-03-02` from ISO 8601 or CCYYMMDD, as written, without any zone.
- `$utc(x, zone)` is `2026-03-02T13:58:04Z` from ISO 8601 or CCYYMMDD[HHMM[SS]]; a time without an
  offset is in `zone` (an IANA name), or UTC where none is given.
- `$now()` is `context.now`. `$millis`, `$random`, `$shuffle` and `$eval` are refused: the same
  document gives the same result.

Undefined gives undefined. Text that is no decimal, date or time is a problem, not an error: the
rest of the document is still mapped, so that a person sees everything that is wrong at once.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import jsonatapy

from integrations.canonical.problem import shorten
from integrations.mapping.current import MISSING, Find, current
from integrations.mapping.values import (
    code_text,
    date_of,
    decimal_of,
    money_of,
    text_of,
    utc_of,
)

_TABLE_CODES: Final = {
    "sku": "unknown_sku",
    "uom": "uom_mismatch",
    "carrier": "carrier_unmapped",
    "ship_to": "shipto_unknown",
}
_MOST_PADDING: Final = 10_000


def _find(function: str, find: Find, args: tuple[Any, ...]) -> tuple[str, Any]:
    if len(args) not in (2, 3) or not isinstance(args[0], str):
        raise ValueError(f"{function} takes a name and a code")
    code = code_text(function, args[1])
    found = current.run.ask(find, args[0], code)
    return code, args[2] if found is MISSING and len(args) == 3 else found


def _lookup(*args: Any) -> Any:
    run = current.run
    if len(args) == 2 and type(args[0]) is str and type(args[1]) is str:
        # The way of nearly every call, twice per order line: kept short.
        found = run.ask(run.lookup, args[0], args[1].strip())
        if found is not MISSING:
            return found
    if len(args) > 1 and args[1] is None:
        return None
    code, found = _find("$lookup", run.lookup, args)
    if found is not MISSING:
        return found
    table = args[0]
    text = f"“{shorten(code)}” has no row in lookup table {table}."
    run.report(_TABLE_CODES.get(table, "lookup_missing"), code, text)
    return None


def _binding(*args: Any) -> Any:
    if len(args) > 1 and args[1] is None:
        return None
    run = current.run
    code, found = _find("$binding", run.binding, args)
    if found is not MISSING:
        return found
    text = f"{args[0].capitalize()} {shorten(code)} is not linked at this endpoint."
    run.report("binding_missing", code, text)
    return None


def _now(*_: Any) -> Any:
    try:
        return current.run.context["now"]
    except KeyError:
        raise ValueError("$now needs a time, and this run was given none") from None


def _pad(*args: Any) -> str:
    # The engine's own $pad takes any width and aborts the whole process when memory ends.
    if not 2 <= len(args) <= 3 or not isinstance(args[0], str):
        raise ValueError("$pad takes a text and a width")
    width = int(args[1])
    if abs(width) > _MOST_PADDING:
        raise ValueError(f"$pad is limited to {_MOST_PADDING} characters")
    fill = args[2] if len(args) == 3 and args[2] else " "
    missing = abs(width) - len(args[0])
    padding = (fill * missing)[: max(missing, 0)]
    return args[0] + padding if width > 0 else padding + args[0]


def _refuser(name: str) -> Callable[..., Any]:
    def refuse(*_: Any) -> Any:
        raise ValueError(f"${name} is switched off in mappings")

    return refuse


_OVERRIDES: Final[dict[str, Callable[..., Any]]] = {
    "lookup": _lookup,
    "now": _now,
    "pad": _pad,
    **{name: _refuser(name) for name in ("eval", "millis", "random", "shuffle")},
}

# A host function cannot return undefined. It returns a list of one or none instead, and these
# lambdas take its first entry, which is undefined for none.
_LISTED: Final[dict[str, tuple[Callable[..., list[str]], str]]] = {
    "text": (text_of, "$text:=function($x){$_text($x)[0]};"),
    "decimal": (decimal_of, "$decimal:=function($x){$_decimal($x)[0]};"),
    "money": (money_of, "$money:=function($x,$y){$_money($x,$y)[0]};"),
    "date": (date_of, "$date:=function($x){$_date($x)[0]};"),
    "utc": (utc_of, "$utc:=function($x,$y){$_utc($x,$y)[0]};"),
}


def prelude(source: str) -> str:
    """The definitions that `source` needs in front of it."""
    return "".join(
        lambda_ for name, (_, lambda_) in _LISTED.items() if re.search(rf"\${name}\b", source)
    )


def _set_path(path: str) -> None:
    current.run.path = path


def register(expression: jsonatapy.JsonataExpression) -> jsonatapy.JsonataExpression:
    """Give a compiled expression every function of this module."""
    expression.register("binding", _binding)
    expression.register("_at", _set_path)
    for name, (function, _) in _LISTED.items():
        expression.register(f"_{name}", function)
    for name, function in _OVERRIDES.items():
        expression.register_override(name, function)
    return expression
