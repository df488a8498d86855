"""Qualifier tables: the codes we know by meaning, by data element number.

They hold the codes distribution uses, not the directories' full lists, so a code outside them is
kept raw and reported for information; a partner profile may add rows.
"""

DOCUMENT = {
    "220": "order", "105": "purchase_order", "224": "rush_order", "221": "blanket_order",
    "226": "call_off", "227": "consignment_order", "228": "sample_order", "230": "order_change",
    "231": "order_response", "320": "order_acknowledgement", "351": "despatch_advice",
    "35E": "return_advice", "345": "ready_for_despatch", "380": "invoice", "381": "credit_note",
    "383": "debit_note", "384": "corrected_invoice", "325": "proforma",
    "389": "self_billed_invoice", "385": "consolidated_invoice", "386": "prepayment_invoice",
    "393": "factored_invoice", "35": "inventory_report", "78": "inventory_movement",
    "632": "goods_receipt", "9": "price_catalogue", "312": "acknowledgement",
    "313": "application_error", "270": "delivery_note",
}  # fmt: skip

FUNCTION = {
    "1": "cancellation", "2": "addition", "3": "deletion", "4": "change", "5": "replace",
    "6": "confirmation", "7": "duplicate", "8": "status", "9": "original", "11": "response",
    "12": "not_processed", "13": "request", "16": "proposed", "27": "not_accepted",
    "28": "accepted_header_changed", "29": "accepted", "30": "accepted_lines_changed",
    "31": "copy", "34": "accepted_with_reserve", "42": "confirmed_by_other_means",
    "43": "additional_transmission", "46": "provisional", "53": "test",
}  # fmt: skip

PARTY = {
    "BY": "buyer", "SU": "seller", "SE": "seller", "DP": "ship_to", "ST": "ship_to",
    "IV": "bill_to", "WH": "warehouse", "CA": "carrier", "CN": "consignee", "CZ": "consignor",
    "SF": "ship_from", "SH": "shipper", "UC": "ultimate_consignee", "UD": "ultimate_customer",
    "PR": "payer", "PE": "payee", "RE": "remit_to", "II": "issuer", "OB": "ordered_by",
    "MF": "manufacturer", "DS": "distributor", "GM": "inventory_controller", "FW": "forwarder",
    "PW": "dispatch_party", "DL": "factor", "MR": "message_recipient", "MS": "message_sender",
    "FR": "message_from", "TO": "message_to", "AB": "buyers_agent", "CO": "corporate_office",
    "BF": "beneficiary_bank", "GY": "inventory_reporting_party", "SN": "store", "BO": "broker",
    "SR": "suppliers_agent",
}  # fmt: skip

DATE = {
    "2": "requested_delivery", "3": "invoice", "4": "order", "7": "effective",
    "8": "order_received", "9": "process", "10": "requested_ship", "11": "shipped",
    "12": "terms_discount_due", "13": "terms_net_due", "15": "promotion_start",
    "17": "estimated_delivery", "35": "delivered", "36": "expires", "37": "ship_not_before",
    "38": "ship_not_after", "50": "received", "61": "cancel_after", "63": "deliver_not_after",
    "64": "deliver_not_before", "67": "current_delivery", "69": "promised_delivery",
    "71": "requested_delivery_after", "74": "requested_delivery_by", "76": "scheduled_delivery",
    "79": "promised_ship", "90": "report_start", "91": "report_end", "94": "production",
    "126": "contract", "131": "tax_point", "132": "estimated_arrival",
    "133": "estimated_departure", "137": "document", "140": "payment_due", "157": "valid_from",
    "158": "horizon_start", "159": "horizon_end", "171": "reference", "182": "issue",
    "186": "departed", "189": "scheduled_departure", "194": "start", "200": "pickup", "206": "end",
    "263": "invoicing_period", "273": "validity", "351": "inspected", "361": "best_before",
}  # fmt: skip

