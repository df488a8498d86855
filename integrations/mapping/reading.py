"""A JSONata source as one of the forms, by recursive descent over its tokens."""

import json
from collections.abc import Callable
from typing import Final

from integrations.mapping.forms import (
    COMPARISONS,
    READINGS,
    UNIT_TABLES,
    Concat,
    Condition,
    Constant,
    Currency,
    Date,
    Field,
    Form,
    Link,
    Lookup,
    Several,
    Unit,
    When,
)
from integrations.mapping.tokens import Token, arguments, closing, tokens

_ROOTS: Final = frozenset({"$", "$$", "$root", "$parent", "$context", "$index"})
_LITERALS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_WORDS: Final = frozenset({"and", "or", "in", "function", "λ", *_LITERALS})
_NO_PREDICATE: Final = frozenset({"{", "}", ";", ":=", "~>"})
_FILLED: Final = ["$", "!=", '""']


class Unreadable(ValueError):
    """The source is none of the forms."""


def read_source(source: str) -> Form:
    """Unreadable, or ValueError, where only a formula says it."""
    reader = _Reader(source, tokens(source))
    form = reader.choice()
    reader.need(reader.next is None)
    return form


class _Reader:
    def __init__(self, source: str, found: list[Token]) -> None:
        self.source = source
        self.found = found
        self.at = 0

    @property
    def next(self) -> Token | None:
        return self.found[self.at] if self.at < len(self.found) else None

    def need(self, condition: object) -> None:
        if not condition:
            raise Unreadable(self.source)

    def is_next(self, *texts: str) -> bool:
        token = self.next
        return token is not None and token.kind in ("sign", "name") and token.text in texts

    def take(self, text: str) -> bool:
        found = self.is_next(text)
        self.at += found
        return found

    def choice(self) -> Form:
        left = self.chain()
        if self.is_next(*COMPARISONS):
            operator = self.found[self.at].text
            self.at += 1
            test = self.test(left, operator, self.chain())
            self.need(self.is_next("?"))
        elif self.is_next("?"):
            test = self.test(left, "filled", None)
        else:
            return left
        self.take("?")
        then = self.choice()
        return Condition(test, then, self.choice() if self.take(":") else None)

    def test(self, left: Form, operator: str, right: Form | None) -> When:
        plain = (Field, Constant)
        if not isinstance(left, Field):
            raise Unreadable(self.source)
        if right is None:
            return When(left, operator)
        if operator == "in" and isinstance(right, Several):
            self.need(not right.filled and all(isinstance(part, plain) for part in right.parts))
            return When(left, operator, right)
        if isinstance(right, plain):
            return When(left, operator, right)
        raise Unreadable(self.source)

    def chain(self) -> Form:
        parts = [self.value()]
        while self.take("&"):
            parts.append(self.value())
        return Concat(tuple(parts)) if len(parts) > 1 else parts[0]

    def value(self) -> Form:
        token = self.next
        if token is None:
            raise Unreadable(self.source)
        if token.kind == "string":
            self.at += 1
            return Constant(text_of(token))
        if token.kind == "number" or token.text == "-":
            return self.number()
        if token.kind == "name" and token.text in _LITERALS and not self.continues(1):
            self.at += 1
            return Constant(_LITERALS[token.text])
        if token.text == "(" and token.kind == "sign":
            return self.group()
        if token.text == "[" and token.kind == "sign":
            return self.several()
        if token.kind == "variable" and self.continues(1, "("):
            return self.call(token.text[1:])
        return Field(self.path())

    def continues(self, ahead: int, *texts: str) -> bool:
        index = self.at + ahead
        if index >= len(self.found) or self.found[index].kind != "sign":
            return False
        return self.found[index].text in (texts or (".", "[", "("))

    def number(self) -> Form:
        minus = self.take("-")
        token = self.next
        if token is None or not token.text.isdecimal() or not token.text.isascii():
            raise Unreadable(self.source)
        self.need(len(token.text) <= 15 and not self.continues(1))
        self.at += 1
        return Constant(-int(token.text) if minus else int(token.text))

    def group(self) -> Form:
        self.at += 1
        form = self.choice()
        self.need(self.take(")") and not self.continues(0))
        return form

    def several(self) -> Form:
        last = closing(self.found, self.at)
        parts = tuple(self.inner(part) for part in arguments(self.found, self.at))
        self.at = last + 1
        filled = False
        if self.is_next("["):
            end = closing(self.found, self.at)
            self.need([token.text for token in self.found[self.at + 1 : end]] == _FILLED)
            self.at, filled = end + 1, True
        self.need(not self.continues(0))
        return Several(parts, filled)

    def inner(self, part: list[Token]) -> Form:
        reader = _Reader(self.source, part)
        form = reader.choice()
        self.need(reader.next is None)
        return form

    def call(self, name: str) -> Form:
        opening = self.at + 1
        last = closing(self.found, opening)
        parts = [self.inner(part) for part in arguments(self.found, opening)]
        self.at = last + 1
        self.need(not self.continues(0))
        form = _read_call(name, parts)
        if form is None:
            raise Unreadable(self.source)
        return form

    def path(self) -> str:
        start = self.found[self.at].at
        end = self.step(first=True)
        while True:
            if self.is_next("["):
                last = closing(self.found, self.at)
                inside = self.found[self.at + 1 : last]
                self.need(inside)
                self.need(all(t.kind != "sign" or t.text not in _NO_PREDICATE for t in inside))
                end, self.at = self.found[last].end, last + 1
            elif self.take("."):
                end = self.step(first=False)
            else:
                self.need(not self.is_next("("))
                return self.source[start:end]

    def step(self, *, first: bool) -> int:
        token = self.next
        if token is None:
            raise Unreadable(self.source)
        root = first and token.kind == "variable" and token.text in _ROOTS
        name = token.kind == "quoted" or (token.kind == "name" and token.text not in _WORDS)
        self.need(root or name)
        self.at += 1
        return token.end


