import time

import pytest
from sqlalchemy.exc import DBAPIError

from integrations.transports.sql_errors import SqlRefusal, judge

pytestmark = pytest.mark.pure


class Raised(Exception):
    sqlstate = "22001"


def words(text: str) -> str:
    error = judge(DBAPIError("INSERT", None, Raised(text)))
    assert isinstance(error, SqlRefusal)
    return error.words


def test_what_a_database_says_is_shown_without_its_secrets_and_not_at_any_length():
    assert words("value\n too long,  password=hunter2 here") == (
        "value too long, password=not shown here"
    )
    assert words("x" * 1000) == "x" * 300


def test_a_database_that_says_very_much_keeps_nobody_waiting():
    long = "value too long: " + "token=a-eyJ " * 800_000
    started = time.process_time()
    said = words(long)
    assert time.process_time() - started < 0.2
    assert len(said) <= 300
    assert said.startswith("value too long: token=not shown")
