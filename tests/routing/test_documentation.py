"""The examples of docs/routing.md do what the page says."""

import json
import re
from pathlib import Path

import pytest

from integrations.routing import check_rules
from integrations.routing.conditions import CONDITIONS
from integrations.routing.rank import CRITERIA
from integrations.routing.rules import ACTIONS
from tests.routing.test_decide import HARBOR

pytestmark = pytest.mark.pure

PAGE = (Path(__file__).parents[2] / "docs" / "routing.md").read_text()


def test_the_rules_of_the_worked_example_are_the_ones_the_tests_decide_with() -> None:
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    assert blocks[1] == HARBOR
    assert check_rules([blocks[0]]) == []


def test_the_tables_name_every_condition_action_and_criterion_and_no_other() -> None:
    named = re.findall(r"^\| `([\w.]+)` \|", PAGE, re.MULTILINE)
    assert named == [*CONDITIONS, *ACTIONS, *CRITERIA]
