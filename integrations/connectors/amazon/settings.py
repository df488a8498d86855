"""What a person enters for an Amazon seller's account."""

import re
from typing import Final

from integrations.connectors.connection import Connection, Setting

AMAZON_COM: Final = "ATVPDKIKX0DER"
MERCHANT: Final = "MERCHANT"
BOTH: Final = "MERCHANT,AMAZON"
_ID: Final = re.compile(r"[A-Z0-9]{8,20}")


def _complaint(entered: str) -> str:
    strange = [line for line in entered.split() if not _ID.fullmatch(line)]
    return (
        f"{strange[0][:30]} is no id such as ATVPDKIKX0DER; enter one per line." if strange else ""
    )


SETTINGS = (
    Setting(
        "url",
        "Address of the region",
        "North America: https://sellingpartnerapi-na.amazon.com. Europe, India and the Middle East:"
        " https://sellingpartnerapi-eu.amazon.com. Far East: https://sellingpartnerapi-fe.amazon.com.",
        required=False,
        default="https://sellingpartnerapi-na.amazon.com",
        kind="url",
        place=True,
    ),
    Setting(
        "marketplaces",
        "Marketplaces",
        "Their ids, one per line, all of one region: A2EUQ1WTGCTBG2 is Amazon.ca. Empty: ATVPDKIKX0DER,"
        " Amazon.com.",
        kind="lines",
        required=False,
        default=(AMAZON_COM,),
        check=_complaint,
    ),
    Setting(
        "seller_id",
        "Merchant token",
        "As Seller Central shows it under Account Info, such as A2EXAMPLE1TOKEN.",
    ),
    Setting(
        "token_url",
        "Token address",
        "Login with Amazon's own, unless they say another one.",
        required=False,
        default="https://api.amazon.com/auth/o2/token",
        kind="url",
        place=True,
        seldom=True,
    ),
    Setting(
        "client_id",
        "Client ID",
        "Of the application's Login with Amazon credentials: amzn1.application-oa2-client. and so on.",
    ),
    Setting(
        "client_secret",
        "Client secret",
        "Of the same credentials. Amazon ends it after 180 days: enter the next one before.",
        secret=True,
    ),
    Setting(
        "refresh_token",
        "Refresh token",
        "What the seller's authorisation of the application gave; good for a year. The application needs the"
        " roles Inventory and Order Tracking, Direct-to-Consumer Delivery (for addresses), Product Listing.",
        secret=True,
    ),
    Setting(
        "fulfilled_by",
        "Orders fulfilled by",
        "MERCHANT: only those that we ship. With AMAZON, those that Amazon ships come too, on hold, and"
        " are never released.",
        required=False,
        default=MERCHANT,
        kind="choice",
        choices=(MERCHANT, BOTH),
    ),
    Setting(
        "product_type",
        "Product type of stock",
        "PRODUCT fits every listing whose quantity alone is set.",
        required=False,
        default="PRODUCT",
        seldom=True,
    ),
)


def with_amazons(connection: Connection) -> bool:
    """Whether orders that Amazon ships are wanted."""
    return connection.settings.get("fulfilled_by") == BOTH
