"""Segments as data: for each, its elements in order as `name:dictionary number`.

`!` marks an element without which the segment means nothing. `ids:235/234` is a pair of elements,
qualifier and value, read into the mapping `ids`. A name starting with `x` (x06) is a position we
keep without using it. Positions are those of 004010; 005010 only adds at the end.
"""

from functools import cache
from typing import NamedTuple

from integrations.formats.x12.elements import ELEMENTS, UNCHECKED, Element

_PAIRS_10 = " ".join(["ids:235/234"] * 10)
_STORES = " ".join(["stores:67/380"] * 10)

_SEGMENTS = {
    # parties, references, dates, text
    "N1": "role:98! name:93 id_qualifier:66 id:67 relation:706 entity:98",
    "N2": "name2:93 name3:93",
    "N3": "line1:166! line2:166",
    "N4": "city:19 region:156 postal_code:116 country:26 location_qualifier:309 location:310",
    "PER": "function:366! name:93 channels:365/364 channels:365/364 channels:365/364 reference:443",
    "N9": "qualifier:128! value:127 description:369 date:373 time:337 time_zone:623 more:C040",
    "REF": "qualifier:128! value:127 description:352 more:C040",
    "G61": "function:366! name:93! channels:365/364 reference:443",
    "G62": "qualifier:432 date:373 time_qualifier:176 time:337 time_zone:623",
    "DTM": "qualifier:374! date:373 time:337 time_zone:623 period_format:1250 period:1251",
    "NTE": "kind:363 text:352!",
    "MSG": "text:933! carriage:934 number:1470",
    "G69": "description:369!",
    "PID": "description_type:349! characteristic:750 agency:559 description_code:751 "
    "description:352 surface:752 source:822 yes_no:1073 language:819",
    "CUR": "role:98! code:100! exchange_rate:280 role2:98 code2:100",
    # quantities, weights, prices, packing
    "QTY": "qualifier:673! quantity:380 uom:C001 text:61",
    "W20": "pack:356 pack_size:357 pack_size_uom:355 weight:81 weight_qualifier:187 "
    "weight_uom:188 x07: volume:183 volume_uom:355 x10:",
    "AMT": "qualifier:522! amount:782! direction:478",
    "PO4": "pack:356 pack_size:357 pack_size_uom:355 pack_type:103 pack_weight_qualifier:187 "
    "pack_weight:384 pack_weight_uom:355 pack_volume:385 pack_volume_uom:355 pack_length:82 "
    "pack_width:189 pack_height:65 pack_dimension_uom:355 inner_pack:810 pack_surface:752 "
    "pack_id:350 pack_parent_id:350 pack_count:1470",
    "MEA": "reference:737 qualifier:738 value:739 uom:C001 from:740 to:741",
    "CTP": "class:687 kind:236 price:212 quantity:380 uom:C001 multiplier_kind:648 multiplier:649 "
    "amount:782 basis:639 condition:499 multiple:289",
    "SDQ": f"uom:355! qualifier:66 {_STORES} location:310",
    "SCH": "quantity:380! uom:355! entity:98 entity_name:93 qualifier:374! date:373! time:337 "
    "qualifier2:374 date2:373 time2:337 request:326 line_no:350",
    "SLN": "line_no:350! parent_line:350 configuration:662! quantity:380 uom:C001 unit_price:212 "
    f"price_basis:639 relation:662 {_PAIRS_10}",
    "SAC": "kind:248! code:1300 agency:559 agency_code:1301 amount:610 percent_basis:378 "
    "percent:332 rate:118 uom:355 quantity:380 quantity2:380 handling:331 reference:127 "
    "option:770 description:352 language:819",
    "TXI": "kind:963! amount:782 percent:954 place_qualifier:955 place:956 exempt:441 "
    "relation:662 base_percent:828 tax_id:325 line_no:350",
    "ITD": "kind:336 basis:333 discount_percent:338 discount_due:370 discount_days:351 net_due:446 "
    "net_days:386 discount_amount:362 deferred_due:373 deferred_amount:362 percent:342 text:352 "
    "day_of_month:765 payment_method:107 percent2:954",
    "CTT": "line_count:354! hash:347 weight:81 weight_uom:355 volume:183 volume_uom:355 text:352",
    # carriage
    "FOB": "payer:146! place_qualifier:309 place:352 terms_qualifier:334 terms:335 "
    "title_qualifier:309 title:352 risk:54 risk_text:352",
    "TD5": "sequence:133 id_qualifier:66 id:67 mode:91 routing:387 status:368 place_qualifier:309 "
    "place:310 direction:731 transit:732 transit_time:733 service:284 service2:284 service3:284 "
    "country:26",
    "TD1": "packaging:103 cartons:80 commodity_qualifier:23 commodity:22 description:79 "
    "weight_qualifier:187 weight:81 weight_uom:355 volume:183 volume_uom:355",
    "TD3": "equipment:40 equipment_initial:206 equipment_number:207 weight_qualifier:187 weight:81 "
    "weight_uom:355 ownership:102 seal_status:407 seal:225 equipment_type:24",
    "CAD": "mode:91 equipment_initial:206 equipment_number:207 scac:140 routing:387 status:368 "
    "reference_qualifier:128 reference:127 service:284",
    "ISS": "units:382 uom:355 weight:81 weight_uom:355 volume:183 volume_uom:355 quantity:380 x08:",
    "MAN": "qualifier:88! value:87! to:87 qualifier2:88 value2:87 to2:87",
    "PAL": "pallet_type:883 tiers:884 blocks:885 pack:356 x05: x06: x07: x08: x09: x10:",
    "W27": "mode:91! scac:140 routing:387 payment:146 equipment:40 equipment_initial:206 "
    "equipment_number:207 status:368 x09: x10:",
    "W28": "consolidation:400 authority:367 code:53",
    "W08": "mode:91! scac:140 routing:387 equipment_initial:206 equipment_number:207 seal:225 "
    "seal2:225 status:368 place_qualifier:309 place:310",
    "W09": "code:40! minimum:408 minimum_uom:355 maximum:408 maximum_uom:355 text:3 vents: x08:",
    "W10": "unit_load:398 pallets: pallet_exchange:399 seal:225 seal2:225",
    "W66": "payment:146! mode:91 pallet_exchange:399 unit_load:398 routing:387 x06: "
    "fob_location: x08: x09: scac:140",
    "G72": "code:340! handling:331! number:341 exception:342 rate:359 quantity:380 uom:355 "
    "amount:610 percent:332 basis_amount: x11:",
    # purchase order
    "BEG": "purpose:353! type:92! po_number:324! release:328 date:373 contract:367 "
    "acknowledgement:587 invoice_type:1019 contract_type:1166 purchase_category:1232",
    "PO1": "line_no:350 quantity:330 uom:355 unit_price:212 price_basis:639 " + _PAIRS_10,
    "BAK": "purpose:353! status:587! po_number:324! date:373 release:328 request:326 contract:367 "
    "reference:127 acknowledged:373 type:640",
    "ACK": "status:668! quantity:380 uom:355 date_qualifier:374 date:373 request:326 " + _PAIRS_10,
    "BCH": "purpose:353! type:92! po_number:324! release:328 sequence:327 date:373 request:326 "
    "contract:367 reference:127 order_date:373 change_date:373",
    "BCA": "purpose:353! status:587 po_number:324! release:328 sequence:327 date:373 request:326 "
    "contract:367 reference:127 order_date:373 change_date:373 acknowledged:373",
    "POC": "line_no:350 change:670! quantity:330 left_to_receive:671 uom:C001 unit_price:212 "
    f"price_basis:639 {_PAIRS_10}",
    # ship notice
    "BSN": "purpose:353! shipment_id:396! date:373! time:337! structure:1005 type:640 reason:641",
    "HL": "id:628! parent:734 level:735! child:736",
    "PRF": "po_number:324! release:328 sequence:327 po_date:373 po_line_no:350 "
    "contract:367 type:92",
    "LIN": "line_no:350 " + " ".join(["ids:235/234"] * 15),
    "SN1": "shipped_line_no:350 shipped:382! uom:355! shipped_to_date:646 ordered:330 "
    "ordered_uom:355 returnable:728 status:668",
    # invoice, remittance, prices
    "BIG": "date:373! invoice_number:76! po_date:373 po_number:324 release:328 sequence:327 "
    "type:640 purpose:353 action:306 reference:76",
    "IT1": "line_no:350 quantity:358 uom:355 unit_price:212 price_basis:639 " + _PAIRS_10,
    "TDS": "amount:610! discountable:610 discounted:610 discount:610",
    "BPR": "handling:305! amount:782! direction:478! method:591! format:812 "
    "sender_bank_qualifier:506 sender_bank:507 sender_account_kind:569 sender_account:508 "
    "originator:509 supplement:510 "
    "receiver_bank_qualifier:506 receiver_bank:507 receiver_account_kind:569 receiver_account:508 "
    "date:373 function:1048 bank_qualifier3:506 bank3:507 account_kind3:569 account3:508",
    "TRN": "kind:481! number:127! originator:509 reference:127",
    "ENT": "entity_no:554 entity:98 id_qualifier:66 id:67 entity2:98 id_qualifier2:66 id2:67 "
    "entity_reference_qualifier:128 entity_reference:127",
    "RMR": "qualifier:128 reference:127 action:482 paid:782 invoiced:782 discount:782 "
    "adjustment_reason:426 adjustment:782",
    "ADX": "amount:782! reason:426! qualifier:128 reference:127",
    "BCT": "purpose_code:683! number:684 version:508 revision:685 update:686 x06: x07: x08: "
    "x09: purpose:353 transaction:640 description:352",
    # warehouse
    "W05": "purpose:473! depositor_order:285! po_number:324 link_sequence:474 master_link: "
    "transaction:640 action:306",
    "LX": "line_no:554!",
    "W01": "quantity:330! uom:355! upc:438 ids:235/234 ids:235/234 freight_class:59 rate_class:86 "
    "x10: x11: pallet: lot:451 x14: ids:235/234",
    "W76": "units:330! weight:81 weight_uom:355 volume:183 volume_uom:355",
    "W06": "report_code:514! depositor_order:285 ship_date:373 shipment_id:145 agent_shipment: "
    "po_number:324 master_link: link_sequence:474 x09: transaction:640 x11: x12:",
    "W12": "status:368! ordered:330 shipped:382 difference:383 uom:355 upc:438 ids:235/234 "
    "warehouse_lot:451 weight:81 weight_qualifier:187 weight_uom:188 weight2:81 "
    "weight2_qualifier:187 weight2_uom:188 upc2:438 ids:235/234 x19: x20: ids:235/234",
    "W03": "units:382! weight:81 weight_uom:355 volume:183 volume_uom:355 cartons:80 "
    "cartons_uom:355",
    "W04": "quantity:382! uom:355! upc:438 ids:235/234 ids:235/234 freight_class:59 rate_class:86 "
    "x10: x11: pallet: x13: ids:235/234",
    "W17": "report_code:514! received_date:373! receipt_number:394! depositor_order:285 "
    "shipment_id:145 x06: time:337 master_link: link_sequence:474",
    "W07": "quantity:413! uom:355! upc:438 ids:235/234 ids:235/234 lot:451 x09: ids:235/234",
    "W13": "quantity:380! uom:355! condition:412! lot:451 reason:",
    "W14": "units:413! shipped:382 difference:383 lading_received: lading:",
    "W15": "date:373! adjustment_number: depositor_adjustment:531 transaction:640 purpose:353 "
    "action:306",
    "W19": "reason:426! quantity:414! uom:355! upc:438 ids:235/234 ids:235/234 lot:451 weight:81 "
    "weight_qualifier:187 weight_uom:188 weight2:81 weight2_qualifier:187 weight2_uom:188 "
    "status:893 ids:235/234",
    "BIA": "purpose:353! report_type:755! report_id:127! date:373! time:337 action:306",
    # returns, application advice
    "BGN": "purpose:353! number:127! date:373! time:337 time_zone:623 reference:127 "
    "type:640 action:306",
    "RDR": "return_code:292 disposition:293 reason: text:352",
    "BLI": "ids:235/234 quantity:380 uom:355 price_kind:236 unit_price:212 price_basis:639 "
    "ids:235/234 ids:235/234 ids:235/234",
    "OTI": "result:110! qualifier:128! reference:127! sender:142 receiver:124 date:373 time:337 "
    "group_control:28 set_control:329 set_type:143 version:480",
    "TED": "code:647! text:3 segment:721 position:719 element:722 element_number:725 value:724",
    # acknowledgements
    "AK1": "functional_id:479! control:28! version:480",
    "AK2": "type:143! control:329! reference:1705",
    "AK3": "segment:721! position:719! loop:447 code:720",
    "AK4": "position:C030! element_number:725 code:723! value:724",
    "AK5": "code:717! reason1:718 reason2:718 reason3:718 reason4:718 reason5:718",
    "AK9": "code:715! included:97! received:123! accepted:2! reason1:716 reason2:716 reason3:716 "
    "reason4:716 reason5:716",
    "CTX": "context:C998! segment:721 position:719 loop:447 element:C030 reference:C999",
    "TA1": "control:I12! date:I08! time:I09! code:I17! note:I18!",
}
for _old, _new in {"IK3": "AK3", "IK4": "AK4", "IK5": "AK5"}.items():
    _SEGMENTS[_old] = _SEGMENTS[_new]


