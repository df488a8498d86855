"""What messages say, whatever stands in a document."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerting import keys
from monitoring.alerting.content import Content, Item, as_text, from_json, plain, to_json
from monitoring.alerting.payloads import pagerduty, pagerduty_action, slack, teams, webhook
from monitoring.alerting.signature import signed

pytestmark = pytest.mark.pure

LINK = "https://kestrel.test/ack/token/"
CASE = Content(
    purpose="raised",
    title="SKU TENT-OLD is not known",
    where="Harbor Outfitters · Web shop",
    severity=2,
    facts=(("Held", "14 orders"), ("At risk", "$1,792.00")),
    url="https://kestrel.test/cases/17/",
)
EVIL = "<!channel> *bold* <https://evil.test|Pay now>\r\nBcc: a@evil.test\u202e"


def test_a_message_as_text_says_what_where_how_much_and_what_to_do():
    assert as_text(CASE, link=LINK) == (
        "S2 SKU TENT-OLD is not known\n"
        "Harbor Outfitters · Web shop\n"
        "\n"
        "Held: 14 orders\n"
        "At risk: $1,792.00\n"
        "\n"
        "Look at it: https://kestrel.test/cases/17/\n"
        "\n"
        "Say that you have it, without signing in: https://kestrel.test/ack/token/"
    )


@pytest.mark.parametrize(
    ("purpose", "headline"),
    [
        ("raised", "S2 SKU TENT-OLD is not known"),
        ("came_back", "Came back: S2 SKU TENT-OLD is not known"),
        ("repeated", "Still open: S2 SKU TENT-OLD is not known"),
        ("escalated", "Nobody has it yet: S2 SKU TENT-OLD is not known"),
        ("acknowledged", "In hand: S2 SKU TENT-OLD is not known"),
        ("over", "Over: SKU TENT-OLD is not known"),
    ],
)
def test_the_headline_says_why_it_comes(purpose, headline):
    content = Content(purpose, CASE.title, severity=2)
    assert content.headline == headline
    assert content.asks is (purpose in ("raised", "came_back", "repeated", "escalated"))


def test_what_is_kept_reads_back_the_same():
    digest = Content("digest", "2 alerts", items=(Item("a", "b", "c"), Item("d", "e", "")))
    for content in (CASE, digest):
        assert from_json(json.loads(json.dumps(to_json(content)))) == content


def test_a_line_is_one_line_of_what_can_be_seen():
    assert plain("  a\r\n\tb\u202e\u0000 c ", most=80) == "a b c"
    assert plain("x" * 5_000_000, most=10) == "xxxxxxxxx…"
    assert plain("Zürich, 北京 🚚", most=80) == "Zürich, 北京 🚚"


@given(st.text(max_size=500), st.integers(1, 80))
def test_no_text_breaks_a_line_or_its_length(text, most):
    line = plain(text, most=most)
    assert len(line) <= most
    assert len(line.splitlines()) <= 1
    assert plain(line, most=most) == line


def test_slack_calls_nobody_and_draws_no_link_of_a_name():
    sent = slack(Content("raised", EVIL, where=EVIL, facts=((EVIL, EVIL),), severity=1), link=LINK)
    drawn = sent["text"] + sent["blocks"][1]["text"]["text"]
    assert "<" not in drawn
    assert "&lt;!channel&gt;" in drawn
    assert sent["blocks"][0]["text"]["type"] == "plain_text"
    assert [button["url"] for button in sent["blocks"][-1]["elements"]] == [LINK]


def test_slack_gets_no_more_than_it_takes():
    long = Content("digest", "x" * 9_000, facts=tuple(("f", "y" * 900) for _ in range(50)), url="u")
    blocks = slack(long, link="")["blocks"]
    assert len(blocks[0]["text"]["text"]) == 150
    assert len(blocks[1]["text"]["text"]) == 2_900


def test_a_card_shows_a_name_as_it_is():
    card = teams(Content("raised", "[Pay](https://evil.test) *now*", severity=1), link=LINK)
    body = card["attachments"][0]["content"]["body"]
    assert body[0]["text"] == r"S1 \[Pay\](https://evil.test) \*now\*"


def test_an_incident_is_opened_taken_and_ended_under_one_key():
    key = keys.shared("kestrel", keys.of_case(17))
    assert key == "kestrel/C-17"
    told = {"link": LINK, "routing_key": "r" * 32, "dedup_key": key, "source": "Kestrel Point"}
    opened = pagerduty(CASE, action=pagerduty_action(CASE), **told)
    assert (opened["event_action"], opened["dedup_key"]) == ("trigger", key)
    assert (opened["payload"]["severity"], opened["payload"]["source"]) == (
        "error", "Harbor Outfitters · Web shop",
    )  # fmt: skip
    assert opened["payload"]["custom_details"]["At risk"] == "$1,792.00"
    for purpose, action in (("acknowledged", "acknowledge"), ("over", "resolve")):
        content = Content(purpose, CASE.title)
        event = pagerduty(content, action=pagerduty_action(content), **told)
        assert event == {"routing_key": "r" * 32, "event_action": action, "dedup_key": key}


def test_a_webhook_gets_the_same_as_data():
    sent = webhook(CASE, link=LINK, key="kestrel/C-17", message=5, sent_by="Kestrel Point")
    assert (sent["event"], sent["severity"], sent["acknowledge_url"]) == ("raised", 2, LINK)
    assert sent["facts"][1] == {"label": "At risk", "value": "$1,792.00"}
    assert (sent["id"], sent["key"], sent["from"]) == (5, "kestrel/C-17", "Kestrel Point")


def test_a_body_is_signed_with_its_time():
    # printf '1764072000.{}' | openssl dgst -sha256 -hmac 'a shared secret of ours'
    assert signed(b"{}", secret="a shared secret of ours", at=1764072000) == {
        "X-Alert-Time": "1764072000",
        "X-Alert-Signature": "sha256="
        "d1ab62af0f1543e5164c5d3c4d4c7febfa67d8f1b75758eaee3d87f479108fb4",
    }


def test_keys_are_one_for_each_cause():
    assert keys.of_case(17) == "C-17"
    assert keys.of_watch(3, customer=2) == "W-3/2"
    assert keys.of_watch(3, customer=2, endpoint=9) == "W-3/2/9"
