"""What a person enters for a Walmart seller's account."""

from integrations.connectors.connection import Setting

SETTINGS = (
    Setting(
        "url",
        "Address of the API",
        "Walmart's own, unless they say another one: their sandbox is https://sandbox.walmartapis.com.",
        required=False,
        default="https://marketplace.walmartapis.com",
        kind="url",
        place=True,
    ),
    Setting(
        "token_url",
        "Token address",
        "Where the API is, with /v3/token behind it.",
        required=False,
        default="https://marketplace.walmartapis.com/v3/token",
        kind="url",
        place=True,
        seldom=True,
    ),
    Setting(
        "client_id",
        "Client ID",
        "Of the API key, in Walmart's Developer Portal under API keys.",
    ),
    Setting(
        "client_secret",
        "Client secret",
        "Of the same key. It may read and write orders and inventory.",
        secret=True,
    ),
)
