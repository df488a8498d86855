import gzip
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.core import clock, guard, guarded_adapter, http
from portal.core.errors import NeedsCredentials, Permanent, Retryable
from tests.core.web_server import answer, drip, hang_up

PLANTED = "Zq7RplantedT9x"


@pytest.fixture(autouse=True)
def _loopback(allow):
    allow("127.0.0.0/8")
    http._renew()


def test_a_request_arrives_whole_and_its_answer_comes_back(server):
    server.answers["/orders"] = answer(201, b'{"id": 7}', X_Total="1")
    response = http.request(
        "POST",
        server.url("/orders"),
        params={"dry": "1"},
        json={"number": "1001"},
        headers={"Idempotency-Key": "k1"},
        auth=("ck", "cs"),
    )
    method, path, headers, body = server.requests[0]
    assert (method, path, body) == ("POST", "/orders?dry=1", b'{"number": "1001"}')
    assert headers["Idempotency-Key"] == "k1"
    assert headers["Authorization"] == "Basic Y2s6Y3M="
    assert (response.status, response.json(), response.header("x-total")) == (201, {"id": 7}, "1")
    assert response.seconds > 0


@pytest.mark.parametrize(
    ("data", "body"), [(b"ISA*00~", b"ISA*00~"), ({"grant_type": "x y"}, b"grant_type=x+y")]
)
def test_bytes_and_forms_can_be_sent(server, data, body):
    http.request("PUT", server.url(), data=data)
    assert server.requests[0][3] == body


def test_the_sender_has_a_name_that_belongs_to_nobody(server):
    http.request("GET", server.url())
    sent = str(server.requests[0][2]).lower()
    assert "crossdock" not in sent
    assert "python" not in sent


def test_an_error_answer_is_returned_for_the_caller_to_judge(server):
    server.answers["/"] = answer(401, b"revoked")
    response = http.request("GET", server.url())
    with pytest.raises(NeedsCredentials, match="revoked"):
        http.raise_for_recovery(response)


def test_one_connection_serves_many_requests(server):
    for _ in range(10):
        http.request("GET", server.url())
    assert (len(server.requests), server.connections) == (10, 1)


def test_threads_share_the_pool_and_get_their_own_answers(server):
    for number in range(200):
        server.answers[f"/{number}"] = answer(body=str(number).encode())
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda n: http.request("GET", server.url(f"/{n}")).body, range(200)))
    assert bodies == [str(number).encode() for number in range(200)]
    assert server.connections <= 8


def test_no_cookie_is_ever_kept(server):
    server.answers["/"] = answer(Set_Cookie="sid=1; Path=/")
    http.request("GET", server.url())
    http.request("GET", server.url())
    assert "Cookie" not in server.requests[1][2]


def test_proxies_and_passwords_of_the_environment_are_ignored(server, monkeypatch, tmp_path):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login u password p")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert http.request("GET", server.url()).status == 200
    assert "Authorization" not in server.requests[0][2]


def test_the_name_goes_into_the_request_and_the_address_into_the_connection(server, resolve):
    resolve(shop_example=[["127.0.0.1"]])
    http.request("GET", server.url(host="shop.example"))
    assert server.requests[0][2]["Host"] == f"shop.example:{server.server_port}"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "httpx://127.0.0.1/",
        "/orders",
        "",
        "http://",
        "http://[::1",
        "http://host:99999999/",
        "http://*.example/",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_not_http_is_refused(url):
    with pytest.raises(Permanent) as caught:
        http.request("GET", url)
    assert caught.value.code == "bad_address"


@pytest.mark.parametrize("header", ["a\r\nX-Evil: 1", "emoji 📦"])
def test_a_header_that_http_cannot_carry_is_refused(server, header):
    with pytest.raises(Permanent):
        http.request("GET", server.url(), headers={"Idempotency-Key": header})
    assert server.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]", "127.1"])
def test_this_machine_is_refused_unless_allowed(server, allow, host):
    allow()
    with pytest.raises(Permanent) as caught:
        http.request("GET", server.url(host=host))
    assert caught.value.code == "address_refused"
    assert server.requests == []


def test_a_name_that_changes_between_check_and_connection_gains_nothing(
    server, allow, resolve, monkeypatch
):
    allow()
    monkeypatch.setattr(guard, "REMEMBER", 0.0)
    asked = resolve(evil_example=[["93.184.216.34"], ["127.0.0.1"]])
    with pytest.raises(Permanent) as caught:
        http.request("GET", server.url(host="evil.example"))
    assert caught.value.code == "address_refused"
    assert len(asked) == 2
    assert server.requests == []


