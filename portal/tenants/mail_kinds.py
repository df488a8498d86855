"""Every kind of mail: what a partner may say in words of its own, and with which variables. Pure, data.

A new mail gets its entry here, and a template for each form in `templates/emails` that extends the frame.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from portal.core.words import gettext_noop

_VARIABLE: Final = re.compile(r"\{(\w+)\}")
_BRACE: Final = re.compile(r"\{[^{}]*\}?|\}")


class UnknownVariableError(ValueError):
    """A text holds what no mail of this kind knows; the words say what there is."""


class MailKind(NamedTuple):
    """`subject` and `opening` are the usual words; `variables` maps each name to an example of it."""

    label: str
    subject: str
    opening: str
    variables: Mapping[str, str]


MAIL_KINDS: Final[Mapping[str, MailKind]] = {
    "alert": MailKind(
        "Alert",
        "{headline}",
        "",
        {"headline": "Orders of Harbor Sample are held", "partner": "Your name"},
    ),
    "budget": MailKind(
        "Budget reached",
        # xgettext:no-python-format
        gettext_noop("{percent} % of your budget for {month} is used"),
        "{customer},",
        {
            "customer": "Harbor Sample", "partner": "Your name", "percent": "80", "month": "April 2026",
            "spent": "$1,200.00", "budget": "$1,500.00",
        },
    ),
    "invitation": MailKind(
        "Invitation",
        gettext_noop("{person} invites you to {partner}"),
        "{name},",
        {"name": "Hanna Sample", "partner": "Your name", "person": "Ada Sample"},
    ),
    "invoice": MailKind(
        "Invoice or credit note",
        gettext_noop("{document} of {issuer}"),
        "{customer},",
        {
            "customer": "Harbor Sample", "partner": "Your name", "issuer": "Your Name LLC",
            "document": "Invoice INV-00042", "month": "April 2026", "total": "$1,200.00",
        },
    ),
    "locked": MailKind(
        "Somebody could not log in",
        gettext_noop("Somebody could not log in to your account: {partner}"),
        "{name},",
        {"name": "Hanna Sample", "partner": "Your name"},
    ),
    "mail_test": MailKind(
        "Test of the mail server",
        "{partner}: your mail server works",
        "",
        {"partner": "Your name"},
    ),
    "notices": MailKind(
        "What happened to their orders",
        "{headline}",
        "{name},",
        {"name": "Hanna Sample", "partner": "Your name", "headline": "Your order 1042 was sent"},
    ),
    "password": MailKind(
        "Forgotten password",
        gettext_noop("Set a new password: {partner}"),
        "{name},",
        {"name": "Hanna Sample", "partner": "Your name"},
    ),
    "question": MailKind(
        "Question to a customer",
        gettext_noop("{partner} has a question for you"),
        gettext_noop("{customer}, {person} asks:"),
        {
            "customer": "Harbor Sample", "partner": "Your name", "person": "Dana Sample",
            "until": "8 April, 10:00",
        },
    ),
    "statement": MailKind(
        "Service statement",
        gettext_noop("Service statement {month}"),
        "{customer},",
        {"customer": "Harbor Sample", "partner": "Your name", "month": "April 2026"},
    ),
    "support_asked": MailKind(
        "Somebody asks to see their data",
        gettext_noop("{person} asks to see your data"),
        "{name},",
        {
            "name": "Hanna Sample", "partner": "Your name", "person": "Dana Sample",
            "customer": "Harbor Sample",
        },
    ),
}  # fmt: skip


def check(kind: str, text: str) -> None:
    """UnknownVariableError where `text` holds braces that name nothing of this kind."""
    known = MAIL_KINDS[kind].variables
    for found in _BRACE.findall(text):
        name = _VARIABLE.fullmatch(found)
        if name is None or name[1] not in known:
            there_is = ", ".join(f"{{{one}}}" for one in known)
            raise UnknownVariableError(f"{found} is not known here. There is {there_is}.")


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its variables as they are. One without a value stays as it stands; what a value holds is
    text and no variable."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
