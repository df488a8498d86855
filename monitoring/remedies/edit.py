"""Change one held document by hand and replay it. The original is kept."""

from collections.abc import Sequence
from uuid import UUID

from integrations.queries.pane_json import indented
from monitoring.domain import fixing
from monitoring.domain.fixing import NothingLeftError
from monitoring.forms import EditForm
from monitoring.models import Fix
from monitoring.remedies.base import Data, DocumentRemedy, Given, Situation, Terms, Words

MOST_BYTES = 200_000
_TOO_LONG = "This document is too long to be edited here. Ask its sender for a new one, or skip it."


class Edit(DocumentRemedy):
    slug, label = "edit", "Edit and replay"
    wide = True
    permissions = ("desk.work", "payloads.view")

    def fits(self, situation: Situation) -> bool:
        return situation.summary.held_in > 0

    def form(self, situation: Situation, data: Data) -> EditForm:
        tried = _tried(situation)
        if tried:
            return EditForm(data, initial={name: tried[name] for name in ("payload", "reason")})
        text = ""
        if situation.payload and not _objection(situation):
            text = _readable(as_text(situation.payload.body)[0])
        return EditForm(data, initial={"payload": text})

    def words(self, situation: Situation) -> Words:
        number = situation.document.number if situation.document else ""
        return Words(
            title=f"Edit {number}" if number else "Edit a document",
            submit="Try it",
            note="Shows what becomes of this document alone. Nothing is sent yet.",
            disabled=_objection(situation),
        )

    def terms(self, situation: Situation, given: Given) -> Terms:
        if not _editable(situation) or situation.document is None or situation.payload is None:
            raise NothingLeftError
        body = as_bytes(given["payload"], original=situation.payload.body)
        text, encoding = as_text(body)
        return {"payload": text, "encoding": encoding, "reason": given["reason"]}

    def said(self, terms: Terms) -> str:
        return f"Edited by hand: {terms['reason']}"

    def ids(self, situation: Situation, given: Given) -> Sequence[UUID]:
        if situation.document is None:
            raise NothingLeftError
        chosen = [situation.document.message.pk]
        return fixing.frozen(situation.case, up_to=situation.summary.up_to, only=chosen)


def _tried(situation: Situation) -> Terms | None:
    """An edit of this document that was tried and is not let go: whoever comes back goes on from it."""
    if situation.document is None or not situation.person.may("payloads.view"):
        return None
    edits = Fix.objects.filter(case=situation.case, remedy="edit", state=Fix.State.CHECKED)
    mine = edits.filter(items__message_id=situation.document.message.pk)
    return mine.order_by("-pk").values_list("terms", flat=True).first()


def _editable(situation: Situation) -> bool:
    message = situation.document.message if situation.document else None
    return message is not None and message.direction == "in" and message.state == "held"


def _objection(situation: Situation) -> str:
    if not _editable(situation):
        return "Choose a held document first."
    too_long = situation.payload is not None and len(situation.payload.body) > MOST_BYTES
    return _TOO_LONG if too_long else ""


def _readable(text: str) -> str:
    """JSON in one line is laid out for people; everything else is shown as it came."""
    return indented(text) if "\n" not in text.strip() else text


def as_text(body: bytes) -> tuple[str, str]:
    """The text of a document and the encoding that gives its bytes back."""
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return body.decode("iso-8859-1"), "iso-8859-1"


def as_bytes(text: str, *, original: bytes) -> bytes:
    """The bytes of an edited text. A browser sends every line break as CR LF, whatever came."""
    plain = text.replace("\r\n", "\n")
    if b"\r\n" in original:
        plain = plain.replace("\n", "\r\n")
    _, encoding = as_text(original)
    try:
        return plain.encode(encoding)
    except UnicodeEncodeError:
        return plain.encode("utf-8")
