"""One interchange: segment by segment outside of messages, message by message inside."""

from collections.abc import Callable

from integrations.formats.edifact.collect import Collector
from integrations.formats.edifact.documents import DocumentReader
from integrations.formats.edifact.finish import finish_document
from integrations.formats.edifact.grammar import grammar
from integrations.formats.edifact.interchange import (
    Elements,
    Group,
    Interchange,
    Message,
    component,
)
from integrations.formats.findings import Finding, Report
from integrations.formats.trailers import control_flaw, stated

OnSet = Callable[[Interchange, Group, Message], None]


class Walk:
    """Compares what an interchange says about itself with what is in it."""

    def __init__(self, collector: Collector, interchange: Interchange, on_set: OnSet | None):
        self.collector = collector
        self.on_set = on_set
        self.sets_read = 0
        self.interchange = interchange
        self.parts = interchange.parts
        self.documents = DocumentReader(interchange)
        self.group: Group | None = None
        self.group_sets = 0
        self.group_controls: set[str] = set()
        self.set_controls: set[str] = set()

    def walk(self) -> None:
        index = 1
        while index < len(self.parts):
            index = self._read(self.documents.tag(self.parts[index]), index)
        self._close_group()
        if not self.interchange.trailer:
            self._issue("missing_unz", index)

    def _read(self, tag: str, index: int) -> int:
        if self.interchange.trailer:
            self._issue("segment_outside_interchange", index, self.parts[index])
        elif tag == "UNH":
            return self._read_message(index)
        elif tag == "UNG":
            self._open_group(self.interchange.elements(index), index)
        elif tag == "UNE":
            self._end_group(self.interchange.elements(index), index)
        elif tag == "UNZ":
            self._close_interchange(self.interchange.elements(index), index)
        else:
            self._issue("segment_outside_set", index, self.parts[index])
        return index + 1

    def _issue(self, code: str, index: int, value: str = "") -> None:
        group = len(self.interchange.groups) - 1 if self.group else None
        number = min(index, len(self.parts) - 1) + 1
        if self.interchange.masking is not None:
            value = self.interchange.masking.undo(value)
        self.collector.issue(code, group=group, segment_no=number, value=value)

    def _open_group(self, header: Elements, index: int) -> None:
        self._close_group()
        if any(not group.header for group in self.interchange.groups):
            self._issue("set_outside_group", self.interchange.groups[0].first)
        self.group = self._new_group(header, index)
        control = self.group.control.lstrip("0")
        if control in self.group_controls:
            self._issue("duplicate_group_control", index, self.group.control)
        self.group_controls.add(control)

    def _new_group(self, header: Elements, index: int) -> Group:
        self.group_sets = 0
        group = Group(header, index)
        self.interchange.groups.append(group)
        return group

    def _close_group(self) -> None:
        """What was open ends without a UNE."""
        if self.group is not None and self.group.header:
            self._issue("missing_une", self.group.first)
        self.group = None

    def _end_group(self, trailer: Elements, index: int) -> None:
        group = self.group
        if group is None or not group.header:
            self._issue("segment_outside_set", index, self.parts[index])
            return
        group.trailer = trailer
        self._compare_count("set_count_mismatch", trailer, self.group_sets, index)
        self._compare_control("group_control_mismatch", group.control, trailer, index)
        self.group = None

    def _close_interchange(self, trailer: Elements, index: int) -> None:
        self._close_group()
        self.interchange.trailer = trailer
        groups = [group for group in self.interchange.groups if group.header]
        code = "group_count_mismatch" if groups else "set_count_mismatch"
        self._compare_count(code, trailer, len(groups) or self.sets_read, index)
        control = self.interchange.control
        self._compare_control("interchange_control_mismatch", control, trailer, index)

    def _compare_count(self, code: str, trailer: Elements, counted: int, index: int) -> None:
        declared = component(trailer, 1)
        if stated(declared) != counted:
            self._issue(code, index, declared)

    def _compare_control(self, code: str, control: str, trailer: Elements, index: int) -> None:
        declared = component(trailer, 2)
        if found := control_flaw(code, control, declared):
            self._issue(found, index, declared)

    def _read_message(self, index: int) -> int:
        if self.group is None:
            grouped = any(group.header for group in self.interchange.groups)
            self.group = self._new_group([], index)
            if grouped:
                self._issue("set_outside_group", index)
        group, number = self.group, self.group_sets
        group_no = len(self.interchange.groups) - 1
        header = self.interchange.elements(index)
        message_type = component(header, 2)

        def report(finding: Finding) -> None:
            self.collector.add(finding, group=group_no, transaction=number)

        document, end = self.documents.read(message_type, index, report)
        version = ":".join(header[2][1:]) if len(header) > 2 else ""
        message = Message(message_type, component(header, 1), version, index, end, None, document)
        self._check_header(message, report)
        if end < len(self.parts) and self.documents.tag(self.parts[end]) == "UNT":
            self._check_trailer(message, report)
        else:
            report(Finding("missing_unt", value=message.control))
        if grammar(message_type) is not None:
            finish_document(message_type, document, report)
        self._keep(group, message)
        return message.end

    def _keep(self, group: Group, message: Message) -> None:
        self.group_sets += 1
        self.sets_read += 1
        if self.on_set is None:
            group.sets.append(message)
        else:
            self.on_set(self.interchange, group, message)

    def _check_header(self, message: Message, report: Report) -> None:
        """The reference of a message is unique in its interchange (ISO 9735, 0062)."""
        assert self.group is not None
        control = message.control.lstrip("0")
        if control in self.set_controls:
            report(Finding("duplicate_set_control", 1, 1, message.control, "UNH"))
        self.set_controls.add(control)
        functional_id = self.group.functional_id
        if functional_id and functional_id != message.type:
            report(Finding("functional_id_mismatch", 1, 2, functional_id, "UNH", component=1))

    def _check_trailer(self, message: Message, report: Report) -> None:
        trailer = self.interchange.elements(message.end)
        message.end += 1
        declared = component(trailer, 1)
        message.declared_segments = stated(declared)
        position = message.segment_count
        if message.declared_segments != position:
            report(Finding("segment_count_mismatch", position, 1, declared, "UNT"))
        control = component(trailer, 2)
        if found := control_flaw("set_control_mismatch", message.control, control):
            report(Finding(found, position, 2, control, "UNT"))
