"""What many differences of one field mean together."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from integrations.evidence.changes import DocumentChange, FieldChange
from integrations.evidence.judge import is_empty
from integrations.evidence.roles import Role, address_of, role_of
from integrations.evidence.texts import cuts_word, is_cut, plain
from integrations.evidence.verdict import Verdict, alarm, note

_MANY: Final = 3
_MOST_OF_THEM: Final = 0.8
_TELLING: Final = 3  # characters of a value that two fields do not share by chance
_MERGED_IDS: Final = frozenset({"sku", "item", "account", "site", "customer"})
_DISTINCT_ROLES: Final = frozenset({Role.CODE, Role.CURRENCY})
_MOST_VALUES: Final = 10_000
_PART: Final = re.compile(r"`[^`]+`(?:\[\])?|[^.`]+")


class Changed(NamedTuple):
    """A difference and the document it is in."""

    document: DocumentChange
    change: FieldChange


def judge_together(
    path: str, changed: Sequence[Changed], documents: Sequence[DocumentChange]
) -> Verdict | None:
    """A verdict on the whole of a field over `documents`, the unchanged ones with it, or None."""
    pairs = [one for one in changed if one.change.kind == "changed"]
    texts = [one for one in pairs if isinstance(one.change.after, str)]
    if not texts:
        return None
    return (
        _truncated(path, texts)
        or _collapsed(path, documents)
        or _fallen_together(path, documents)
        or _other_field(path, texts)
    )


def _truncated(path: str, changed: Sequence[Changed]) -> Verdict | None:
    """Cut within words, or at one length. A suffix taken off everywhere is neither."""
    cuts = [
        (one.change.before, one.change.after)
        for one in changed
        if isinstance(one.change.before, str) and is_cut(one.change.before, one.change.after)
    ]
    lengths = Counter(len(after) for _, after in cuts)
    texts = role_of(path) in (Role.NAME, Role.PROSE, Role.WORD, Role.PLACE)
    at_one_length = max(lengths.values(), default=0) >= _MANY and len(lengths) <= 2
    distinct = len({before for before, _ in cuts}) >= _MANY
    within = any(cuts_word(before, after) for before, after in cuts)
    if texts and cuts and (within or (at_one_length and distinct)):
        return alarm("truncated", f"at {max(lengths)} characters" if len(lengths) <= 2 else "")
    return None


def _collapsed(path: str, documents: Sequence[DocumentChange]) -> Verdict | None:
    old, new = _all_values(path, documents)
    return alarm("collapsed") if len(set(old)) >= _MANY and len(set(new)) == 1 else None


def _fallen_together(path: str, documents: Sequence[DocumentChange]) -> Verdict | None:
    name = path.rpartition(".")[2].removesuffix("[]")
    if role_of(path) not in _DISTINCT_ROLES and name not in _MERGED_IDS:
        return None
    known: dict[str, set[str]] = defaultdict(set)
    for one in documents:
        for before, after in _pairs(path, one):
            known[after].add(plain(before))
    return alarm("fallen_together") if any(len(came) > 1 for came in known.values()) else None


def _pairs(path: str, one: DocumentChange) -> Iterator[tuple[str, str]]:
    """(old, new) of each value: the changed ones as told, all others with themselves."""
    changed = [c for c in one.fields if c.path == path and c.kind == "changed"]
    left = Counter(map(str, _values(one.old.body, path)))
    for change in changed:
        left[str(change.before)] -= 1
        yield str(change.before), str(change.after)
    yield from ((value, value) for value, times in left.items() if times > 0)


def _all_values(path: str, documents: Sequence[DocumentChange]) -> tuple[list[str], list[str]]:
    old, new = [], []
    for one in documents[:_MOST_VALUES]:
        if one.old.body is not None and one.new.body is not None:
            old += [str(value) for value in _values(one.old.body, path)]
            new += [str(value) for value in _values(one.new.body, path)]
    return old, new


def _values(body: Any, path: str) -> list[Any]:
    nodes = [body]
    for part in _PART.findall(path):
        name, is_list = part.removesuffix("[]").strip("`"), part.endswith("[]")
        nodes = [node[name] for node in nodes if isinstance(node, dict) and name in node]
        if is_list:
            nodes = [entry for node in nodes if isinstance(node, list) for entry in node]
    return [node for node in nodes if not isinstance(node, dict | list)]


def _other_field(path: str, changed: Sequence[Changed]) -> Verdict | None:
    """The new values are what one other field held before, in nearly all changed documents."""
    sources: Counter[str] = Counter()
    for one in changed:
        sources.update(_holders(path, one))
    source, times = max(sources.items(), key=lambda found: (found[1], found[0]), default=("", 0))
    distinct = len({one.change.after for one in changed})
    if times < max(2, _MOST_OF_THEM * len(changed)) or distinct < 2:
        return None
    return _taken_over(path, source)


def _taken_over(path: str, source: str) -> Verdict:
    detail = f"from {source}"
    role = role_of(path)
    address, other = address_of(path), address_of(source)
    crossed = bool(address and other and address != other)
    gentle = role in (Role.NAME, Role.PROSE) or role_of(source) is Role.PROSE
    return alarm("other_field", detail) if crossed or not gentle else note("text_changed", detail)


def _holders(path: str, one: Changed) -> set[str]:
    """General paths of fields whose old value is the new value here."""
    wanted, change = one.change.after, one.change
    if len(str(wanted)) < _TELLING or is_empty(wanted):
        return set()
    found = {name for name, value in _leaves(one.document.old.body, "") if value == wanted}
    around = change.around_before
    if "[]" in path and isinstance(around, dict):
        prefix = path.rpartition(".")[0]
        found |= {f"{prefix}.{name}" for name, value in around.items() if value == wanted}
    return found - {path}


def _leaves(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Scalars outside lists."""
    if isinstance(node, dict) and path.count(".") < 4:
        for name, value in node.items():
            yield from _leaves(value, f"{path}.{name}" if path else name)
    elif isinstance(node, str):
        yield path, node
