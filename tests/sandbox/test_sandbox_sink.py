import pytest
import requests


@pytest.fixture
def sink(start):
    return start("sink", "--control-port", "0")


def _push(sink, body: dict, key: str | None = None, **named) -> requests.Response:
    headers = {"Idempotency-Key": key} if key else {}
    named.setdefault("timeout", 5)
    return requests.post(f"{sink.url}/orders", json=body, headers=headers, **named)


def test_a_key_used_twice_has_one_effect_and_the_same_answer(sink) -> None:
    first, again = (_push(sink, {"number": "A1"}, "k1") for _ in range(2))
    assert (
        (first.status_code, first.content)
        == (again.status_code, again.content)
        == (
            201,
            b'{"status":"accepted"}',
        )
    )
    effects = sink.effects()
    assert (effects["effects"], effects["repeats"], effects["double_effects"]) == (1, 1, 0)


def test_one_body_under_two_keys_is_a_double_effect(sink) -> None:
    _push(sink, {"number": "A1"}, "k1")
    _push(sink, {"number": "A1"}, "k2")
    assert sink.effects()["double_effects"] == 1


def test_one_key_with_another_body_is_refused(sink) -> None:
    _push(sink, {"number": "A1"}, "k1")
    assert _push(sink, {"number": "A2"}, "k1").status_code == 422
    assert sink.effects()["conflicts"] == 1
    assert sink.effects()["effects"] == 1


def test_arrivals_are_told_by_business_number(sink) -> None:
    _push(sink, {"number": "A1"}, "k1")
    url = f"{sink.control}/_sandbox/effects"
    assert "arrivals" not in requests.get(url, timeout=5).json()
    arrivals = requests.get(url, params={"arrivals": "1"}, timeout=5).json()["arrivals"]
    assert list(arrivals) == ["A1"]


def test_a_timeout_after_commit_makes_the_retry_a_repeat(sink) -> None:
    sink.misbehave(timeout_after_commit=1)
    with pytest.raises(requests.Timeout):
        _push(sink, {"number": "A1"}, "k1", timeout=0.3)
    assert _push(sink, {"number": "A1"}, "k1").status_code == 201
    effects = sink.effects()
    assert (effects["effects"], effects["repeats"]) == (1, 1)


def test_slow_answers_take_their_time(sink) -> None:
    sink.misbehave(slow={"n": 1, "seconds": 0.3})
    assert _push(sink, {"number": "A1"}).elapsed.total_seconds() >= 0.3
    assert _push(sink, {"number": "A2"}).elapsed.total_seconds() < 0.3


def test_reading_is_not_pushing(sink) -> None:
    assert requests.get(f"{sink.url}/orders", timeout=5).status_code == 405
    assert sink.effects()["requests"] == 0


def test_a_terminated_sink_ends_with_zero(sink) -> None:
    sink.process.terminate()
    assert sink.process.wait(5) == 0
