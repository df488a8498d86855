"""pyftpdlib as a process of its own: `ready PORT` on its first line, over when its input ends.

python -m tests.transports.ftp_server ROOT [--certificate PEM] [--lacks MLSD] [--elsewhere 10.1.2.3]
"""

import argparse
import os
import sys
import threading
import warnings

warnings.simplefilter("ignore")

from pyftpdlib.authorizers import DummyAuthorizer  # noqa: E402
from pyftpdlib.handlers import FTPHandler, TLS_DTPHandler, TLS_FTPHandler  # noqa: E402
from pyftpdlib.servers import FTPServer  # noqa: E402

from tests.transports.logins import PASSWORD, USER  # noqa: E402


def _handler(asked: argparse.Namespace) -> type[FTPHandler]:
    base = TLS_FTPHandler if asked.certificate else FTPHandler
    lacking = {name: base.proto_cmds[name] for name in base.proto_cmds if name not in asked.lacks}
    handler = type("Handler", (base,), {"proto_cmds": lacking})
    handler.authorizer = DummyAuthorizer()
    handler.authorizer.add_user(USER, PASSWORD, asked.root, perm="elradfmwMT")
    handler.auth_failed_timeout = 0
    if asked.certificate:
        handler.certfile = asked.certificate
        handler.tls_control_required = handler.tls_data_required = True
        if asked.data_certificate:
            handler.dtp_handler = _data_under(asked.data_certificate)
    if asked.elsewhere:
        handler.masquerade_address = asked.elsewhere
    if asked.refuses:
        _refuse(handler, *asked.refuses.split(" ", 1))
    return handler


def _data_under(certificate: str) -> type[TLS_DTPHandler]:
    other = type("Other", (TLS_FTPHandler,), {"certfile": certificate})

    class Data(TLS_DTPHandler):
        def secure_connection(self, ssl_context):
            super().secure_connection(other.get_ssl_context())

    return Data


def _refuse(handler: type[FTPHandler], command: str, answer: str) -> None:
    def refuse(self, *arguments, **named):
        self.respond(answer)

    setattr(handler, f"ftp_{command}", refuse)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--certificate")
    parser.add_argument("--data-certificate")
    parser.add_argument("--elsewhere")
    parser.add_argument("--lacks", nargs="*", default=[])
    parser.add_argument("--refuses", help="a command and the answer to it: STOR 452 Disk full.")
    server = FTPServer(("127.0.0.1", 0), _handler(parser.parse_args()))
    print(f"ready {server.address[1]}", flush=True)
    threading.Thread(target=_end_with_input, daemon=True).start()
    server.serve_forever(handle_exit=True)


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    import logging

    logging.disable()
    main()
