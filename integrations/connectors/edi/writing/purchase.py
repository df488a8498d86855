"""What an order to a supplier is to him: new, another version of one he has, or a cancel of it. Pure."""

from collections.abc import Mapping
from typing import Any

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi.settings import SUPPLIER

NEW, CHANGED, CANCELLED = "new", "changed", "cancelled"


def step_of(document: Mapping[str, Any]) -> str:
    """By what went out before: a change of an order the supplier does not have is an order to him."""
    if not document.get("sent_before"):
        return NEW
    return CANCELLED if document.get("status") == "cancelled" else CHANGED


def faults(document: Mapping[str, Any], connection: Connection) -> list[Problem]:
    """Why it is not sent: a buyer orders from us and takes no orders."""
    partner = str(connection.settings["partner_is"])
    if partner == SUPPLIER:
        return []
    number = shorten(str(document.get("number") or ""))
    text = f"Order {number} would go to a {partner}, and orders go to suppliers."
    return [Problem("edi_not_writable", "partner_is", partner, text)]
