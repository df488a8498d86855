"""Labelled pairs: what a partner lists, and which of our codes it is (None: none of ours)."""

from integrations.matching import Item
from tests.matching.labelled import Pairs
from tests.matching.traps import TRAPS


def _item(code: str, name: str = "", **extra: object) -> Item:
    return Item(code, name, extra)


def _pair(code: str, name: str, right: str | None, **extra: object) -> tuple[Item, str | None]:
    return Item(code, name, extra), right


CATALOGUE = [
    _item("TENT-2P", "Trail tent 2 person green", gtin="4006381333931"),
    _item("TENT-3P", "Trail tent 3 person green", gtin="4006381333948"),
    _item("TENT-4P", "Trail tent 4 person green"),
    _item("SHIRT-BLK-L", "Polo shirt black L"),
    _item("SHIRT-BLK-XL", "Polo shirt black XL"),
    _item("SHIRT-RED-L", "Polo shirt red L"),
    _item("SHIRT-RED-2XL", "Polo shirt red 2XL"),
    _item("COF-1KG", "Harbor roast whole bean coffee 1 kg", gtin="012345678905"),
    _item("COF-2LB", "Harbor roast whole bean coffee 2 lb"),
    _item("COF-5LB", "Harbor roast whole bean coffee 5 lb"),
    _item("COF-DEC-1KG", "Harbor roast decaf whole bean coffee 1 kg"),
    _item("WTR-500", "Spring water 500 ml bottle"),
    _item("WTR-500-24", "Spring water 500 ml bottle case of 24"),
    _item("WTR-1500", "Spring water 1,5 l bottle"),
    _item("GLV-M-L", "Work glove left hand M"),
    _item("GLV-M-R", "Work glove right hand M"),
    _item("DRL-18V", "Hammer drill brushless 18 V bare tool", mpn="DCD996B"),
    _item("DRL-12V", "Hammer drill brushless 12 V bare tool", mpn="DCD706B"),
    _item("BLT-M8X40", "Hex bolt M8 x 40 zinc plated"),
    _item("BLT-M8X50", "Hex bolt M8 x 50 zinc plated"),
    _item("BLT-M10X40", "Hex bolt M10 x 40 zinc plated"),
    _item("PIPE-12", "Copper pipe 1/2 in 10 ft"),
    _item("PIPE-34", "Copper pipe 3/4 in 10 ft"),
    _item("A-1-12", "Bracket angled galvanised small"),
    _item("1001", "Garden hose 15 m"),
    _item("1002", "Watering can 10 l"),
    _item("00077431", "Folding camp chair navy"),
    _item("NB-A5-RUL", "Notebook A5 ruled 120 pages"),
    _item("NB-A5-DOT", "Notebook A5 dotted 120 pages"),
    _item("LMP-E27-W", "LED bulb E27 9 W warm white", gtin="5901234123457"),
    _item("LMP-E14-W", "LED bulb E14 9 W warm white"),
    _item("KEY-US", "Mechanical keyboard US layout wireless"),
    _item("KEY-US-W", "Mechanical keyboard US layout wired"),
    _item("SOAP-LAV", "Lavender hand soap refill 1 l"),
    _item("SOAP-LAV-S", "Lavender hand soap starter 1 l"),
    _item("BAG-40", "Dry bag roll top 40 l orange"),
]

