"""An AS2 partner that we did not write: pyas2lib behind a small HTTP server.

Run by the interpreter of its own environment: `python pyas2lib_server.py FOLDER`. FOLDER holds
partner.pem (its key and certificate) and ours.pem (our certificate). It prints its port, then answers
POST /as2 (a message for it), /settings (how it protects what it sends), /send (post a document to an
address, and say what our receipt did) and /last (what it took last).
"""

import base64
import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pyas2lib import as2

FOLDER = Path(sys.argv[1])
SETTINGS = {}
LAST = {}


def itself():
    pem = (FOLDER / "partner.pem").read_bytes()
    return as2.Organization("PARTNER ONE", sign_key=pem, decrypt_key=pem)


def us():
    pem = (FOLDER / "ours.pem").read_bytes()
    return as2.Partner("OURS", verify_cert=pem, encrypt_cert=pem, validate_certs=False, **SETTINGS)


def take(headers, body):
    raw = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers) + b"\r\n" + body
    message = as2.Message()
    status, error, receipt = message.parse(
        raw,
        lambda name: itself() if name == "PARTNER ONE" else None,
        lambda name: us() if name == "OURS" else None,
    )
    LAST.update(
        status=status,
        error=str(error[0] or ""),
        payload=base64.b64encode(message.payload.get_payload(decode=True) or b"").decode(),
        filename=message.payload.get_filename(),
    )
    return (dict(receipt.headers), receipt.content) if receipt else ({}, b"")


def send(order):
    message = as2.Message(itself(), us())
    message.build(
        base64.b64decode(order["payload"]),
        filename=order["filename"],
        content_type="application/octet-stream",
    )
    request = urllib.request.Request(order["url"], message.content, dict(message.headers))
    with urllib.request.urlopen(request) as answer:
        head = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items()).encode()
        raw = head + b"\r\n" + answer.read()
    receipt = as2.Mdn()
    status, detail = receipt.parse(raw, lambda message_id, recipient: message)
    return {"status": status, "detail": detail, "message_id": message.message_id}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {"Content-Type": "application/json"}
        if self.path == "/as2":
            headers, answer = take(self.headers.items(), body)
        elif self.path == "/settings":
            SETTINGS.clear()
            SETTINGS.update(json.loads(body))
            answer = b"{}"
        elif self.path == "/send":
            answer = json.dumps(send(json.loads(body))).encode()
        else:
            answer = json.dumps(LAST).encode()
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value.replace("\r\n", "").replace("\n", ""))
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
