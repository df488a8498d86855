"""A question to the domain name system, and what came back. Pure."""

from typing import NamedTuple


class Question(NamedTuple):
    """A name as the wire has it (punycode) and a kind, such as "TXT"."""

    name: str
    kind: str


class Answer(NamedTuple):
    """Values as a zone file has them, host names without the last dot. `silent`: nobody answered, which
    says nothing of whether there are any."""

    values: tuple[str, ...] = ()
    silent: bool = False
