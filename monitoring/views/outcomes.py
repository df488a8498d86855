"""Verdicts and outcomes of documents as shapes and words."""

_SHAPES = {
    "pass": ("good", "pass"), "fail": ("bad", "fail"), "impossible": ("waiting", "not possible"),
    "moving": ("work", "on the way"), "passed": ("good", "passed"), "held": ("bad", "held again"),
    "left": ("waiting", "left as it was"), "taken_back": ("good", "taken back"),
    "compensated": ("risk", "cancelled there"), "stays": ("bad", "stays"), "": ("waiting", "not let go"),
}  # fmt: skip


def outcome(kind: str) -> tuple[str, str]:
    """The shape and the word for a verdict or an outcome."""
    return _SHAPES[kind]
