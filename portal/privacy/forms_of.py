"""How a text may stand in bytes of a document: what an erasure looks for. No Django."""

import json
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

LEAST: Final = 5  # letters: a shorter text stands in too much that is nobody's


def written(term: str) -> list[str]:
    """The spellings that case alone does not make alike: letters beyond ASCII, in each case."""
    return sorted({term, term.lower(), term.upper(), term.title()})


def in_bytes(term: str) -> list[bytes]:
    """Every way a document may hold it: as UTF-8 and Latin-1, escaped for JSON, XML and addresses. Whoever
    looks does not mind the case of ASCII letters."""
    found: set[bytes] = set()
    for text in written(term):
        found |= {text.encode(), json.dumps(text)[1:-1].encode()}
        found |= {escape(text).encode(), escape(text, {'"': "&quot;", "'": "&apos;"}).encode()}
        found |= {quote(text).encode(), quote_plus(text).encode()}
        found.add(text.encode("latin-1", "ignore"))
    return sorted(form.lower() for form in found if len(form) >= LEAST)


def in_json(term: str) -> str:
    """As PostgreSQL writes it into the text of a jsonb."""
    return json.dumps(term, ensure_ascii=False)[1:-1]


def unfit(terms: Iterable[str]) -> list[str]:
    """Those that are too short to be a person's alone."""
    return [term for term in terms if len(term.strip()) < LEAST]
