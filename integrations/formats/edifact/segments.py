"""Segments as data: for each, its elements in order, their components joined by slashes.

A component is `name:data element number`, `!` marks one without which the segment means nothing.
The positions are those of D.01B, which only adds to those of D.96A: at the end of a composite, or
as a further one.
"""

from functools import cache
from typing import NamedTuple

from integrations.formats.edifact.elements import ELEMENTS, Element


def _coded(name: str, number: str, *texts: str) -> str:
    """A composite of a code, its list, its agency and free text."""
    listed = f"{name}:{number}/{name}_code_list:1131/{name}_agency:3055"
    return "/".join((listed, *texts))


def _many(count: int, *words: str) -> str:
    """The words again and again, the names from the second on numbered."""
    numbered = [" ".join(words).replace("#", "")]
    for n in range(2, count + 1):
        numbered.append(" ".join(words).replace("#", str(n)))
    return " ".join(numbered)


def _row(count: int, word: str) -> str:
    return _many(count, word).replace(" ", "/")


_LOCATION = _coded("id", "3225", "name:3224")
_ITEM = "id#:7140/type#:7143/id_code_list#:1131/id_agency#:3055"

_SEGMENTS = {
    # heading
    "BGM": _coded("document_type", "1001", "document_name:1000")
    + " number:1004/document_version:1056/revision:1060 function:1225 response:4343",
    "DTM": "qualifier:2005!/value:2380/format:2379",
    "RFF": "qualifier:1153!/value:1154/line:1156/version:4000/revision:1060",
    "DOC": _coded("type", "1001", "type_name:1000")
    + " number:1004/status:1373/source:1366/language:3453 delivery:3153 copies:1220 originals:1218",
    "FTX": f"qualifier:4451! function:4453 {_coded('code', '4441')} {_row(5, 'text#:4440')} "
    "language:3453 format:4447",
    "PAI": "condition:4439/guarantee:4431/means:4461/code_list:1131/agency:3055/channel:4435",
    "CUX": "usage:6347/currency:6345/qualifier:6343/rate_base:6348 "
    "usage2:6347/currency2:6345/qualifier2:6343/rate_base2:6348 rate:5402 market:6341",
    "PAT": f"qualifier:4279! {_coded('terms', '4277', 'terms_text:4276', 'terms_text2:4276')} "
    "time_reference:2475/time_relation:2009/period_type:2151/periods:2152",
    "CNT": "qualifier:6069!/value:6066/uom:6411",
    "UNS": "section:0081!",
    # parties
    "NAD": f"role:3035! {_coded('id', '3039')} {_row(5, 'text#:3124')} "
    f"{_row(5, 'name#:3036')}/name_format:3045 {_row(4, 'street#:3042')} city:3164 "
    f"{_coded('region', '3229', 'region_name:3228')} postal_code:3251 country:3207",
    "CTA": "function:3139 id:3413/name:3412",
    "COM": _many(3, "value#:3148/kind#:3155"),
    "LOC": f"qualifier:3227! {_LOCATION} "
    f"{_coded('related', '3223', 'related_name:3222')} {_coded('related2', '3233', 'related2_name:3232')} "
    "relation:5479",
    "FII": f"role:3035! account:3194/{_row(2, 'account_holder#:3192')}/currency:6345 "
    f"{_coded('bank', '3433')}/{_coded('branch', '3434')}/bank_name:3432/branch_place:3436 "
    "country:3207",
    # lines
    "LIN": "line_no:1082 action:1229 item_id:7140/item_id_type:7143/item_code_list:1131/"
    "item_agency:3055 sub_line_indicator:5495/sub_line_no:1082 level:1222 configuration:7083",
    "PIA": f"qualifier:4347! {_many(5, _ITEM)}",
    "IMD": f"kind:7077 {_coded('characteristic', '7081')} "
    f"{_coded('code', '7009', 'text:7008', 'text2:7008', 'language:3453')} surface:7383",
    "QTY": "qualifier:6063!/quantity:6060/uom:6411",
    "QVR": f"difference:6064/qualifier:6063 discrepancy:4221 "
    f"{_coded('reason', '4295', 'reason_text:4294')}",
    "PRI": "qualifier:5125!/price:5118/type:5375/specification:5387/basis:5284/basis_uom:6411 "
    "sub_line:5213",
    "APR": f"trade_class:4043 multiplier:5394/multiplier_kind:5393 "
    f"{_coded('reason', '4295', 'reason_text:4294')}",
    "RNG": "kind:6167! uom:6411/minimum:6162/maximum:6152",
    "ALI": f"origin:3239 duty_regime:9213 {_many(5, 'condition#:4183')}",
    "PGI": f"type:5379! {_coded('group', '5389', 'group_name:5388')}",
    "CCI": "class:7059 measured:6313/significance:6321/non_discrete:6155/attribute:6154 "
    f"{_coded('characteristic', '7037', 'text:7036', 'text2:7036')} relevance:4051",
    "CAV": _coded("value", "7111", "text:7110", "text2:7110"),
    "GIN": f"qualifier:7405! {_many(5, 'id#:7402/to#:7402')}",
    "GIR": f"qualifier:7297! {_many(5, 'id#:7402/kind#:7405/status#:4405')}",
    "DLM": f"priority:4455 instruction:4403/{_coded('code', '4401', 'text:4400')}",
    # money
    "MOA": "qualifier:5025!/amount:5004/currency:6345/currency_qualifier:6343/status:4405",
    "TAX": f"function:5283! {_coded('type', '5153', 'type_text:5152')} {_coded('account', '5289')} "
    f"basis:5286 {_coded('detail', '5279')}/rate:5278/{_coded('rate_basis', '5273')} category:5305 "
    "party_tax_id:3446 sequence:1227",
    "ALC": f"kind:5463! id:1230/id_code:5189 settlement:4471 sequence:1227 "
    f"{_coded('service', '7161', 'service_text:7160', 'service_text2:7160')}",
    "PCD": "qualifier:5245!/percent:5482/basis:5249/code_list:1131/agency:3055 status:4405",
    "RTE": "qualifier:5419!/rate:5420/basis:5284/basis_uom:6411",
    "AJT": "reason:4465! line_no:1082",
    "RCS": f"sector:7293! {_coded('requirement', '7295', 'requirement_text:7294')} action:1229",
    # carriage and packing
    "TDT": "stage:8051! voyage:8028 mode:8067/mode_name:8066 means:8179/means_name:8178 "
    f"{_coded('carrier', '3127', 'carrier_name:3128')} direction:8101 "
    "excess:8457/excess_responsibility:8459/excess_authorization:7130 "
    f"{_coded('vehicle', '8213', 'vehicle_name:8212', 'nationality:8453')} ownership:8281",
    "TOD": f"function:4055 payment:4215 {_coded('terms', '4053', 'terms_text:4052', 'terms_text2:4052')}",
    "TMD": "movement:8335/movement_text:8334 equipment_plan:8332 haulage:8341",
    "EQD": f"qualifier:8053! {_coded('id', '8260', 'id_country:3207')} "
    f"{_coded('type', '8155', 'type_name:8154')} supplier:8077 status:8249 full:8169",
    "SEL": f"number:9308 {_coded('issuer', '9303', 'issuer_name:9302')} condition:4517",
    "PAC": f"packages:7224 level:7075/related_terms:7233/marking_terms:7073 "
    f"{_coded('type', '7065', 'type_name:7064')} description_kind:7077/description:7064/"
    "item_type:7143/description2:7064/item_type2:7143 payer:8395/load:8393",
    "PCI": f"instruction:4233 {_row(10, 'marks#:7102')} full:8275 {_coded('marking', '7511')}",
    "MEA": "purpose:6311! dimension:6313/significance:6321/non_discrete:6155/attribute:6154 "
    "uom:6411/value:6314/minimum:6162/maximum:6152/digits:6432 surface:7383",
    "HAN": f"{_coded('code', '4079', 'text:4078')} {_coded('hazard', '7419', 'hazard_text:7418')}",
    "CPS": "id:7164! parent:7166 packaging_level:7075",
    "DGS": "regulation:8273 hazard:8351/hazard_page:8078/hazard_version:8092 un_number:7124/flashpoint:7088",
    "SCC": "status:4017! requirement:4493 frequency:2013/pattern:2015/time:2017",
    # stock and receipts
    "INV": "direction:4501 movement:7491 reason:4499 balance:4503 "
    f"instruction:4403/{_coded('code', '4401', 'text:4400')}",
    "STS": f"{_coded('category', '9015')} {_coded('status', '4405', 'status_text:4404')} "
    f"{_coded('reason', '9013', 'reason_text:9012')}",
    "CDI": f"qualifier:7001! {_coded('condition', '7007', 'condition_text:7006')}",
    "INP": "enacting_party:3301/instruction_receiver:3285 "
    f"instruction:4403/{_coded('code', '4401', 'text:4400')} "
    "status:4405/party:3036 action:1229",
    "GEI": f"qualifier:9649! {_coded('code', '7365', 'text:7364')} process:7187",
    # answers
    "ERC": _coded("code", "9321"),
    "UCI": "interchange:0020! sender:0004/sender_qualifier:0007/sender_address:0008 "
    "receiver:0010/receiver_qualifier:0007/receiver_address:0014 "
    "action:0083! error:0085 segment:0013 element:0098/component:0104",
    "UCF": "group:0048! sender:0040/sender_qualifier:0007 receiver:0044/receiver_qualifier:0007 "
    "action:0083! error:0085 segment:0013 element:0098/component:0104",
    "UCM": "control:0062! type:0065/version:0052/release:0054/agency:0051/association:0057 "
    "action:0083! error:0085 segment:0013 element:0098/component:0104",
    "UCS": "position:0096! error:0085",
    "UCD": "error:0085! element:0098!/component:0104/repetition:0136",
}

