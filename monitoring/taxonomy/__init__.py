"""What kinds of exception there are, as data: severity, words, playbook and remedies of each.

Source: the trade's usual classes. The files beside this one, one per category, are the data;
`docs/exceptions.md` is made from them. A code whose value only names the document
(`integrations.domain.causes`) has one case for all of them: its title speaks of no value.
"""

from pathlib import Path
from typing import Final

from monitoring.taxonomy.kinds import CATEGORIES, WE_LOOK, Escalation, Kind, severity
from monitoring.taxonomy.read import read

KINDS: Final = read(Path(__file__).parent)
DEFAULT: Final = KINDS["other"]  # a code without a row speaks for itself

__all__ = ["CATEGORIES", "DEFAULT", "KINDS", "WE_LOOK", "Escalation", "Kind", "kind", "severity"]


def kind(code: str) -> Kind:
    """The kind of a problem code."""
    return KINDS.get(code, DEFAULT)
