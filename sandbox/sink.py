"""python -m sandbox.sink: an HTTP target that honours Idempotency-Key and counts effects."""

import argparse
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from sandbox.control import Routes, answered, misbehave
from sandbox.faults import HTTP_FAULTS, Faults, misbehaving
from sandbox.web import Listener, Request, Response, json_response, serve

CREATED = b'{"status":"accepted"}'
JSON = (("Content-Type", "application/json"),)
REFERENCE_FIELDS = ("number", "reference", "order_number", "id", "sku")


class Sink:
    """`effects` counts by idempotency key; one body under two keys is a double effect."""

    def __init__(self) -> None:
        self.faults = Faults(counts=HTTP_FAULTS)
        self.outage: Callable[[float], None] = lambda seconds: None
        self.clear()

    def clear(self) -> None:
        self.requests = 0
        self.repeats = 0
        self.conflicts = 0
        self.digest_by_key: dict[str, bytes] = {}
        self.effects_by_digest: dict[bytes, int] = {}
        self.arrivals: dict[str, float] = {}

    def __call__(self, request: Request) -> Response | None:
        if request.path.startswith("/_sandbox/"):
            return self.control(request)
        return misbehaving(self.faults, request, self.receive)

    def receive(self, request: Request) -> Response:
        if request.method not in ("POST", "PUT"):
            return json_response({"error": "POST or PUT only"}, status=405)
        self.requests += 1
        digest = hashlib.sha256(request.body).digest()
        key = request.headers.get("idempotency-key", "")
        if key and key in self.digest_by_key:
            return self.repeat(key, digest)
        if key:
            self.digest_by_key[key] = digest
        self.effects_by_digest[digest] = self.effects_by_digest.get(digest, 0) + 1
        self.arrivals.setdefault(_reference(request, key), time.time())
        return Response(201, CREATED, JSON)

    def repeat(self, key: str, digest: bytes) -> Response:
        """The same key answers as before; with another body it is refused."""
        if self.digest_by_key[key] != digest:
            self.conflicts += 1
            return json_response({"error": "key was used for another body"}, status=422)
        self.repeats += 1
        return Response(201, CREATED, JSON)

    def control(self, request: Request) -> Response:
        routes: Routes = {
            ("GET", "/_sandbox/effects"): self.effects,
            ("POST", "/_sandbox/misbehave"): self.misbehave,
            ("POST", "/_sandbox/clear"): self.forget,
        }
        return answered(routes, request)

    def effects(self, request: Request) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "requests": self.requests,
            "effects": sum(self.effects_by_digest.values()),
            "repeats": self.repeats,
            "conflicts": self.conflicts,
            "double_effects": sum(times - 1 for times in self.effects_by_digest.values()),
            "references": len(self.arrivals),
        }
        return {**shown, "arrivals": self.arrivals} if "arrivals" in request.query else shown

    def misbehave(self, request: Request) -> dict[str, Any]:
        return misbehave(request.json(), self.faults, outage=self.outage)

    def forget(self, request: Request) -> dict[str, Any]:
        self.clear()
        return {}


def _reference(request: Request, key: str) -> str:
    """How the sender names the record: a business number in the body, else the key."""
    try:
        body = json.loads(request.body)
    except ValueError:
        return key
    if not isinstance(body, dict):
        return key
    return next((str(body[name]) for name in REFERENCE_FIELDS if body.get(name)), key)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.sink", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control-port", type=int, help="a second port that stays up in an outage")
    arguments = parser.parse_args()
    sink = Sink()
    listeners = [Listener(sink, arguments.port)]
    sink.outage = listeners[0].outage
    if arguments.control_port is not None:
        listeners.append(Listener(sink.control, arguments.control_port))
    serve("sink", listeners)


if __name__ == "__main__":
    main()
