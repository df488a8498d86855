"""A new customer of the partner: one way in for the configuration file, the page and the API."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from portal.core.currencies import MINOR_UNITS
from portal.customers import calendars, languages
from portal.customers.calendar import CalendarError, Path
from portal.customers.calendar_json import to_json
from portal.customers.models import Customer
from portal.tenants.models import PARTNER_SLUG

_LONGEST: Final = 41
_RESERVED: Final = ("groups",)  # below /customers/
Problem = tuple[Path, str]


class NotAddedError(ValueError):
    """What is given makes no customer. `problems`: (where, a sentence) for each thing that is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0][1])
        self.problems = problems


class SlugTakenError(ValueError):
    """Another customer has this slug; the text names one that is free."""


def add(slug: str, *, name: str, **more: Any) -> Customer:
    """A new customer. `more`: columns of the row; what is left out is as the model says.

    NotAddedError, SlugTakenError.
    """
    given = {"name": name, **more}
    if found := list(_problems(slug, given)):
        raise NotAddedError(found)
    if "calendar" in given:
        given["calendar"] = to_json(calendars.read(given["calendar"], zone="UTC"))
    try:
        with transaction.atomic():
            return Customer.objects.create(slug=slug, **given)
    except IntegrityError:
        raise SlugTakenError(
            f"{slug} is the short name of another customer. {suggest(slug)} is free."
        ) from None


def suggest(name: str) -> str:
    """A slug for somebody of this name that nobody has yet; blank where the name has no letters for one."""
    plain = slugify(name).replace("-", "").replace("_", "").lstrip("0123456789")[: _LONGEST - 4]
    if not plain:
        return ""
    stem = plain if len(plain) > 1 else f"{plain}1"
    taken = set(Customer.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= {*_RESERVED}
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := stem if number == 1 else f"{stem}{number}") not in taken
    )


def field_problems(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the slug's word, the time zone, the currency and the language, of those that are
    given."""
    if (slug := given.get("slug")) in _RESERVED:
        yield "slug", f"{slug} is an address of these pages. Choose another short name."
    if (zone := given.get("time_zone", "UTC")) not in available_timezones():
        yield "time_zone", f"There is no time zone {zone}. Use one like Europe/Oslo."
    if (currency := given.get("currency", "USD")) not in MINOR_UNITS:
        yield "currency", f"{currency} is not an ISO 4217 currency code."
    if (language := given.get("language")) and language not in languages.CHOICES:
        known = " and ".join(languages.CHOICES)
        yield "language", f"{language} is no language of these pages. There is {known}."


def _problems(slug: str, given: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        PARTNER_SLUG(slug)
    except ValidationError as error:
        yield ("slug",), error.messages[0]
    yield from (((name,), text) for name, text in field_problems({**given, "slug": slug}))
    try:
        if "calendar" in given:
            calendars.read(given["calendar"], zone="UTC")  # the zone has its own sentence
    except CalendarError as error:
        yield from ((("calendar", *path), text) for path, text in error.problems)