ARTICLES = Pairs(
    "a marketplace's articles",
    "sku",
    CATALOGUE,
    [
        _pair("tent2p", "Trail Tent, 2 person, green", "TENT-2P"),
        _pair("TENT_3P", "Trail tent 3-person green", "TENT-3P"),
        _pair("TENT-5P", "Trail tent 5 person green", None),
        _pair("Z0001", "Zelt zwei Personen", "TENT-4P", gtin="04006381333931x"),
        _pair("POLO-000-9", "Polo shirt black M", None),
        _pair("SHIRT-BLK-S", "Polo shirt black S", None),
        _pair("SHIRT-BLK-L", "Polo shirt black X-Large", None),
        _pair("shirt blk xl", "Polo shirt black extra large", "SHIRT-BLK-XL"),
        _pair("SHIRT/RED/L", "Polo shirt red large", "SHIRT-RED-L"),
        _pair("889001", "Polo Shirt Red XXL", "SHIRT-RED-2XL"),
        _pair("SHIRT-BLU-L", "Polo shirt blue L", None),
        _pair("B00COF1", "Harbor roast coffee beans 1000g", "COF-1KG", upc="012345678905"),
        _pair("B00COF2", "Harbor Roast whole bean coffee 2 lb", "COF-2LB"),
        _pair("B00COF3", "Harbor Roast whole bean coffee 2 kg", None),
        _pair("B00COF5", "Harbor Roast whole bean coffee 5 kg", None),
        _pair("B00COFX", "Harbor Roast whole bean coffee 5 lbs", "COF-5LB"),
        _pair("B00COFD", "Harbor roast decaf whole bean coffee 1kg", "COF-DEC-1KG"),
        _pair("WTR-500", "Spring water 500 ml bottle case of 12", None),
        _pair("WTR50024", "Spring water 24 x 500ml bottle", "WTR-500-24"),
        _pair("WTR-1500", "Spring water 1.5 L bottle", "WTR-1500"),
        _pair("GLV-M-L", "Work glove right hand M", None),
        _pair("GLV M R", "Work glove right hand M", "GLV-M-R"),
        _pair("DCD996B", "Hammer drill brushless 18V", "DRL-18V"),
        _pair("DW-7", "Hammer drill 12V brushless", "DRL-12V", mpn="DCD-706-B"),
        _pair("DRL-20V", "Hammer drill brushless 20 V bare tool", None),
        _pair("BLT-M8X60", "Hex bolt M8 x 60 zinc plated", None),
        _pair("BLTM8X40", "Hex bolt M8x40, zinc plated", "BLT-M8X40"),
        _pair("BLT.M10X40", "Hex bolt M10 x 40 zinc plated", "BLT-M10X40"),
        _pair("PIPE-12", "Copper pipe 1/2\" x 10'", "PIPE-12"),
        _pair("CP075", "Copper pipe 3/4 in 10 ft", "PIPE-34"),
        _pair("CP100", "Copper pipe 1 in 10 ft", None),
        _pair("A-11-2", "Shelf support heavy duty white", None),
        _pair("A112", "Bracket angled galvanised large", None),
        _pair("1001", "Coffee mug enamel", None),
        _pair("1002", "Watering can 10 l", "1002"),
        _pair("77431", "Folding camp chair navy", "00077431"),
        _pair("NB-A5-RUL", "Notebook A5 dotted 120 pages", None),
        _pair("NB-A6-RUL", "Notebook A6 ruled 120 pages", None),
        _pair("5901234123457", "LED bulb E27 9W warm white", "LMP-E27-W"),
        _pair("LED-E14", "LED bulb E14 9W warm white", "LMP-E14-W"),
        _pair("LED-E14-6", "LED bulb E14 6W warm white", None),
        _pair("KB-1", "Mechanical keyboard US layout wireless", "KEY-US"),
        _pair("KB-2", "Mechanical keyboard DE layout wireless", None),
        _pair("SOAPLAV", "Lavender hand soap refill 1 litre", "SOAP-LAV"),
        _pair("SOAP-LAV-S", "Lavender hand soap refill 1 l", None),
        _pair("BAG40", "Dry bag roll top 40 L orange", "BAG-40"),
        _pair("BAG-40", "Dry bag roll top 60 L orange", None),
        _pair("GIFT", "Gift card", None),
    ],
)
CODES = Pairs(
    "GTINs of every length",
    "sku",
    [
        _item("P1", "Item one", gtin="012345678905"),
        _item("P2", "Item two", gtin="4006381333931"),
        _item("P3", "Item three", gtin="96385074"),
        _item("P4", "Item four", gtin="10012345678902"),
        _item("P5", "Item five", gtin="5901234123457"),
        _item("P6", "Item six", gtin="5901234123457"),
        _item("P7", "Item seven", gtin="036000291452"),
    ],
    [
        _pair("x1", "One", "P1", ean="0012345678905"),
        _pair("x2", "Two", "P2", gtin="04006381333931"),
        _pair("x3", "Three", "P3", barcode="00000096385074"),
        _pair("x4", "Case of one", "P4", gtin="10012345678902"),
        _pair("x5", "Five or six", None, gtin="5901234123457"),
        _pair("x6", "Wrong check digit", None, gtin="036000291453"),
        _pair("x7", "Leading zero lost", "P7", upc="36000291452"),
        _pair("4006381333932", "Wrong check digit too", None),
        _pair("x8", "Case of seven", None, gtin="10036000291459"),
    ],
)
PREFIXED = Pairs(
    "a warehouse that puts its depositor's mark in front",
    "sku",
    CATALOGUE,
    [
        _pair("HB-TENT-2P", "Trail tent 2 person green", "TENT-2P"),
        _pair("HB-TENT-4P", "TRAIL TENT 4 PERSON GRN", "TENT-4P"),
        _pair("HB-SHIRT-BLK-L", "POLO SHIRT BLK L", "SHIRT-BLK-L"),
        _pair("HB-SHIRT-BLK-XL", "POLO SHIRT BLK XL", "SHIRT-BLK-XL"),
        _pair("HB-COF-1KG", "HARBOR ROAST WHOLE BEAN COFFEE 1KG", "COF-1KG"),
        _pair("HB-COF-2LB", "HARBOR ROAST WHOLE BEAN COFFEE 2KG", None),
        _pair("HB-1001", "GARDEN HOSE 15M", "1001"),
        _pair("HB-1002", "BIRD FEEDER", None),
        _pair("HB-WTR-500", "SPRING WATER 500ML BOTTLE", "WTR-500"),
        _pair("HB-WTR-1500", "SPRING WATER 500ML BOTTLE", None),
        _pair("HB-PIPE-34", "COPPER PIPE 3/4 IN 10 FT", "PIPE-34"),
        _pair("HB-PIPE-56", "COPPER PIPE 5/6 IN 10 FT", None),
    ],
)
VARIANTS = Pairs(
    "variants of a parent",
    "sku",
    [_item("CAP", "Baseball cap"), _item("SOCK", "Wool sock"), _item("BELT", "Leather belt")],
    [
        _pair("CAP-L", "Baseball cap L", None),
        _pair("SOCK-L", "Wool sock L", None),
        _pair("BELT-L", "Leather belt L", None),
        _pair("BELT-02", "Leather belt", None),
    ],
)