# A composite's code and id are named plainly, not "id_code_list" twice over.
KNOWN_TAGS = frozenset(_SEGMENTS)


class Component(NamedTuple):
    """One value of a segment: where it stands (both from 1), its name, and what it may hold."""

    element: int
    number: int
    name: str
    holds: Element
    required: bool


class SegmentSpec(NamedTuple):
    """`elements[i]` are the components of element i + 1; `names` are all names in order."""

    tag: str
    elements: tuple[tuple[Component, ...], ...]
    names: tuple[str, ...]

    def at(self, element: int, number: int) -> Component | None:
        """The component at a place, None where the table has none."""
        if element > len(self.elements) or number > len(self.elements[element - 1]):
            return None
        return self.elements[element - 1][number - 1]


NO_SEGMENT = SegmentSpec("", (), ())


@cache
def segment_spec(tag: str) -> SegmentSpec:
    """The definition of a segment. KeyError for a tag outside the tables."""
    elements = []
    for position, word in enumerate(_SEGMENTS[tag].split(), 1):
        components = []
        for number, token in enumerate(word.split("/"), 1):
            name, _, code = token.partition(":")
            holds = ELEMENTS[code.rstrip("!")]
            components.append(Component(position, number, name, holds, code.endswith("!")))
        elements.append(tuple(components))
    names = tuple(component.name for element in elements for component in element)
    return SegmentSpec(tag, tuple(elements), names)
