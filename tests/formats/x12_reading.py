"""What the X12 tests ask of one set: its document, and the faults found in it."""

from typing import Any

from integrations.formats.x12 import read
from integrations.formats.x12.codes import FUNCTIONAL_ID
from tests.formats.x12_samples import enveloped


def document(text: str) -> dict[str, Any]:
    data = enveloped(FUNCTIONAL_ID[text[3:6]], text)
    return read(data).sets()[0][2].document


def issues(text: str) -> list[tuple[str, int | None, int | None, str]]:
    found = read(enveloped(FUNCTIONAL_ID[text[3:6]], text)).issues
    return [(i.code, i.segment_no, i.element, i.value) for i in found]
