"""The documents of a case, a page at a time, and the chosen one."""

from typing import Any

from django.http import HttpRequest

from integrations.views import spoken
from monitoring.models import ExceptionCase
from monitoring.queries.held import Document, Page
from monitoring.remedies import Situation
from monitoring.views import addresses, words
from monitoring.views.document import document_context
from portal.core.manner import number


def documents_context(request: HttpRequest, situation: Situation, shown: Page) -> dict[str, Any]:
    """The list beside the chosen document."""
    found = situation.case
    chosen = situation.document.message.pk if situation.document else None
    currencies = {d.currency for d in shown.rows if d.currency}
    return {
        "documents": [
            {
                **_document(request, document),
                "chosen": document.message.pk == chosen,
                "gone": not found.is_open and document.message.state == "skipped",
            }
            for document in shown.rows
        ],
        "documents_title": _title(found, situation),
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "pager": _pager(request, shown),
        "document": document_context(situation, situation.document) if situation.document else None,
    }


def _document(request: HttpRequest, document: Document) -> dict[str, Any]:
    key = str(document.message.pk)
    return {
        "key": key,
        "number": document.number,
        "url": addresses.with_values(request, here=True, document=key, done=""),
        **words.state(document.message),
        "amount": words.amount(document.amount, document.currency),
    }


def _pager(request: HttpRequest, shown: Page) -> dict[str, str]:
    newer = addresses.with_values(request, before=str(shown.newer), document="")
    older = addresses.with_values(request, after=str(shown.older), document="")
    return {
        "shown": spoken.counted(len(shown.rows), "document"),
        "newer_url": newer if shown.newer else "",
        "older_url": older if shown.older else "",
    }


def _title(found: ExceptionCase, situation: Situation) -> str:
    if found.is_of_endpoint:
        return "Waiting for it"
    if not found.is_open or found.is_finding:
        return "Documents"
    word = "held" if situation.summary.held else "noted"
    return f"{number(situation.summary.documents)} {word}"
