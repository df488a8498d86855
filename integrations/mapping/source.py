"""From rows to JSONata: one expression for the whole mapping, and one for each row alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from integrations.mapping.functions import prelude
from integrations.mapping.targets import Target, format_target, parse_target


class Row(NamedTuple):
    """`target` path ← JSONata `source`. The order of rows is the order of the body's fields.

    A row `lines[]` gives the entries of a list. Rows below it (`lines[].sku`) are evaluated for
    each entry, which is their `$`; `$index` is its place from 0, `$parent` what the list itself
    was read from, `$root` the whole document. Without rows below it the entries themselves make
    the list. Null or nothing is an empty list, one value a list of one. Lists nest two deep.
    `$context` is what the run was given beside the document.
    """

    target: str
    source: str


class MappingSyntaxError(ValueError):
    """A row that cannot be compiled. `position` is the place in its source where reading stopped,
    or None where the fault is not at a place."""

    def __init__(
        self, *, row_index: int, target: str, message: str, position: int | None = None
    ) -> None:
        super().__init__(f"Row {row_index + 1}, {target}: {message}")
        self.row_index = row_index
        self.target = target
        self.message = message
        self.position = position


@dataclass(slots=True)
class Node:
    """A field of the body under construction; `row` is the index of its own row, if it has one."""

    path: Target = ()
    row: int | None = None
    children: dict[str, "Node"] = field(default_factory=dict)

    @property
    def loops(self) -> bool:
        return bool(self.path) and self.path[-1].loop


def build_tree(rows: Sequence[Row]) -> Node:
    """The rows as a tree of fields. MappingSyntaxError for targets that contradict each other."""
    tree, faults = grow_tree(rows, range(len(rows)))
    if faults:
        raise faults[0]
    return tree


def grow_tree(rows: Sequence[Row], usable: Iterable[int]) -> tuple[Node, list[MappingSyntaxError]]:
    """The rows at the `usable` indices as a tree of fields, and each of them that finds no place.

    A row whose target contradicts an earlier one's is left out of the tree. Rows below a list that
    no row gives are in it.
    """
    root = Node()
    faults = []
    for index in usable:
        try:
            _place(root, parse_target(rows[index].target), index)
        except ValueError as error:
            faults.append(_fault(rows, index, str(error)))
    _collect_orphans(root, rows, faults)
    return root, faults


def _fault(rows: Sequence[Row], index: int, message: str) -> MappingSyntaxError:
    return MappingSyntaxError(row_index=index, target=rows[index].target, message=message)


def _place(root: Node, target: Target, index: int) -> None:
    node = root
    for depth, segment in enumerate(target):
        if node.row is not None and not node.loops:
            raise ValueError(f"{format_target(node.path)} already has a source of its own.")
        path = target[: depth + 1]
        node = node.children.setdefault(segment.name, Node(path))
        if node.path != path:
            raise ValueError(f"{segment.name} is a list in one row and not in another.")
    if node.row is not None:
        raise ValueError("This target stands in an earlier row too.")
    if node.children and not node.loops:
        raise ValueError("Rows below this target give it its fields already.")
    node.row = index


def _collect_orphans(node: Node, rows: Sequence[Row], faults: list[MappingSyntaxError]) -> None:
    for child in node.children.values():
        if child.loops and child.row is None:
            message = f"No row says where {format_target(child.path)} comes from."
            faults.extend(_fault(rows, index, message) for index in _rows_of(child))
        else:
            _collect_orphans(child, rows, faults)


def _rows_of(node: Node) -> list[int]:
    own = [] if node.row is None else [node.row]
    return sorted(own + [row for child in node.children.values() for row in _rows_of(child)])


def whole_source(tree: Node, rows: Sequence[Row]) -> str:
    """One expression that gives the whole body."""
    return _frame(_emit(tree, rows))


def rows_around(tree: Node, rows: Sequence[Row], index: int) -> list[int]:
    """The rows of the loops in which the row at `index` is evaluated, outermost first."""
    way = _way(tree, parse_target(rows[index].target))
    return [node.row for node in way if node.loops and node.row not in (index, None)]


def row_source(tree: Node, rows: Sequence[Row], index: int) -> str:
    """An expression that evaluates one row on the whole document, through the loops around it.

    Around each evaluation it calls `$_at` with the path it is at, so that what goes wrong is told
    at the right line. What the loops around the row ask is told by their own rows.
    """
    target = parse_target(rows[index].target)
    loops = rows_around(tree, rows, index)
    path = _path_source(target, len(loops))
    body = f'($_at({path});$_v:=({rows[index].source});$_at("");$_v)'
    for depth in range(len(loops), 0, -1):
        listed = rows[loops[depth - 1]].source
        step = f'($i{depth}:=$string($index);{{"v":{body}}})'
        body = _loop(listed, step, everything=True)
    return _frame(body)


def _frame(body: str) -> str:
    start = prelude(body) + ("$root:=$$;" if "$root" in body else "")
    return f"({start}{body})" if start else body


def _emit(node: Node, rows: Sequence[Row]) -> str:
    own = rows[node.row].source if node.row is not None else ""
    if not node.children:
        return f"[({own})]" if node.loops else f"({own})"
    fields = ",".join(
        f"{_quote(name)}:{_emit(child, rows)}" for name, child in node.children.items()
    )
    return _loop(own, f"{{{fields}}}") if node.loops else f"{{{fields}}}"


def _loop(listed: str, step: str, *, everything: bool = False) -> str:
    # Null would be an entry of its own, and each extra binding costs time on every line.
    parent = "$parent:=$;" if everything or "$parent" in step else ""
    index = "#$index" if everything or "$index" in step else ""
    return f"($_l:=({listed});{parent}$_l=null?[]:[$_l{index}.{step}])"


def _way(tree: Node, target: Target) -> list[Node]:
    node, way = tree, []
    for segment in target:
        node = node.children[segment.name]
        way.append(node)
    return way


def _path_source(target: Target, loops: int) -> str:
    """`lines[].sku` as `"lines[" & $i1 & "].sku"`."""
    pieces = format_target(target).removesuffix("[]").split("[]", loops)
    source = _quote(pieces[0])
    for depth, piece in enumerate(pieces[1:], start=1):
        source += f'&"["&$i{depth}&"]"&{_quote(piece)}'
    return source


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
