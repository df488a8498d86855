"""A row that is wrong stops the start and says which and why."""

import shutil
from pathlib import Path

import pytest
import yaml

from monitoring import remedies, taxonomy
from monitoring.remedies import reroute
from monitoring.taxonomy import kinds
from monitoring.taxonomy.read import TaxonomyError, read
from portal.core import retry

pytestmark = pytest.mark.pure

OURS = Path(taxonomy.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in OURS.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def change(folder: Path, **fields: object) -> str:
    """What is said once the first row of `stock.yaml` has these fields; None takes one away."""
    file = folder / "stock.yaml"
    first, *others = yaml.safe_load(file.read_text())
    entry = {name: value for name, value in {**first, **fields}.items() if value is not None}
    file.write_text(yaml.safe_dump([entry, *others], allow_unicode=True))
    with pytest.raises(TaxonomyError) as caught:
        read(folder)
    return str(caught.value)


ROW = "stock.yaml, adjustment_large: "


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"severity": 5}, "severity 5 is not 1 to 4"),
        ({"severity": "2"}, "severity must be a whole number"),
        ({"severity": True}, "severity must be a whole number"),
        ({"title": "{sku} changed"}, "title has an unknown placeholder: 'sku'"),
        ({"title": "{} changed"}, "title has an unknown placeholder: ''"),
        ({"title": "{value changed"}, "title cannot be filled in: expected '}' before end of string"),
        ({"customer_title": "{path} x {y}"}, "customer_title has an unknown placeholder: 'y'"),
        ({"playbook": None}, "playbook is missing"),
        ({"playbook": ["Look."]}, "the playbook has 1 steps and not 2 to 4"),
        ({"playbook": ["Look.", " "]}, "playbook must be a list of texts"),
        ({"playbook": "Look, and then think."}, "playbook must be a list of texts"),
        ({"evidence": ""}, "evidence is empty"),
        ({"label": None}, "label is missing"),
        ({"label": 7}, "label must be a text"),
        ({"recovery": "hope"}, "unknown recovery: hope"),
        ({"remedies": ["pray"]}, "unknown remedy: pray"),
        ({"remedies": ["skip", "skip"]}, "remedy twice: skip"),
        ({"lookup": "colour"}, "unknown lookup: colour"),
        ({"typical_minutes": 0}, "typical_minutes must be at least 1"),
        ({"skip_needs_approval": "yes"}, "skip_needs_approval must be true or false"),
        ({"colour": "red"}, "colour is no field"),
        ({"category": "stock"}, "category is no field"),
        ({"escalates": {"documents_over": 10, "to": 2}}, "escalates to 2, which is not more severe than 2"),
        ({"escalates": {"documents_over": 10, "to": 0}}, "escalates to 0, which is not more severe than 2"),
        ({"escalates": {"to": 1}}, "escalates takes `to` and documents_over, minutes_over or both"),
        ({"escalates": {"hours_over": 1, "documents_over": 1, "to": 1}},
         "escalates takes `to` and documents_over, minutes_over or both"),
        ({"escalates": {"documents_over": "10", "to": 1}}, "escalates must have whole numbers"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_said(folder, fields, said):
    assert change(folder, **fields) == ROW + said


def test_a_code_too_long_for_a_case_is_refused(folder):
    code = "c" * 41
    said = f"stock.yaml, {code}: the code is longer than 40 characters"
    assert change(folder, code=code) == said


def test_a_row_without_a_code_is_named_by_its_place(folder):
    assert change(folder, code=None) == "stock.yaml, entry 1: code is missing"


def test_all_faults_are_said_at_once(folder):
    said = change(folder, severity=9, recovery="hope").splitlines()
    assert said == [ROW + "severity 9 is not 1 to 4", ROW + "unknown recovery: hope"]


def test_a_code_stands_in_one_file_and_a_label_names_one_kind(folder):
    said = change(folder, code="poison", label="unknown item")
    assert said.splitlines() == ["duplicate code: poison", "duplicate label: unknown item"]


def test_every_category_has_its_file_and_every_file_is_one(folder):
    (folder / "stock.yaml").rename(folder / "stok.yaml")
    with pytest.raises(TaxonomyError) as caught:
        read(folder)
    assert str(caught.value).splitlines() == [
        "stok.yaml: unknown category",
        "stock.yaml is missing",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- code: [", "stock.yaml is not YAML: "),
        ("code: a", "stock.yaml must be a list of kinds"),
        ("- just words", "stock.yaml, entry 1: must have fields"),
    ],
)
def test_a_file_of_another_form_is_refused(folder, text, said):
    (folder / "stock.yaml").write_text(text)
    with pytest.raises(TaxonomyError, match=said):
        read(folder)


def test_a_kind_is_what_its_row_says():
    found = taxonomy.kind("oversell")
    assert (found.category, found.label, found.lookup) == (
        "allocation", "sold more than there is", "",
    )  # fmt: skip
    assert found.escalates == (1, 5, None)
    assert found.playbook[0] == "Pause the item in the shops, or raise its buffer."
    assert taxonomy.kind("ack_rejected").category == "EDI"
    with pytest.raises(AttributeError):
        found.severity = 4


@pytest.mark.parametrize(
    ("code", "documents", "minutes_open", "severity"),
    [
        ("mapping_error", 10, 0, 2),
        ("mapping_error", 11, 0, 1),
        ("mapping_error", 1, 100_000, 2),
        ("oversell", 5, 0, 2),
        ("oversell", 6, 0, 1),
        ("rate_limited", 1, 15, 4),
        ("rate_limited", 1, 15.5, 2),
        ("unavailable", 900, 30, 3),
        ("unavailable", 0, 31, 1),
        ("timeout", 0, 31, 1),
        ("cert_expiring", 0, 27 * 24 * 60, 3),  # opened 30 days before: 3 days left
        ("cert_expiring", 0, 27 * 24 * 60 + 1, 1),
        ("unknown_sku", 5_000, 100_000, 2),
        ("poison", 1, 0, 1),
    ],
)
def test_a_case_gets_more_severe_beyond_its_limits(code, documents, minutes_open, severity):
    kind = taxonomy.kind(code)
    assert taxonomy.severity(kind, documents=documents, minutes_open=minutes_open) == severity


def test_either_limit_is_enough():
    kind = taxonomy.kind("poison")._replace(severity=3, escalates=taxonomy.Escalation(2, 10, 30))
    passed = [
        taxonomy.severity(kind, documents=documents, minutes_open=minutes)
        for documents, minutes in ((10, 30), (11, 0), (0, 31), (11, 31))
    ]
    assert passed == [3, 2, 2, 2]


def test_every_remedy_there_is_can_be_named_and_is_offered_for_some_kind():
    slugs = {remedy.slug for remedy in remedies.ALL}
    assert slugs <= {*kinds.REMEDIES, "ask", "snooze"}  # these two fit whatever the kind
    assert {slug for kind in taxonomy.KINDS.values() for slug in kind.remedies} == set(
        kinds.REMEDIES
    )


def test_a_kind_names_the_remedies_that_fit_it():
    for kind in taxonomy.KINDS.values():
        assert {"wait", "take-up"} <= set(kind.remedies), kind.code
        assert {"skip", "settle"} & set(kind.remedies), (
            kind.code
        )  # of documents, of what is missing
        assert ("lookup" in kind.remedies) is bool(kind.lookup or kind.code == "lookup_missing")
    for code in reroute._CODES:
        assert "reroute" in taxonomy.kind(code).remedies


@pytest.mark.parametrize("code", ["timeout", "unavailable", "rate_limited"])
def test_what_passes_by_itself_is_severe_once_every_try_has_failed(code):
    minutes = sum(retry.SCHEDULE) / 60
    assert minutes == 0 + 0.5 + 2 + 10 + 30 + 60 + 120 + 240 + 480 + 480 == 1_422.5
    kind = taxonomy.kind(code)
    assert kind.recovery == "retry"
    assert taxonomy.severity(kind, documents=1, minutes_open=minutes) < 3
