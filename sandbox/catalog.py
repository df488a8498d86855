"""Fifty products under the store's, the warehouse's and the ERP's names."""

from typing import NamedTuple

COMPANY_PREFIX = "850012"
LEGACY_LISTING = "TENT2P-OLD"
"""A store listing left over from last season: sold, but unknown to the ERP and the warehouse."""


class Product(NamedTuple):
    sku: str
    title: str
    price: str
    case_pack: int
    weight_lb: str
    upc: str
    case_gtin: str
    erp_item: str


def check_digit(digits: str) -> str:
    """GS1 modulo 10 over the digits before the check digit (GTIN, SSCC and GLN alike)."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


_ROWS = """
TENT-2P|Two person tent|129.00|6|4.8
TENT-4P|Four person tent|219.00|4|9.6
TARP-3M|Shelter tarp 3 x 3 m|49.50|12|1.9
STAKE-8|Tent stakes, set of 8|14.95|24|0.6
BAG-S20|Sleeping bag, 20 F|94.00|6|3.1
BAG-S40|Sleeping bag, 40 F|72.00|8|2.4
PAD-FOAM|Closed cell foam pad|24.50|10|0.9
PAD-AIR|Insulated air pad|89.00|8|1.2
PILLOW-C|Camp pillow, compressible|19.95|20|0.5
CHAIR-LO|Low camp chair|44.00|6|5.2
CHAIR-HI|High back camp chair|64.00|4|7.1
TABLE-RL|Roll top table|79.00|4|8.3
STOVE-1B|Single burner stove|38.00|12|0.9
STOVE-2B|Two burner stove|119.00|3|11.4
POT-SET3|Nesting pots, set of 3|54.00|8|2.2
PAN-10|Steel skillet 10 in|34.50|10|3.4
MUG-12|Enamel mug 12 oz|9.95|36|0.4
PLATE-E|Enamel plate 10 in|11.50|24|0.7
SPORK-4|Titanium spork, set of 4|18.00|40|0.2
KETTLE-1|Trail kettle 1 L|29.00|16|0.6
COOL-20|Soft cooler 20 can|59.00|6|2.9
COOL-45|Hard cooler 45 qt|189.00|1|19.8
BOTTLE-1|Steel bottle 1 L|27.00|20|0.8
BOTTLE-5|Steel bottle 500 ml|21.00|24|0.5
JUG-7|Water jug 7 gal|32.00|6|2.0
FILTER-G|Gravity water filter|84.00|10|0.8
FILTER-C|Filter cartridge|26.00|40|0.2
LAMP-H3|Headlamp 350 lm|39.00|24|0.3
LAMP-L8|Lantern 800 lm|48.00|12|1.1
BATT-AA8|Lithium cells AA, 8 pack|17.50|48|0.4
POWER-20|Power bank 20 Ah|69.00|20|1.0
SOLAR-28|Folding solar panel 28 W|99.00|8|1.8
ROPE-30|Static rope 30 m|58.00|8|4.1
CORD-15|Utility cord 15 m|8.95|60|0.3
BINER-2|Locking carabiner, pair|22.00|30|0.4
PACK-25|Day pack 25 L|79.00|8|1.9
PACK-55|Trail pack 55 L|199.00|4|4.4
DUFF-60|Duffel 60 L|109.00|5|2.8
DRY-10|Dry bag 10 L|18.50|30|0.3
DRY-35|Dry bag 35 L|31.00|20|0.6
POLE-TR|Trekking poles, pair|74.00|12|1.3
GAITER-M|Trail gaiters M|36.00|20|0.4
GLOVE-L|Work gloves L|16.50|36|0.3
HAT-SUN|Sun hat|28.00|24|0.2
PONCHO|Rain poncho|23.00|30|0.7
KIT-AID|First aid kit, 90 parts|42.00|12|1.2
KIT-REP|Gear repair kit|15.50|36|0.2
KNIFE-F|Folding knife 3 in|33.00|24|0.3
SAW-F|Folding saw 8 in|37.50|16|0.6
MAP-CASE|Waterproof map case|12.50|40|0.2
"""


def _product(number: int, row: str) -> Product:
    sku, title, price, case_pack, weight = row.split("|")
    body = f"{COMPANY_PREFIX}{number:05d}"
    upc = body + check_digit(body)
    case_body = "10" + body
    erp_item = f"{10 + number // 10}-{number * 17 + 200:05d}"
    return Product(
        sku, title, price, int(case_pack), weight, upc, case_body + check_digit(case_body), erp_item
    )


PRODUCTS: tuple[Product, ...] = tuple(
    _product(number, row) for number, row in enumerate(_ROWS.split("\n")[1:-1], start=1)
)
BY_SKU = {product.sku: product for product in PRODUCTS}
SITES = {"RNO1": "NORTHWIND 3PL RENO", "ATL2": "NORTHWIND 3PL ATLANTA"}


def opening_stock(sku: str, site: str) -> int:
    """Eaches on hand on the first day: 2,000 to 9,950, fixed per product and site."""
    number = PRODUCTS.index(BY_SKU[sku])
    return 2000 + (number * 1709 + sorted(SITES).index(site) * 3001) % 160 * 50