# Formats of a date we show in another way stand in `values.py`; the others are kept as sent.
DATE_FORMAT = {
    "101": "YYMMDD", "102": "CCYYMMDD", "103": "YYWWD", "105": "YYDDD", "106": "MMDD",
    "107": "DDD", "108": "WW", "109": "MM", "110": "DD", "201": "YYMMDDHHMM",
    "202": "YYMMDDHHMMSS", "203": "CCYYMMDDHHMM", "204": "CCYYMMDDHHMMSS",
    "205": "CCYYMMDDHHMMZHHMM", "301": "YYMMDDHHMMZZZ", "303": "CCYYMMDDHHMMZZZ",
    "304": "CCYYMMDDHHMMSSZZZ", "401": "HHMM", "402": "HHMMSS", "404": "HHMMSSZZZ",
    "602": "CCYY", "609": "YYMM", "610": "CCYYMM", "615": "YYWW", "616": "CCYYWW",
    "713": "YYMMDDHHMM-YYMMDDHHMM", "715": "YYWW-YYWW", "716": "CCYYWW-CCYYWW",
    "717": "YYMMDD-YYMMDD", "718": "CCYYMMDD-CCYYMMDD", "719": "CCYYMMDDHHMM-CCYYMMDDHHMM",
    "720": "DHHMM-DHHMM", "801": "year", "802": "month", "803": "week", "804": "day",
    "805": "hour", "806": "minute",
}  # fmt: skip

QUANTITY = {
    "1": "discrete", "3": "cumulative", "11": "split", "12": "despatched", "17": "on_hand",
    "21": "ordered", "46": "delivered", "47": "invoiced", "48": "received", "52": "per_pack",
    "53": "minimum_order", "54": "maximum_order", "59": "consumer_units", "61": "returned",
    "66": "committed", "70": "maximum_order", "73": "outstanding", "83": "backorder",
    "89": "quality_hold", "97": "minimum_stock", "98": "maximum_stock", "113": "to_deliver",
    "119": "short", "124": "damaged", "131": "delivery_batch", "145": "actual_stock",
    "153": "sold", "157": "opening_stock", "192": "free_goods", "193": "free_goods_included",
    "194": "received_and_accepted", "195": "received_not_accepted", "197": "reorder_level",
    "198": "in_transit",
}  # fmt: skip

PRICE = {
    "AAA": "net", "AAB": "gross", "AAE": "information", "CAL": "calculation",
    "INF": "information_only", "INV": "invoice", "CT": "contract", "SRP": "suggested_retail",
}  # fmt: skip

AMOUNT = {
    "8": "charge_or_allowance", "9": "due", "23": "charge", "25": "charge_basis",
    "38": "invoice_item", "39": "invoice_total", "52": "discount", "64": "freight",
    "66": "goods_item", "77": "invoice", "79": "lines_total", "86": "message_total",
    "113": "prepaid", "124": "tax", "125": "taxable", "128": "total",
    "129": "total_amount_for_tax", "131": "charges_and_allowances_total", "146": "unit_price",
    "150": "tax_value", "161": "duty", "165": "adjustment", "176": "tax_total", "203": "line",
    "204": "allowance", "259": "total_charges", "260": "total_allowances", "289": "subtotal",
}  # fmt: skip

ITEM_ID = {
    "EN": "ean", "SRV": "gtin", "UP": "upc", "SA": "seller", "IN": "buyer", "BP": "buyer_part",
    "VP": "seller_part", "MF": "manufacturer", "MP": "manufacturer_part", "HS": "harmonized",
    "SN": "serial", "NB": "batch", "SG": "standard_group", "IB": "isbn", "IS": "issn",
    "CC": "commodity_group", "PV": "promotion_variant", "DW": "drawing", "SK": "sku",
    "MN": "model", "ON": "order_number", "GN": "national", "CG": "commodity", "VN": "seller_item",
    "PO": "purchase_order", "RC": "returnable_container",
}  # fmt: skip

LINE_ACTION = {
    "1": "added", "2": "deleted", "3": "changed", "4": "no_action", "5": "accepted_unchanged",
    "6": "accepted_changed", "7": "not_accepted", "8": "schedule_only", "9": "amendments",
    "10": "not_found", "11": "not_amended", "16": "proposed", "12": "renumbered",
}  # fmt: skip

ACTION = {
    "1": "acknowledged", "2": "acknowledged_with_errors", "3": "partly_rejected", "4": "rejected",
    "5": "envelope_accepted", "6": "envelope_rejected", "7": "acknowledged", "8": "received",
}  # fmt: skip

BY_ELEMENT: dict[str, dict[str, str]] = {
    "0083": ACTION, "1001": DOCUMENT, "1225": FUNCTION, "1229": LINE_ACTION, "2005": DATE,
    "2379": DATE_FORMAT, "3035": PARTY, "5025": AMOUNT, "5125": PRICE, "6063": QUANTITY,
    "7143": ITEM_ID,
}  # fmt: skip
