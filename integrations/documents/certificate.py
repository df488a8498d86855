"""The certificate a customer files when an endpoint goes live."""

from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from integrations.documents.typeset import pdf, short, shown, utc
from portal.tenants.colour import derive

_TEMPLATE: Final = Path(__file__).with_suffix(".typ")
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
    """`certificate` as an A4 PDF, the same bytes for the same input; see `typeset.pdf`.

    Raises ValueError for no steps at all, for a time without a zone, and for a colour that is none.
    """
    if not certificate.steps:
        raise ValueError("a certificate without steps certifies nothing")
    return pdf(_TEMPLATE, _data(certificate), at=certificate.signed_at)


def _data(of: Certificate) -> dict[str, object]:
    partner = shown(of.partner_name)
    failed = sum(not step.passed for step in of.steps)
    return {
        "words": _WORDS,
        "title": f"{_WORDS['title']} {shown(of.number)}",
        "accent": derive(of.brand_colour).accent_light,
        "partner": partner,
        "partner_short": short(partner),
        "number": short(shown(of.number)),
        "summary": _summary(len(of.steps), failed=failed),
        "facts": _facts(of),
        "steps": [_step(step) for step in of.steps],
        "documents": [{"name": shown(name), "value": f"{n:,}"} for name, n in of.documents],
        "versions": [{"name": shown(name), "value": shown(v)} for name, v in of.versions],
        "signed_off_by": shown(of.signed_off_by),
        "signed_at": _instant(of.signed_at) + " UTC",
        "digest": shown(of.digest),
    }


def _facts(of: Certificate) -> list[dict[str, str]]:
    facts = {
        "Customer": of.customer,
        "Endpoint": of.endpoint,
        "Connector": of.connector,
        "Certificate number": of.number,
    }
    return [{"label": label, "value": shown(value)} for label, value in facts.items()]


def _summary(steps: int, *, failed: int) -> str:
    if failed:
        return f"{failed} of {steps} steps did not pass."
    return f"All {steps} steps passed, and the connection went live."


def _step(step: Step) -> dict[str, object]:
    note = f": {shown(step.note)}" if step.note else ""
    return {
        "name": shown(step.name) + note,
        "passed": step.passed,
        "result": "Passed" if step.passed else "Not passed",
        "at": _instant(step.at),
    }


def _instant(at: datetime) -> str:
    there = utc(at)
    return f"{there.day} {there:%B %Y, %H:%M}"
