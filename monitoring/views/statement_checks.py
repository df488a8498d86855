"""The checks of a seal, in the words of whoever reads them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from monitoring.domain.statement_check import Check
from monitoring.models import Statement

_WORDS = {
    "content": (
        gettext_noop("The figures are the ones that were sealed"),
        gettext_noop(
            "Every letter of the statement went into one number, its SHA-256, and that"
            " number was signed."
        ),
    ),
    "chain": (
        gettext_noop("The months stand in an unbroken row"),
        gettext_noop(
            "Each statement names the one before it, so none can be taken out, changed or"
            " put in between."
        ),
    ),
    "evidence": (
        gettext_noop("The records behind the figures are as they were"),
        gettext_noop(
            "Each record was sealed with the statement. One that is changed, removed or"
            " added is named here."
        ),
    ),
    "figures": (
        gettext_noop("The figures follow from those records"),
        gettext_noop(
            "Everything was counted again from the sealed records, and gave the same statement."
        ),
    ),
    "adjustments": (
        gettext_noop("Corrections stand beside the figures, signed"),
        gettext_noop(
            "One person wrote each of them and another approved it. What was sealed stayed"
            " as it was."
        ),
    ),
}


def shown(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """[{title, text, what, shape, word, flaws}]"""
    return [
        {
            "title": _(_WORDS[check.name][0]),
            "text": _(_WORDS[check.name][1]),
            "what": check.what,
            "shape": "good" if check.passed else "bad",
            "word": _("passed") if check.passed else _("failed"),
            "flaws": list(check.flaws),
        }
        for check in checks
    ]


def headline(statement: Statement, checks: Sequence[Check]) -> str:
    if all(check.passed for check in checks):
        return _("The seal of %(name)s is intact") % {"name": statement.name}
    return _("The seal of %(name)s is broken") % {"name": statement.name}
