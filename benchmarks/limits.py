"""The physical limits that stand beside the figures, measured in the same run."""

import os
import statistics
import time
import urllib.parse
from http.client import HTTPConnection

from benchmarks.rig import Rig
from portal.demo import ports

BARE_COMMIT = "single-row inserts committed by one bare psycopg connection, fsync on"
BARE_VIEW = "a bare Django view that inserts the body as one row, same server and load"
SECONDS = 1.5


def commits_per_second(one: Rig) -> float:
    """Single-row inserts a second, each committed, over one connection to the rig's server."""
    done, started = 0, time.perf_counter()
    with one.database() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS public.bare_commit (n int, body text)")
        if connection.execute("SHOW fsync").fetchone() != ("on",):
            raise SystemExit("This server runs with fsync off: its figures mean nothing.")
        while time.perf_counter() - started < SECONDS:
            connection.execute("INSERT INTO public.bare_commit VALUES (%s, 'x')", [done])
            done += 1
        return done / (time.perf_counter() - started)


def start_bare_view(one: Rig) -> int:
    """Serve `bare_view` the way Crossdock is served. Returns its port."""
    with one.database() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS public.bare_view (id bigserial, body bytea)")
    port = ports.find_free()
    os.environ["BARE_VIEW_PORT"] = str(port)
    one.start(
        "bare_view", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--blocking-threads", "8", "--no-ws",
        "--log-level", "warning", "benchmarks.bare_view:application", port=port,
    )  # fmt: skip
    return port


def post_and_commit_ms(one: Rig, url: str, body: bytes) -> float:
    """Milliseconds of one bare commit and one bare POST to `url`, one after the other (median)."""
    samples = []
    client = HTTPConnection(urllib.parse.urlsplit(url).netloc)
    with one.database() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS public.bare_commit (n int, body text)")
        for n in range(200):
            began = time.perf_counter()
            connection.execute("INSERT INTO public.bare_commit VALUES (%s, 'x')", [n])
            client.request("POST", "/bare", body, {"Content-Type": "application/json"})
            client.getresponse().read()
            samples.append(1000 * (time.perf_counter() - began))
    client.close()
    return statistics.median(samples)
