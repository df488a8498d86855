"""python -m sandbox.warehouse: an SFTP warehouse that answers 940 with 997 and 945."""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.control import Routes, answered, misbehave
from sandbox.faults import Faults
from sandbox.warehouse import picking, site
from sandbox.warehouse.counting import adjustment_advice
from sandbox.warehouse.inbound import Intake
from sandbox.warehouse.outbound import Outbox
from sandbox.warehouse.sftp import Account, SftpListener, authorized_keys, host_key
from sandbox.warehouse.site import Warehouse
from sandbox.warehouse.state import Books
from sandbox.web import Listener, Request, Response, serve

FAULT_COUNTS = (
    *("short", "reject", "bad_997", "duplicate_945", "duplicate_file", "unknown_order_945"),
    *("truncated_file", "wrong_counts"),
)
FOLDERS = ("in/archive", "in/error", "out/archive", ".state")


class Control:
    """The routes under /_sandbox/."""

    def __init__(self, warehouse: Warehouse, sftp: SftpListener) -> None:
        self.warehouse, self.sftp = warehouse, sftp
        self.routes: Routes = {
            ("GET", "/_sandbox/effects"): lambda request: site.effects(warehouse.books),
            ("POST", "/_sandbox/misbehave"): self.misbehave,
            ("POST", "/_sandbox/inventory"): self.inventory,
            ("POST", "/_sandbox/adjust"): self.adjust,
            ("POST", "/_sandbox/resend"): self.resend,
        }

    def __call__(self, request: Request) -> Response:
        return answered(self.routes, request)

    def misbehave(self, request: Request) -> dict[str, Any]:
        wanted = request.json()
        if "wrong_host_key" in wanted:
            self.sftp.show_wrong_key(bool(wanted.pop("wrong_host_key")))
        return misbehave(wanted, self.warehouse.faults, outage=self.sftp.outage)

    def inventory(self, request: Request) -> dict[str, Any]:
        self.warehouse.report_stock(request.json().get("skus"))
        return {}

    def adjust(self, request: Request) -> dict[str, Any]:
        books, lines = self.warehouse.books, request.json()["lines"]
        with books.transaction():
            at = datetime.now(UTC)
            body = adjustment_advice(books, self.warehouse.where, lines, at=at)
            self.warehouse.outbox.send("947", [body])
        return {}

    def resend(self, request: Request) -> dict[str, Any]:
        """As after a phone call: files that were damaged on purpose come again, whole."""
        with self.warehouse.books.transaction():
            return {"files": self.warehouse.outbox.resend_damaged()}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.warehouse", description=__doc__)
    parser.add_argument("--sftp-port", type=int, default=0)
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--authorized-key", type=Path)
    parser.add_argument("--password")
    parser.add_argument("--host-key", type=Path, required=True, help="made when it is missing")
    parser.add_argument("--site", default="RNO1")
    parser.add_argument("--id", default="NWIND3PL")
    parser.add_argument("--partner-id", default="PORTAL")
    parser.add_argument("--ship-after", type=float, default=1.0, help="seconds from 940 to 945")
    parser.add_argument("--sets-per-file", type=int, default=50)
    parser.add_argument("--inventory-every", type=float, default=0.0, help="seconds; 0 is never")
    parser.add_argument("--stock", type=int, help="eaches of every item instead of the catalogue's")
    arguments = parser.parse_args()
    if not arguments.password and not arguments.authorized_key:
        parser.error("give --password or --authorized-key")
    return arguments


def _warehouse(arguments: argparse.Namespace, root: Path) -> Warehouse:
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    books = Books(str(root / ".state" / "books.sqlite"))
    books.seed_stock(arguments.site, arguments.stock)
    faults = Faults(counts=FAULT_COUNTS, settings=("late_945", "closed"))
    ids = {"own_id": arguments.id, "partner_id": arguments.partner_id}
    outbox = Outbox(books, faults, folder=root / "out", **ids)
    intake = Intake(books, outbox, faults, **ids)
    intake.delay = arguments.ship_after
    where = picking.site(arguments.site, arguments.id)
    warehouse = Warehouse(books, intake, outbox, where=where, root=root)
    warehouse.sets_per_file = arguments.sets_per_file
    warehouse.inventory_every = arguments.inventory_every
    warehouse.next_inventory = time.monotonic() + arguments.inventory_every
    return warehouse


def main() -> None:
    arguments = _arguments()
    root = arguments.root.resolve()
    warehouse = _warehouse(arguments, root)
    keys = authorized_keys(arguments.authorized_key) if arguments.authorized_key else []
    account = Account(root, arguments.user, password=arguments.password, keys=keys)
    sftp = SftpListener(account, host_key(arguments.host_key), arguments.sftp_port)
    sftp.open()
    serve(
        "warehouse",
        [Listener(Control(warehouse, sftp), arguments.control_port)],
        background=(warehouse.run,),
        extra=f" sftp://127.0.0.1:{sftp.port}",
    )


if __name__ == "__main__":
    main()
