"""Verdicts and outcomes of documents as shapes and words."""

_SHAPES = {
    "pass": ("good", "pass"), "fail": ("bad", "fail"), "impossible": ("waiting", "not possible"),
    "moving": ("work", "on the way"), "passed": ("good", "passed"), "held": ("bad", "held again"),
    "left": ("waiting", "left as it was"), "taken_back": ("good", "taken back"),
    "compensated": ("risk", "cancelled there"), "stays": ("bad", "stays"), "": ("waiting", "not let go"),
}  # fmt: skip
_ENDING = {"pass": "ends here", "passed": "ended", "impossible": "cannot be skipped"}
_ACCEPTING = {"pass": "accepted", "passed": "accepted"}


def outcome(kind: str, *, ends: bool = False, noted: bool = False) -> tuple[str, str]:
    """The shape and the word for a verdict or an outcome. `ends`: of a remedy that lets nothing go on;
    `noted`: the document is not held, what ends is the remark on it."""
    shape, word = _SHAPES[kind]
    if not ends:
        return shape, word
    return shape, {**_ENDING, **(_ACCEPTING if noted else {})}.get(kind, word)
