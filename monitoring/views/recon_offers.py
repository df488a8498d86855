"""What the page of a break offers: corrections that help, a name for a code, a second person's word."""

from typing import Any, Final

from integrations.views import spoken
from monitoring.domain import reconcile_correct, reconcile_remedies, reconcile_second
from monitoring.models import Break, Correction
from monitoring.views import recon_words
from monitoring.views.recon_forms import CorrectionForm

_VERBS: Final = {
    "adjust": "Post the adjustment",
    "resend": "Send again",
    "reingest": "Fetch the order",
    "pair": "Pair with an order",
    "accept": "Accept as it is",
}


def options(one: Break, given: dict[str, CorrectionForm]) -> list[dict[str, Any]]:
    """A form for each correction that helps, the usual one first; one with no way says why instead."""
    shown = [
        {
            "kind": kind,
            "verb": _VERBS[kind],
            "form": given.get(kind) or form(one, kind),
            "needs_second": reconcile_second.needs_second(one, kind),
            "no_way": reconcile_remedies.no_way(one) if kind == Correction.Kind.ADJUST else "",
        }
        for kind in reconcile_correct.possible(one)
    ]
    return sorted(shown, key=lambda option: bool(option["no_way"]))


def form(one: Break, kind: str, data: Any = None) -> CorrectionForm:
    """The form of a correction, filled with `data` where somebody sent it."""
    quantity = recon_words.gap(one.gap).replace(",", "") if kind == Correction.Kind.ADJUST else ""
    return CorrectionForm(data, quantity=quantity, pairs=kind == Correction.Kind.PAIR, prefix=kind)


def name_it(one: Break, person: Any) -> dict[str, str] | None:
    """What helps against a code without its item, and where it is done by whoever may."""
    if one.cause != reconcile_correct.NO_NAME or one.status == Break.Status.CLOSED:
        return None
    text = (
        f"Add {one.sku} to the lookup table of items with what the other side calls it, or have the item made"
        " there. An adjustment would not help: the next run would find the same again."
    )
    return {"text": text, "url": "/lookups/" if person.may("lookups.edit") else ""}


def asked(one: Correction, person: Any) -> dict[str, Any]:
    """A correction that waits, and whether this person may let it through."""
    may = person.may("recon.approve") and one.actor_id != person.pk
    return {
        "id": one.pk,
        "words": f"{one.actor_name} asks to {recon_words.correction(one)}",
        "reason": one.reason,
        "may": may,
        "why_not": ""
        if may
        else "Somebody else with the right to let corrections through has to look at it.",
    }


def second(one: Break) -> str:
    """What asks for a second person, as a sentence."""
    if not reconcile_second.is_worth_known(one):
        return "Nobody knows what this is worth, so it needs a second person."
    limit = reconcile_second.limit_of(one)
    return f"What is worth more than {spoken.money(limit, one.customer.currency)} needs a second person."
