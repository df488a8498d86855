"""Words that tell variants of one article apart."""

from typing import Final


def _by_word(groups: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, text in groups.items() for word in text.split()}


SIZES: Final = _by_word(
    {
        "XXS": "xxs 2xs",
        "XS": "xs xsmall",
        "S": "s sm sml small klein petit",
        "M": "m md med medium mittel moyen",
        "L": "l lg lrg large gross grand",
        "XL": "xl xlarge xlg",
        "XXL": "xxl 2xl xxlarge 2x",
        "XXXL": "xxxl 3xl xxxlarge 3x",
        "4XL": "4xl xxxxl",
        "5XL": "5xl xxxxxl",
        "one size": "os osfa onesize einheitsgrosse",
        "jumbo": "jumbo",
    }
)
COLOURS: Final = _by_word(
    {
        "black": "black blk bk schwarz noir negro",
        "white": "white wht wh weiss blanc blanco",
        "red": "red rd rot rouge rojo",
        "blue": "blue blu bl blau bleu azul",
        "navy": "navy nvy marine",
        "green": "green grn gn grun gruen vert verde",
        "olive": "olive olv oliv",
        "yellow": "yellow ylw yel gelb jaune amarillo",
        "orange": "orange org orn",
        "grey": "grey gray gry gy grau gris",
        "charcoal": "charcoal anthrazit anthracite",
        "brown": "brown brn braun marron",
        "tan": "tan khaki beige sand",
        "pink": "pink pnk rosa rose",
        "purple": "purple prp lila violet violett",
        "silver": "silver slv silber argent",
        "gold": "gold gld golden",
        "clear": "clear clr transparent klar",
        "natural": "natural nat natur",
        "chrome": "chrome chrom",
        "brass": "brass messing",
        "copper": "copper kupfer",
    }
)
# These make another article even where the other side says nothing of the kind.
EDITIONS: Final = _by_word(
    {
        "II": "ii mk2 v2",
        "III": "iii mk3 v3",
        "IV": "iv mk4 v4",
        "pro": "pro professional profi",
        "plus": "plus",
        "max": "max",
        "lite": "lite light",
        "mini": "mini",
        "premium": "premium deluxe",
        "spare": "spare replacement ersatz",
        "kit": "kit bundle set",
    }
)
# Each line is one question with answers that exclude each other.
_OPPOSITES: Final = (
    {"men": "men mens man herren homme", "women": "women womens woman ladies damen femme",
     "children": "kids kid child children youth junior kinder enfant"},
    {"left": "left lh links gauche", "right": "right rh rechts droite"},
    {"front": "front vorne avant", "rear": "rear back hinten arriere"},
    {"male": "male", "female": "female"},
    {"inner": "inner internal innen", "outer": "outer external aussen"},
    {"upper": "upper top oben", "lower": "lower bottom unten"},
    {"hot": "hot", "cold": "cold"},
    {"salted": "salted", "unsalted": "unsalted"},
    {"caffeinated": "caffeinated", "decaf": "decaf decaffeinated entkoffeiniert"},
    {"with": "with mit avec", "without": "without ohne sans"},
    {"new": "new neu", "used": "used refurbished refurb gebraucht renewed"},
    {"wired": "wired", "wireless": "wireless cordless kabellos"},
    {"matte": "matte matt", "gloss": "gloss glossy glanzend"},
    {"smooth": "smooth", "crunchy": "crunchy"},
    {"metric": "metric", "imperial": "imperial"},
    {"lid": "lid lids deckel", "base": "base boden"},
    {"refill": "refill nachfullpack nachfullung", "starter": "starter"},
)  # fmt: skip
OPPOSITES: Final = {
    word: (question, answer)
    for question, answers in enumerate(_OPPOSITES)
    for word, answer in _by_word(answers).items()
}
