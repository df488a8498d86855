"""Which problem codes a source file makes, and in which places that cannot be told by reading it."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

# Calls whose first argument is a code, and errors that become a problem with theirs.
MAKERS = {"Problem", "report", "problem_of"}
ERRORS = {"Permanent": 1, "NeedsCredentials": 1, "Retryable": None}
CHOOSER = "_code"
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Made(NamedTuple):
    codes: set[str]
    unclear: set[str]


def made_in(tree: ast.Module) -> Made:
    reader = _Reader(tree)
    reader.visit(tree)
    return Made(reader.codes, reader.unclear)


class _Reader(ast.NodeVisitor):
    def __init__(self, tree: ast.Module) -> None:
        self.tree, self.inside = tree, [tree]
        self.codes, self.unclear = set(), set()

    def visit_FunctionDef(self, node: Function) -> None:
        defaults = [*node.args.defaults, *node.args.kw_defaults]
        named = [*node.args.args[len(node.args.args) - len(node.args.defaults) :],
                 *node.args.kwonlyargs]  # fmt: skip
        for argument, default in zip(named, defaults, strict=True):
            if argument.arg == "code" and isinstance(default, ast.Constant) and default.value:
                self.codes.add(default.value)
        if node.name == CHOOSER:
            self.codes |= self._returned(node)
        self.inside.append(node)
        self.generic_visit(node)
        self.inside.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        place = 0 if name in MAKERS else ERRORS.get(name)
        if place is not None and len(node.args) > place:
            self._take(node.args[place])
        for keyword in node.keywords:
            if keyword.arg == "code":
                sure = name in MAKERS or name in ERRORS
                self._take(keyword.value) if sure else self._glance(keyword.value)
        self.generic_visit(node)

    def _take(self, node: ast.expr) -> None:
        found = self._codes(node, self.inside[-1])
        if found is None:
            self.unclear.add(ast.unparse(node))
        self.codes |= found or set()

    def _glance(self, node: ast.expr) -> None:
        self.codes |= {node.value} if isinstance(node, ast.Constant) and node.value else set()

    def _codes(self, node: ast.expr, scope: ast.AST) -> set[str] | None:
        """The codes an expression can be; None if some of them cannot be told."""
        if isinstance(node, ast.Constant):
            return {node.value} if node.value else set()
        if isinstance(node, ast.IfExp):
            return self._all([node.body, node.orelse], scope)
        if isinstance(node, ast.BoolOp):
            return self._all(node.values, scope)
        if isinstance(node, ast.Subscript):
            return self._codes(node.value, scope)
        if isinstance(node, ast.Dict):
            return self._all(node.values, scope)
        if isinstance(node, ast.Name):
            values = list(self._assigned(node.id, scope))
            return self._all(values, scope) if values else None
        if isinstance(node, ast.Call):
            return self._called(node, scope)
        return None

    def _called(self, node: ast.Call, scope: ast.AST) -> set[str] | None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            return self._all([node.func.value, *node.args[1:]], scope)
        if isinstance(node.func, ast.Name) and node.func.id == CHOOSER:
            return {a.value for a in node.args[:1] if isinstance(a, ast.Constant)}
        return None

    def _all(self, nodes: list[ast.expr], scope: ast.AST) -> set[str] | None:
        found = [self._codes(node, scope) for node in nodes]
        known = set().union(*(codes for codes in found if codes))
        if None in found:
            self.codes |= known
            return None
        return known

    def _assigned(self, name: str, scope: ast.AST) -> Iterator[ast.expr]:
        """What the name is set to in its function, or else at the top of the module."""
        for body in (ast.walk(scope), self.tree.body):
            values = [value for node in body if (value := _value_of(node, name)) is not None]
            if values:
                return iter(values)
        return iter(())

    def _returned(self, function: Function) -> set[str]:
        """What a function that chooses a code returns, beside what it was given."""
        given = {argument.arg for argument in function.args.args}
        found: set[str] = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                whole = node.value
                for part in [whole.body, whole.orelse] if isinstance(whole, ast.IfExp) else [whole]:
                    if not (isinstance(part, ast.Name) and part.id in given):
                        found |= self._codes(part, function) or set()
        return found


def _value_of(node: ast.AST, name: str) -> ast.expr | None:
    if isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return node.value if name in names else None
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.value if node.target.id == name else None
    return None
