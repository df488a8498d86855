"""Documents → XML in UTF-8, or in the charset agreed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from integrations.formats.flat.charset import charset_name, is_writable
from integrations.formats.flat.issues import Issue
from integrations.formats.flat.notes import issue
from integrations.formats.flat.profile import Column, Xml
from integrations.formats.flat.reading import Written
from integrations.formats.flat.values_writing import writer_of
from integrations.formats.flat.xml_names import IS_NAME

# XML 1.0, 2.2: the characters there are.
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Line ends and tabs are written as references: parsers turn CR into LF, and attributes lose both.
_IN_TEXT: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_ATTRIBUTE: Final = {**_IN_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


def write_xml(documents: Sequence[Mapping[str, Any]], profile: Xml) -> Written:
    """One file. A profile whose record is the root takes one document; of more, the first is written."""
    *around, name = profile.record.split("/")
    writer = _Writer(profile)
    problems: list[Issue] = []
    written: list[str] = []
    for index, document in enumerate(documents):
        wrong: list[Issue] = []
        text = "".join(writer.element(name, document, "", wrong, space=_space(profile, not around)))
        if not around and written:
            wrong.append(issue("record_repeated", value=name))
        problems += [found._replace(document=index) for found in wrong]
        if not wrong:
            written.append(text)
    charset = charset_name(profile.charset or "utf-8") or "utf-8"
    head = f'<?xml version="1.0" encoding="{_iana(charset)}"?>\n'
    body = _around(around, "\n".join(written), len(written), profile)
    return Written((head + body + "\n").encode(charset, "xmlcharrefreplace"), problems)


def _around(names: Sequence[str], body: str, count: int, profile: Xml) -> str:
    """The documents within the elements around them, one of which may say how many there are."""
    for place in range(len(names) - 1, -1, -1):
        below = profile.count.removeprefix("/".join(names[: place + 1]) + "/")
        counts = below != profile.count and "/" not in below
        attribute = f' {below[1:]}="{count}"' if counts and below.startswith("@") else ""
        if counts and not attribute:
            body = f"{body}\n<{below}>{count}</{below}>"
        space = _space(profile, place == 0)
        body = f"<{names[place]}{space}{attribute}>\n{body}\n</{names[place]}>"
    return body


def _space(profile: Xml, outermost: bool) -> str:
    return (
        f' xmlns="{_escaped(profile.namespace, _IN_ATTRIBUTE)}"'
        if profile.namespace and outermost
        else ""
    )


def _iana(charset: str) -> str:
    return charset.replace("iso8859", "iso-8859").replace("cp125", "windows-125").upper()


def _escaped(text: str, marks: Mapping[str, str]) -> str:
    return "".join(marks.get(character, character) for character in text)


class _Writer:
    def __init__(self, profile: Xml) -> None:
        self._profile = profile
        self._charset = charset_name(profile.charset or "utf-8") or "utf-8"
        self._known = {column.name: column for column in profile.columns}
        self._writers = {name: writer_of(column, profile) for name, column in self._known.items()}

    def _is_name(self, name: str) -> bool:
        return bool(IS_NAME.fullmatch(name)) and is_writable(name, self._charset)

    def element(
        self, name: str, value: Any, path: str, wrong: list[Issue], *, space: str = ""
    ) -> Iterator[str]:
        """The element's text, in pieces; what is wrong with it is added."""
        if not self._is_name(name):
            wrong.append(issue("field_unknown", column=path or name, value=name))
            return
        if not isinstance(value, Mapping):
            content = self._text(path, value, wrong, _IN_TEXT)
            yield f"<{name}{space}>{content}</{name}>" if content else f"<{name}{space}/>"
            return
        attributes = "".join(self._attributes(value, path, wrong))
        content = "".join(self._members(value, path, wrong))
        yield f"<{name}{space}{attributes}>{content}</{name}>"

    def _attributes(self, group: Mapping[str, Any], path: str, wrong: list[Issue]) -> Iterator[str]:
        for member, value in group.items():
            if not member.startswith("@") or value is None:
                continue
            place = f"{path}/{member}" if path else member
            if not self._is_name(member[1:]):
                wrong.append(issue("field_unknown", column=place, value=member))
                continue
            yield f' {member[1:]}="{self._text(place, value, wrong, _IN_ATTRIBUTE)}"'

    def _members(self, group: Mapping[str, Any], path: str, wrong: list[Issue]) -> Iterator[str]:
        for column in self._missing(group, path):
            wrong.append(issue("value_missing", column=column.name))
        for member, value in group.items():
            place = f"{path}/{member}" if path else member
            if member == "#text":
                agreed = path if path in self._known else place
                yield self._text(agreed, value, wrong, _IN_TEXT)
            elif not member.startswith("@"):
                for entry in value if isinstance(value, list) else [value]:
                    yield from self.element(member, entry, place, wrong)

    def _missing(self, group: Mapping[str, Any], path: str) -> Iterator[Column]:
        for column in self._known.values():
            above, _, name = column.name.rpartition("/")
            if column.required and above == path and name not in group:
                yield column

    def _text(self, path: str, value: Any, wrong: list[Issue], marks: Mapping[str, str]) -> str:
        if isinstance(value, list):
            wrong.append(issue("value_unwritable", column=path, value=value))
            return ""
        write = self._writers.get(path)
        if self._known and write is None and value is not None:
            wrong.append(issue("field_unknown", column=path, value=value))
            return ""
        text, code = (write or writer_of(Column(name=path), self._profile))(value)
        if _FORBIDDEN.search(text):
            code = "character_unwritable"
        if code:
            wrong.append(issue(code, column=path, value=text or value or ""))
        return _escaped(text, marks)
