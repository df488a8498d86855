"""What a person enters for an ERP database."""

from integrations.connectors.connection import Setting

SETTINGS = (
    Setting(
        "url",
        "Database address",
        "Such as postgresql://user@db.example.com/erp, mssql://user@db.example.com/erp,"
        " oracle://user@db.example.com/service or sqlite:////srv/erp.db, without the password.",
        place=True,
    ),
    Setting(
        "password",
        "Password",
        "The password of the database login, where it has one.",
        secret=True,
        required=False,
    ),
    Setting(
        "queries",
        "What is read",
        "YAML, one entry per stream: `from` a table or view or a `select` with :since_at, :since_id"
        " and :limit; `key` and `changed_at` columns; `lines` with the rows below. Empty: the"
        " layout described in the connector's notes.",
        required=False,
        default="",
        kind="document",
    ),
    Setting(
        "snapshots",
        "What is compared",
        "YAML: `stock`, a query with the columns location, item, quantity and uom; `orders`, one with"
        " id, number, status, total and pieces by :since; `lines`, one with id, item and quantity by"
        " :ids; `statuses`, the ERP's word → open, on_hold, cancelled or shipped. Empty: the layout"
        " described in the connector's notes.",
        required=False,
        default="",
        kind="document",
        seldom=True,
    ),
    Setting(
        "writes",
        "What is written",
        "YAML, one entry per object type: `look_up`, then `call` or `statements`, and `cancel` and"
        " `change` where the ERP takes them. Empty: the layout described in the connector's notes.",
        required=False,
        default="",
        kind="document",
    ),
    Setting(
        "errors",
        "What the ERP's errors mean",
        "YAML: an SQLSTATE, an error number or a pattern of the ERP's words, and the problem it is."
        " Added to the usual ones.",
        required=False,
        default="",
        kind="document",
        seldom=True,
    ),
    Setting(
        "time_zone",
        "Time zone of the ERP's clock",
        "For times without an offset, such as America/Chicago.",
        required=False,
        default="UTC",
    ),
    Setting(
        "overlap_seconds",
        "Overlap of polls",
        "How many seconds each poll looks back, for transactions that were committed late.",
        required=False,
        default=120,
        kind="number",
        seldom=True,
    ),
    Setting(
        "page_size",
        "Rows a page",
        "How many rows one query may give.",
        required=False,
        default=500,
        kind="number",
        seldom=True,
    ),
    Setting(
        "house_account",
        "House account",
        "The ERP's customer for orders of a web store. Empty: each order's own account.",
        required=False,
        default="WEB",
    ),
)
