"""A partner's 997 or 999 → what became of each set we sent, in plain English."""

from typing import Any, NamedTuple

from integrations.formats.findings import Mark

Document = dict[str, Any]

SEGMENT_ERRORS = {
    "1": "the segment is not recognised",
    "2": "the segment is not expected here",
    "3": "a mandatory segment is missing",
    "4": "the loop is repeated too often",
    "5": "the segment is used too often",
    "6": "the segment does not belong to this document",
    "7": "the segment is out of order",
    "8": "the segment has errors in its elements",
    "I4": "the segment is not used in this guide",
    "I6": "a segment is missing that this guide needs here",
    "I7": "the loop is repeated less often than this guide needs",
    "I8": "the segment breaks a rule of this guide",
    "I9": "the segment depends on another one in this guide",
}
ELEMENT_ERRORS = {
    "1": "a mandatory value is missing",
    "2": "a value is missing that another value calls for",
    "3": "there are too many values",
    "4": "the value is too short",
    "5": "the value is too long",
    "6": "the value has a character that is not allowed",
    "7": "the code is not valid",
    "8": "the date is not valid",
    "9": "the time is not valid",
    "10": "the value excludes another value that is there",
    "12": "there are too many repetitions",
    "13": "there are too many components",
    "I6": "the code is not used in this guide",
    "I9": "the value depends on another one in this guide",
    "I10": "the value is not used in this guide",
    "I11": "the value differs from what this guide allows",
    "I12": "the value does not match its pattern",
    "I13": "the value breaks a rule of this guide",
}
SET_ERRORS = {
    "1": "this kind of document is not supported",
    "2": "the end of the document (SE) is missing",
    "3": "the control numbers in ST and SE differ",
    "4": "the number of segments is not what SE says",
    "5": "one or more segments are in error",
    "6": "the document type is missing or not valid",
    "7": "the document's control number is missing or not valid",
    "8": "the authentication key name is not known",
    "9": "the encryption key name is not known",
    "10": "the authentication or encryption service is not available",
    "11": "the security recipient is not known",
    "12": "the message length is wrong",
    "13": "the message failed authentication",
    "15": "a security trailer is missing or wrong",
    "23": "the document's control number is not unique in the group",
}
GROUP_ERRORS = {
    "1": "this kind of group is not supported",
    "2": "this version is not supported",
    "3": "the end of the group (GE) is missing",
    "4": "the control numbers in GS and GE differ",
    "5": "the number of documents is not what GE says",
    "6": "the group control number breaks the syntax",
    "10": "the authentication key name is not known",
    "11": "the encryption key name is not known",
    "13": "the security recipient is not known",
    "18": "the group failed authentication",
    "19": "the group's control number is not unique",
}
TA1_NOTES = {
    "000": "no error",
    "001": "the control numbers in ISA and IEA differ",
    "002": "the standard in the control header is not supported",
    "003": "the version of the controls is not supported",
    "004": "the segment terminator is not valid",
    "005": "the qualifier of the sender's id is not valid",
    "006": "the sender's id is not valid",
    "007": "the qualifier of the receiver's id is not valid",
    "008": "the receiver's id is not valid",
    "009": "the receiver's id is not known",
    "010": "the authorization qualifier is not valid",
    "011": "the authorization value is not valid",
    "012": "the security qualifier is not valid",
    "013": "the security value is not valid",
    "014": "the interchange date is not valid",
    "015": "the interchange time is not valid",
    "016": "the standards identifier is not valid",
    "017": "the version is not valid",
    "018": "the interchange control number is not valid",
    "019": "the acknowledgement request is not valid",
    "020": "the test indicator is not valid",
    "021": "the number of groups is not what IEA says",
    "022": "the control characters are not valid",
    "023": "the file ends too early",
    "024": "the content of the interchange is not valid",
    "025": "the interchange control number was used before",
    "026": "the element separator is not valid",
    "027": "the component separator is not valid",
    "028": "the delivery date in a deferred delivery request is not valid",
    "029": "the delivery time in a deferred delivery request is not valid",
    "030": "the delivery time code in a deferred delivery request is not valid",
    "031": "the grade of service is not valid",
}

_TAKEN = frozenset({"A", "E", "P"})
_REJECTIONS = frozenset({"R", "M", "W", "X"})


class SetAnswer(NamedTuple):
    """What a partner says of one set of ours. `accepted` is None when they did not say.

    `texts` is all of it in words, `marks` what of it leads to a place in the set.
    """

    type: str
    control: str
    code: str
    accepted: bool | None
    texts: tuple[str, ...]
    marks: tuple[Mark, ...] = ()


class GroupAnswer(NamedTuple):
    """What a partner says of one group of ours.

    Without sets listed, `accepted` speaks for every set of the group; None means it does not say.
    """

    functional_id: str
    control: str
    code: str
    accepted: bool | None
    texts: tuple[str, ...]
    sets: tuple[SetAnswer, ...]


def read_answer(document: Document) -> GroupAnswer:
    """The answer in a 997 or 999 document."""
    group = document.get("group", {})
    code = document.get("code", "")
    return GroupAnswer(
        group.get("functional_id", ""),
        group.get("control", ""),
        code,
        {"A": True, "E": True}.get(code, False if code in _REJECTIONS else None),
        tuple(_reasons(document, GROUP_ERRORS)),
        tuple(_set_answer(answer) for answer in document.get("sets", [])),
    )


def _set_answer(answer: Document) -> SetAnswer:
    code = answer.get("code", "")
    accepted = True if code in _TAKEN else False if code in _REJECTIONS else None
    marks = [mark for error in answer.get("errors", []) for mark in _marks(error)]
    texts = (*_reasons(answer, SET_ERRORS), *(mark.text for mark in marks))
    return SetAnswer(
        answer.get("type", ""), answer.get("control", ""), code, accepted, texts, tuple(marks)
    )


def _reasons(fields: Document, texts: dict[str, str]) -> list[str]:
    codes = [fields[f"reason{n}"] for n in range(1, 6) if f"reason{n}" in fields]
    return [_sentence(texts.get(code, f"code {code}, which we do not know")) for code in codes]


def _marks(error: Document) -> list[Mark]:
    """One for each element in error, or one for the segment."""
    tag, position = error.get("segment", ""), error.get("position", "")
    where, place = f"{tag or '?'}, segment {position or '?'}", f"{tag or 'segments'}[{position}]"
    elements = error.get("elements", [])
    if not elements:
        code = error.get("code", "")
        told = SEGMENT_ERRORS.get(code, f"segment error {code}".strip())
        return [Mark(place, "", f"{where}: {told}.")]
    return [
        Mark(f"{place}.{_number(e)}", e.get("value", ""), f"{where}, {_element_text(e)}")
        for e in elements
    ]


def _number(element: Document) -> str:
    """The element's number; AK4-01 may name a component of it besides."""
    return str(element.get("position", "")).partition(":")[0]


def _element_text(element: Document) -> str:
    code = element.get("code", "")
    text = ELEMENT_ERRORS.get(code, f"element error {code}")
    value = f' ("{element["value"]}")' if element.get("value") else ""
    return f"element {element.get('position', '?')}: {text}{value}."


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
