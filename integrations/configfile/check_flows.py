"""Whether the flows of a file lead from a system that gives to one that takes."""

from collections.abc import Iterator

from integrations.configfile.outlook import Outlook, Place
from integrations.configfile.stored import Stored
from integrations.models import Flow
from integrations.yaml_source import Complaint, Entry, Path, Source


def flow_faults(source: Source, stored: Stored, names: Outlook) -> Iterator[Complaint]:
    """Everything wrong with the flows, besides their shape."""
    taken = {ends(row): slug for slug, row in stored.flows.items()}
    for path, entry in source.entries("flows"):
        if entry["customer"] not in names.customers:
            yield (*path, "customer"), f"There is no customer {entry['customer']}."
        yield from _end_faults(path, entry, names)
        yield from _identity_faults(path, entry, stored, taken)


def _end_faults(path: Path, entry: Entry, names: Outlook) -> Iterator[Complaint]:
    for end in ("from", "to"):
        place = names.endpoints.get(entry[end])
        if place is None:
            yield (*path, end), f"There is no endpoint {entry[end]}."
        elif place.customer != entry["customer"]:
            yield (*path, end), f"{entry[end]} belongs to {place.customer}, not to this customer."
        elif place.connector:
            yield from _type_faults(path, entry, end, place)
    if entry["from"] == entry["to"]:
        yield (*path, "to"), "A flow leads to another endpoint."


def _type_faults(path: Path, entry: Entry, end: str, place: Place) -> Iterator[Complaint]:
    object_type = entry["object"]
    connector = place.connector
    if connector is None:
        return
    if end == "from" and object_type not in connector.manifest.reads:
        yield (*path, "object"), f"{connector.manifest.label} does not give {object_type}."
    # A sales channel is not told of stock but of what it may sell of it.
    taken = "availability" if object_type == "inventory" and place.is_channel else object_type
    if end == "to" and taken not in connector.manifest.writes:
        yield (*path, "object"), f"{connector.manifest.label} does not take {taken}."
    if end == "to" and entry.get("routed") and not place.site:
        yield (*path, "routed"), f"The rules choose among sites, and {entry['to']} has no site."


def _identity_faults(
    path: Path, entry: Entry, stored: Stored, taken: dict[tuple[str, str, str, str], str]
) -> Iterator[Complaint]:
    wanted = (entry["customer"], entry["from"], entry["to"], entry["object"])
    before = stored.flows.get(entry["slug"])
    if before and ends(before) != wanted:
        yield path, "A flow keeps customer, object, from and to. Disable it and make another one."
    elif taken.setdefault(wanted, entry["slug"]) != entry["slug"]:
        yield path, f"The flow {taken[wanted]} does the same."
    if entry.get("routed") and entry["object"] != "order":
        yield (*path, "routed"), "Only orders are routed."


def ends(flow: Flow) -> tuple[str, str, str, str]:
    """What a flow is: customer, from, to and object type."""
    return flow.customer.slug, flow.source.slug, flow.target.slug, flow.object_type
