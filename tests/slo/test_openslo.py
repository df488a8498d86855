"""Objectives as OpenSLO documents, and what is wrong with them."""

import copy
import json
from datetime import timedelta
from decimal import Decimal

import pytest

from monitoring.slo import (
    SLIS,
    TIERS,
    ObjectiveError,
    TimeWindow,
    default,
    defaults,
    from_openslo,
    to_openslo,
)
from tests.slo.scenery import minutes, usual

pytestmark = pytest.mark.pure

FRESHNESS = to_openslo(default("freshness", "premium", service="harbor", zone="America/New_York"))


def test_an_objective_written_out():
    assert FRESHNESS["apiVersion"] == "openslo/v1"
    assert FRESHNESS["metadata"] == {
        "name": "freshness",
        "displayName": "Stock shown in your shops no older than 15 minutes",
        "annotations": {"judged-by": "gross"},
    }
    spec = FRESHNESS["spec"]
    assert spec["service"] == "harbor"
    assert spec["budgetingMethod"] == "RatioTimeslices"
    assert spec["timeWindow"] == [
        {"duration": "1M", "isRolling": False,
         "calendar": {"startTime": "2024-01-01 00:00:00", "timeZone": "America/New_York"}},
    ]  # fmt: skip
    assert spec["objectives"] == [
        {"target": 0.99, "op": "lte", "value": 900, "timeSliceWindow": "5m"}
    ]
    assert spec["alertPolicies"][0]["spec"]["conditions"][0]["spec"] == {
        "severity": "page",
        "condition": {"kind": "burnrate", "op": "gt", "threshold": 14.4, "lookbackWindow": "1h", "alertAfter": "5m"},
    }  # fmt: skip


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("sli", SLIS)
def test_what_is_written_is_read_back_the_same(sli, tier):
    objective = usual(sli, tier)
    assert from_openslo(json.loads(json.dumps(to_openslo(objective)))) == objective


def test_a_rolling_window_and_judgement_are_read_back():
    objective = usual(
        "cutoff", window=TimeWindow("d", 28, rolling=True), judged_by="attributable", policies=()
    )
    assert to_openslo(objective)["spec"]["timeWindow"] == [{"duration": "28d", "isRolling": True}]
    assert from_openslo(to_openslo(objective)) == objective


def test_alert_policies_that_are_not_given_are_the_usual_ones():
    content = copy.deepcopy(FRESHNESS)
    del content["spec"]["alertPolicies"]
    assert len(from_openslo(content).policies) == 4


def changed(path, value):
    content = copy.deepcopy(FRESHNESS)
    at = content
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return content


