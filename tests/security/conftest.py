"""One seeded house for each file: whoever has looked around in it, and what they were answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from tests.isolation import planting
from tests.people import Site, sign_in
from tests.security import hostile
from tests.security.visiting import Answer, visit

MOST_STAFF, MOST_OWN = 260, 80


class Looked(NamedTuple):
    """What the people of a house full of hostile texts were answered."""

    admin: list[Answer]
    viewer: list[Answer]
    columns: int
    kept: list[str]
    written: dict[str, int]

    @property
    def everything(self) -> list[Answer]:
        return [*self.admin, *self.viewer]


@pytest.fixture(scope="module")
def looked(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Looked:
    """Asked once for all tests of a file; nothing of it stays in the database."""
    with django_db_blocker.unblock(), _rolled_back():
        planted = planting.plant_all()
        columns, kept = hostile.make_hostile("kestrel")
        ids = [planted["kestrel", customer].customer_id for customer in planting.CUSTOMERS]
        site = Site("kestrel", "kestrel.localhost", *ids)
        admin = sign_in(site, "admin")
        viewer = sign_in(site, "viewer", customer_id=site.harbor)
        admin.raise_request_exception = viewer.raise_request_exception = False
        before = writes()
        return Looked(
            visit(admin, starts=["/", "/orders/", "/desk/"], most=MOST_STAFF),
            visit(viewer, starts=["/", "/orders/", "/questions/"], most=MOST_OWN),
            columns,
            kept,
            {table: n - before.get(table, 0) for table, n in writes().items()
             if n != before.get(table, 0)},
        )  # fmt: skip


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def writes() -> dict[str, int]:
    """Rows that this transaction has written so far, by table of the partner."""
    with schema_context("kestrel"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE schemaname = 'kestrel'"
        )
        return dict(cursor.fetchall())


@pytest.fixture
def planted(db: None) -> dict:
    return planting.plant_all()


@pytest.fixture
def site(planted: dict) -> Site:
    ids = [planted["kestrel", customer].customer_id for customer in planting.CUSTOMERS]
    return Site("kestrel", "kestrel.localhost", *ids)
