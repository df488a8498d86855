"""`python -m portal.demo`: start a whole installation, keep it running, and stop all of it on Ctrl-C.

CROSSDOCK_PORT is the port of the sites, CROSSDOCK_DATA the folder, DATABASE_URL a server instead of the
embedded one. DEMO_ORDERS (500) orders are placed, DEMO_RATE (4) a second, and shipped DEMO_SHIP_AFTER
(10) seconds after the warehouse has them.
"""

import os
import signal
import sys
import time

from portal import env
from portal.demo import orphans, ports, programs
from portal.demo.child import Program
from portal.demo.configuration import configuration, secrets_of
from portal.demo.database import Database
from portal.demo.folder import Folder
from portal.demo.memory import Memory, recall, write_privately
from portal.demo.orders import Shoppers, reopen_webhooks
from portal.demo.people import PARTNER
from portal.demo.seeding import Seeding
from portal.demo.supervisor import LOOK_EVERY, Supervisor
from portal.demo.trouble import DemoError
from portal.demo.welcome import welcome

STARTED = time.monotonic()


class Demo:
    """One installation from its start to its end."""

    def __init__(self) -> None:
        self.web_port = _port(os.environ.get("CROSSDOCK_PORT") or "8000")
        os.environ["CROSSDOCK_PORT"] = str(self.web_port)
        self.folder = Folder(env.data_folder())
        os.environ["CROSSDOCK_DATA"] = str(self.folder.path)
        self.supervisor = Supervisor(self.folder, say=say)
        self.database = Database(self.folder.path)

    def start(self) -> None:
        """Bring everything up, and say where it is."""
        self.folder.take()
        _check_port(self.web_port)
        memory = recall(self.folder.path / "demo.json")
        self.supervisor.start(*programs.systems(self.folder, memory, web_port=self.web_port))
        say("Starting the database")
        self.database.start()
        allowed = [os.environ.get("CROSSDOCK_ALLOWED_FILES", ""), self.database.erp_file]
        os.environ["CROSSDOCK_ALLOWED_FILES"] = ",".join(filter(None, allowed))
        self.supervisor.start(programs.erp(self.database.erp_url))
        self._seed(memory)
        say("Starting web and workers")
        self.supervisor.start(*programs.product(self.web_port))
        self.supervisor.wait_until_ready()
        reopen_webhooks(memory)
        self.shoppers = Shoppers(memory, web_port=self.web_port, is_open=self._knows_products)
        say(welcome(memory, self.folder, web_port=self.web_port, erp_url=self.database.erp_url))
        say(f"Ready after {time.monotonic() - STARTED:.1f} s.")
        (self.folder.run / "ready").touch()

    def keep_running(self) -> None:
        """Look after everything for ever."""
        while True:
            if text := self.database.look_after():
                say(text)
            self.supervisor.look_after()
            if text := self.shoppers.shop():
                say(text)
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        """End everything that was started here, the embedded database last."""
        (self.folder.run / "ready").unlink(missing_ok=True)
        self.supervisor.stop()
        if text := self.database.stop():
            say(text)
        self.folder.leave()

    def _seed(self, memory: Memory) -> None:
        text = configuration(memory, erp_url=self.database.erp_url)
        secrets = {**secrets_of(memory), "DEMO_PASSWORD": memory.password}
        seeding = Seeding(self.folder.path, configuration=text, secrets=secrets)
        if seeding.is_done() and self.database.has_partner(PARTNER):
            return
        say("Bringing the partner up to date")
        file = self.folder.path / "demo.yaml"
        write_privately(file, text)
        command = (sys.executable, "manage.py", "open_demo", str(file))
        environment = {**secrets, "CROSSDOCK_DATABASE_ROLE": "owner"}
        self.supervisor.run(Program("open_demo", command, environment=environment))
        seeding.done()

    def _knows_products(self) -> bool:
        return self.database.known_products(PARTNER) > 0


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise DemoError(f"CROSSDOCK_PORT is {text!r}. It has to be a number from 1 to 65535.")
    return int(text)


def _check_port(port: int) -> None:
    if not ports.is_free(port):
        raise DemoError(
            f"Port {port} is in use. Stop what listens there, or choose another one:"
            f" make demo CROSSDOCK_PORT={port + 1}"
        )


def say(text: str) -> None:
    print(text, flush=True)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    orphans.adopt()
    status, demo = 0, None
    try:
        demo = Demo()
        demo.start()
        demo.keep_running()
    except KeyboardInterrupt:
        say("Stopping")
    except (DemoError, OSError) as error:
        print(f"The demo did not start. {error}", file=sys.stderr, flush=True)
        status = 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # stopping takes seconds and is not cut short
        if demo:
            demo.stop()
    return status


if __name__ == "__main__":
    sys.exit(main())
