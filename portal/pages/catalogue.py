"""What can go wrong and what helps: docs/exceptions.md, made from the taxonomy."""

from html import escape

from monitoring import taxonomy
from monitoring.taxonomy import Kind

HEAD = """# Exceptions

Made by `manage.py exception_catalogue --write` from the files in `monitoring/taxonomy`; a test fails
when this page and they differ. S1 stops a whole flow, or loses money or goods; S2 puts single
documents at risk today; S3 has no deadline today; S4 is for information. What a rule may do by itself
is the most that is allowed to it.
"""
_COLUMNS = ("code", "severity", "what it looks like", "what to do", "what a rule may do")
_UNITS = ((24 * 60, "d"), (60, "h"), (1, "min"))


def document() -> str:
    """The whole page as Markdown."""
    parts = [HEAD]
    for category in taxonomy.CATEGORIES.values():
        kinds = [kind for kind in taxonomy.KINDS.values() if kind.category == category]
        parts += [f"## {category[0].upper()}{category[1:]}\n", *_table(kinds), ""]
    return "\n".join(parts)


def _table(kinds: list[Kind]) -> list[str]:
    rows = [_row([f"`{k.code}`", _severity(k), _looks(k), _steps(k), k.automatic]) for k in kinds]
    return [_row(list(_COLUMNS)), "|---" * len(_COLUMNS) + "|", *rows]


def _row(cells: list[str]) -> str:
    # A document's own signs in an example are neither HTML nor the end of a cell.
    plain = [escape(cell, quote=False).replace("|", "\\|") for cell in cells]
    return "| " + " | ".join(plain) + " |"


def _severity(kind: Kind) -> str:
    rise = kind.escalates
    if rise is None:
        return f"S{kind.severity}"
    limits = []
    if rise.documents_over is not None:
        limits.append(f"above {rise.documents_over:,} documents")
    if rise.minutes_over is not None:
        limits.append(f"after {_duration(rise.minutes_over)}")
    return f"S{kind.severity}, S{rise.to} {' or '.join(limits)}"


def _duration(minutes: int) -> str:
    """In the largest unit that leaves no rest."""
    size, unit = next((size, unit) for size, unit in _UNITS if minutes % size == 0)
    return f"{minutes // size:,} {unit}"


def _looks(kind: Kind) -> str:
    return f"**{kind.label[0].upper()}{kind.label[1:]}.** {kind.evidence}"


def _steps(kind: Kind) -> str:
    return " ".join(f"{number}. {step}" for number, step in enumerate(kind.playbook, 1))
