"""Whether a mail server vouches for a sender's domain, by its Authentication-Results (RFC 8601). Pure.

What a server writes there has words of the sender's in it: comments, and addresses with any local part. So
comments are left out however deep, what is quoted separates nothing, and a domain is what stands behind the
last @.
"""

import re
from collections.abc import Sequence
from typing import Final

_RESULT: Final = re.compile(r"(?i)(dmarc|dkim|spf)(?:/1)?=([a-z]+)")
_AROUND_EQUALS: Final = re.compile(r"\s*=\s*")
# What each method proves the domain by. DMARC is about the domain itself.
_PROVEN_BY: Final = {"spf": ("smtp.mailfrom",), "dkim": ("header.d", "header.i"), "dmarc": ()}


def vouches(results: Sequence[str], server: str, domain: str) -> bool:
    """Whether `server` says that DMARC passed, or SPF or DKIM for `domain` or one above it. Only its first
    word counts: the others may be the sender's. `results` are the headers as they came, nothing decoded."""
    for header in results:
        name, *said = _clauses(header) or [""]
        if name.split()[:1] == [server]:
            return any(_passes(result, domain) for result in said)
    return False


def _passes(result: str, domain: str) -> bool:
    method, *words = _words(_AROUND_EQUALS.sub("=", result))[:50] or [""]
    found = _RESULT.fullmatch(method)
    if not found or found[2].lower() != "pass":
        return False
    named: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        named.setdefault(name.lower(), _domain(value))
    kind = found[1].lower()
    if kind == "dmarc":
        return named.get("header.from", domain) == domain
    proven = next((named[name] for name in _PROVEN_BY[kind] if name in named), "")
    return bool(proven) and (proven == domain or ("." in proven and domain.endswith(f".{proven}")))


def _domain(value: str) -> str:
    if len(value) > 1 and value.startswith('"') and value.endswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return value.rpartition("@")[2].casefold()


def _clauses(header: str) -> list[str]:
    """What `;` separates, without comments; nothing where that is not certain."""
    found, depth, quoted, escaped = [""], 0, False, False
    for letter in header:
        if escaped or (letter == "\\" and (depth or quoted)):
            escaped = not escaped
        elif letter == '"' and depth:
            return []  # an address of the sender's that could end the comment where it likes
        elif quoted or letter == '"':
            quoted ^= letter == '"'
        elif letter in "()":
            depth += 1 if letter == "(" else -1
            found[-1] += " "
            if depth < 0:
                return []
            continue
        elif letter == ";" and not depth:
            found.append("")
            continue
        if not depth:
            found[-1] += letter
    return [] if depth or quoted else found


def _words(text: str) -> list[str]:
    """What blanks separate outside of quotes."""
    return re.findall(r'(?:[^\s"]|"(?:[^"\\]|\\.)*")+', text)
