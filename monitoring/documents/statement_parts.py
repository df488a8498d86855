"""The sections of a statement's PDF below its promises, as rows of texts."""

from collections.abc import Sequence
from typing import Any, Final

from monitoring.seal import Adjustment
from monitoring.slo.title_words import title_said
from monitoring.statements import words
from monitoring.statements.content import Content, Credit, Work
from portal.core.words import gettext as _

_IN_BAR: Final = 24  # letters of a name that a slice has room for


def shares(content: Content) -> list[dict[str, Any]]:
    return [
        {
            "party": one.party,
            "name": words.whose(one.party, one.name)[:_IN_BAR],
            "said": f"{words.plain_number(one.percent)} %",
            "part": float(one.percent / 100),
        }
        for one in content.shares
    ]


def causes(content: Content) -> list[dict[str, str]]:
    return [
        {
            "on": words.day(one.on),
            "whose": words.whose(one.party, one.party_name),
            "text": one.text,
            "action": one.action,
        }
        for one in content.causes
    ]


def saved(content: Content) -> list[str]:
    promises = {one.key: one for one in content.promises}
    told = [words.without(one, promises[one.promise]) for one in content.without]
    return [words.saved(content), *told]


def credits_of(content: Content) -> list[dict[str, str]]:
    return [_credit(one, content) for one in content.credits.lines]


def _credit(one: Credit, content: Content) -> dict[str, str]:
    return {
        "name": title_said(one.name),
        "why": _("not given: %(dropped)s") % {"dropped": one.dropped} if one.dropped else one.why,
        "share": _("none") if one.dropped else f"{words.plain_number(one.percent)} %",
        "amount": "" if one.amount is None else words.money(one.amount, content.credits.currency),
    }


def reconciled(content: Content) -> list[dict[str, str]]:
    return [
        {
            "name": one.name,
            "runs": f"{one.runs:,}",
            "compared": f"{one.compared:,}",
            "matched": f"{one.matched:,}",
            "settled": f"{one.settled:,}",
            "open": f"{one.open:,}",
            "worth": words.money(one.worth, one.currency) if one.currency else "",
        }
        for one in content.reconciliation
    ]


def work(found: Sequence[Work], content: Content) -> list[dict[str, str]]:
    return [
        {
            "at": words.moment(one.at, content.period.zone) if one.at else "",
            "text": one.text,
            "by": _("%(by)s, approved by %(approved_by)s")
            % {"by": one.by, "approved_by": one.approved_by}
            if one.approved_by
            else one.by,
        }
        for one in found
    ]


def misses(content: Content, *, most: int) -> dict[str, Any]:
    names = {one.key: title_said(one.name) for one in content.promises}
    units = {one.key: one.unit for one in content.promises}
    shown = content.misses[:most]
    more = len(content.misses) - len(shown)
    return {
        "rows": [
            {
                "promise": names.get(one.promise, one.promise),
                "said": words.miss(one, content.period.zone, units.get(one.promise, "")),
                "whose": words.whose(one.party, one.party_name),
            }
            for one in shown
        ],
        "more": _("%(more)s more are in the CSV of this statement.") % {"more": f"{more:,}"}
        if more
        else "",
    }


def corrections(adjustments: Sequence[Adjustment], content: Content) -> list[dict[str, Any]]:
    return [
        {
            "at": words.full_moment(one.at, content.period.zone),
            "reason": one.reason,
            "by": _("%(author)s, approved by %(approver)s")
            % {"author": one.author, "approver": one.approver},
            "changes": [words.corrected(change, content) for change in one.changes],
        }
        for one in adjustments
    ]


def about(content: Content, digest: str, key: str) -> list[dict[str, Any]]:
    """Facts as (label, value, whether it is a hash)."""
    rules = "; ".join(f"{one.name} (version {one.version})" for one in content.rules)
    facts = [
        ("Sealed", words.full_moment(content.sealed_at, content.period.zone), False),
        ("Statement", f"number {content.number} of {content.customer.name}", False),
        ("Month", words.span_of(content), False),
        ("Hours that count", content.calendar.words, False),
        ("Rules in force", rules or "none", False),
        ("Left out", words.left_out(content) or "nothing", False),
        ("Evidence", f"{content.evidence.rows:,} records", False),
        ("Their root", content.evidence.root, True),
        ("Statement before", content.previous or "none: this is the first", bool(content.previous)),
        ("SHA-256 of this one", digest, True),
        ("Signed with the key", key, True),
    ]
    return [
        {"label": label, "value": value, "hash": is_hash}
        for label, value, is_hash in facts
        if value
    ]
