"""How a text may stand in bytes of a document: what an erasure looks for. No Django."""

import json
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from portal.privacy.terms import LEAST


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
