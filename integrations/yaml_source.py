"""YAML into plain data, with the line of every value: configuration files, templates, descriptions. Pure.

Plain scalars are read by the rules of YAML 1.2, so that `NO` is Norway, `17:30` a time of day and
`00123` a code. Keys are always text, and so are the codes of a lookup table, as they are written.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import yaml

Path = tuple[str | int, ...]
Entry = dict[str, Any]
Complaint = tuple[Path, str]  # where, and a sentence


class Fault(NamedTuple):
    """One thing wrong with a file: the line, the path of the value, and a sentence."""

    line: int
    path: str
    text: str


class RefusedError(Exception):
    """The file is not applied. A person has to mend what `faults` names."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults, the first in line {faults[0].line}")
        self.faults = faults


@dataclass
class Source:
    """A file's data and the line where each value stands."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def fault(self, path: Path, text: str) -> Fault:
        """A fault at `path`, in the line of the value or of what it would stand in."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return Fault(self.lines.get(known, 1), format_path(path), text)

    def entries(self, section: str) -> Iterator[tuple[Path, Entry]]:
        """The entries of a section, each with its path."""
        for index, entry in enumerate(self.data.get(section, [])):
            yield (section, index), entry


def format_path(path: Path) -> str:
    """`("flows", 1, "to")` as `flows[1].to`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    yaml_implicit_resolvers: dict[str | None, list[Any]] = {}


_NULL: Final = "tag:yaml.org,2002:null"
_BOOL: Final = "tag:yaml.org,2002:bool"
_INT: Final = "tag:yaml.org,2002:int"
_FLOAT: Final = "tag:yaml.org,2002:float"
_TEXT: Final = "tag:yaml.org,2002:str"
_DIGITS: Final = list("-+.0123456789")

for _tag, _pattern, _first in (
    (_NULL, r"^(?:~|null|)$", ["~", "n", ""]),
    (_BOOL, r"^(?:true|false)$", ["t", "f"]),
    (_INT, r"^-?(?:0|[1-9][0-9]*)$", _DIGITS),
    (_FLOAT, r"^-?(?:0|[1-9][0-9]*)\.[0-9]+(?:e[-+][0-9]+)?$", _DIGITS),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)

_MOST_REPEATED: Final = 10_000  # values that stand in the file once and are used again by an alias
_DEEPEST: Final = 50

_PLAIN: Final[dict[str, Callable[[str], Any]]] = {
    _NULL: lambda text: None,
    _BOOL: lambda text: text == "true",
    _INT: int,
    _FLOAT: float,
    _TEXT: str,
}


def read_source(text: bytes) -> Source:
    """The file's data. RefusedError for bytes that are no text, and for text that is no YAML."""
    decoded = _decode(text)
    try:
        _refuse_depth(decoded)
        node = yaml.compose(decoded, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise RefusedError([Fault(line, "", f"This is not YAML: {error.problem}.")]) from None
    source = Source()
    faults: list[Fault] = []
    if node is not None:
        source.data = _Reading(source, faults).value(node, ())
    if faults:
        raise RefusedError(faults)
    return source


def _refuse_depth(text: str) -> None:
    """The composer goes into itself for every level, until the process dies; the parser does not."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            sentence = f"Lists and groups nest deeper than {_DEEPEST} levels."
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise RefusedError([Fault(line, "", sentence)])


def _decode(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise RefusedError([Fault(line, "", "The file is not UTF-8 text.")]) from None
    if unfit := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, unfit.start()) + 1
        sentence = f"The character U+{ord(unfit[0]):04X} must not stand in the file."
        raise RefusedError([Fault(line, "", sentence)])
    return text


class _Reading:
    def __init__(self, source: Source, faults: list[Fault]) -> None:
        self._source = source
        self._faults = faults
        self._inside: list[yaml.Node] = []
        self._seen: set[yaml.Node] = set()
        self._repeated = 0

    def value(self, node: yaml.Node, path: Path) -> Any:
        self._count(node, path)
        self._source.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if any(node is outer for outer in self._inside):
            self._refuse(node, path, "This value contains itself.")
            return None
        self._inside.append(node)
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*path, n)) for n, item in enumerate(node.value)]
            return self._mapping(node, path)
        finally:
            self._inside.pop()

    def _count(self, node: yaml.Node, path: Path) -> None:
        """Ten lists of ten aliases each, one in the other, are a file of 1 kB and 10^10 values."""
        self._repeated += node in self._seen
        self._seen.add(node)
        if self._repeated > _MOST_REPEATED:
            text = f"Aliases repeat more than {_MOST_REPEATED} values."
            raise RefusedError([Fault(node.start_mark.line + 1, format_path(path), text)])

    def _mapping(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, path, "A key must be one word, not a list or a group.")
                continue
            where = (*path, key.value)
            self._source.lines[where] = key.start_mark.line + 1
            if key.value in found:
                self._refuse(key, where, "This key stands here twice.")
            found[key.value] = self.value(child, where)
        return found

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        if node.tag not in _PLAIN:
            self._refuse(node, path, f"The tag {node.tag} is not known here.")
            return None
        if _is_code(path) and node.tag != _NULL:
            return node.value
        try:
            return _PLAIN[node.tag](node.value)
        except ValueError:  # what Python takes for too many digits
            self._refuse(node, path, "This number has too many digits.")
            return None

    def _refuse(self, node: yaml.Node, path: Path, text: str) -> None:
        self._faults.append(Fault(node.start_mark.line + 1, format_path(path), text))


def _is_code(path: Path) -> bool:
    """Whether `path` is what a lookup table gives for a code."""
    return len(path) == 4 and path[0] == "lookups" and path[2] in ("rows", "default")
