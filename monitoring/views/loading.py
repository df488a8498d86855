"""Finding the case and the fix an address names, or 404."""

from django.http import Http404

from monitoring.models import ExceptionCase, Fix

_BEYOND = 2**63  # of a bigint


def load(number: int) -> ExceptionCase:
    """The case, or 404."""
    found = ExceptionCase.objects.select_related("customer", "endpoint", "assignee", "team")
    case = found.filter(pk=number).first() if number < _BEYOND else None
    if case is None:
        raise Http404
    return case


def load_fix(case: ExceptionCase, number: int) -> Fix:
    """The fix, if it is one of this case; else 404."""
    fixes = Fix.objects.select_related("person")
    fix = fixes.filter(pk=number, case=case).first() if number < _BEYOND else None
    if fix is None:
        raise Http404
    fix.case = case
    return fix
