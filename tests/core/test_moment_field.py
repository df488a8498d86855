from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.utils import timezone

from portal.core import clock, moment_field
from portal.core.moment_field import OVER, TOO_FAR, MomentField

pytestmark = pytest.mark.pure
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Form(forms.Form):
    at = MomentField(required=False)


def said(text: str) -> list[str]:
    with clock.freeze(NOW):
        return Form({"at": text}).errors.get("at", [])


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("", []),
        ("2026-03-03T12:00", []),
        ("2027-03-01T12:00", []),
        ("2027-03-05T12:00", [TOO_FAR]),
        ("9999-12-31T23:30", [TOO_FAR]),
        ("2026-03-01T00:00", [OVER]),
        ("0001-01-01T00:00", [OVER]),
        ("soon", ["Enter a valid date/time."]),
    ],
)
def test_a_moment_lies_within_the_next_year(zone, text, errors):
    with timezone.override(zone):
        assert said(text) == errors


def test_it_is_read_in_the_readers_zone():
    with timezone.override("America/Los_Angeles"), clock.freeze(NOW):
        form = Form({"at": "2026-03-02T03:00"})
        assert form.is_valid()
        assert form.cleaned_data["at"] == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def test_the_very_moment_is_over_and_a_year_and_a_day_is_not_too_far():
    with clock.freeze(NOW):
        assert moment_field.objection(NOW) == OVER
        assert moment_field.objection(NOW + timedelta(days=366)) == ""
