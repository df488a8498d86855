import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.redact import (
    is_secret_name,
    redact,
    redact_headers,
    redact_text,
    redact_url,
)

pytestmark = [pytest.mark.pure, pytest.mark.long]
PLANTED = "Zq7RplantedT9x"


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "Set-Cookie",
        "X-Api-Key",
        "apikey",
        "apiKey",
        "consumer_key",
        "consumer_secret",
        "client_secret",
        "refresh_token",
        "X-Shopify-Access-Token",
        "X-WC-Webhook-Signature",
        "oauth_nonce",
        "password",
        "db_passwd",
        "key",
        "2fa_token",
        "X-Shopify-Hmac-Sha256",
    ],
)
def test_names_of_secrets_are_known(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Idempotency-Key",
        "dedup_key",
        "business_key",
        "recordKey",
        "author",
        "authenticated",
        "auth_kind",
        "www-authenticate",
        "turkey",
        "keyboard",
        "Content-Type",
        "number",
    ],
)
def test_names_of_other_things_are_left_alone(name):
    assert not is_secret_name(name)


def test_headers_lose_their_secrets_and_keep_the_rest():
    headers = {
        "Authorization": f"Basic {PLANTED}",
        "Idempotency-Key": "order-1001",
        "Content-Type": "application/json",
        "Referer": f"https://u:{PLANTED}@shop.example/",
    }
    assert redact_headers(headers) == {
        "Authorization": "not shown",
        "Idempotency-Key": "order-1001",
        "Content-Type": "application/json",
        "Referer": "https://not-shown@shop.example/",
    }


def test_an_address_loses_user_info_query_secrets_and_fragment_tokens():
    url = (
        f"https://bob:{PLANTED}@shop.example/o?page=2&consumer_key={PLANTED}#access_token={PLANTED}"
    )
    assert redact_url(url) == (
        "https://not-shown@shop.example/o?page=2&consumer_key=not-shown#access_token=not-shown"
    )


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("hooks.slack.com/services/T00/B00/Zq7RplantedT9x", "hooks.slack.com/services/"),
        ("k.webhook.office.com/webhookb2/a@b/IncomingWebhook/0123456789abcdef/Zq7RplantedT9x",
         "k.webhook.office.com/webhookb2/a@b/IncomingWebhook/"),
    ],
)  # fmt: skip
def test_an_address_whose_path_is_the_secret_loses_it(path, shown):
    for hide, hidden in ((redact_url, "not-shown"), (redact_text, "not shown")):
        assert hide(f"https://{path}") == f"https://{shown}{hidden}"
    assert redact_text(f"POST /{path.partition('/')[2]} HTTP/1.1").count("not shown") == 1


def test_an_encoded_parameter_name_does_not_hide_its_secret():
    assert redact_url(f"https://a.example/?api%5Fkey={PLANTED}") == (
        "https://a.example/?api%5Fkey=not-shown"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {PLANTED}",
        f"authorization: Digest username=u, response={PLANTED}",
        f'{{"Authorization": "Digest username=\\"u\\", response=\\"{PLANTED}\\""}}',
        f"{{'Cookie': 'a=1; sessionid={PLANTED}'}}",
        f"sent bearer {PLANTED} to the shop",
        f"Basic {PLANTED}",
        f"password={PLANTED}&grant_type=password",
        f'{{"client_secret": "{PLANTED}", "scope": "all"}}',
        f'{{\\"client_secret\\": \\"{PLANTED}\\"}}',
        f"{{'api_key': '{PLANTED}'}}",
        f"{{b'token': b'{PLANTED}'}}",
        f'{{"password": "with \\"quotes\\" {PLANTED}"}}',
        f"postgresql://crossdock:{PLANTED}@db.internal/main",
        f"amqp://u:{PLANTED}@with@at@host/",
        f"GET /maps?key={PLANTED} 403",
        f"<soap:Password Type='text'>{PLANTED}</soap:Password>",
        f"--secret-key={PLANTED}",
        f"-----BEGIN RSA PRIVATE KEY-----\nMII{PLANTED}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\nMII{PLANTED} cut off",
        f"\x1b[36mtoken\x1b[0m token={PLANTED}",
    ],
)
def test_no_spelling_of_a_secret_survives_in_text(text):
    assert PLANTED not in redact_text(text)


@pytest.mark.parametrize(
    "token",
    [
        "ck_1234567890abcdef1234567890abcdef12345678",
        "cs_1234567890abcdef1234567890abcdef12345678",
        "shpat_1234567890abcdef",
        "whsec_MfKQ9r8GKYqrTwjU",
        "xoxb-1234567890-abcdefgh",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.SflKxwRJSMeKKF2QT4",
    ],
)
def test_a_token_of_a_known_shape_is_hidden_without_a_name(token):
    assert redact_text(f"the shop said {token} is revoked") == "the shop said not shown is revoked"


