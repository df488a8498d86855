"""Units as UN/ECE recommendations 20 and 21, X12 element 355, and people write them."""

from typing import Final

# The first word is the canonical code. A slash stands for a space within a word.
_UNITS: Final = (
    "EA each ea stk stck stuck st. stueck c62 h87 pce pc pcs piece pieces unit units un unite"
    " unidad one pieza qty",
    "CA case cases cs kiste caisse caja",
    "CT carton cartons ctn kt.",
    "BX box boxes schachtel boite",
    "PK pack package packs pkg pkt packung paket paquet",
    "PX pallet pallets palette paletten plt pal pallet/(lift) pf",
    "PL-PAIL pail pails eimer pa",
    "BG bag bags beutel tute tasche",
    "SA sack sacks",
    "BO bottle bottles btl flasche fl",
    "CAN can cans dose dosen",
    "DR drum drums fass",
    "RO roll rolls rl rolle rollen rouleau",
    "BE bundle bundles bd bundel bund",
    "PR pair pairs paar npr paire",
    "SET set sets satz",
    "KT kit kits",
    "DZN dozen dz doz dutzend douzaine",
    "GRO gross grs gs",
    "MIL thousand th tausend 1000",
    "CEN hundred hundert hc 100",
    "RM ream reams ries",
    "SHT sheet sheets sh blatt bogen",
    "TU tube tubes tb",
    "TY tray trays",
    "CR crate crates",
    "DS display displays",
    "KGM kg kgs kilo kilogram kilograms kilogramm kilogramme",
    "GRM gram grams gramm gramme",
    "MGM mg milligram milligrams milligramm",
    "TNE tonne tonnes metric/ton metric/tons mt to",
    "STN short/ton short/tons net/ton tn",
    "LTN long/ton long/tons",
    "LBR lb lbs pound pounds pfund livre",
    "ONZ oz ounce ounces unze",
    "OZA fl/oz floz fluid/ounce fluid/ounces fo",
    "LTR l lt liter liters litre litres ltr.",
    "MLT ml milliliter milliliters millilitre millilitres",
    "CLT cl centiliter centilitre",
    "GLL gal ga gallon gallons us/gallon",
    "GLI imperial/gallon",
    "QTL qt quart quarts",
    "PTL pint pints pt",
    "MTR mr meter meters metre metres",
    "CMT cm centimeter centimeters centimetre zentimeter",
    "MMT mm millimeter millimeters millimetre",
    "KMT km kilometer kilometers kilometre",
    "FOT ft foot feet lf fuss",
    "INH in inch inches zoll",
    "YRD yd yard yards",
    "MTK m2 sqm sm square/meter square/metre qm quadratmeter",
    "FTK sqft sf sq/ft square/foot square/feet",
    "YDK sy sqyd sq/yd square/yard square/yards",
    "MTQ m3 cbm cubic/meter cubic/metre kubikmeter",
    "FTQ cf cuft cu/ft cubic/foot cubic/feet",
    "HUR hr hrs hour hours stunde stunden std heure",
    "DAY da day days tag tage jour",
    "MIN minute minutes",
    "MON month months monat monate mo",
)
# Two meanings in use at once: only a name beside the code, or a person, can tell.
_DOUBTFUL: Final = {
    "st": ("EA", "SET", "SHT"),
    "pl": ("PX", "PL-PAIL"),
    "kt": ("KT", "CT"),
    "karton": ("CA", "CT"),
    "ct": ("CT", "EA"),
    "gr": ("GRM", "GRO"),
    "g": ("GRM", "GRO"),
    "m": ("MTR", "MIL"),
    "ton": ("TNE", "STN", "LTN"),
    "tons": ("TNE", "STN", "LTN"),
    "t": ("TNE", "STN"),
    "c": ("CEN", "CA"),
    "cn": ("CAN", "CT"),
    "sack": ("SA", "BG"),
    "pal": ("PX", "PL-PAIL"),
    "pk": ("PK", "BX"),
    "count": ("EA",),
}


def _meanings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _UNITS:
        canonical, *written = line.split()
        for word in (canonical.lower(), *written):
            found[word.replace("/", " ").rstrip(".")] = (canonical,)
    return found | _DOUBTFUL


# Folded code or word → the canonical codes it may stand for; one only where there is no doubt.
MEANINGS: Final = _meanings()