TARGET = ("spec", "objectives", 0)
BURN = ("spec", "alertPolicies", 0, "spec", "conditions", 0, "spec")


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("apiVersion",), "openslo/v2", "apiVersion: It must be openslo/v1."),
        (("kind",), "SLI", "kind: It must be SLO."),
        (("metadata", "name"), None, "metadata.name: It is missing: a name such as stock-freshness."),
        (("metadata", "name"), "Stock!", "metadata.name: A name has 1 to 63 small letters, digits and hyphens"),
        (("metadata", "annotations"), {"judged-by": "us"}, "metadata.annotations.judged-by: It must be gross or"),
        (("spec", "service"), 7, "spec.service: It must be the name of a service."),
        (("spec", "indicator", "metadata", "name"), "speed",
         "spec.indicator.metadata.name: There is no indicator speed. There are: ingestion_latency, cutoff"),
        (("spec", "timeWindow"), [], "spec.timeWindow: It must be a list of one, not of 0."),
        (("spec", "timeWindow", 0, "duration"), "5x", "spec.timeWindow[0].duration: It must be a duration such as"),
        (("spec", "timeWindow", 0, "duration"), "2M", "spec.timeWindow[0].duration: A calendar window is 1d, 1w"),
        (("spec", "timeWindow", 0, "isRolling"), True,
         "spec.timeWindow[0].duration: A rolling window is in hours, days or weeks, such as 30d."),
        (("spec", "timeWindow", 0, "isRolling"), "no", "spec.timeWindow[0].isRolling: It must be true or false."),
        (("spec", "timeWindow", 0, "calendar", "timeZone"), "Mars/Base",
         "spec.timeWindow[0].calendar.timeZone: There is no such time zone."),
        (("spec", "budgetingMethod"), "Guess",
         "spec.budgetingMethod: It must be one of Occurrences, RatioTimeslices, Timeslices."),
        (("spec", "budgetingMethod"), "Occurrences",
         "spec.budgetingMethod: freshness is counted by RatioTimeslices or Timeslices, not by Occurrences."),
        (("spec", "budgetingMethod"), "Timeslices", "spec.objectives[0].timeSliceTarget: Timeslices have it"),
        ((*TARGET, "target"), None, "spec.objectives[0].target: It is missing: a number."),
        ((*TARGET, "target"), "0.99", "spec.objectives[0].target: It must be a number."),
        ((*TARGET, "target"), 99, "spec.objectives[0].target: A target is a share above 0 and at most 1"),
        ((*TARGET, "op"), "gt", "spec.objectives[0].op: It must be lte: at most so long."),
        ((*TARGET, "value"), 0, "spec.objectives[0].value: A limit is in seconds, above 0"),
        ((*TARGET, "value"), 0.5, "spec.objectives[0].value: A limit is in whole seconds"),
        ((*TARGET, "timeSliceWindow"), "1h", "spec.objectives[0].timeSliceWindow: A slot is 5 minutes: 5m."),
        ((*TARGET, "timeSliceWindow"), "soon", "spec.objectives[0].timeSliceWindow: It must be a duration such as"),
        ((*TARGET, "timeSliceTarget"), 0.9, "spec.objectives[0].timeSliceTarget: Timeslices have it, and nothing"),
        ((*BURN, "severity"), "sev1", "spec.alertPolicies[0].spec.conditions[0].spec.severity: It must be page"),
        ((*BURN, "condition", "threshold"), -1, "condition.threshold: It must be above 0."),
        ((*BURN, "condition", "alertAfter"), "2h", "condition.alertAfter: The window that confirms is shorter"),
        (("spec", "alertPolicies"), "none", "spec.alertPolicies: It must be a list."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_path(path, value, sentence):
    with pytest.raises(ObjectiveError) as refused:
        from_openslo(changed(path, value))
    assert sentence in str(refused.value)


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(ObjectiveError) as refused:
        from_openslo({"spec": "nothing"})
    paths = {path for path, _ in refused.value.problems}
    assert {("apiVersion",), ("kind",), ("metadata", "name"), ("spec", "service")} <= paths
    assert ("spec", "objectives") in paths and ("spec", "timeWindow") in paths


@pytest.mark.parametrize(
    "content", [[], None, 7, "SLO", {"spec": {"objectives": [[]], "alertPolicies": [None]}}]
)
def test_what_is_no_document_at_all_is_refused_in_words(content):
    with pytest.raises(ObjectiveError):
        from_openslo(content)


def test_limits_by_severity_have_to_be_whole():
    content = to_openslo(usual("exception_resolve"))
    del content["spec"]["indicator"]["spec"]["ratioMetric"]["good"]["metricSource"]["spec"][
        "limits"
    ]["2"]
    with pytest.raises(
        ObjectiveError, match=r"metricSource.spec.limits.2: It is missing: a number"
    ):
        from_openslo(content)


def test_an_objective_that_is_made_is_checked_too():
    with pytest.raises(ObjectiveError, match="freshness needs a limit"):
        usual("freshness", limits={})
    with pytest.raises(ObjectiveError, match="cutoff has no limit"):
        usual("cutoff", limits={"": minutes(5)})


@pytest.mark.parametrize(
    ("sli", "standard", "premium"),
    [
        ("ingestion_latency", ("0.95", 15), ("0.95", 5)),
        ("cutoff", ("0.98", None), ("0.995", None)),
        ("transmit_latency", ("0.95", 15), ("0.95", 5)),
        ("confirmation_latency", ("0.95", 30), ("0.95", 10)),
        ("freshness", ("0.99", 60), ("0.99", 15)),
        ("edi_acknowledgement", ("0.99", 60), ("0.99", 15)),
        ("asn_timeliness", ("0.95", 60), ("0.95", 30)),
        ("flow_availability", ("0.995", None), ("0.999", None)),
        ("reconciliation_accuracy", ("0.98", None), ("0.995", None)),
        ("data_loss", ("1", None), ("1", None)),
    ],
)  # fmt: skip
def test_what_is_usually_promised(sli, standard, premium):
    for tier, (target, limit) in zip(TIERS, (standard, premium), strict=True):
        found = usual(sli, tier)
        assert found.target == Decimal(target)
        assert found.limits == ({} if limit is None else {"": minutes(limit)})


def test_problems_are_usually_answered_and_solved_by_severity():
    hours = timedelta(hours=1)
    assert usual("exception_acknowledge").limits == {
        "1": hours / 2,
        "2": 4 * hours,
        "3": 12 * hours,
    }
    assert usual("exception_resolve", "premium").limits == {
        "1": 2 * hours,
        "2": 4 * hours,
        "3": 36 * hours,
    }


def test_every_indicator_has_a_usual_promise_for_the_calendar_month():
    found = defaults("standard", service="harbor", zone="Europe/Oslo")
    assert [one.sli.name for one in found] == [*SLIS]
    assert {one.window for one in found} == {TimeWindow("M", zone="Europe/Oslo")}
