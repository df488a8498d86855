"""What is promised, as its titles say it, in the reader's language."""

import re
from functools import cache
from typing import Final

from monitoring.slo.sli import SLIS
from portal.core.words import figures, gettext, gettext_noop, ngettext

_LIMIT: Final = re.compile(r"([\d,]+) (hour|minute|second)s?")


def title_said(title: str) -> str:
    """A title of an objective, as statements keep it, too; one that is none of ours stays as it is."""
    for text, pattern in _patterns():
        if found := pattern.fullmatch(title):
            return gettext(text).replace("{limit}", _limit_said(found.groupdict().get("limit", "")))
    return title


# How statements say what is counted, besides “19 of 20 orders”.
_DETAILS: Final = (
    gettext_noop("share of time"),
    gettext_noop("slots of 5 minutes"),
    gettext_noop("by severity, in support hours"),
    gettext_noop("released 30 min or more before the cut-off"),
    gettext_noop("nightly comparison"),
    gettext_noop("document received"),
)
_PART: Final = re.compile(r"(\d+) of (\d+) ([a-z]+)")


def detail_said(detail: str) -> str:
    """What is counted, as statements keep it; anything else stays as it is."""
    if detail in _DETAILS:
        return gettext(detail)
    if found := _PART.fullmatch(detail):
        part, whole, unit = found.groups()
        told = {"part": part, "whole": whole, "unit": gettext(unit)}
        return gettext("%(part)s of %(whole)s %(unit)s") % told
    return detail


def _limit_said(limit: str) -> str:
    """`15 minutes`"""
    found = _LIMIT.fullmatch(limit)
    if not found:
        return limit
    count, unit = found.groups()
    return f"{figures(count)} {ngettext(unit, f'{unit}s', int(count.replace(',', '')))}"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    texts = [sli.title for sli in SLIS.values()]
    return tuple(
        (text, re.compile(re.escape(text).replace(r"\{limit\}", "(?P<limit>.+)"))) for text in texts
    )
