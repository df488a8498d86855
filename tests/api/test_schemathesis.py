"""The whole description, asked by a machine: no fault of ours, and no answer that is not described."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django_tenants.utils import schema_context
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from integrations.models import Endpoint
from portal.api import limits, schema
from portal.wsgi import application
from tests.api.asking import token
from tests.isolation import planting
from tests.people import Site

pytestmark = [pytest.mark.db, pytest.mark.long]

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
EXAMPLES = 5


@pytest.fixture
def site(planted, monkeypatch) -> Site:
    monkeypatch.setattr(limits, "BURST", 1e6)
    harbor, maris = planted["kestrel", "harbor"], planted["kestrel", "maris"]
    return Site("kestrel", "kestrel.localhost", harbor.customer_id, maris.customer_id)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """What the server does between requests would end the transaction of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def described() -> Any:
    found = schemathesis.openapi.from_dict(schema.document())
    found.app = application
    found.config.update(base_url="http://kestrel.localhost")
    return found


def real(planted: Any, name: str, kind: str, *, turn: int) -> Any:
    """An id of something that is there, for half of the questions."""
    own = planted["kestrel", "harbor"]
    known = {
        "uuid": [str(own.order_id), str(own.message_id)],
        "integer": [1, 2, own.case, own.table_id],
    }
    texts: dict[str, list[Any]] = {
        "number": [own.case],
        "direction": ["in", "out"],
        "object_type": ["order"],
        "period": ["2026-04"],
        "order_number": [own.mark, "1001"],
    }
    found = texts.get(name) or known.get(kind) or [own.endpoint]
    return found[turn % len(found)]


def ask_everything(planted: Any, headers: dict[str, str]) -> int:
    """How often was asked. Fails with everything that was found, an example of each operation."""
    asked, found = 0, []
    for result in described().get_all_operations():
        operation = result.ok()
        whole = operation.as_strategy()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck), derandomize=True,
        )  # fmt: skip
        @given(case=whole)
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            if asked % 2:
                for parameter in case.operation.path_parameters:
                    at = parameter.definition["schema"]
                    kind = at.get("format") or at["type"]
                    case.path_parameters[parameter.name] = real(
                        planted, parameter.name, kind, turn=asked // 2
                    )
            case.call_and_validate(headers={"Host": "kestrel.localhost", **headers}, checks=CHECKS)

        try:
            ask()
        except BaseExceptionGroup as failures:
            found += [f"{operation.label}: {one}" for one in failures.exceptions]
    assert found == [], "\n\n".join(found)
    return asked


def test_as_an_admin_nothing_fails_and_everything_is_as_described(site, planted):
    text = token(site)[1]
    assert ask_everything(planted, {"Authorization": f"Bearer {text}"}) > 400


def test_as_a_customer_nothing_fails_and_everything_is_as_described(site, planted):
    text = token(site, customer_id=site.harbor)[1]
    assert ask_everything(planted, {"Authorization": f"Bearer {text}"}) > 400


def test_as_an_application_nothing_fails_and_everything_is_as_described(site, planted):
    planting.make_applications()
    with schema_context("kestrel"):
        endpoint = Endpoint.objects.get(slug=planted["kestrel", "harbor"].endpoint)
    text = token(site, customer_id=site.harbor, endpoint_id=endpoint.pk)[1]
    assert ask_everything(planted, {"Authorization": f"Bearer {text}"}) > 400


def test_without_a_token_everything_is_refused_as_described(site, planted):
    assert ask_everything(planted, {}) > 400
