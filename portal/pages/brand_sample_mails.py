"""Made-up content for the preview of each kind of mail."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from portal.pages.brand_samples import CUSTOMER
from portal.tenants.mail_kinds import MAIL_KINDS


def variables(kind: str) -> dict[str, str]:
    """What subject and opening name, made up."""
    return {name: text for name, text in MAIL_KINDS[kind].variables.items() if name != "partner"}


def context(kind: str) -> dict[str, Any]:
    """What the template of this kind needs."""
    return CONTEXTS[kind]()


def _alert() -> dict[str, Any]:
    return {
        "content": {
            "headline": "S2 SKU SAMPLE-B is not known",
            "where": f"{CUSTOMER} · sample store → ERP",
            "facts": [("Held", "8 orders"), ("At risk", "$1,480.00")],
            "items": [],
            "url": "#",
        },
        "link": "#",
    }


def _budget() -> dict[str, Any]:
    return {"spent": "$1,200.00", "budget": "$1,500.00", "month": "April 2026", "url": "#"}


def _invoice() -> dict[str, Any]:
    return {
        "headline": "Invoice SAMPLE-0042",
        "lead": "$694.40 to pay by 1 June 2026",
        "month": "April 2026",
        "lines": [
            {"name": "Sample plan, April 2026", "amount": "500.00"},
            {"name": "Documents delivered, April 2026", "amount": "140.00"},
        ],
        "more": 0,
        "total": "$694.40",
        "pay_to": ("Sample Bank",),
        "url": "#",
    }


def _invitation() -> dict[str, Any]:
    return {
        "invited_by": "Ada Sample", "email": "hanna@sample.example", "role": "Customer viewer",
        "customer": CUSTOMER, "until": "8 April, 10:00", "url": "#",
    }  # fmt: skip


def _locked() -> dict[str, Any]:
    return {
        "person": {"email": "hanna@sample.example"}, "address": "", "device": "Firefox on Windows",
        "url": "#",
    }  # fmt: skip


def _mail_test() -> dict[str, Any]:
    return {"who": "Ada Sample", "host": "smtp.sample.example", "url": "#"}


def _notices() -> dict[str, Any]:
    line = {"text": "Order SAMPLE-1042, 2 parcels", "url": "#"}
    part = {"headline": "Your order SAMPLE-1042 was sent", "lines": [line], "more": 0}
    return {"parts": [part], "url": "#", "settings_url": "#", "off_url": "#"}


def _password() -> dict[str, Any]:
    return {"person": {"email": "hanna@sample.example"}, "url": "#"}


def _question() -> dict[str, Any]:
    return {
        "question": {"text": "Is SAMPLE-B the same item as SAMPLE-A?", "asked_by": "Dana Sample"},
        "about": "8 orders wait for this.",
        "labels": ["Yes", "No"],
        "until": "8 April, 10:00",
        "url": "#",
    }


def _statement() -> dict[str, Any]:
    return {
        "headline": "One promise of April was missed",
        "lead": "Three of four promises were kept.",
        "promises": [
            _promise("Stock no older than 60 minutes", "99.0 %", "98.6 %", missed=True),
            _promise("Orders before the cut-off", "98.0 %", "99.4 %", missed=False),
        ],
        "saved": "12 orders worth $2,300.00 were put right before anybody noticed.",
        "sealed": "Sealed 1 May 2026.",
        "hash": "5a" * 32,
        "url": "#",
    }  # fmt: skip


def _support_asked() -> dict[str, Any]:
    access = {
        "staff_name": "Dana Sample", "person_name": "Hanna Sample", "minutes": 60,
        "reason": "You wrote that order SAMPLE-1042 is missing on your page.",
    }  # fmt: skip
    return {"access": access, "url": "#"}


def _promise(name: str, promised: str, delivered: str, *, missed: bool) -> dict[str, Any]:
    return {"name": name, "promised": promised, "delivered": delivered, "missed": missed}


CONTEXTS: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "alert": _alert,
    "budget": _budget,
    "invitation": _invitation,
    "invoice": _invoice,
    "locked": _locked,
    "mail_test": _mail_test,
    "notices": _notices,
    "password": _password,
    "question": _question,
    "statement": _statement,
    "support_asked": _support_asked,
}
