"""APERAK: whether what was read was also taken. Pure."""

from collections.abc import Iterator
from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors import advices
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.edifact_parts import Fields, text_of

# 1153 of references that may name a document of ours: the message before, the notice, the invoice, the order.
_REFERENCES: Final = ("ACW", "DQ", "AAK", "IV", "ON")
_TYPES: Final = {
    "DQ": "shipment", "AAK": "shipment", "IV": "invoice", "351": "shipment", "380": "invoice",
    "381": "invoice", "231": "acknowledgement", "35": "availability",
}  # fmt: skip
# 1225 and 4343. NA only says that no acknowledgement is needed.
_ACCEPTING: Final = frozenset(
    {"6", "28", "29", "30", "34", "44", "45", "AB", "AC", "AD", "AP", "CA"}
)
_REFUSING: Final = frozenset({"12", "27", "48", "RE"})
_ERROR_MESSAGE: Final = "313"  # BGM 1001, which needs no ERC to refuse


def native_advice(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """One verdict. What refuses and what accepts is told by BGM, else by whether there are errors."""
    named = list(_named(document))
    if not named:
        text = "It names no document of ours (RFF ACW, DQ, IV or ON, or DOC)."
        problems.append(Problem("missing_field", "refs", "", text))
        return []
    types = {_TYPES.get(kind, "") for kind, _ in named}
    told = [kind for kind in types if kind] if len(types) == 1 else []
    place = advices.about(*(number for _, number in named), types=told)
    errors = [_words(error) for error in document.get("errors", [])]
    if not errors:
        errors = [text for text in map(text_of, document.get("texts", [])) if text]
    return [advices.verdict(place, _code(document), errors)]


def _named(document: Fields) -> Iterator[tuple[str, str]]:
    """Kind and number, the surest first."""
    refs = document.get("refs", [])
    for kind in _REFERENCES:
        for ref in refs:
            if ref.get("qualifier") == kind and ref.get("value"):
                yield kind, str(ref["value"])
    for named in document.get("documents", []):
        if named.get("number"):
            yield str(named.get("type", "")), str(named["number"])


def _code(document: Fields) -> str:
    said = {str(document.get("function", "")), str(document.get("response", ""))}
    has_errors = bool(document.get("errors")) or document.get("document_type") == _ERROR_MESSAGE
    if said & _REFUSING or (has_errors and not said & _ACCEPTING):
        return advices.REFUSED
    return advices.WITH_ERRORS if has_errors else advices.ACCEPTED


def _words(error: Fields) -> str:
    """Their own code and text, and which line or reference of ours they mean."""
    texts = [text_of(text) for text in error.get("texts", [])]
    for ref in error.get("refs", []):
        named = " ".join(str(ref[key]) for key in ("qualifier", "value", "line") if ref.get(key))
        texts += [f"({named})", *map(text_of, ref.get("texts", []))]
    said = " ".join(text for text in texts if text)
    return f"{error.get('code', '?')}{': ' if said else ''}{said}"
