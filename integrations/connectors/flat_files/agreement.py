"""What was agreed about files: their names, what is in them, and how they are written: YAML. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Final

from integrations.canonical.schema import OBJECT_TYPES
from integrations.connectors.described.description import MOST_BYTES, DescriptionError
from integrations.connectors.described.entries import Entries
from integrations.connectors.flat_files import file_naming
from integrations.formats import flat
from integrations.yaml_source import Fault, Path, RefusedError, read_source

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,29}")
_PATTERN: Final = re.compile(r"[^/\\\x00-\x1f]{1,100}")
_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_MOST: Final = 40
NONE: Final = "none"  # of files that bring no documents: they are kept, to be published as tables


@dataclass(frozen=True)
class Incoming:
    """Files that come: `pattern` is of their names. `object_type` is blank where they bring no documents.
    `add` is put into every document: field → text."""

    name: str
    pattern: str
    object_type: str
    profile: flat.AnyProfile
    add: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outgoing:
    """Files that go: `file_name` as in `file_naming`."""

    object_type: str
    file_name: str
    profile: flat.AnyProfile


@dataclass(frozen=True)
class Agreement:
    incoming: Mapping[str, Incoming]
    outgoing: Mapping[str, Outgoing]

    @property
    def patterns(self) -> tuple[str, ...]:
        return tuple(entry.pattern for entry in self.incoming.values())

    def of_file(self, name: str) -> Incoming | None:
        """The first entry whose pattern fits, in the order they were entered."""
        fits = (e for e in self.incoming.values() if fnmatchcase(name.lower(), e.pattern.lower()))
        return next(fits, None)

    def of_topic(self, topic: str, object_type: str = "") -> Incoming | None:
        """The entry that a stored file or document names. One that names none is of the only entry there
        is, or the only one for `object_type`."""
        if topic:
            return self.incoming.get(topic.partition(":")[0])
        fits = [e for e in self.incoming.values() if object_type in {"", e.object_type}]
        return fits[0] if len(fits) == 1 else None


@lru_cache(maxsize=64)
def parse(text: str) -> Agreement:
    """The agreement that `text` is. DescriptionError names the line and key of all that is wrong."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > MOST_BYTES:
        raise DescriptionError([Fault(1, "", f"It may have at most {MOST_BYTES} bytes.")])
    try:
        source = read_source(raw)
    except RefusedError as error:
        raise DescriptionError(error.faults) from None
    if source.data is None:
        raise DescriptionError([Fault(1, "", "The agreement is empty.")])
    faults: list[Fault] = []
    whole = Entries(source, (), source.data, faults)
    incoming = {name: _incoming(name, group) for name, group in whole.groups("incoming")}
    outgoing = {name: _outgoing(name, group) for name, group in whole.groups("outgoing")}
    if not incoming and not outgoing:
        whole.refuse("incoming", "Name at least one kind of file that comes or goes.")
    if len(incoming) > _MOST:
        whole.refuse("incoming", f"There may be {_MOST} at most.")
    whole.done()
    if faults:
        raise DescriptionError(faults)
    return Agreement(
        {name: entry for name, entry in incoming.items() if entry},
        {name: entry for name, entry in outgoing.items() if entry},
    )


def complaint(text: str) -> str:
    """What is wrong with an agreement, in sentences; empty when nothing is."""
    try:
        parse(text)
    except DescriptionError as error:
        return str(error)
    return ""


def _incoming(name: str, group: Entries) -> Incoming | None:
    if not _NAME.fullmatch(name):
        group.refuse("", "A kind of file has a name of small letters, digits, _ and -.")
    pattern = group.text("name")
    if pattern and not _PATTERN.fullmatch(pattern):
        group.refuse("name", "A pattern of file names is wanted, such as orders_*.csv.")
    object_type = group.choice("object", (*OBJECT_TYPES, NONE))
    add = group.texts("add")
    profile = _profile(group)
    group.done()
    kind = "" if object_type == NONE else object_type
    return Incoming(name, pattern, kind, profile, add) if profile else None


def _outgoing(object_type: str, group: Entries) -> Outgoing | None:
    if object_type not in OBJECT_TYPES:
        known = ", ".join(OBJECT_TYPES)
        group.refuse("", f"There is no object type {object_type}. There are: {known}.")
    name = group.text("name", file_naming.USUAL)
    if wrong := file_naming.complaint(name):
        group.refuse("name", wrong)
    profile = _profile(group)
    group.done()
    try:
        if profile:
            flat.write([], profile)
    except flat.ProfileError as error:
        group.refuse(("profile", *_path(error.key)), _sentence(error))
    return Outgoing(object_type, name, profile) if profile else None


def _profile(group: Entries) -> flat.AnyProfile | None:
    given = group.plain("profile")
    if given is None:
        group.refuse("profile", "This key is missing.")
        return None
    try:
        return flat.profile_of(given)
    except flat.ProfileError as error:
        group.refuse(("profile", *_path(error.key)), _sentence(error))
        return None


def _path(key: str) -> Path:
    """`columns[2].kind` as its steps."""
    return tuple(int(n) if n else name for n, name in _STEP.findall(key))


def _sentence(error: flat.ProfileError) -> str:
    return str(error).removeprefix(f"{error.key}: ") if error.key else str(error)


def of(settings: Mapping[str, Any]) -> Agreement:
    """The agreement that was entered. DescriptionError as for `parse`."""
    return parse(str(settings.get("agreement") or ""))
