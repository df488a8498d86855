"""`manage.py statement`, in this process and in fresh ones."""

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from monitoring.domain import statement_adjust
from monitoring.models import FixItem, Statement, StatementEvidence
from portal.core import clock
from tests import database
from tests.monitoring.statement_scenery import MAY, month, sealed, without_triggers

pytestmark = [pytest.mark.db, pytest.mark.long]

APRIL = ("--partner", "kestrel", "--customer", "harbor", "--period", "2026-04")


def run(verb, *more):
    out = StringIO()
    try:
        call_command("statement", verb, *APRIL, *more, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return out.getvalue()


def test_a_month_is_sealed_checked_and_made_again(kestrel):
    month(kestrel.harbor)
    with clock.freeze(MAY):
        assert "April 2026 of Harbor Outfitters is sealed as number 1." in run("seal")
    made = Statement.objects.get()
    assert f"passed  content: SHA-256 {made.hash}" in run("verify")
    assert f"The same {len(made.content):,} bytes, SHA-256 {made.hash}" in run("recompute")


def test_the_bytes_can_be_written_to_a_file(kestrel, tmp_path):
    (made,) = sealed(kestrel.harbor)
    run("recompute", "--out", str(tmp_path / "april.json"))
    assert (tmp_path / "april.json").read_bytes() == made.content


def test_a_difference_is_named_and_ends_badly(kestrel):
    month(kestrel.harbor)
    sealed(kestrel.harbor)
    item = FixItem.objects.get(position=1)
    FixItem.objects.filter(pk=item.pk).update(amount=1)
    said = run("recompute")
    assert f"Record save {item.fix_id}/1: amount was 100.5 and is 1." in said
    assert "delivered.worth[0].amount was 201 and is 101.5." in said
    assert "What was sealed stays as it is." in said


def test_a_touched_row_is_named(kestrel):
    month(kestrel.harbor)
    (made,) = sealed(kestrel.harbor)
    row = made.evidence.filter(kind="case").get()
    with without_triggers():
        StatementEvidence.objects.filter(pk=row.pk).update(fields={})
    said = run("verify")
    assert f"Evidence case {row.name} was changed after it was sealed." in said
    assert "The seal is broken. Flaws: 2." in said


def test_a_correction_takes_two_people(kestrel, ben):
    month(kestrel.harbor)
    sealed(kestrel.harbor)
    said = run(
        "adjust", "--by", ben.email, "--reason", "One was a test", "--set", "delivered.orders", "1"
    )
    assert "waits for somebody else" in said
    number = said.split()[1]
    assert "somebody else has to approve it" in run(
        "adjust", "--by", ben.email, "--approve", number
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--customer", "nobody"), "There is no customer 'nobody'. There are: harbor, maris."),
        (("--period", "2026-02"), "2026-02 of Harbor Outfitters is not sealed. Seal it first."),
        (("--period", "soon"), "soon is no month. Write it like 2026-04."),
        (("--partner", "nobody"), "There is no partner 'nobody'"),
    ],
)
def test_what_is_not_there_is_said(kestrel, change, said):
    assert said in run("verify", *change)


def test_the_correction_of_another_statement_is_not_signed(kestrel, ana, ben):
    month(kestrel.harbor)
    (theirs,) = sealed(kestrel.maris)
    sealed(kestrel.harbor)
    asked = statement_adjust.ask(theirs, [("delivered.orders", "1")], reason="x", person=ana)
    said = run("adjust", "--by", ben.email, "--approve", str(asked.pk))
    assert said == f"April 2026 has no correction {asked.pk}."
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_an_operator_corrects_nothing(kestrel, ana):
    sealed(kestrel.harbor)
    assert "nobody who may correct" in run("adjust", "--by", ana.email, "--reason", "x")


PLANT = """
import django; django.setup()
from django_tenants.utils import schema_context
with schema_context("kestrel"):
    from portal.customers.models import Customer
    from tests.monitoring.statement_scenery import month, sealed
    harbor = Customer.objects.create(slug="harbor", name="Harbor Outfitters")
    month(harbor.pk)
    print(sealed(harbor.pk)[0].hash)
"""


@pytest.fixture
def another_database():
    """A database of its own that other processes may write to."""
    name = f"crossdock_fresh_{os.getpid()}"
    database.create(name)
    yield name
    database.drop(name)


def fresh(name, seed, *arguments):
    """What another Python process prints, with another order of hashes."""
    environment = {
        **os.environ, "CROSSDOCK_DATABASE_NAME": name, "PYTHONHASHSEED": seed,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, cwd=database._ROOT
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_fresh_processes_make_identical_bytes(another_database, tmp_path):
    sealed_hash = fresh(another_database, "1", "-c", PLANT).split()[-1]
    files = [tmp_path / f"{seed}.json" for seed in ("2", "3")]
    for seed, file in zip(("2", "3"), files, strict=True):
        said = fresh(
            another_database,
            seed,
            "manage.py",
            "statement",
            "recompute",
            *APRIL,
            "--out",
            str(file),
        )
        assert f"SHA-256 {sealed_hash}" in said
    assert files[0].read_bytes() == files[1].read_bytes()