OUR_UNITS = [
    _item("EA", "Each"), _item("CA", "Case"), _item("PX", "Pallet"), _item("DZN", "Dozen"),
    _item("KGM", "Kilogram"), _item("LBR", "Pound"), _item("LTR", "Litre"), _item("MTR", "Metre"),
    _item("ONZ", "Ounce"), _item("FOT", "Foot"), _item("PR", "Pair"), _item("GLL", "Gallon"),
]  # fmt: skip
UNITS = Pairs(
    "units",
    "uom",
    OUR_UNITS,
    [
        _pair("EA", "", "EA"), _pair("PCS", "", "EA"), _pair("Stk", "", "EA"),
        _pair("Stück", "", "EA"), _pair("C62", "", "EA"), _pair("pc.", "Piece", "EA"),
        _pair("CS", "Case", "CA"), _pair("case", "", "CA"), _pair("Karton", "", "CA"),
        _pair("CT", "Carton", None), _pair("BX", "Box", None), _pair("PL", "", "PX"),
        _pair("PL", "Pail", None), _pair("Palette", "", "PX"), _pair("dz", "", "DZN"),
        _pair("KG", "", "KGM"), _pair("lbs", "", "LBR"), _pair("LB", "Pounds", "LBR"),
        _pair("l", "", "LTR"), _pair("ML", "", None), _pair("G", "", None),
        _pair("M", "Thousand", None), _pair("meter", "", "MTR"), _pair("MM", "", None),
        _pair("fl oz", "", None), _pair("oz", "", "ONZ"), _pair("FT", "", "FOT"),
        _pair("Paar", "", "PR"), _pair("imperial gallon", "", None), _pair("ST", "Set", None),
        _pair("EA", "Case", None), _pair("WIDGET", "", None),
    ],
)  # fmt: skip

