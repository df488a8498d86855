"""What is done once an answer has left."""

import pytest
import structlog
from django.http import HttpResponse

from portal.core.afterwards import afterwards

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db,
]  # Django lets go of old connections when an answer has left


def test_it_is_done_once_and_not_before_the_answer_has_left():
    answer, done = HttpResponse("here"), []
    afterwards(answer, lambda: done.append(1))
    assert done == []
    answer.close()
    answer.close()
    assert done == [1]


def test_what_goes_wrong_is_logged_and_the_rest_is_done():
    def fail() -> None:
        raise RuntimeError("no server")

    answer, done = HttpResponse("here"), []
    afterwards(answer, fail)
    afterwards(answer, lambda: done.append(1))
    with structlog.testing.capture_logs() as lines:
        answer.close()
    assert done == [1]
    assert [line["event"] for line in lines] == ["work after an answer failed"]
