"""The cells of the permission matrix: as the page shows them, and as forms bring them back."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from integrations.views import spoken
from portal.accounts.domain import reach, role_changes
from portal.accounts.domain.reach import RefusedError
from portal.accounts.domain.role_changes import SECOND_FACTOR, Change
from portal.accounts.models import Person, Role
from portal.accounts.roles import PERMISSIONS
from portal.pages.views import people_words

Cells = Collection[tuple[int, str]]
_CELL = re.compile(r"([+-]?)([0-9]{1,18}):([a-z.-]{1,60})", re.ASCII)


def read_checked(texts: Iterable[str]) -> set[tuple[int, str]]:
    """The cells a sheet has checked, as "7:desk.view". RefusedError for anything else."""
    return {(number, right) for _, number, right in map(_read, texts)}


def read_changes(texts: Iterable[str]) -> list[Change]:
    """Changes as "+7:desk.view" and "-7:desk.view"."""
    return [Change(number, right, sign == "+") for sign, number, right in map(_read, texts)]


def _read(text: str) -> tuple[str, int, str]:
    found = _CELL.fullmatch(text)
    if found is None:
        raise RefusedError("This form was not made here. Load the page again.")
    return found[1], int(found[2]), found[3]


def write(change: Change) -> str:
    return f"{'+' if change.given else '-'}{change.role_id}:{change.right}"


def columns(roles: Sequence[Role], numbers: dict[int, int]) -> list[dict[str, Any]]:
    return [
        {
            "url": f"/roles/{role.pk}/",
            "label": role.label,
            "people": spoken.counted(numbers.get(role.pk, 0), "person", "people"),
        }
        for role in roles
    ]


def groups(
    by: Person, roles: Sequence[Role], *, checked: Cells | None = None
) -> list[dict[str, Any]]:
    """The rows of the matrix under the words of their areas, the second factor first. `checked` is what
    somebody had before they were refused; otherwise cells are as stored."""
    rights = reach.rights(for_customers=any(role.for_customers for role in roles))
    first = _row(by, roles, SECOND_FACTOR, "Sign in with a second factor", checked)
    return [
        {"area": "Signing in", "rows": [first]},
        *(
            {
                "area": area,
                "rows": [_row(by, roles, one, PERMISSIONS[one], checked) for one in held],
            }
            for area, held in people_words.by_area(rights)
        ),
    ]


def _row(
    by: Person, roles: Sequence[Role], right: str, words: str, checked: Cells | None
) -> dict[str, Any]:
    return {
        "words": words,
        "code": "" if right == SECOND_FACTOR else right,
        "cells": [_cell(by, role, right, words, checked) for role in roles],
    }


def _cell(by: Person, role: Role, right: str, words: str, checked: Cells | None) -> dict[str, Any]:
    stored = role_changes.holds(role, right)
    why = role_changes.why_not(by, role, right)
    shown = stored if checked is None or why else (role.pk, right) in checked
    return {
        "value": f"{role.pk}:{right}",
        "label": f"{role.label}: {words}",
        "checked": shown,
        "changed": shown != stored,
        "why": why,
    }