def text_of(token: Token) -> str:
    """What a string literal says. ValueError where JSON has no such escape."""
    if token.text[0] == '"':
        return str(json.loads(token.text, strict=False))
    if "\\" in token.text or '"' in token.text:
        raise ValueError("a text in single quotes with escapes")
    return token.text[1:-1]


def _read_call(name: str, parts: list[Form]) -> Form | None:
    if name in READINGS and len(parts) == 1:
        return _read_reading(name, parts[0])
    read = _CALLS.get(name)
    return read(parts) if read else None


def _read_reading(name: str, part: Form) -> Form | None:
    if isinstance(part, Field) and not part.reading:
        return Field(part.path, name)
    if name == "trim" and isinstance(part, Concat) and not part.trim:
        return Concat(part.parts, part.separator, trim=True)
    return None


def _read_date(parts: list[Form]) -> Form | None:
    if len(parts) == 1 and isinstance(parts[0], Field):
        return Date(parts[0])
    return None


def _read_time(parts: list[Form]) -> Form | None:
    if not parts or len(parts) > 2 or not isinstance(parts[0], Field):
        return None
    zone = parts[1] if len(parts) == 2 else None
    return Date(parts[0], "time", zone) if isinstance(zone, Field | Constant | None) else None


def _read_money(parts: list[Form]) -> Form | None:
    return Currency(parts[0], parts[1]) if len(parts) == 2 else None


def _read_lookup(parts: list[Form]) -> Form | None:
    named = _named(parts)
    if named is None:
        return None
    table, of, default = named
    return Unit(of, table, default) if table in UNIT_TABLES else Lookup(table, of, default)


def _read_binding(parts: list[Form]) -> Form | None:
    named = _named(parts)
    return Link(*named) if named else None


def _named(parts: list[Form]) -> tuple[str, Field, Form | None] | None:
    if len(parts) not in (2, 3) or not isinstance(parts[1], Field):
        return None
    if not isinstance(parts[0], Constant) or not isinstance(parts[0].value, str):
        return None
    return parts[0].value, parts[1], parts[2] if len(parts) == 3 else None


def _read_join(parts: list[Form]) -> Form | None:
    """`$join([$string(a), $string(b)], ", ")`, the only way in which it is written."""
    if len(parts) != 2 or not isinstance(parts[0], Several) or parts[0].filled:
        return None
    separator = parts[1].value if isinstance(parts[1], Constant) else None
    texts = [_unwrapped(part) for part in parts[0].parts]
    if not isinstance(separator, str) or not separator or len(texts) < 2:
        return None
    found = tuple(Field(text) for text in texts if text is not None)
    return Concat(found, separator) if len(found) == len(texts) else None


def _unwrapped(part: Form) -> str | None:
    return part.path if isinstance(part, Field) and part.reading == "string" else None


_CALLS: Final[dict[str, Callable[[list[Form]], Form | None]]] = {
    "date": _read_date,
    "utc": _read_time,
    "money": _read_money,
    "lookup": _read_lookup,
    "binding": _read_binding,
    "join": _read_join,
}
