"""What the ERP's refusal is about: the value of the document that its words name. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten

_SHORTEST_NAME: Final = 3  # shorter values stand in many a sentence


def problem_of(code: str, words: str, document: Mapping[str, Any], *, at: str) -> Problem:
    """The ERP's own words, at the value of the document that they name, or at the line `at`."""
    path, value = _spoken_of(words, document)
    if not path and at:
        path, value = f"{at}.item", dict(_values(document)).get(f"{at}.item", "")
    return Problem(code, path, shorten(value), f"The ERP says: {words}")


def _spoken_of(words: str, document: Mapping[str, Any]) -> tuple[str, str]:
    spoken = {word.strip("\"'.,;:()[]") for word in words.split()}
    for path, value in _values(document):
        if len(value) >= _SHORTEST_NAME and value in spoken:
            return path, value
    return "", ""


def _values(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        path = f"{prefix}{name}"
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, Mapping):
            yield from _values(value, f"{path}.")
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                if isinstance(entry, Mapping):
                    yield from _values(entry, f"{path}[{index}].")
