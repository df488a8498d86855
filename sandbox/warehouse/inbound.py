"""Taking in a file: judge it, answer it, and book what was accepted, all in one transaction."""

from sandbox.faults import Faults
from sandbox.warehouse.documents import eaches, shipping_order, stock_transfer
from sandbox.warehouse.outbound import Outbox
from sandbox.warehouse.state import Books
from sandbox.x12 import acknowledge
from sandbox.x12.acknowledge import Verdict
from sandbox.x12.check import ElementFault, SegmentFault, check
from sandbox.x12.read import Group, Interchange, RefusedError, TransactionSet, read

TAKEN = ("940", "943")


class Intake:
    def __init__(
        self, books: Books, outbox: Outbox, faults: Faults, *, partner_id: str, own_id: str
    ) -> None:
        self.books, self.outbox, self.faults = books, outbox, faults
        self.partner_id, self.own_id = partner_id, own_id
        self.delay = 1.0

    def take(self, name: str, data: bytes) -> bool:
        """Book a file; False when nothing in it could be read."""
        with self.books.transaction():
            found = read(data)
            for part in found:
                if isinstance(part, RefusedError):
                    self._refused(name, part)
                else:
                    self._interchange(name, part)
        return any(isinstance(part, Interchange) for part in found)

    def _refused(self, name: str, refused: RefusedError) -> None:
        self.books.error(f"{name}: {refused}")
        if refused.header is not None and len(refused.header) > 13:
            self.outbox.refuse(refused.header, refused.note)

    def _interchange(self, name: str, interchange: Interchange) -> None:
        wrong = self._wrong_party(interchange)
        if wrong is not None:
            self._refused(name, wrong)
            return
        if self._seen(name, interchange):
            return
        self.books.count("interchanges")
        for refusal in interchange.acknowledgements:
            self.books.error(f"{name}: the partner's TA1 says {'*'.join(refusal)}")
        for group in interchange.groups:
            if group.functional_id == "FA":
                self._acknowledgements(name, group)
            else:
                self._group(name, group)

    def _wrong_party(self, interchange: Interchange) -> RefusedError | None:
        header = interchange.header
        if interchange.sender != self.partner_id:
            return RefusedError("006", f"ISA06 {interchange.sender} is no partner", header=header)
        if interchange.receiver != self.own_id:
            return RefusedError("008", f"ISA08 {interchange.receiver} is not here", header=header)
        return None

    def _seen(self, name: str, interchange: Interchange) -> bool:
        """Whether this control number came before: the same bytes are ignored, others refused."""
        key = (interchange.sender, interchange.control)
        sql = "SELECT digest, file, archived FROM interchanges WHERE sender = ? AND control = ?"
        before = self.books.rows(sql, key)
        if not before:
            self.books.db.execute(
                "INSERT INTO interchanges (sender, control, digest, file) VALUES (?, ?, ?, ?)",
                (*key, interchange.digest, name),
            )
            return False
        digest, file, archived = before[0]
        if digest == interchange.digest and file == name and not archived:
            # Booked before a crash that came before the file was put away.
            return True
        if digest == interchange.digest:
            self.books.count("duplicates_refused")
        else:
            self.books.count("control_conflicts")
            text = f"ISA13 {interchange.control} was used before with other content"
            self._refused(name, RefusedError("025", text, header=interchange.header))
        return True

    def archived(self, name: str) -> None:
        self.books.db.execute("UPDATE interchanges SET archived = 1 WHERE file = ?", (name,))

    def _acknowledgements(self, name: str, group: Group) -> None:
        """The partner's 997s. A faulty one is an error here and is never answered."""
        if group.faults:
            self.books.error(f"{name}: group FA {group.control} has faults {group.faults}")
        for received in group.sets:
            faults = [*received.faults, *(check(received) if received.type == "997" else ["type"])]
            if faults:
                self.books.error(f"{name}: 997 {received.control} is faulty: {faults}")
                continue
            answer = acknowledge.understand(received)
            if not self.outbox.acknowledged(answer.group_control, answer.code):
                self.books.error(f"{name}: 997 for a group {answer.group_control} never sent")
            for line in answer.rejected:
                self.books.error(f"{name}: the partner rejects {line}")

    def _group(self, name: str, group: Group) -> None:
        verdicts = [self._judge(received) for received in group.sets]
        self.outbox.send("997", [acknowledge.body(group, verdicts)])
        if group.faults:
            self.books.error(f"{name}: group {group.control} refused, AK905 {group.faults}")
            return
        for verdict in verdicts:
            if verdict.accepted:
                self._accept(name, verdict.set)
            else:
                self.books.error(f"{name}: {_described(verdict)}")

    def _judge(self, received: TransactionSet) -> Verdict:
        if received.type not in TAKEN:
            return Verdict(received, (), sorted({*received.faults, "1"}))
        faults = check(received)
        if not faults and not received.faults and self.faults.take("reject"):
            faults = [_arbitrary_fault(received)]
        return Verdict(received, faults, received.faults)

    def _accept(self, name: str, received: TransactionSet) -> None:
        if received.type == "943":
            self._expect(received)
            return
        order = shipping_order(received)
        known = self.books.order(order["number"])
        purpose = order.pop("purpose")
        if purpose == "N" or (purpose == "T" and known is None):
            self._new(order, known)
        elif purpose in ("F", "D"):
            self._cancel(name, known, order["number"])
        elif purpose in ("R", "G", "L"):
            self._change(name, known, order)

    def _new(self, order: dict, known: dict | None) -> None:
        """An original order ships as often as it is sent: this warehouse trusts its partner."""
        accepted = known["accepted"] + 1 if known else 1
        shipments = known["shipments"] if known else 0
        self.books.save_order(
            {**order, "accepted": accepted, "status": "open", "shipments": shipments}
        )
        self._commit(order, 1)
        self.books.owe("945", order["number"], after=self._time_to_ship())

    def _time_to_ship(self) -> float:
        return float(self.faults.settings["late_945"] or self.delay)

    def _commit(self, order: dict, sign: int) -> None:
        for line in order["lines"]:
            self.books.move(line["sku"], committed=sign * int(eaches(line)))

    def _cancel(self, name: str, known: dict | None, number: str) -> None:
        if known is None or known["status"] != "open":
            self.books.error(f"{name}: order {number} cannot be cancelled any more")
            return
        self.books.db.execute("DELETE FROM due WHERE kind = '945' AND number = ?", (number,))
        self._commit(known, -1)
        self.books.save_order({**known, "status": "cancelled"})

    def _change(self, name: str, known: dict | None, order: dict) -> None:
        if known is None or known["status"] != "open":
            self.books.error(f"{name}: order {order['number']} cannot be changed any more")
            return
        self._commit(known, -1)
        self._commit(order, 1)
        self.books.save_order({**known, **order})
        self.books.count("changes")

    def _expect(self, received: TransactionSet) -> None:
        inbound = stock_transfer(received)
        self.books.expect(inbound)
        self.books.owe("944", inbound["number"], after=self.delay)


def _arbitrary_fault(received: TransactionSet) -> SegmentFault:
    """The unit of the first line is refused, as a picky warehouse would."""
    for position, segment in enumerate(received.segments, start=1):
        if segment[0] in ("W01", "W04"):
            fault = ElementFault(2, "355", "7", segment[2])
            return SegmentFault(segment[0], position, "8", (fault,))
    return SegmentFault("W05", 2, "8", (ElementFault(1, "473", "7", "N"),))


def _described(verdict: Verdict) -> str:
    parts = [f"{verdict.set.type} {verdict.set.control} rejected"]
    parts += [f"AK5 code {code}" for code in verdict.set_codes]
    for fault in verdict.faults:
        parts.append(f"{fault.segment} at {fault.position} code {fault.code}")
        parts += [f"element {e.position} code {e.code} {e.value!r}" for e in fault.elements]
    return ", ".join(parts)
