"""What a code nobody knows may mean: known values that look like it, with the reason."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform

from integrations.models import LookupRow, Record

MOST = 5
_MOST_CANDIDATES = 3_000
_LIKE_ENOUGH = 0.5
_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+")


class Suggestion(NamedTuple):
    value: str
    reason: str


def suggestions(customer_id: int, *, table: str, code: str) -> list[Suggestion]:
    """At most five values for `code`, the likeliest first, in one query."""
    known = _products(customer_id, code) if table == "sku" else _values(customer_id, table)
    return rank(code, known)


def meaning(customer_id: int, *, table: str, code: str) -> LookupRow | None:
    """What the code means already: the customer's own row, else the one for all customers."""
    rows = LookupRow.objects.filter(_of(customer_id), table__name=table, code=code)
    return rows.order_by(F("table__customer").asc(nulls_last=True)).first()


def _of(customer_id: int) -> Q:
    return Q(table__customer_id=customer_id) | Q(table__customer=None)


def rank(code: str, known: Iterable[tuple[str, str]]) -> list[Suggestion]:
    """Order `known` (value, words for it) by likeness to `code`; what is too unlike is left out."""
    wanted = code.lower()
    matcher = SequenceMatcher(b=wanted)
    scored = []
    for value, words in known:
        matcher.set_seq1(value.lower())
        if matcher.real_quick_ratio() < _LIKE_ENOUGH or matcher.quick_ratio() < _LIKE_ENOUGH:
            continue
        score = matcher.ratio()
        if score >= _LIKE_ENOUGH:
            scored.append((-score, value, words))
    return [
        Suggestion(value, _reason(wanted, value, -score, words))
        for score, value, words in sorted(scored)[:MOST]
    ]


def _reason(wanted: str, value: str, score: float, words: str) -> str:
    same = [token for token in _TOKEN.findall(wanted) if len(token) > 1 and token in value.lower()]
    shared = f" and shares {max(same, key=len).upper()}" if same else ""
    return f"is {score:.0%} like it{shared}" + (f": {words}" if words else ".")


def _products(customer_id: int, code: str) -> list[tuple[str, str]]:
    """Products whose number shares a piece with the code."""
    pieces = [token for token in _TOKEN.findall(code) if len(token) > 1] or [code]
    shares = Q()
    for piece in pieces[:6]:
        shares |= Q(number__icontains=piece)
    found = (
        Record.objects.filter(shares, customer_id=customer_id, object_type="product")
        .annotate(words=KeyTextTransform("title", "body"))
        .values_list("number", "words")[:_MOST_CANDIDATES]
    )
    return [(number, words or "") for number, words in found]


def _values(customer_id: int, table: str) -> list[tuple[str, str]]:
    """What other codes of the same table mean."""
    found = LookupRow.objects.filter(_of(customer_id), table__name=table).values_list(
        "value", flat=True
    )
    return [(value, "") for value in found.distinct().order_by()[:_MOST_CANDIDATES]]
