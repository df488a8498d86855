"""A small GraphQL executor for counterparts: queries over plain data, no schema. What a document does not
select is not given, and what the data has not is null.

Values that are callables are called with the field's arguments, and with `idempotency_key` where the field has
that directive.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_TOKEN = re.compile(
    r'\.\.\.|[A-Za-z_][A-Za-z0-9_]*|\$[A-Za-z_]\w*|"(?:[^"\\]|\\.)*"|-?[0-9.]+|[{}()\[\]:!=@]'
)


class Field(NamedTuple):
    name: str
    args: dict[str, Any]
    key: Any
    picks: list[Any]  # of Field and Spread


class Spread(NamedTuple):
    kind: str
    picks: list[Any]


class Variable(NamedTuple):
    name: str


class Document:
    """One operation and its fragments."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        self.kind, self.name = "", ""
        self._fragments: dict[str, Spread] = {}
        self._picks: list[Any] = []
        while self._at < len(self._tokens):
            self._definition()

    def run(self, root: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        return self._select(root, self._picks, variables)

    def _select(
        self, source: Mapping[str, Any], picks: list[Any], variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for pick in self._flat(source, picks):
            value = source.get(pick.name)
            if callable(value):
                args = {name: _filled(arg, variables) for name, arg in pick.args.items()}
                if pick.key is not None:
                    args["idempotency_key"] = _filled(pick.key, variables)
                value = value(**args)
            found[pick.name] = self._value(value, pick.picks, variables)
        return found

    def _value(self, value: Any, picks: list[Any], variables: Mapping[str, Any]) -> Any:
        if isinstance(value, list):
            return [self._value(one, picks, variables) for one in value]
        return self._select(value, picks, variables) if isinstance(value, dict) and picks else value

    def _flat(self, source: Mapping[str, Any], picks: list[Any]) -> Iterator[Field]:
        for pick in picks:
            spread = self._fragments[pick] if isinstance(pick, str) else pick
            if isinstance(spread, Field):
                yield spread
            elif spread.kind in (source.get("__typename", spread.kind), source.get("__interface")):
                yield from self._flat(source, spread.picks)

    def _next(self, *wanted: str) -> str:
        token = self._tokens[self._at]
        assert not wanted or token in wanted, (token, wanted)
        self._at += 1
        return token

    def _peek(self) -> str:
        return self._tokens[self._at]

    def _definition(self) -> None:
        kind = self._next("query", "mutation", "fragment")
        name = self._next()
        if kind == "fragment":
            self._next("on")
            of = self._next()
            self._fragments[name] = Spread(of, self._set())
            return
        self.kind, self.name = kind, name
        if self._peek() == "(":
            while self._next() != ")":
                pass
        self._picks = self._set()

    def _set(self) -> list[Any]:
        self._next("{")
        picks: list[Any] = []
        while self._peek() != "}":
            if self._peek() == "...":
                self._next()
                name = self._next()
                picks.append(Spread(self._next(), self._set()) if name == "on" else name)
            else:
                picks.append(self._field())
        self._next("}")
        return picks

    def _field(self) -> Field:
        name, args, key = self._next(), {}, None
        if self._peek() == "(":
            args = self._args()
        while self._peek() == "@":
            self._next()
            assert self._next() == "idempotent"
            key = self._args()["key"]
        return Field(name, args, key, self._set() if self._peek() == "{" else [])

    def _args(self) -> dict[str, Any]:
        self._next("(")
        args = {}
        while self._peek() != ")":
            name = self._next()
            self._next(":")
            args[name] = self._literal()
        self._next(")")
        return args

    def _literal(self) -> Any:
        token = self._next()
        if token == "[":
            found = []
            while self._peek() != "]":
                found.append(self._literal())
            self._next("]")
            return found
        if token == "{":
            entries = {}
            while self._peek() != "}":
                name = self._next()
                self._next(":")
                entries[name] = self._literal()
            self._next("}")
            return entries
        if token[0] == "$":
            return Variable(token[1:])
        if token[0] == '"':
            return token[1:-1]
        plain = {"true": True, "false": False, "null": None}
        return plain[token] if token in plain else int(token) if token.isdigit() else token


def _filled(value: Any, variables: Mapping[str, Any]) -> Any:
    if isinstance(value, Variable):
        return variables.get(value.name)
    if isinstance(value, list):
        return [_filled(one, variables) for one in value]
    if isinstance(value, dict):
        return {name: _filled(one, variables) for name, one in value.items()}
    return value
