"""The certificate a customer files when an endpoint goes live."""

import json
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import typst

from portal.tenants.colour import derive

_TEMPLATE: Final = Path(__file__).with_suffix(".typ")
_LONGEST: Final = 300
_EMBEDDED_SCRIPTS: Final = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC")
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
# These make one text read as another: "Co" that looks like "oC".
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0f")
_FOOTER_LENGTH: Final = 60
_WORDS: Final = {
    "title": "Certificate of conformance",
    "certificate": "Certificate",
    "page": "Page",
    "steps": "What was tested",
    "step": "Step",
    "result": "Result",
    "done_at": "Done (UTC)",
    "documents": "Documents that passed",
    "versions": "Versions in force at sign-off",
    "signed_by": "Signed off by",
    "digest": "SHA-256 of the evidence",
}


class Step(NamedTuple):
    """One step of the conformance run; `note` says why it is not green, or what it showed."""

    name: str
    passed: bool
    at: datetime
    note: str = ""


class Certificate(NamedTuple):
    """Everything the certificate says. Times are aware; `brand_colour` is `#rrggbb`.

    `documents` are (kind, number that passed), `versions` are (contract or mapping, version).
    """

    partner_name: str
    brand_colour: str
    customer: str
    endpoint: str
    connector: str
    steps: tuple[Step, ...]
    documents: tuple[tuple[str, int], ...]
    versions: tuple[tuple[str, str], ...]
    signed_off_by: str
    signed_at: datetime
    number: str
    digest: str


def certificate_pdf(certificate: Certificate) -> bytes:
    """`certificate` as an A4 PDF, the same bytes for the same input.

    The texts reach the template as data, so that nothing in them is markup. Fonts are the
    compiler's own; only scripts these lack are set in fonts of the machine, and there the bytes
    depend on it. Raises ValueError for no steps at all, for a time without a zone, and for a colour
    that is none.
    """
    if not certificate.steps:
        raise ValueError("a certificate without steps certifies nothing")
    data = json.dumps(_data(certificate), ensure_ascii=False, sort_keys=True)
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        font_paths=_fonts(with_system=_needs_system_fonts(data)),
        sys_inputs={"certificate": data},
    )
    signed = int(_utc(certificate.signed_at).timestamp())
    pdf = compiler.compile(format="pdf", timestamp=signed)
    if not isinstance(pdf, bytes):
        raise TypeError("one document was asked for")
    return pdf


def _data(of: Certificate) -> dict[str, object]:
    partner = _shown(of.partner_name)
    failed = sum(not step.passed for step in of.steps)
    return {
        "words": _WORDS,
        "title": f"{_WORDS['title']} {_shown(of.number)}",
        "accent": derive(of.brand_colour).accent_light,
        "partner": partner,
        "partner_short": _short(partner),
        "number": _short(_shown(of.number)),
        "summary": _summary(len(of.steps), failed=failed),
        "facts": _facts(of),
        "steps": [_step(step) for step in of.steps],
        "documents": [{"name": _shown(name), "value": f"{n:,}"} for name, n in of.documents],
        "versions": [{"name": _shown(name), "value": _shown(v)} for name, v in of.versions],
        "signed_off_by": _shown(of.signed_off_by),
        "signed_at": _instant(of.signed_at) + " UTC",
        "digest": _shown(of.digest),
    }


def _facts(of: Certificate) -> list[dict[str, str]]:
    facts = {
        "Customer": of.customer,
        "Endpoint": of.endpoint,
        "Connector": of.connector,
        "Certificate number": of.number,
    }
    return [{"label": label, "value": _shown(value)} for label, value in facts.items()]


def _summary(steps: int, *, failed: int) -> str:
    if failed:
        return f"{failed} of {steps} steps did not pass."
    return f"All {steps} steps passed, and the connection went live."


def _step(step: Step) -> dict[str, object]:
    note = f": {_shown(step.note)}" if step.note else ""
    return {
        "name": _shown(step.name) + note,
        "passed": step.passed,
        "result": "Passed" if step.passed else "Not passed",
        "at": _instant(step.at),
    }


def _instant(at: datetime) -> str:
    utc = _utc(at)
    return f"{utc.day} {utc:%B %Y, %H:%M}"


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time on a certificate has a zone")
    return at.astimezone(UTC)


def _shown(text: str) -> str:
    """`text` without what cannot be printed: control characters, pictures no font here has."""
    kept = "".join(c for c in " ".join(text.split()) if not _is_unprintable(c))
    return kept[:_LONGEST].strip()


def _is_unprintable(character: str) -> bool:
    category = unicodedata.category(character)
    is_picture = character >= "\U0001f000" and category in {"So", "Sk"}
    return is_picture or category in _UNPRINTABLE or character in _REORDERING


def _short(text: str) -> str:
    return text if len(text) <= _FOOTER_LENGTH else text[: _FOOTER_LENGTH - 1] + "…"


def _needs_system_fonts(text: str) -> bool:
    return any(not _is_embedded(c) for c in _letters(text))


def _letters(text: str) -> Iterable[str]:
    return (c for c in set(text) if c.isalpha() and not c.isascii())


def _is_embedded(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_EMBEDDED_SCRIPTS)


@cache
def _fonts(*, with_system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=with_system)
