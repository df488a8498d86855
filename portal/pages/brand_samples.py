"""Made-up content for the previews of a brand, on the real templates. Nothing of it is anybody's."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from billing.invoices.content import (
    FORM,
    Content,
    Issuer,
    Line,
    Period,
    Recipient,
    Tax,
)
from portal.pages import nav
from portal.tenants.brand import Brand

CUSTOMER: Final = "Sample Outfitters"
_COUNTS: Final = {"/desk/": 3, "/changes/": 1}
_BEGINS, _ENDS, _DUE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)


def rail(groups: Any, *, here: str) -> list[dict[str, Any]]:
    """The rail with everything in it, without asking what waits."""
    return [
        {
            "label": group.label,
            "entries": [_entry(one, here) for one in group.entries],
        }
        for group in groups
        if group.entries
    ]  # fmt: skip


def _entry(one: nav.Entry, here: str) -> dict[str, Any]:
    return {
        "label": one.label,
        "url": one.url,
        "current": one.url == here,
        "count": _COUNTS.get(one.url),
    }


def desk() -> dict[str, Any]:
    """What `monitoring/desk.html` needs."""
    return {
        "nav": rail(nav.PARTNER, here="/desk/"),
        "person": {"name": "Sam Sample", "role": "Operator", "time": "10:42", "zone_word": "PT"},
        "facts": [
            {"value": "3", "after": "open"},
            {"value": "41", "after": "documents held"},
            {"value": "$8,940.00", "after": "at risk"},
        ],
        "take_next_url": "#",
        "tabs": [
            {"label": "All open", "url": "#", "count": 3, "current": True},
            {"label": "Mine", "url": "#", "count": 1},
            {"label": "Free", "url": "#", "count": 2},
        ],
        "filters": [{"name": "customer", "label": "Customer", "options": []}],
        "search": {"name": "q", "value": "", "placeholder": "Order, PO, SKU, case"},
        "live": {"url": ""},
        "currency": "USD",
        "cases": [
            {
                **_case(1, "S1", "Unit CS has no conversion", held=32, amount="7,210.40"),
                "clock": _clock("late 12 min", "late", used=100),
                "holder": {"shape": "work", "word": "Sam Sample"},
                "chosen": True,
            },
            {
                **_case(2, "S2", "SKU SAMPLE-B is not known", held=8, amount="1,480.00"),
                "clock": _clock("44 min", "near", used=80),
            },
            {
                **_case(3, "S3", "A field nobody knows in sample orders", held=1, amount="249.60"),
                "clock": _clock("1 d", "", used=20),
            },
        ],
        "preview": {
            "severity": "S1", "id": "C-1", "kind": "unit without conversion",
            "title": "Unit CS has no conversion",
            "holder": {"shape": "work", "word": "Sam Sample"},
            "facts": [
                {"label": "Held", "value": "32 orders, $7,210.40, first at 07:26"},
                {"label": "Cut-off", "value": "12:00, in 1 h 18"},
            ],
            "documents_title": "Held documents",
            "documents": [
                {"number": "SAMPLE-1001", "url": "#", "what": "MUG, 2 CS", "amount": "169.50"},
                {"number": "SAMPLE-1002", "url": "#", "what": "MUG, 16 CS", "amount": "864.00"},
            ],
            "activity": [{"at": "10:38", "text": "Sam Sample took it"}],
            "primary": {"label": "Preview fix on 32", "url": "#"}, "open_url": "#",
            "links": [{"label": "Wait", "url": "#", "key": "w"}],
        },
    }  # fmt: skip


def _case(number: int, severity: str, cause: str, *, held: int, amount: str) -> dict[str, Any]:
    return {
        "pk": number, "id": f"C-{number}", "url": "#", "select_url": "#", "severity": severity,
        "cause": [{"text": cause}], "where": f"{CUSTOMER} · sample store → ERP", "documents": held,
        "at_risk": amount, "currency": "USD", "holder": {"word": "free"},
    }  # fmt: skip


def _clock(words: str, state: str, *, used: int) -> dict[str, Any]:
    return {"words": words, "state": state, "used": used, "start": "", "due": "", "spoken": words}


def portal() -> dict[str, Any]:
    """What `customer/orders.html` needs."""
    return {
        "nav": rail(nav.CUSTOMER, here="/orders/"),
        "person": {
            "name": "Kim Sample", "customer": CUSTOMER, "zone_word": "PT", "settings_url": "#",
            "logout_url": "#",
        },
        "headline": "Your orders are moving",
        "lead": "2 are on their way, and 1 is being checked.",
        "tabs": [
            {"label": "All", "url": "#", "current": True},
            {"label": "Not sent yet", "url": "#"},
            {"label": "Sent", "url": "#"},
        ],
        "search": {"name": "q", "value": "", "placeholder": "Order, PO, item, tracking"},
        "orders": [
            _order("1003", "$249.60", "work", "we are checking it"),
            _order("1002", "$864.00", "good", "on its way", "UPS SAMPLE0002"),
            _order("1001", "$169.50", "good", "delivered", "UPS SAMPLE0001"),
        ],
    }  # fmt: skip


def _order(number: str, amount: str, shape: str, word: str, detail: str = "") -> dict[str, Any]:
    return {
        "number": f"SAMPLE-{number}", "url": "#", "po": f"PO {number}", "placed": "3 Apr 13:58",
        "amount": amount, "shape": shape, "word": word, "detail": detail,
    }  # fmt: skip


def invoice(brand: Brand) -> Content:
    """640.00 of lines, 8.5 % tax of it: 54.40, 694.40 to pay."""
    lines = (
        _line("base", "Sample plan", Decimal("500.00"), None, ""),
        _line("documents", "Documents delivered", Decimal("140.00"), Decimal(280), "documents"),
    )
    net, tax = Decimal("640.00"), Decimal("54.40")
    return Content(
        form=FORM, kind="invoice", number="SAMPLE-0042", issued=_ENDS, due_on=_DUE,
        issuer=Issuer(brand.name, ("1 Sample Street", "Sampleton"), "", brand.accent, ("Sample Bank",)),
        recipient=Recipient("sample", CUSTOMER, ("2 Sample Road", "Sampleton"), ""),
        period=Period("2026-04", _BEGINS, _ENDS, "UTC"), currency="USD", lines=lines, net=net,
        tax=Tax("standard", "Sales tax", Decimal("8.5"), net, tax), total=net + tax, credits=(),
        due=net + tax, terms="This invoice is a sample. Nothing is to pay.",
    )  # fmt: skip


def _line(key: str, name: str, amount: Decimal, quantity: Decimal | None, unit: str) -> Line:
    return Line(
        key=f"1/2026-04/{key}", origin="charge", name=name, detail="", service="2026-04", begins=_BEGINS,
        ends=_ENDS, quantity=quantity, unit=unit, unit_amount=Decimal("0.50") if quantity else None,
        gross=amount, discount=Decimal(0), amount=amount,
    )  # fmt: skip
