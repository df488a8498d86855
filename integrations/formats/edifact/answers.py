"""A partner's CONTRL → what became of each message we sent, in plain English."""

from typing import Any, NamedTuple

from integrations.formats.findings import Mark

Document = dict[str, Any]

# 0085, in our words.
ERRORS = {
    "2": "the syntax version or level is not supported",
    "3": "the version of the message is not supported",
    "7": "the receiver named is not the one who got it",
    "12": "the value is not valid",
    "13": "something mandatory is missing",
    "14": "the value is not supported here",
    "15": "the segment or element is not supported here",
    "16": "there are too many elements or components",
    "17": "there is no agreement about this",
    "18": "there is an error that is not told",
    "19": "the decimal mark is not valid",
    "20": "a character cannot be a service character",
    "21": "a character is not valid",
    "22": "a service character is not valid",
    "23": "the sender is not known",
    "24": "the interchange is too old",
    "25": "test interchanges are not taken",
    "26": "it was received before",
    "27": "the security function is not supported",
    "28": "the references of header and trailer differ",
    "29": "the count is not the number that was received",
    "30": "groups and single messages are mixed",
    "31": "there is more than one message type in a group",
    "32": "the level below is empty",
    "33": "something stands outside of messages and groups",
    "34": "the nesting is not allowed",
    "35": "a segment or element is repeated too often",
    "36": "a segment group is repeated too often",
    "37": "a character is of the wrong type",
    "38": "a digit is missing before the decimal mark",
    "39": "the value is too long",
    "40": "the value is too short",
    "41": "the network failed for good",
    "42": "the network failed for a while",
    "43": "the receiver is not known",
    "45": "there is a separator at the end",
    "46": "the character set is not supported",
    "47": "the envelope is not supported",
    "48": "values that depend on each other do not agree",
}

_TAKEN = frozenset({"1", "2", "5", "7", "8"})
_REJECTIONS = frozenset({"4", "6"})
_SILENCE_ACCEPTS = frozenset({"1", "7"})


class SetAnswer(NamedTuple):
    """What a partner says of one message of ours. `accepted` is None when they did not say.

    `texts` is all of it in words, `marks` what of it leads to a place in the message.
    """

    type: str
    control: str
    code: str
    accepted: bool | None
    texts: tuple[str, ...]
    marks: tuple[Mark, ...] = ()


class InterchangeAnswer(NamedTuple):
    """What a partner says of one interchange of ours.

    `accepted` speaks for every message that is not listed: False where the interchange was
    rejected, True where what is not rejected is acknowledged, None where it was only received, or
    where a group was rejected whose messages are not named.
    """

    control: str
    sender: str
    receiver: str
    code: str
    accepted: bool | None
    texts: tuple[str, ...]
    sets: tuple[SetAnswer, ...]

    def of(self, control: str) -> bool | None:
        """Whether the message under this reference was accepted, None when it is not said."""
        for answer in self.sets:
            if answer.control == control:
                return answer.accepted
        return self.accepted


def read_answer(document: Document) -> InterchangeAnswer:
    """The answer in a CONTRL document."""
    code = document.get("action", "")
    sets = [*document.get("sets", [])]
    texts = _reasons(document)
    for group in document.get("groups", []):
        sets += group.get("sets", [])
        texts += [f"Group {group.get('group', '?')}: {text}" for text in _reasons(group)]
    accepted = True if code in _SILENCE_ACCEPTS else False if code in _REJECTIONS else None
    if accepted and any(g.get("action") in _REJECTIONS for g in document.get("groups", [])):
        accepted = None
    return InterchangeAnswer(
        document.get("interchange", ""), document.get("sender", ""), document.get("receiver", ""),
        code, accepted, tuple(texts), tuple(map(_set_answer, sets)),
    )  # fmt: skip


def _set_answer(answer: Document) -> SetAnswer:
    code = answer.get("action", "")
    accepted = True if code in _TAKEN else False if code in _REJECTIONS else None
    marks = [mark for error in answer.get("errors", []) for mark in _marks(error)]
    texts = (*_reasons(answer), *(mark.text for mark in marks))
    return SetAnswer(
        answer.get("type", ""), answer.get("control", ""), code, accepted, texts, tuple(marks)
    )


def _reasons(fields: Document) -> list[str]:
    if "error" not in fields:
        return []
    text = _text(fields)
    where = f"{fields['segment']}: " if "segment" in fields else ""
    return [f"{where}{text}." if where else f"{text[0].upper()}{text[1:]}."]


def _text(fields: Document) -> str:
    code = fields.get("error", "")
    return ERRORS.get(code, f"error {code}, which we do not know")


def _marks(error: Document) -> list[Mark]:
    """One for the segment, and one for each of its elements in error."""
    position = error.get("position", "")
    where, place = f"segment {position or '?'}", f"segments[{position}]"
    marks = [Mark(place, "", f"{where}: {_text(error)}.")] if "error" in error else []
    for element in error.get("elements", []):
        words = f"element {element.get('element', '?')}"
        inside = _number(element)
        if "component" in element:
            words += f", component {element['component']}"
            inside += f".{element['component']}"
        text = f"{where}, {words}: {_text(element)}."
        marks.append(Mark(f"{place}.{inside}", "", text))
    return marks


def _number(element: Document) -> str:
    """The element's number as we count; in CONTRL the segment's tag is the first."""
    said = str(element.get("element", ""))
    return str(int(said) - 1) if said.isdecimal() and 0 < len(said) <= 3 else said
