"""A customer's working hours and targets in the configuration file."""

from datetime import date

import pytest

from integrations import configfile
from portal.core import clock
from portal.customers import calendars
from portal.customers.models import Customer
from portal.customers.targets import targets
from tests.customers.calendars import utc
from tests.integrations.configuration import apply, everything, refusal

pytestmark = pytest.mark.db

FILE = """
customers:
  - slug: orchard
    name: Orchard Supply
    time_zone: America/Los_Angeles
    calendar:
      hours: {mon: "7:00 – 12:00, 13:00-17:00", sat: 08:00-12:00}
      holidays: {country: US, region: CA}
      closed: {2026-12-24: Stocktake}
      open: {2026-11-27: 08:00-12:00}
    policies:
      case_targets: {1: [15, 120]}
"""


def orchard() -> Customer:
    return Customer.objects.get(slug="orchard")


def test_a_file_sets_hours_and_targets(kestrel):
    assert apply(FILE) == ["created customer orchard"]
    with clock.freeze(utc("2026-11-01 00:00")):
        found = calendars.of(orchard())
    assert found.words == ("Mon 07:00–12:00 and 13:00–17:00, Sat 08:00–12:00, Los Angeles time")
    assert date(2026, 11, 26) in found.holidays
    assert [targets(orchard().policies, severity) for severity in (1, 2)] == [(15, 120), (60, 480)]


def test_a_customer_without_hours_in_the_file_works_on_weekdays(kestrel):
    apply("customers: [{slug: orchard, name: Orchard Supply}]")
    assert calendars.of(orchard()).words == "Mon–Fri 07:00–19:00, UTC"


def test_hours_are_written_back_in_the_order_of_the_week(kestrel):
    apply(FILE)
    written = [line.strip() for line in configfile.export(customer="orchard").splitlines()]
    first = written.index("calendar:")
    assert written[first + 1 : first + 10] == [
        "hours:",
        "mon: 07:00-12:00, 13:00-17:00",
        "sat: 08:00-12:00",
        "holidays:",
        "country: US",
        "region: CA",
        "closed:",
        "'2026-12-24': Stocktake",
        "open:",
    ]


def test_what_was_written_or_applied_before_changes_nothing(kestrel):
    apply(FILE)
    before = everything()
    assert apply(configfile.export(customer="orchard")) == []
    assert apply(FILE) == []
    assert everything() == before


def test_changed_hours_are_told(kestrel):
    apply(FILE)
    (line,) = apply(FILE.replace("sat: 08:00-12:00", "sun: 08:00-12:00"))
    assert line.startswith("changed customer orchard: calendar.hours")


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "text"),
    [
        ("sat: 08:00-12:00", "tue: 19:00-07:00", 7, "calendar.hours.tue",
         "Tuesday closes at 07:00 before it opens at 19:00."),
        ("sat:", "saturday:", 7, "calendar.hours.saturday",
         "There is no such key. There are: mon, tue, wed, thu, fri, sat, sun."),
        ("country: US", "country: UX", 8, "calendar.holidays.country",
         "There are no holidays of UX. Use a code of two letters, such as US or DE."),
        ("region: CA", "region: XX", 8, "calendar.holidays.region", None),
        ("2026-12-24", "24.12.", 9, "calendar.closed.24.12.",
         "“24.12.” is no date. Write it like 2026-12-24."),
        ("open:", "opened:", 10, "calendar.opened",
         "There is no such key. There are: hours, holidays, closed, open."),
        ("{1: [15, 120]}", "{1: [150, 120]}", 12, "policies.case_targets.1",
         "Resolving in 120 min would come before acknowledging in 150."),
        ("{1: [15, 120]}", "{5: [15, 120]}", 12, "policies.case_targets.5",
         "There is no such severity. There are: 1, 2, 3, 4."),
        ("{1: [15, 120]}", "soon", 12, "policies.case_targets",
         'It must be a group of severities, such as {"1": [30, 240]}.'),
    ],
)  # fmt: skip
def test_hours_nobody_can_keep_are_refused_with_line_and_path(kestrel, old, new, line, path, text):
    assert FILE.count(old) == 1
    (fault,) = refusal(FILE.replace(old, new))
    assert (fault.line, fault.path) == (line, f"customers[0].{path}")
    assert (
        fault.text == text if text else fault.text.startswith("US has no region XX. There are: AK,")
    )
    assert not Customer.objects.filter(slug="orchard").exists()
