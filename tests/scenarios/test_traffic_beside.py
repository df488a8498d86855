"""Sums folded and made anew while documents move: each is counted once, whatever runs at the same time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from integrations.domain import rollup
from integrations.models import Traffic
from integrations.queries import volumes
from integrations.queries.windows import outward
from portal.core import clock
from tests import pipeline
from tests.scenarios.passes import side_by_side, translate_all

pytestmark = pytest.mark.db


@pytest.fixture
def shop(site: Any, sink: Any) -> Any:
    made = pipeline.endpoint(site.harbor, "shop", settings={})
    erp = pipeline.endpoint(site.harbor, "erp", settings={"url": sink.url}, rate_per_second=10_000)
    pipeline.flow(made, erp)
    return made


def applied() -> int:
    now = clock.now()
    return volumes.total(outward(now - timedelta(hours=1), now + timedelta(minutes=1))).applied


def repeat(what: Any, times: int) -> Any:
    def run() -> None:
        for _ in range(times):
            what()

    return run


def test_folding_and_rebuilding_beside_the_pipeline(site: Any, shop: Any) -> None:
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(600)])
    side_by_side(translate_all(site.harbor), repeat(rollup.rebuild, 6), repeat(rollup.fold, 12))
    assert applied() == 600
    assert rollup.differences() == []


def test_the_command_names_what_differs_and_makes_it_anew(
    site: Any, shop: Any, capsys: Any
) -> None:
    pipeline.store(shop, pipeline.order("1001"))
    pipeline.run(site.harbor)
    rollup.fold()
    Traffic.objects.filter(level=1, direction="in").update(applied=5)
    with pytest.raises(CommandError, match="traffic rebuild"):
        call_command("traffic", "check", partner="kestrel")
    assert "hour from " in capsys.readouterr().out
    call_command("traffic", "rebuild", partner="kestrel")
    call_command("traffic", "check", partner="kestrel")
    assert "The sums are what the events add up to." in capsys.readouterr().out
