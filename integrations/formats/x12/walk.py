"""One interchange: segment by segment outside of sets, set by set inside of groups."""

from collections.abc import Callable

from integrations.formats.trailers import control_flaw, stated
from integrations.formats.x12.codes import FUNCTIONAL_ID
from integrations.formats.x12.collect import Collector
from integrations.formats.x12.documents import DocumentReader
from integrations.formats.x12.elements_reader import readers
from integrations.formats.x12.finish import finish_document
from integrations.formats.x12.grammar import grammar
from integrations.formats.x12.interchange import Group, Interchange, TransactionSet
from integrations.formats.x12.issues import Finding, Report

OnSet = Callable[[Interchange, Group, TransactionSet], None]


class Walk:
    """Compares what an interchange says about itself with what is in it."""

    def __init__(self, collector: Collector, interchange: Interchange, on_set: OnSet | None):
        self.collector = collector
        self.on_set = on_set
        self.sets_read = 0
        self.interchange = interchange
        self.parts = interchange.parts
        self.separator = interchange.delimiters.element
        self.documents = DocumentReader(self.separator)
        self.group: Group | None = None
        self.group_sets = 0
        self.group_controls: set[tuple[str, str]] = set()
        self.set_controls: set[tuple[str, str]] = set()

    def walk(self) -> None:
        index = 1
        while index < len(self.parts):
            elements = self.parts[index].split(self.separator)
            index = self._read(elements[0], elements, index)
        self._close_group()
        if not self.interchange.trailer:
            self._issue("missing_iea", index)

    def _read(self, tag: str, elements: list[str], index: int) -> int:
        if self.interchange.trailer:
            self._issue("segment_outside_interchange", index, self.parts[index])
        elif tag == "ST":
            return self._read_set(elements, index)
        elif tag == "GS":
            self._open_group(elements, index)
        elif tag == "GE":
            self._close_group(elements, index)
        elif tag == "IEA":
            self._close_interchange(elements, index)
        elif tag == "TA1":
            fields = readers(self.separator)["TA1"].read(self.parts[index], elements, [])
            self.interchange.acknowledgements.append(fields)
        else:
            self._issue("segment_outside_set", index, self.parts[index])
        return index + 1

    def _issue(self, code: str, index: int | None, value: str = "") -> None:
        groups = self.interchange.groups
        group = len(groups) - 1 if self.group else None
        number = None if index is None else min(index, len(self.parts) - 1) + 1
        self.collector.issue(code, group=group, segment_no=number, value=value)

    def _open_group(self, elements: list[str], index: int) -> None:
        self._close_group()
        self.group = Group(elements, index)
        self.group_sets = 0
        self.set_controls.clear()
        self.interchange.groups.append(self.group)
        key = (self.group.functional_id, self.group.control.lstrip("0"))
        if key in self.group_controls:
            self._issue("duplicate_group_control", index, self.group.control)
        self.group_controls.add(key)

    def _close_group(self, elements: list[str] | None = None, index: int | None = None) -> None:
        group = self.group
        if group is None:
            if elements is not None:
                self._issue("segment_outside_set", index, self.separator.join(elements))
            return
        if elements is None:
            if group.header:
                self._issue("missing_ge", group.first)
        elif not group.header:
            group.trailer = elements
        else:
            group.trailer = elements
            self._compare_count("set_count_mismatch", elements, self.group_sets, index)
            self._compare_control("group_control_mismatch", group.control, elements, index)
        self.group = None

    def _close_interchange(self, elements: list[str], index: int) -> None:
        self._close_group()
        self.interchange.trailer = elements
        groups = len([group for group in self.interchange.groups if group.header])
        self._compare_count("group_count_mismatch", elements, groups, index)
        control = self.interchange.control
        self._compare_control("interchange_control_mismatch", control, elements, index)

    def _compare_count(
        self, code: str, elements: list[str], counted: int, index: int | None
    ) -> None:
        declared = _element(elements, 1)
        if stated(declared) != counted:
            self._issue(code, index, declared)

    def _compare_control(
        self, code: str, control: str, elements: list[str], index: int | None
    ) -> None:
        if found := control_flaw(code, control, _element(elements, 2)):
            self._issue(found, index, _element(elements, 2))

    def _read_set(self, elements: list[str], index: int) -> int:
        if self.group is None:
            self.group = Group([], index)
            self.group_sets = 0
            self.set_controls.clear()
            self.interchange.groups.append(self.group)
            self._issue("missing_gs", index, self.parts[index])
        group, number = self.group, self.group_sets
        set_type, control = _element(elements, 1), _element(elements, 2)
        group_no = len(self.interchange.groups) - 1

        def report(finding: Finding) -> None:
            self.collector.add(finding, group=group_no, transaction=number)

        document, end = self.documents.read(set_type, self.parts, index, report)
        transaction = TransactionSet(set_type, control, index, end, None, document)
        self._check_header(transaction, report)
        if end < len(self.parts) and self.parts[end].startswith("SE" + self.separator):
            self._check_trailer(transaction, report)
        else:
            report(Finding("missing_se", value=control))
        if grammar(set_type) is not None:
            basis = self.collector.profile.w76_basis
            finish_document(set_type, document, report, w76_basis=basis)
        self._keep(group, transaction)
        return transaction.end

    def _keep(self, group: Group, transaction: TransactionSet) -> None:
        self.group_sets += 1
        self.sets_read += 1
        if self.on_set is None:
            group.sets.append(transaction)
        else:
            self.on_set(self.interchange, group, transaction)

    def _check_header(self, transaction: TransactionSet, report: Report) -> None:
        assert self.group is not None
        key = (transaction.type, transaction.control.lstrip("0"))
        if key in self.set_controls:
            report(Finding("duplicate_set_control", 1, 2, transaction.control, "ST"))
        self.set_controls.add(key)
        functional_id = FUNCTIONAL_ID.get(transaction.type)
        if self.group.header and functional_id not in (None, self.group.functional_id):
            report(Finding("functional_id_mismatch", 1, 1, self.group.functional_id, "ST"))

    def _check_trailer(self, transaction: TransactionSet, report: Report) -> None:
        trailer = self.parts[transaction.end].split(self.separator)
        transaction.end += 1
        declared = _element(trailer, 1)
        transaction.declared_segments = stated(declared)
        position = transaction.segment_count
        if transaction.declared_segments != position:
            report(Finding("segment_count_mismatch", position, 1, declared, "SE"))
        control = _element(trailer, 2)
        if found := control_flaw("set_control_mismatch", transaction.control, control):
            report(Finding(found, position, 2, control, "SE"))


def _element(elements: list[str], position: int) -> str:
    return elements[position].strip() if len(elements) > position else ""
