"""The marks that are planted: of a customer, and of what a partner has for all of its customers."""

PARTNERS = ("kestrel", "aurora")
CUSTOMERS = ("harbor", "maris")


def mark(partner: str, customer: str) -> str:
    """Letters only and in lower case, so that it may stand in a slug as well."""
    return f"zq{partner}{customer}qz"


def house(text: str) -> str:
    """Of the mark of a customer the one of the house's own things that are planted beside theirs: rooms,
    teams, price lists. It names the partner and no customer."""
    for number, customer in enumerate(CUSTOMERS):
        text = text.replace(customer, f"house{'ab'[number]}")
    return text
