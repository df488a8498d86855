"""A small IMAP server of the tests' own, strict about what it is told: TLS, SASL PLAIN or XOAUTH2, UID commands.

`lacks` are capabilities that it has not (MOVE, UIDPLUS). `fault` is met by the next command of its name.
"""

import base64
import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from typing import Any

USER, PASSWORD = "orders@kestrel.example", "mäil s3cr3t"
_ATOMS = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^)]*\))|(\S+)')


class Folder:
    def __init__(self) -> None:
        self.next = 1
        self.mails: dict[int, bytes] = {}
        self.deleted: set[int] = set()

    def add(self, raw: bytes) -> int:
        uid, self.next = self.next, self.next + 1
        self.mails[uid] = raw
        return uid


class Mailboxes:
    """The server, and what lies on it."""

    def __init__(self, certificate: str, *, lacks: tuple[str, ...] = ()) -> None:
        self.folders = {"INBOX": Folder()}
        self.lacks, self.lock = lacks, threading.RLock()
        self.commands: list[str] = []
        self.fault: dict[str, str] = {}
        self.refuses_folders = False
        self.tokens: set[str] | None = (
            None  # those that are good, where it wants them and no password
        )
        self.carried: list[str] = []  # what logins by token said
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        handler = type("Handler", (_Handler,), {"there": self})
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]

    def count(self, folder: str) -> int:
        return len(self.folders[folder].mails) if folder in self.folders else 0

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(socketserver.BaseRequestHandler):
    there: Mailboxes

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.socket = self.there.context.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return
        self.lines = self.socket.makefile("rb")
        self.selected = ""
        self.entered = False
        try:
            self.say(f"* OK [CAPABILITY IMAP4rev1 {self.offered}] ready")
            while line := self.lines.readline():
                if not self.obey(line.decode("latin-1").rstrip("\r\n")):
                    break
        except OSError:
            pass
        finally:
            self.lines.close()
            self.socket.close()

    def say(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode("latin-1"))

    def obey(self, line: str) -> bool:
        tag, _, rest = line.partition(" ")
        words = [a.replace('\\"', '"') if a or not (b or c) else b or c
                 for a, b, c in _ATOMS.findall(rest)]  # fmt: skip
        verb = words[0].upper()
        if verb == "UID":
            verb, words = f"UID {words[1].upper()}", words[1:]
        self.there.commands.append(verb)
        fault = self.there.fault.pop(verb, "")
        if fault == "cut off":
            return False
        if fault:
            self.say(f"{tag} {fault}")
            return True
        known: dict[str, Callable[[list[str]], str]] = {
            "CAPABILITY": self.capability, "AUTHENTICATE": self.authenticate, "LIST": self.list_,
            "SELECT": self.select, "STATUS": self.status, "CREATE": self.create,
            "UID SEARCH": self.search, "UID FETCH": self.fetch, "UID MOVE": self.move,
            "UID COPY": self.copy, "UID STORE": self.store, "UID EXPUNGE": self.expunge,
        }  # fmt: skip
        if verb == "LOGOUT":
            self.say("* BYE", f"{tag} OK bye")
            return False
        if verb not in known or (verb not in {"CAPABILITY", "AUTHENTICATE"} and not self.entered):
            self.say(f"{tag} BAD {verb} is not known now")
            return True
        with self.there.lock:
            answer = known[verb](words[1:])
        self.say(f"{tag} {answer}")
        return True

    def capability(self, words: list[str]) -> str:
        more = [c for c in ("MOVE", "UIDPLUS") if c not in self.there.lacks]
        self.say(f"* CAPABILITY IMAP4rev1 {self.offered} {' '.join(more)}".rstrip())
        return "OK done"

    @property
    def offered(self) -> str:
        return "AUTH=PLAIN" if self.there.tokens is None else "AUTH=PLAIN AUTH=XOAUTH2"

    def authenticate(self, words: list[str]) -> str:
        self.say("+ ")
        said = base64.b64decode(self.lines.readline().strip()).decode()
        if words[0] == "XOAUTH2":
            return self.judge_token(said)
        self.entered = said == f"\0{USER}\0{PASSWORD}"
        return "OK hello" if self.entered else "NO [AUTHENTICATIONFAILED] wrong user or password"

    def judge_token(self, said: str) -> str:
        self.there.carried.append(said)
        good = {f"user={USER}\1auth=Bearer {token}\1\1" for token in self.there.tokens or ()}
        self.entered = said in good
        if self.entered:
            return "OK hello"
        why = base64.b64encode(b'{"status":"400","schemes":"Bearer","scope":"mail.read"}').decode()
        self.say(f"+ {why}")
        if self.lines.readline().strip():
            return "BAD nothing was to be said to that"
        return f"NO [AUTHENTICATIONFAILED] wrong token {said}".replace("\1", " ")

    def list_(self, words: list[str]) -> str:
        self.say('* LIST (\\Noselect) "." ""')
        return "OK done"

    def select(self, words: list[str]) -> str:
        if words[0] not in self.there.folders:
            return "NO no such folder"
        self.selected = words[0]
        self.say(f"* {len(self.folder.mails)} EXISTS", "* OK [UIDVALIDITY 7] ok")
        return "OK [READ-WRITE] done"

    def status(self, words: list[str]) -> str:
        if words[0] not in self.there.folders:
            return "NO no such folder"
        self.say(f'* STATUS "{words[0]}" (MESSAGES 0)')
        return "OK done"

    def create(self, words: list[str]) -> str:
        if self.there.refuses_folders or "/" in words[0]:
            return "NO not allowed"
        self.there.folders[words[0]] = Folder()
        return "OK done"

    @property
    def folder(self) -> Folder:
        return self.there.folders[self.selected]

    def search(self, words: list[str]) -> str:
        asked = self.of(words[1]) if words[0] == "UID" else sorted(self.folder.mails)
        found = [uid for uid in asked if uid not in self.folder.deleted]
        self.say(f"* SEARCH {' '.join(map(str, found))}".rstrip())
        return "OK done"

    def fetch(self, words: list[str]) -> str:
        for uid in self.of(words[0]):
            raw = self.folder.mails[uid]
            if "SIZE" in words[1]:
                self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            else:
                self.socket.sendall(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode())
                self.socket.sendall(raw + b")\r\n")
        return "OK done"

    def of(self, numbers: str) -> list[int]:
        return [int(n) for n in numbers.split(",") if int(n) in self.folder.mails]

    def copy(self, words: list[str]) -> str:
        if words[1] not in self.there.folders:
            return "NO [TRYCREATE] no such folder"
        for uid in self.of(words[0]):
            self.there.folders[words[1]].add(self.folder.mails[uid])
        return "OK done"

    def move(self, words: list[str]) -> str:
        if "MOVE" in self.there.lacks:
            return "BAD not known"
        answer = self.copy(words)
        for uid in self.of(words[0]) if answer.startswith("OK") else []:
            del self.folder.mails[uid]
        return answer

    def store(self, words: list[str]) -> str:
        self.folder.deleted.update(self.of(words[0]))
        return "OK done"

    def expunge(self, words: list[str]) -> str:
        for uid in set(self.of(words[0])) & self.folder.deleted:
            del self.folder.mails[uid]
        return "OK done"


def mail(*files: tuple[str, bytes], sender: str = "orders@acme.example", **headers: Any) -> bytes:
    """A mail with files, as an ordinary program sends them."""
    from email.message import EmailMessage

    made = EmailMessage()
    made["From"] = sender
    made["To"] = USER
    made["Subject"] = headers.pop("subject", "Orders of today")
    made["Date"] = "Tue, 03 Mar 2026 16:05:00 +0000"
    made["Message-ID"] = headers.pop("id", f"<{abs(hash(files))}@acme.example>")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Please find our orders attached.")
    for name, body in files:
        made.add_attachment(body, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()