@pytest.mark.parametrize(
    "text",
    [
        "Order 1001 was delivered to https://shop.example/orders?page=2",
        "Basic authentication is required",
        "the bearer token expired",
        '{"key": "_tracking_number", "value": "1Z999"}',
        "dedup_key=woo/1001",
        "foreign key violation on orders",
        "",
    ],
)
def test_text_without_a_secret_is_not_touched(text):
    assert redact_text(text) == text


def test_only_the_secret_is_cut_out_of_a_body():
    assert redact_text('{"user": "bob", "password": "hunter2", "page": 2}') == (
        '{"user": "bob", "password": "not shown", "page": 2}'
    )


def test_nested_values_are_searched_whatever_holds_them():
    value = {
        "request": {"headers": [{"authorization": PLANTED}], "body": b"token=" + PLANTED.encode()},
        "attempt": 3,
        "dedup_key": "woo/1001",
        "error": ValueError(f"password={PLANTED}"),
        "pin_token": 1234,
        "api_key": None,
    }
    assert redact(value) == {
        "request": {"headers": [{"authorization": "not shown"}], "body": "token=not shown"},
        "attempt": 3,
        "dedup_key": "woo/1001",
        "error": "password=not shown",
        "pin_token": "not shown",
        "api_key": None,
    }


SPELLINGS = st.sampled_from(
    ['"password": "{}"', "token={}", "Authorization: Bearer {}", "https://u:{}@h/?api_key={}"]
)


@given(st.text(max_size=40), SPELLINGS, st.text(max_size=40))
def test_redacting_twice_is_redacting_once(before, spelling, after):
    once = redact_text(before + " " + spelling.replace("{}", PLANTED) + " " + after)
    assert redact_text(once) == once


@given(st.text(max_size=40), SPELLINGS)
def test_a_planted_secret_never_survives_whatever_stands_before_it(before, spelling):
    assert PLANTED not in redact_text(before + " " + spelling.replace("{}", PLANTED))


# Each pattern of the module is attacked: its beginning over and over, or once with a long run that
# never comes to the end it needs.
REPEATED = [
    "<a", "<token>a", "a-eyJ", "eyJaaaaaaaa.", "eyJaaaaaaaa.eyJa", "a.", "://", "://a", "@", "a@",
    'token="', 'token=\\"', "token='", 'token="\\\n', "cookie ", 'cookie:"\\', "basic ", "basic a",
    "bearer ", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----END A", "xoxb-", "ck_a", "key=",
    "?key=", "auth", "session_", "sk_live_", "password ", "\\", "[", " ",
]  # fmt: skip
BEGINNINGS = [
    "<", "<token ", "<token>", "://", "eyJ", "eyJaaaaaaaa.", "basic ", "bearer ", "cookie", 'cookie:"',
    'token="', 'token=\\"', "token=", "key", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "ck_", "?",
]  # fmt: skip
HOSTILE = REPEATED + [start + run for start in BEGINNINGS for run in ("a", "A", "-", " ", ".", '"')]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("hide", [redact_text, redact_url, is_secret_name])
def test_a_hostile_text_takes_no_more_than_a_moment(hide, unit):
    repeated = (unit * 200_000)[:200_000]
    run = unit[:-1] + unit[-1] * 200_000
    started = time.process_time()
    for text in (repeated, run):
        hide("token " + text + "!\n")
    assert time.process_time() - started < 1


def test_an_unfinished_text_hides_the_secret_that_was_cut_off():
    assert redact_text(f'{{"password": "abc {PLANTED}') == '{"password": "not shown"'
    assert redact_text(f"{{'password': 'abc {PLANTED}\\") == "{'password': 'not shown'"
    assert redact_text(f'{{\\"password\\": \\"abc {PLANTED}') == '{\\"password\\": \\"not shown\\"'
    assert redact_text(f"<Password>abc {PLANTED}") == "<Password>not shown"


SECRETS = [
    'x "password": "{}" y', "token={} y", "Authorization: Bearer {}\n", "https://user:{}@host/ y",
    "<Password>{}</Password>", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.{}",
    "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SECRETS)
def test_no_cut_leaves_a_piece_of_a_secret(spelling):
    text = spelling.replace("{}", PLANTED * 40) + " and more" * 2000
    for before in (0, 80, 100, 4000, 4160, 4200):
        long = "." * before + text
        for most in (1, 60, 100, 200):
            shown = redact_text(long, most=most)
            assert len(shown) <= most
            assert "RplantedT" not in shown


def test_a_secret_after_one_that_was_hidden_does_not_move_into_what_is_shown():
    text = f"token={'x' * 4000} https://user:{PLANTED * 100}@host/" + "." * 9000
    for most in range(0, 4500, 50):
        assert "RplantedT" not in redact_text(text, most=most)


def test_a_text_is_shown_up_to_the_length_asked_for():
    assert redact_text("a" * 20, most=20) == "a" * 20
    assert redact_text("a" * 21, most=20) == "a" * 20
    assert redact_text("a" * 100_000, most=20) == "a" * 20
    assert redact({"deep": ["b" * 30, b"c" * 30]}, most=5) == {"deep": ["bbbbb", "ccccc"]}