def test_the_connection_goes_to_the_address_that_was_checked(allow, resolve, monkeypatch):
    allow()
    dialled = []

    def dial(address, *args, **kwargs):
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(guarded_adapter, "create_connection", dial)
    asked = resolve(evil_example=[["10.0.0.1", "93.184.216.34"], ["127.0.0.1"]])
    with pytest.raises(Retryable):
        http.request("GET", "http://evil.example/")
    assert dialled == [("93.184.216.34", 80)]
    assert asked == ["evil.example"]


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.9"])
def test_the_second_address_is_tried_when_the_first_does_not_answer(server, resolve):
    # Nothing listens on 127.0.0.9 at this port.
    resolve(shop_example=[["127.0.0.9", "127.0.0.1"]])
    assert http.request("GET", server.url(host="shop.example")).status == 200


def test_a_withdrawn_permission_closes_even_a_connection_that_is_open(server, allow):
    http.request("GET", server.url())
    allow()
    with pytest.raises(Permanent):
        http.request("GET", server.url())
    assert len(server.requests) == 1


def test_a_redirect_is_not_followed_unless_asked(server):
    server.answers["/"] = answer(302, b"", Location="/next")
    assert http.request("GET", server.url()).status == 302
    assert len(server.requests) == 1


def test_redirects_are_followed_as_often_as_asked(server):
    server.answers["/"] = answer(302, b"", Location="/a")
    server.answers["/a"] = answer(307, b"", Location="/b?x=1")
    assert http.request("GET", server.url(), redirects=2).status == 200
    assert [path for _, path, _, _ in server.requests] == ["/", "/a", "/b?x=1"]
    assert http.request("GET", server.url(), redirects=1).status == 307


def test_a_redirect_loop_ends(server):
    server.answers["/"] = answer(302, b"", Location="/")
    assert http.request("GET", server.url(), redirects=5).status == 302
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "//169.254.169.254/latest/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
    ],
)
def test_a_redirect_to_the_inside_is_refused(server, target):
    server.answers["/"] = answer(302, b"", Location=target)
    with pytest.raises(Permanent) as caught:
        http.request("GET", server.url(), redirects=3)
    assert caught.value.code == "address_refused"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/"])
def test_a_redirect_to_another_kind_of_address_is_refused(server, target):
    server.answers["/"] = answer(302, b"", Location=target)
    with pytest.raises(Permanent) as caught:
        http.request("GET", server.url(), redirects=3)
    assert caught.value.code == "bad_address"


def test_a_post_is_never_redirected(server):
    server.answers["/"] = answer(307, b"", Location="/next")
    assert http.request("POST", server.url(), json={}, redirects=3).status == 307
    assert len(server.requests) == 1


def test_credentials_stay_with_the_host_they_were_meant_for(start):
    first, stranger = start(), start()
    first.answers["/"] = answer(302, b"", Location="/same")
    first.answers["/same"] = answer(302, b"", Location=stranger.url("/caught"))
    headers = {"X-Shop-Pass": PLANTED, "Accept": "application/json"}
    http.request("GET", first.url(), headers=headers, auth=("u", PLANTED), redirects=2)
    assert first.requests[1][2]["Authorization"].startswith("Basic ")
    assert first.requests[1][2]["X-Shop-Pass"] == PLANTED
    assert PLANTED not in str(stranger.requests)
    assert "Authorization" not in stranger.requests[0][2]
    assert stranger.requests[0][2]["Accept"] == "application/json"


def test_an_answer_announced_as_too_large_is_not_read(server):
    server.answers["/"] = answer(body=b"x" * 1001)
    with pytest.raises(Permanent) as caught:
        http.request("GET", server.url(), max_bytes=1000)
    assert caught.value.code == "response_too_large"
    assert len(http.request("GET", server.url(), max_bytes=1001).body) == 1001


def test_an_answer_of_unknown_length_is_cut_off(server):
    sent = []

    def endless(handler):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(1000):
            sent.append(handler.wfile.write(b"x" * 65_536))

    server.answers["/"] = endless
    with pytest.raises(Permanent) as caught:
        http.request("GET", server.url(), max_bytes=100_000)
    assert caught.value.code == "response_too_large"
    assert len(sent) < 1000


def test_a_small_answer_that_unpacks_into_a_huge_one_is_cut_off(server):
    bomb = gzip.compress(b"\0" * 50_000_000)
    server.answers["/"] = answer(body=bomb, Content_Encoding="gzip")
    assert len(bomb) < 100_000
    with pytest.raises(Permanent) as caught:
        http.request("GET", server.url(), max_bytes=1_000_000)
    assert caught.value.code == "response_too_large"


