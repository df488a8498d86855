"""The remedies that ask for little: replay as it is, try again, skip, wait, take up again."""

from collections.abc import Mapping
from typing import Any

from integrations.views.spoken import counted
from monitoring.domain import resolve
from monitoring.forms import FrozenForm, ReasonForm
from monitoring.models import CaseEvent, ExceptionCase
from monitoring.remedies.base import Data, Remedy, Situation, Words


def _frozen(situation: Situation, data: Data) -> FrozenForm:
    return FrozenForm(data, initial=situation.frozen)


def _reason(situation: Situation, data: Data) -> ReasonForm:
    return ReasonForm(data, initial=situation.frozen)


def _retry_words(situation: Situation) -> Words:
    count = situation.summary.held
    return Words(
        title="Replay as it is",
        submit=f"Replay {count:,}",
        note=f"Sends {counted(count, 'document')} through again, each from where it stopped.",
    )


def _retry(situation: Situation, given: Mapping[str, Any]) -> CaseEvent:
    return resolve.retry(situation.case, up_to=given["up_to"], actor=situation.person.name)


def _try_words(situation: Situation) -> Words:
    label = situation.case.endpoint.label
    return Words(
        title=f"Try {label} again",
        submit="Try again now",
        note="Sends what waits, in order. If it fails again, a new case opens.",
    )


def _try(situation: Situation, given: Mapping[str, Any]) -> CaseEvent:
    return resolve.try_again(situation.case, actor=situation.person.name)


def _skip_words(situation: Situation) -> Words:
    summary = situation.summary
    count = f"{summary.documents:,}"
    if not summary.held:
        return Words(
            "Accept as it is", f"Accept {count}", "The documents went on; this ends the remark."
        )
    return Words(
        title="Skip with a reason",
        submit=f"Skip {count}",
        note="The documents end here and take no effect. Later ones of the same object go on.",
    )


def _skip(situation: Situation, given: Mapping[str, Any]) -> CaseEvent:
    return resolve.skip(situation.case, **given, actor=situation.person.name)


def _wait_words(situation: Situation) -> Words:
    return Words(
        title="Wait for somebody else",
        submit="Wait",
        note="The case stands under the divider with this reason. What it holds stays held.",
    )


def _wait(situation: Situation, given: Mapping[str, Any]) -> CaseEvent:
    return resolve.wait(situation.case, reason=given["reason"], actor=situation.person.name)


def _take_up_words(situation: Situation) -> Words:
    return Words("Take it up again", "Take up again", "The case goes back among the open ones.")


def _take_up(situation: Situation, given: Mapping[str, Any]) -> CaseEvent:
    return resolve.take_up(situation.case, actor=situation.person.name)


def _waits(situation: Situation) -> bool:
    return situation.case.state == ExceptionCase.State.WAITING


RETRY = Remedy(
    slug="retry",
    label="Retry",
    key="4",
    fits=lambda situation: situation.summary.held > 0,
    form=_frozen,
    words=_retry_words,
    apply=_retry,
)
TRY = Remedy(
    slug="try",
    label="Try again",
    key="1",
    fits=lambda situation: situation.case.is_of_endpoint,
    form=_frozen,
    words=_try_words,
    apply=_try,
)
SKIP = Remedy(
    slug="skip",
    label="Skip with a reason",
    key="s",
    fits=lambda situation: situation.summary.documents > 0,
    form=_reason,
    words=_skip_words,
    apply=_skip,
)
WAIT = Remedy(
    slug="wait",
    label="Wait",
    key="w",
    fits=lambda situation: not _waits(situation),
    form=_reason,
    words=_wait_words,
    apply=_wait,
)
TAKE_UP = Remedy(
    slug="take-up",
    label="Take up again",
    key="w",
    fits=_waits,
    form=_frozen,
    words=_take_up_words,
    apply=_take_up,
)