class Pair(NamedTuple):
    """Two neighbouring elements, qualifier and value, that fill one entry of the mapping `key`."""

    qualifier: int
    value: int
    key: str


class SegmentSpec(NamedTuple):
    """`names[i]` and `elements[i]` describe element i+1; a paired element has the name ""."""

    tag: str
    names: tuple[str, ...]
    elements: tuple[Element, ...]
    required: frozenset[int]
    pairs: tuple[Pair, ...]


KNOWN_TAGS = frozenset(_SEGMENTS)


@cache
def segment_spec(tag: str) -> SegmentSpec:
    """The definition of a segment. KeyError for a tag outside the tables."""
    names: list[str] = []
    elements: list[Element] = []
    required: set[int] = set()
    pairs: list[Pair] = []
    for token in _SEGMENTS[tag].split():
        name, _, numbers = token.partition(":")
        if numbers.endswith("!"):
            required.add(len(names) + 1)
        if "/" in numbers:
            pairs.append(Pair(len(names) + 1, len(names) + 2, name))
            name = ""
        for number in numbers.rstrip("!").split("/"):
            names.append(
                f"{tag}_{name[1:]}" if name.startswith("x") and name[1:].isdigit() else name
            )
            elements.append(ELEMENTS.get(number, UNCHECKED))
    return SegmentSpec(tag, tuple(names), tuple(elements), frozenset(required), tuple(pairs))
