"""XML → documents. No document type, no entities, nothing from outside, and bounds for everything."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from integrations.formats.flat.charset import charset_name, decoded
from integrations.formats.flat.issues import Issue
from integrations.formats.flat.notes import Notes, Refusal, issue
from integrations.formats.flat.profile import Xml
from integrations.formats.flat.reading import Reading
from integrations.formats.flat.totals import COUNT, check_count
from integrations.formats.flat.values import Read, reader_of

_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_MOST_TEXT: Final = 1_000_000
_UTF16: Final = (BOM_UTF16_LE, BOM_UTF16_BE)
_AS_TEXT: Final = "#text"


def read_xml(data: bytes, profile: Xml, notes: Notes, columns: list[str]) -> Reading:
    """The documents below `profile.record`. Refusal for what is no XML, or another one; `columns` are
    filled with the paths found."""
    text = decoded(data, replace(profile, charset=_charset(data, profile)), notes)
    target = _Target(profile, notes, columns)
    parser = XMLParser(target=target, encoding="utf-8", forbid_dtd=True)
    target.row = lambda: int(parser.parser.CurrentLineNumber)
    try:
        parser.feed(text.encode())
        parser.close()
    except DefusedXmlException as error:
        raise Refusal(issue("xml_doctype", row=target.row())) from error
    except (ParseError, ValueError) as error:
        raise Refusal(_not_xml(error)) from error
    target.check_end()
    return Reading(target.documents, notes.issues, columns, target.outer)


def _charset(data: bytes, profile: Xml) -> str:
    """The agreed charset, or the one that the file declares."""
    if profile.charset:
        return profile.charset
    if data.startswith(_UTF16):
        return "utf-16"
    declared = _DECLARED.search(data.removeprefix(BOM_UTF8))
    name = declared[1].decode("ascii") if declared else "utf-8"
    if charset_name(name) is None:
        raise Refusal(issue("wrong_charset", row=1, value=name))
    return name


def _not_xml(error: Exception) -> Issue:
    row = getattr(error, "position", (None, 0))[0]
    text = str(error).partition(": line")[0] or "it cannot be read"
    return issue("not_xml", row=row, value=text)


class _Node:
    """An element that is open: its members so far, and its text."""

    __slots__ = ("members", "nothing", "path", "text")

    def __init__(self, path: str, *, nothing: bool) -> None:
        self.path = path
        self.members: dict[str, Any] = {}
        self.text: list[str] = []
        self.nothing = nothing


class _Target:
    """Builds documents as elements end, so that no tree of the whole file is ever held."""

    def __init__(self, profile: Xml, notes: Notes, columns: list[str]) -> None:
        self.documents: list[dict[str, Any]] = []
        self.outer: dict[str, Any] = {}
        self.row: Callable[[], int] = lambda: 0
        self._profile = profile
        self._notes = notes
        self._columns = columns
        self._seen: set[str] = set(columns)
        self._record = profile.record.split("/")
        self._lists = frozenset(profile.lists)
        self._known = {column.name: column for column in profile.columns}
        self._readers = {name: reader_of(c, profile) for name, c in self._known.items()}
        self._required = _by_parent(profile)
        self._above: list[str] = []  # names of the open elements around a document, or beside them
        self._open: list[_Node] = []  # those of the document
        self._beside_text: list[str] = []
        self._values = 0

    # What the parser calls.

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        depth = len(self._above) + len(self._open) + 1
        if depth > self._profile.max_depth:
            raise Refusal(issue("xml_too_deep", row=self.row(), value=self._profile.max_depth))
        self._count(1 + len(attributes))
        if self._open or [*self._above, name] == self._record:
            self._begin(name, attributes)
        else:
            self._enter(name, attributes)

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].text.append(text)
        else:
            self._beside_text.append(text)

    def end(self, tag: str) -> None:
        if self._open:
            self._finish()
        else:
            self._leave()

    def close(self) -> None:
        return None

    # Around the documents.

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        if not self._above and name != self._record[0]:
            raise Refusal(issue("xml_root", row=self.row(), value=name))
        self._above.append(name)
        self._beside_text = []
        path = "/".join(self._above)
        for attribute, value in attributes.items():
            self._keep_outer(f"{path}/@{_local(attribute)}", value)
        if not self._leads_to_record() and not self._is_beside():
            self._notes.add("column_new", row=self.row(), column=path, value=name)

    def _leads_to_record(self) -> bool:
        return self._above == self._record[: len(self._above)]

    def _is_beside(self) -> bool:
        counted = self._profile.count
        path = "/".join(self._above)
        around = counted == path or counted.startswith(f"{path}/")
        return around or any(name in self._profile.beside for name in self._above)

    def _leave(self) -> None:
        text = _short("".join(self._beside_text).strip(), self.row())
        if text:
            self._keep_outer("/".join(self._above), text)
        self._beside_text = []
        self._above.pop()

    def _keep_outer(self, path: str, value: str) -> None:
        if len(self.outer) < self._profile.max_columns:
            self.outer.setdefault(path, value)

    # Inside of one.

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if self._open:
            above = self._open[-1].path
            path = f"{above}/{name}" if above else name
        else:
            path = ""
            if len(self.documents) >= self._profile.max_rows:
                raise Refusal(issue("too_many_rows", value=self._profile.max_rows))
        nothing = attributes.get(f"{_INSTANCE}nil") in ("true", "1")
        node = _Node(path, nothing=nothing)
        self._open.append(node)
        for attribute, text in attributes.items():
            if not attribute.startswith(_INSTANCE):
                member = f"@{_local(attribute)}"
                if member in node.members:  # of two namespaces
                    raise Refusal(issue("column_twice", row=self.row(), value=_below(path, member)))
                node.members[member] = self._value(_below(path, member), text)

    def _finish(self) -> None:
        node = self._open.pop()
        text = "".join(node.text)
        if not node.nothing:
            self._check_members(node)
        if not self._open:
            if text.strip():
                node.members[_AS_TEXT] = self._value(_AS_TEXT, text)
            self.documents.append(node.members)
            return
        name = node.path.rpartition("/")[2]
        above = self._open[-1].members
        value = self._value_of(node, text)
        if node.path in self._lists:
            above.setdefault(name, []).append(value)
        elif name not in above:
            above[name] = value
        elif isinstance(above[name], list):
            above[name].append(value)
        else:
            above[name] = [above[name], value]

    def _value_of(self, node: _Node, text: str) -> Any:
        if not node.members:
            return None if node.nothing else self._value(node.path, text)
        elements = any(not name.startswith("@") for name in node.members)
        agreed = node.path in self._known
        if agreed and elements:
            self._note("not_a_value", node.path)
        if agreed and not elements:  # a value with attributes
            value = None if node.nothing else self._value(node.path, text)
        else:
            value = self._value(_below(node.path, _AS_TEXT), text) if text.strip() else None
        if value is not None:
            node.members[_AS_TEXT] = value
        return node.members

    def _value(self, path: str, text: str) -> Any:
        self._found(path)
        read: Read | None = self._readers.get(path)
        kept = text.strip() if self._profile.trim else text
        _short(kept, self.row())
        if read is None:
            return kept or None
        value, wrong = read(text)
        if wrong:
            self._note(wrong, path, kept)
        return value

    def _found(self, path: str) -> None:
        if path in self._seen:
            return
        self._seen.add(path)
        self._columns.append(path)
        if len(self._columns) > self._profile.max_columns:
            raise Refusal(
                issue("too_many_columns", row=self.row(), value=self._profile.max_columns)
            )
        if self._known and path not in self._known and not self._is_group(path):
            self._notes.add("column_new", row=self.row(), column=path, value=path)

    def _is_group(self, path: str) -> bool:
        """An element agreed to have members may come without any."""
        return any(name.startswith(f"{path}/") for name in self._known)

    def _check_members(self, node: _Node) -> None:
        for member in self._required.get(node.path, ()):
            if member not in node.members:
                self._note("value_missing", _below(node.path, member))

    def _note(self, code: str, path: str, value: str = "") -> None:
        here = len(self.documents)
        self._notes.add(code, row=self.row(), column=path, value=value, document=here)

    def _count(self, more: int) -> None:
        self._values += more
        if self._values > self._profile.max_values:
            raise Refusal(issue("too_many_values", row=self.row(), value=self._profile.max_values))

    def check_end(self) -> None:
        """Refusal if the file counts other documents than there are."""
        if self._profile.count:
            said = str(self.outer.get(self._profile.count, ""))
            if not said:
                raise Refusal(issue("trailer_missing", value=self._profile.count))
            number = len(self.documents)
            check_count(said, number, COUNT, self._profile, self._notes, row=None)


def _by_parent(profile: Xml) -> dict[str, list[str]]:
    """What has to be in an element, by the element's path."""
    found: dict[str, list[str]] = {}
    for column in profile.columns:
        above, _, name = column.name.rpartition("/")
        if column.required:
            found.setdefault(above, []).append(name)
    return found


def _short(text: str, row: int) -> str:
    if len(text) > _MOST_TEXT:
        raise Refusal(issue("field_too_long", row=row, value=f"{_MOST_TEXT:,}"))
    return text


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name
