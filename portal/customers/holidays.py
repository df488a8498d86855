"""The public holidays of a country or one of its regions, by the `holidays` library.

The library is imported where it is used: it takes longer to load than most pages take to answer.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final

from portal.customers.calendar import CalendarError

COUNTRY: Final = ("holidays", "country")
REGION: Final = ("holidays", "region")


def national(country: str, region: str, years: Iterable[int]) -> dict[date, str]:
    """The days off of `years` and their English names, where there are any. None without a country.

    `country`: ISO 3166-1, two letters; `region`: what follows in ISO 3166-2, or blank. CalendarError
    for one that is not known.
    """
    if not country:
        return {}
    check(country, region)
    from holidays import country_holidays

    found = country_holidays(
        country,
        subdiv=region or None,
        years=sorted(years),
        expand=False,
        language=_language(country),
    )
    return dict(sorted(found.items()))


def check(country: str, region: str) -> None:
    """CalendarError when there is no such country, or the country has no such region."""
    known = regions()
    if country not in known:
        sentence = (
            f"There are no holidays of {country}. Use a code of two letters, such as US or DE."
        )
        raise CalendarError((COUNTRY, sentence))
    if region and region not in known[country]:
        there = ", ".join(known[country]) or "none"
        raise CalendarError((REGION, f"{country} has no region {region}. There are: {there}."))


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """The codes of the regions with holidays of their own, by country."""
    from holidays import list_supported_countries

    found = list_supported_countries(include_aliases=False)
    return {country: tuple(codes) for country, codes in sorted(found.items()) if len(country) == 2}


@cache
def countries() -> dict[str, str]:
    """The names of the countries, by code, in the order of their names."""
    from holidays.registry import COUNTRIES

    names = {codes[1]: module for module, codes in COUNTRIES.items()}
    return {code: _title(names[code]) for code in sorted(regions(), key=names.__getitem__)}


def _title(module: str) -> str:
    """`isle_of_man` as `Isle of Man`."""
    small = ("and", "of", "the")
    return " ".join(word if word in small else word.capitalize() for word in module.split("_"))


@cache
def _language(country: str) -> str | None:
    from holidays import list_localized_countries

    return "en_US" if "en_US" in list_localized_countries().get(country, []) else None
