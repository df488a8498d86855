"""JSONata as tokens: enough to read a source, not to run it."""

import re
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|/\*.*?\*/)
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<quoted>`[^`]+`)
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    |(?P<variable>\$\$|\$(?:[^\W\d]\w*)?)
    |(?P<name>[^\W\d]\w*)
    |(?P<sign>:=|!=|<=|>=|\*\*|\.\.|~>|\?\?|\?:|[-+*/%&=<>?:;,.(){}\[\]@\#^|])""",
    re.VERBOSE | re.DOTALL,
)
_PATTERN: Final = re.compile(r"/(?:[^/\\\n]|\\.)+/[im]*")
_ENDS_A_VALUE: Final = frozenset({"string", "quoted", "number", "variable", "name"})
_OPENS: Final = {"(": ")", "[": "]", "{": "}"}


class Token(NamedTuple):
    """`kind` is string, quoted, number, variable, name, sign or pattern; `at` is its place."""

    kind: str
    text: str
    at: int

    @property
    def end(self) -> int:
        return self.at + len(self.text)


def tokens(source: str) -> list[Token]:
    """The tokens of `source`, without spaces and comments. ValueError for what is no token."""
    found: list[Token] = []
    at = 0
    while at < len(source):
        divides = bool(found) and (found[-1].kind in _ENDS_A_VALUE or found[-1].text in ")]}")
        match = None if divides else _PATTERN.match(source, at)
        kind = "pattern"
        if match is None or source.startswith("/*", at):
            match = _TOKEN.match(source, at)
            kind = str(match.lastgroup) if match else ""
        if match is None:
            raise ValueError(f"“{source[at]}” is not expected here.")
        if kind != "space":
            found.append(Token(kind, match[0], at))
        at = match.end()
    return found


def closing(found: list[Token], opening: int) -> int:
    """The index of the token that closes the bracket at `opening`. ValueError if none does."""
    waiting: list[str] = []
    for index in range(opening, len(found)):
        kind, text, _ = found[index]
        if kind != "sign":
            continue
        if text in _OPENS:
            waiting.append(_OPENS[text])
        elif text in ")]}" and (not waiting or waiting.pop() != text):
            break
        if not waiting:
            return index
    raise ValueError("A bracket is not closed.")


def arguments(found: list[Token], opening: int) -> list[list[Token]]:
    """The tokens of each argument of the call whose bracket is at `opening`."""
    last = closing(found, opening)
    parts: list[list[Token]] = [[]]
    index = opening + 1
    while index < last:
        token = found[index]
        until = closing(found, index) if token.kind == "sign" and token.text in _OPENS else index
        if token.kind == "sign" and token.text == ",":
            parts.append([])
        else:
            parts[-1].extend(found[index : until + 1])
        index = until + 1
    return parts if parts != [[]] else []
