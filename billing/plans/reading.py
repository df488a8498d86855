"""What a version of a plan says, out of JSON: with a sentence for everything that is wrong with it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final, cast

from billing.plans.content import Due, PlanCharge, PlanContent, Ramp
from billing.plans.fields import (
    Fields,
    Problem,
    amount,
    amount_or_none,
    count,
    flag,
    name,
    slug,
    slug_or_blank,
)
from billing.rating import MODELS, TermsError
from billing.rating import read as read_terms
from billing.rating.terms import refuse
from portal.core.currencies import minor_unit

_MOST_CHARGES: Final = 60
_MOST_RAMPS: Final = 24
_LONGEST_RAMP: Final = 120
_LONGEST_TRIAL: Final = 366


def read(given: Any) -> PlanContent:
    """The content of a plan's version. TermsError with the place and a sentence for everything that is
    missing, unknown or wrong, such as `charges[2].terms.tiers[0].up_to`."""
    problems: list[Problem] = []
    fields = Fields(given, where="", problems=problems)
    content = PlanContent(
        currency=fields.needed("currency", _currency, otherwise=""),
        charges=_charges(fields, problems),
        commitment=fields.get("commitment", amount_or_none, otherwise=None),
        cap=fields.get("cap", amount_or_none, otherwise=None),
        trial_days=fields.get("trial_days", partial(count, most=_LONGEST_TRIAL), otherwise=0),
    )
    fields.refuse_others()
    if _is_above(content.commitment, content.cap):
        fields.say("commitment", f"It is {content.commitment}, more than the cap of {content.cap}.")
    refuse(problems)
    return content


def _charges(fields: Fields, problems: list[Problem]) -> tuple[PlanCharge, ...]:
    given: list[Any] = fields.needed("charges", partial(_list, most=_MOST_CHARGES), otherwise=[])
    found = [_charge(one, f"charges[{at}]", problems) for at, one in enumerate(given)]
    seen = Counter[str]()
    for at, charge in enumerate(found):
        if charge.key and seen[charge.key]:
            problems.append((f"charges[{at}].key", f"Another charge is {charge.key!r}, too."))
        seen[charge.key] += 1
    return tuple(found)


def _charge(given: Any, where: str, problems: list[Problem]) -> PlanCharge:
    fields = Fields(given, where=where, problems=problems)
    charge = PlanCharge(
        key=fields.needed("key", slug, otherwise=""),
        name=fields.needed("name", name, otherwise=""),
        metric=fields.get("metric", slug_or_blank, otherwise=""),
        model=fields.needed("model", _model, otherwise=""),
        terms=fields.needed("terms", _object, otherwise={}),
        ramp=_ramp(fields, problems),
        included=fields.get("included", amount, otherwise=Decimal(0)),
        due=fields.get("due", _due, otherwise="arrears"),
        prorated=fields.get("prorated", flag, otherwise=True),
        once=fields.get("once", flag, otherwise=False),
        minimum=fields.get("minimum", amount_or_none, otherwise=None),
        cap=fields.get("cap", amount_or_none, otherwise=None),
    )
    fields.refuse_others()
    if charge.model:
        problems.extend(_wrong_terms(charge, where, said={place for place, _ in problems}))
        problems.extend((fields.place(field), text) for field, text in _contradictions(charge))
    return charge


def _ramp(fields: Fields, problems: list[Problem]) -> tuple[Ramp, ...]:
    given: list[Any] = fields.get("ramp", partial(_list, least=0, most=_MOST_RAMPS), otherwise=[])
    found = []
    for at, one in enumerate(given):
        step = Fields(one, where=f"{fields.place('ramp')}[{at}]", problems=problems)
        months = step.needed("months", partial(count, least=1, most=_LONGEST_RAMP), otherwise=1)
        found.append(Ramp(months, step.needed("terms", _object, otherwise={})))
        step.refuse_others()
    return tuple(found)


def _wrong_terms(charge: PlanCharge, where: str, *, said: set[str]) -> Iterator[Problem]:
    """What the charge's model cannot read, of its last terms and of each before them."""
    places = {f"{where}.terms": charge.terms}
    places |= {f"{where}.ramp[{at}].terms": one.terms for at, one in enumerate(charge.ramp)}
    for place, terms in places.items():
        if place in said or place.removesuffix(".terms") in said:
            continue
        try:
            read_terms(charge.model, terms)
        except TermsError as error:
            yield from ((f"{place}.{field}", text) for field, text in error.problems)


def _contradictions(charge: PlanCharge) -> Iterator[Problem]:
    if charge.metric:
        yield from _not_of_metrics(charge)
    else:
        yield from _not_of_fixed(charge)
    if charge.once and charge.ramp:
        yield "ramp", "What is charged once has no months to ramp over."
    if _is_above(charge.minimum, charge.cap):
        yield "minimum", f"It is {charge.minimum}, more than the cap of {charge.cap}."


def _not_of_metrics(charge: PlanCharge) -> Iterator[Problem]:
    if charge.due == "advance":
        yield "due", "Only a fixed charge is due in advance: usage is known afterwards."
    if charge.once:
        yield "once", "Only a fixed charge is charged once."
    if charge.included and charge.model == "flat":
        yield "included", "A flat amount is the same however much is used: nothing can be included."
    if charge.included and charge.model == "percentage":
        yield "included", "Of a percentage write free_events or free_amount into its terms."


def _not_of_fixed(charge: PlanCharge) -> Iterator[Problem]:
    if charge.model != "flat":
        yield "model", "A charge without a metric is fixed, and its model is flat."
        return
    if charge.included:
        yield "included", "A charge without a metric counts no units."
    for field in ("minimum", "cap"):
        if getattr(charge, field) is not None:
            yield field, "A fixed charge is what it is: change its amount."


def _is_above(least: Decimal | None, most: Decimal | None) -> bool:
    return least is not None and most is not None and least > most


def _list(value: Any, *, least: int = 1, most: int) -> list[Any]:
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise ValueError(f"it is a list of {least} to {most}")
    return value


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("it is an object with a field for each term")
    return value


def _currency(value: Any) -> str:
    minor_unit(value if isinstance(value, str) else str(value)[:40])
    return cast(str, value)


def _model(value: Any) -> str:
    if not isinstance(value, str) or value not in MODELS:
        raise ValueError(f"there is no {str(value)[:40]!r}. There are {', '.join(MODELS)}")
    return value


def _due(value: Any) -> Due:
    if value not in ("arrears", "advance"):
        raise ValueError("it is arrears or advance")
    return cast(Due, value)