OUR_CARRIERS = [
    _item("UPSN", "UPS"), _item("FDEG", "FedEx Ground"), _item("FDEN", "FedEx Express"),
    _item("USPS", "US Postal Service"), _item("ODFL", "Old Dominion Freight Line"),
    _item("DHL", "DHL Express"), _item("XPOL", "XPO"), _item("MUL", "Müller Spedition GmbH"),
    _item("SAIA", "Saia LTL Freight"),
]  # fmt: skip
CARRIERS = Pairs(
    "carriers",
    "carrier",
    OUR_CARRIERS,
    [
        _pair("ups_ground", "", "UPSN"), _pair("UPS Grnd", "", "UPSN"),
        _pair("ups", "UPS 2nd Day Air", "UPSN"), _pair("united_parcel_service", "", "UPSN"),
        _pair("ups_freight", "", None), _pair("UPGF", "UPS Freight", None),
        _pair("fedex_ground", "", "FDEG"), _pair("FEDEX_HOME_DELIVERY", "", None),
        _pair("FDEG", "FedEx Home Delivery", None), _pair("fedex_freight", "", None),
        _pair("Federal Express", "", None), _pair("fedex_express", "", "FDEN"),
        _pair("usps_priority_mail", "USPS Priority Mail", "USPS"), _pair("usps", "", "USPS"),
        _pair("ODFL", "Old Dominion", "ODFL"), _pair("old-dominion", "", "ODFL"),
        _pair("dhl_express", "", "DHL"), _pair("dhl_paket", "DHL Paket", None),
        _pair("XPO Logistics", "", "XPOL"), _pair("Con-way", "", "XPOL"),
        _pair("MS", "Mueller Spedition", "MUL"), _pair("mul", "Muller Spedition", "MUL"),
        _pair("flat_rate", "Flat rate", None), _pair("local_pickup", "Local pickup", None),
        _pair("UPSN", "FedEx Ground", None), _pair("saia", "", "SAIA"),
    ],
)  # fmt: skip


def _site(code: str, name: str, city: str, postcode: str, country: str, **more: object) -> Item:
    return Item(code, name, {"city": city, "postcode": postcode, "country": country, **more})


OUR_SITES = [
    _site("RNO1", "Reno DC 1", "Reno", "89502", "US", address="100 Vassar St"),
    _site("RNO2", "Reno DC 2", "Reno", "89502", "US", address="900 Mill Street"),
    _site("ATL1", "Atlanta", "Atlanta", "30336", "US", gln="9501101530003"),
    _site("MUC", "Lager München", "München", "80331", "DE", address="Hafenstr. 4"),
    _site("BER", "Lager Berlin", "Berlin", "10115", "DE"),
    _site("STL", "St. Louis hub", "St. Louis", "63101", "US", address="12 Market St"),
]
SITES = Pairs(
    "sites",
    "site",
    OUR_SITES,
    [
        (_site("RNO1", "Reno 1", "RENO", "89502-1234", "USA"), "RNO1"),
        (_site("RNO3", "Reno DC 3", "Reno", "89502", "US"), None),
        (_site("W02", "Reno warehouse", "Reno", "89502", "US", address="900 Mill St"), "RNO2"),
        (_site("RNO2", "Reno DC 1", "Reno", "89502", "US"), None),
        (_site("7", "Southeast", "Atlanta", "30336", "US", gln="9501101530003"), "ATL1"),
        (_site("ATL1", "Atlanta", "Athens", "30601", "US"), None),
        (_site("D1", "München", "Muenchen", "80331", "Germany", address="Hafenstr. 4"), "MUC"),
        (_site("BER", "Berlin", "Berlin", "05641", "US"), None),
        (_site("SL", "Saint Louis hub", "Saint Louis", "63101", "US"), "STL"),
        (_site("PAR", "Paris", "Paris", "75001", "FR"), None),
    ],
)  # fmt: skip

ALL = (ARTICLES, CODES, PREFIXED, VARIANTS, UNITS, CARRIERS, SITES, *TRAPS)
