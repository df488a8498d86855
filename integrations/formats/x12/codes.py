"""Qualifier tables: the codes we know by meaning, by data element number.

They hold the codes distribution uses, not the standard's full lists, so a code outside them is
kept raw and reported for information; a partner profile may add rows.
"""

PARTY = {
    "ST": "ship_to", "BT": "bill_to", "BY": "buyer", "SF": "ship_from", "SE": "seller",
    "VN": "seller", "SU": "seller", "WH": "warehouse", "DE": "depositor", "CN": "consignee",
    "MA": "mark_for", "RE": "remit_to", "RI": "remit_to", "CA": "carrier", "Z7": "mark_for_store",
    "PE": "payee", "PR": "payer", "II": "issuer", "SO": "sold_to", "UC": "ultimate_consignee",
    "OB": "ordered_by", "FR": "message_from", "TO": "message_to", "BO": "broker", "DA": "delivery",
}  # fmt: skip

PARTY_ID_KIND = {
    "1": "duns", "9": "duns_plus_4", "91": "assigned_by_seller", "92": "assigned_by_buyer",
    "93": "assigned_by_originator", "94": "assigned_by_receiver", "UL": "gln", "21": "hin",
    "ZZ": "mutual", "2": "scac", "24": "ein", "12": "phone", "25": "carrier_customer_code",
    "54": "warehouse",
}  # fmt: skip

ITEM_ID = {
    "UP": "upc_12", "UI": "upc_1_5_5_1", "UA": "upc_case", "UK": "gtin_14", "EN": "ean_13",
    "EO": "ean_8", "VN": "vendor_part", "VP": "vendor_part", "VC": "vendor_catalogue",
    "VA": "vendor_style", "BP": "buyer_part", "IN": "buyer_item", "SK": "sku", "MG": "maker_part",
    "MF": "maker", "CB": "buyer_catalogue", "PI": "purchaser_item", "LT": "lot",
    "UD": "consumer_upc", "PD": "description", 
    "ZZ": "mutual", "PO": "po_number", "PL": "po_line", "SN": "serial",
    "ND": "ndc", "PN": "company_part",
    "ST": "style", "UN": "coupon_upc", "VS": "vendor_supplemental",
    "RC": "returnable_container",
}  # fmt: skip

WAREHOUSE_DATE = {
    "02": "requested_delivery", "04": "po_date", "10": "requested_ship", "11": "shipped",
    "17": "estimated_delivery", "37": "ship_not_before", "38": "ship_not_after",
    "53": "deliver_not_before", "54": "deliver_not_after", "70": "scheduled_delivery",
    "01": "cancel_after", "07": "effective", "09": "process", "19": "unloaded", "35": "delivered",
    "36": "expires", "86": "pickup", "BB": "promised",
}  # fmt: skip

DATE = {
    "001": "cancel_after", "002": "requested_delivery", "003": "invoice", "004": "po_date",
    "007": "effective", "009": "process", "010": "requested_ship", "011": "shipped",
    "017": "estimated_delivery", "035": "delivered", "036": "expires", "037": "ship_not_before",
    "038": "ship_not_after", "050": "received", "063": "deliver_not_after",
    "064": "deliver_not_before", "067": "current_delivery", "068": "current_ship",
    "071": "requested_delivery_after", "074": "requested_delivery_by", "097": "transaction",
    "106": "required_by", "118": "pickup", "125": "estimated_ship", "196": "start", "197": "end",
}  # fmt: skip

LINE_ACKNOWLEDGEMENT = {
    "IA": "accepted", "IB": "backordered", "IC": "changed", "ID": "deleted", "IP": "price_changed",
    "IQ": "quantity_changed", "IR": "rejected", "IS": "substituted", "DR": "date_moved",
    "BP": "partial_rest_backordered", "AC": "accepted_and_shipped", "IE": "accepted_price_pending",
    "IH": "on_hold", "AR": "accepted_and_released", "SP": "accepted_date_pending",
    "AA": "accepted_elsewhere", "IF": "on_hold_incomplete", "IW": "on_hold_waiver",
    "R1": "rejected_no_contract", "R2": "rejected_item_number", "R3": "rejected_unit",
    "R4": "rejected_not_available", "R5": "rejected_order_just_in_time",
    "R6": "rejected_order_extended", "R7": "rejected_order_drop_ship", "R8": "rejected_order_surge",
}  # fmt: skip

SHIPMENT_STATUS = {
    "CC": "complete", "CP": "partial", "BP": "partial_rest_backordered", "BO": "backordered",
    "BK": "backordered", "CM": "complete_with_extra", "CS": "substituted", "IC": "cancelled",
    "DS": "out_of_stock", "CL": "complete",
}  # fmt: skip

FREIGHT_PAYER = {
    "PP": "prepaid", "CC": "collect", "TP": "third_party", "PC": "prepaid_charged_back",
    "PB": "customer_pickup", "PU": "pickup", "DF": "defined_by_partner", "PO": "prepaid_only",
    "MX": "mixed", "PA": "advance_prepaid", "CF": "collect_credited", "NC": "no_charge",
    "PS": "paid_by_seller", "BP": "paid_by_buyer",
}  # fmt: skip