def test_a_packed_answer_is_unpacked(server):
    server.answers["/"] = answer(body=gzip.compress(b"a" * 200_000), Content_Encoding="gzip")
    assert http.request("GET", server.url()).body == b"a" * 200_000
    assert http.request("GET", server.url()).status == 200
    assert server.connections == 1


def test_an_answer_in_chunks_is_read_whole(server):
    def chunked(handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")

    server.answers["/"] = chunked
    assert [http.request("GET", server.url()).body for _ in range(2)] == [b"abcde"] * 2
    assert server.connections == 1


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_an_answer_without_a_body_is_empty_and_keeps_the_connection(server, method):
    def empty(handler):
        handler.send_response(204 if method == "GET" else 200)
        if method == "HEAD":
            handler.send_header("Content-Length", "500")
        handler.end_headers()

    server.answers["/"] = empty
    assert [http.request(method, server.url()).body for _ in range(2)] == [b"", b""]
    assert server.connections == 1


def test_silence_is_a_timeout_and_the_request_may_have_arrived(server):
    server.answers["/"] = drip(b"x" * 20, pause=0.5, length=20)
    with pytest.raises(Retryable) as caught:
        http.request("GET", server.url(), timeout=(1, 0.1))
    assert (caught.value.code, caught.value.uncertain) == ("timeout", True)


def test_an_answer_that_drips_ends_after_the_total_time(server):
    server.answers["/"] = drip(b"x" * 200, pause=0.02, length=200)
    started = clock.monotonic()
    with pytest.raises(Retryable) as caught:
        http.request("GET", server.url(), timeout=(1, 1), total_timeout=0.2)
    assert clock.monotonic() - started < 2
    assert (caught.value.code, caught.value.uncertain) == ("timeout", True)


@pytest.mark.parametrize(
    "misbehave", [hang_up, drip(b"half", pause=0, length=8)], ids=["no answer", "half an answer"]
)
def test_a_cut_connection_can_be_tried_again_but_the_request_may_have_arrived(server, misbehave):
    server.answers["/"] = misbehave
    with pytest.raises(Retryable) as caught:
        http.request("POST", server.url(), json={})
    assert (caught.value.code, caught.value.uncertain) == ("unavailable", True)


def test_a_closed_port_is_unavailable_and_surely_nothing_arrived(start):
    server = start()
    url = server.url()
    server.shutdown()
    server.server_close()
    with pytest.raises(Retryable) as caught:
        http.request("POST", url, json={})
    assert (caught.value.code, caught.value.uncertain) == ("unavailable", False)


def test_a_connection_that_does_not_come_about_is_a_timeout(allow, resolve, monkeypatch):
    def dial(*args, **kwargs):
        raise TimeoutError

    monkeypatch.setattr(guarded_adapter, "create_connection", dial)
    resolve(shop_example=[["93.184.216.34"]])
    with pytest.raises(Retryable) as caught:
        http.request("POST", "http://shop.example/", json={})
    assert (caught.value.code, caught.value.uncertain) == ("timeout", False)


@pytest.mark.parametrize("trouble", ["refused", "cut", "silent", "too large", "bad address"])
def test_no_trouble_prints_a_secret_of_the_request(server, trouble, start):
    host = f"u:{PLANTED}@127.0.0.1"
    server.answers["/cut"] = hang_up
    server.answers["/silent"] = drip(b"x", pause=0.5, length=2)
    server.answers["/large"] = answer(body=b"x" * 100)
    urls = {
        "refused": f"http://{host}:9/",
        "cut": server.url("/cut", host=host),
        "silent": server.url("/silent", host=host),
        "too large": server.url("/large", host=host),
        "bad address": f"ftp://{host}/",
    }
    with pytest.raises((Retryable, Permanent)) as caught:
        http.request(
            "GET",
            f"{urls[trouble]}?consumer_secret={PLANTED}",
            headers={"X-Api-Key": PLANTED},
            timeout=(1, 0.1),
            max_bytes=10,
        )
    error = caught.value
    printed = "".join(traceback.format_exception(error))
    assert PLANTED not in f"{error!r} {error.args} {vars(error)} {printed}"
    assert error.__cause__ is None
    assert PLANTED not in repr(error.__context__)


def test_a_forked_worker_does_not_use_its_parents_connections(server):
    script = f"""
import os
from portal.core import http
http.set_allowed_networks(lambda: ["127.0.0.0/8"])
http.request("GET", {server.url()!r})
mine = http._adapter
child = os.fork()
if not child:
    os._exit(0 if http._adapter is not mine else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=30)
    assert server.connections == 1