TRANSPORT_MODE = {
    "M": "motor", "U": "parcel", "A": "air", "H": "customer_pickup", "R": "rail", "S": "ocean",
    "LT": "less_than_truckload", "SR": "supplier_truck", "ZZ": "mutual", "J": "motor_common",
    "C": "consolidation", "T": "best_way", "AE": "air_express", "K": "backhaul", "O": "container",
    "X": "intermodal", "E": "expedited_truck", "I": "private_carrier", "L": "contract_carrier",
    "P": "private_truck", "TL": "truckload", "CE": "customer_pickup_expense",
   
}  # fmt: skip

UNIT = {
    "EA": "each", "CA": "case", "CS": "cassette_or_case", "CT": "carton", "PC": "piece",
    "PK": "package", "DZ": "dozen", "BX": "box", "PL": "pallet", "LB": "pound", "KG": "kilogram",
    "OZ": "ounce", "GA": "gallon", "LT": "litre", "FT": "foot", "YD": "yard", "IN": "inch",
    "BG": "bag", "BO": "bottle", "RL": "roll", "ST": "set", "PR": "pair", "UN": "unit",
    "KT": "kit", "CF": "cubic_foot", "CI": "cubic_inch", "CN": "can", "DR": "drum", "PF": "pallet",
    "M": "metre", "MR": "metre", "GR": "gram", "TN": "ton", "SF": "square_foot", "SH": "sheet",
    "AS": "assortment", "BD": "bundle", "DS": "display", "IP": "inner_pack", "TH": "thousand",
    "HC": "hundred", "E4": "gross_kilogram", "ML": "millilitre", "CR": "cubic_metre", "PT": "pint",
    "QT": "quart", "TB": "tube", "JR": "jar", "PA": "pail", "CE": "celsius", "FA": "fahrenheit",
    "01": "actual_pound", "LF": "linear_foot", "EV": "envelope",
    "P1": "percent", "SY": "square_yard",
}  # fmt: skip

PURPOSE = {
    "00": "original", "01": "cancellation", "02": "add", "03": "delete", "04": "change",
    "05": "replace", "06": "confirmation", "07": "duplicate", "08": "status", "11": "response",
    "12": "not_processed", "13": "request", "14": "advance_notification", "15": "resubmission",
    "16": "proposed", "17": "cancel_and_reissue", "18": "reissue", "22": "information_copy",
    "24": "draft", "25": "incremental", "27": "verify", "28": "query", "48": "suspended",
    "49": "original_no_financial_risk", "53": "completion",
}  # fmt: skip

WAREHOUSE_ORDER_STATUS = {
    "N": "original", "R": "change", "F": "cancel", "D": "delete", "G": "change_header",
    "L": "replace_line", "T": "resubmission", "C": "confirmation",
}  # fmt: skip

QUANTITY = {
    "33": "available", "17": "on_hand", "27": "committed", "20": "unusable", "29": "projected",
    "26": "total", "25": "oem", "36": "distributor", "63": "on_order", "01": "discrete",
    "02": "cumulative", "38": "original", "39": "shipped", "QH": "on_hold", "QR": "ready_to_ship",
    "QS": "short",   
    "15": "minimum", "16": "reorder", "37": "maximum",
}  # fmt: skip

ADJUSTMENT_REASON = {
    "06": "decrease", "07": "dumped", "56": "increase", "AA": "physical_count", "AI": "disaster",
    "AU": "damaged_in_facility", "AV": "in_transit", "AW": "recall", "01": "damaged", "02": "short",
    "03": "over", 
}  # fmt: skip

BY_ELEMENT: dict[str, dict[str, str]] = {
    "66": PARTY_ID_KIND, "91": TRANSPORT_MODE, "98": PARTY, "146": FREIGHT_PAYER, "235": ITEM_ID,
    "353": PURPOSE, "355": UNIT, "368": SHIPMENT_STATUS, "374": DATE, "426": ADJUSTMENT_REASON,
    "432": WAREHOUSE_DATE, "473": WAREHOUSE_ORDER_STATUS, "668": LINE_ACKNOWLEDGEMENT,
    "673": QUANTITY,
}  # fmt: skip

# Element 479 by transaction set: what GS01 must say for a set of this ST01.
FUNCTIONAL_ID = {
    "850": "PO", "855": "PR", "860": "PC", "865": "CA", "856": "SH", "810": "IN", "846": "IB",
    "940": "OW", "945": "SW", "943": "AR", "944": "RE", "947": "AW", "180": "AN", "820": "RA",
    "832": "SC", "824": "AG", "997": "FA", "999": "FA", "204": "SM", "210": "IM", "214": "QM",
    "990": "GF", "830": "PS", "862": "SS", "861": "RC", "852": "PD", "840": "RQ", "843": "RR",
    "875": "OG", "880": "GP", "864": "TX", "812": "CD", "816": "OR", "867": "PT", "869": "RS",
    "870": "RS", "753": "RF", "754": "RG", "270": "HS", "271": "HB", "276": "HR", "277": "HN",
    "278": "HI", "834": "BE", "835": "HP", "837": "HC", "838": "TD",
}  # fmt: skip
