"""Shopify's own Admin schema, executed: `python shopify_server.py SCHEMA FOLDER`, by an interpreter with
graphql-core. FOLDER holds shop.py, the data and rules behind it.

It prints its port. Calls cost points as Shopify publishes: an object one, a list as many times as it is asked
for; 1000 at most, out of a bucket that fills up again, and what was not used is given back. POST /_told says
which operations were run, what they cost, and what they changed; POST /_check validates documents.
"""

import gzip
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from graphql import (
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    build_client_schema,
    execute_sync,
    parse,
    validate,
)
from graphql.execution.values import get_argument_values, get_variable_values
from graphql.type import get_named_type

sys.path.insert(0, sys.argv[2])
from shop import NOON, Shop, timedelta

TOKEN = "shpat_5up3r-hidden"
MOST, RESTORED, DEAREST = 1000.0, 2500.0, 1000

with gzip.open(sys.argv[1]) as file:
    said = json.load(file)
SCHEMA = build_client_schema(said.get("data", said), assume_valid=True)
SHOP = Shop()
LOCK = threading.Lock()
BUCKET = {"left": 50.0, "at": time.monotonic()}
RUN = []
THROTTLED = []


def resolve(source, info, **args):
    value = source.get(info.field_name)
    if not callable(value):
        return value
    for directive in info.field_nodes[0].directives or ():
        if directive.name.value == "idempotent":
            args["idempotency_key"] = info.variable_values.coerced[
                directive.arguments[0].value.name.value
            ]
    return value(**args)


class Cost:
    """What a document costs at most."""

    def __init__(self, document, variables):
        self.fragments = {one.name.value: one for one in document.definitions if one.kind == "fragment_definition"}  # fmt: skip
        self.operation = next(
            one for one in document.definitions if one.kind == "operation_definition"
        )
        self.variables = variables

    def whole(self):
        name = self.operation.operation.value
        root = SCHEMA.mutation_type if name == "mutation" else SCHEMA.query_type
        changes = 10 if name == "mutation" else 0
        return changes + self.of(root, self.operation.selection_set)

    def of(self, parent, selections):
        total = 0
        for one in selections.selections:
            if isinstance(one, FragmentSpreadNode):
                fragment = self.fragments[one.name.value]
                total += self.of(
                    SCHEMA.type_map[fragment.type_condition.name.value], fragment.selection_set
                )
            elif isinstance(one, InlineFragmentNode):
                total += self.of(SCHEMA.type_map[one.type_condition.name.value], one.selection_set)
            elif one.selection_set:
                field = parent.fields[one.name.value]
                args = get_argument_values(field, one, self.variables)
                kind = get_named_type(field.type)
                inner = self.of(kind, one.selection_set)
                times = args.get("first") or len(args.get("ids") or [0])
                if kind.name.endswith("Connection"):
                    total += times * inner
                elif kind.name != "PageInfo":
                    total += times * (1 + inner)
        return total


def objects(data):
    if isinstance(data, dict):
        return 1 + sum(objects(one) for one in data.values())
    return sum(objects(one) for one in data) if isinstance(data, list) else 0


def answer(asked):
    errors = validate(SCHEMA, document := parse(asked["query"]))
    if errors:
        return {
            "errors": [
                {"message": e.message, "extensions": {"code": "undefinedField"}} for e in errors
            ]
        }
    cost = Cost(document, asked["variables"])
    variables = get_variable_values(
        SCHEMA, cost.operation.variable_definitions or (), asked["variables"]
    )
    if isinstance(variables, list):
        return {
            "errors": [
                {"message": e.message, "extensions": {"code": "INVALID_VARIABLE"}}
                for e in variables
            ]
        }
    cost.variables = variables
    wanted, name = cost.whole(), cost.operation.name.value
    with LOCK:
        now = time.monotonic()
        BUCKET["left"] = min(MOST, BUCKET["left"] + (now - BUCKET["at"]) * RESTORED)
        BUCKET["at"] = now
        if wanted > DEAREST:
            text = f"Query cost is {wanted}, which exceeds the single query max cost limit ({DEAREST})."
            return {
                "errors": [
                    {"message": text, "extensions": {"code": "MAX_COST_EXCEEDED", "cost": wanted}}
                ]
            }
        if wanted > BUCKET["left"]:
            THROTTLED.append(name)
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return {"errors": [error], **extensions(wanted, None)}
        result = execute_sync(SCHEMA, document, SHOP.root(), variable_values=asked["variables"], field_resolver=resolve)  # fmt: skip
        actual = min(wanted, objects(result.data or {}))
        BUCKET["left"] -= actual
        RUN.append((name, wanted))
        said = {"data": result.data, **extensions(wanted, actual)}
        if result.errors:
            said["errors"] = [plain(error) for error in result.errors]
        return said


def plain(error):
    assert isinstance(error, GraphQLError)
    where = f"{error.message} at {error.path}"
    return {"message": where, "extensions": {"code": "INTERNAL_SERVER_ERROR"}}


def extensions(wanted, actual):
    status = {
        "maximumAvailable": MOST,
        "currentlyAvailable": int(BUCKET["left"]),
        "restoreRate": RESTORED,
    }
    return {"extensions": {"cost": {"requestedQueryCost": wanted, "actualQueryCost": actual, "throttleStatus": status}}}  # fmt: skip


def told():
    available = {level["item"]["sku"]: level["available"] for level in SHOP.levels.values()}
    orders = {one["name"]: one["displayFulfillmentStatus"] for one in SHOP.orders.values()}
    return {"run": RUN, "throttled": THROTTLED, "fulfilments": len(SHOP.effects), "stock": available,
            "prices": SHOP.prices, "cancelled": [one for one, _ in SHOP.cancelled], "orders": orders}  # fmt: skip


def check(documents):
    return {
        name: [e.message for e in validate(SCHEMA, parse(text))] for name, text in documents.items()
    }


def fill():
    for n in range(40):
        SHOP.order(1000 + n, at=NOON + timedelta(seconds=n // 12))
    SHOP.order(2000, lines=[SHOP.line(2000, n, f"SKU-{n}", 1) for n in range(150)])
    places = [f"gid://shopify/Location/{n}" for n in range(8)]
    SHOP.order(2001, lines=[SHOP.line(2001, n, f"SKU-{n}", 1) for n in range(8)], places=places)
    refunded = SHOP.orders["gid://shopify/Order/1003"]
    SHOP.refund(500, refunded, [(SHOP.line(1003, 1, "TENT-2P", 1), 1)] * 160)
    SHOP.product(300, [f"SKU-{n}" for n in range(60)])
    SHOP.product(301, ["TENT-2P", "STOVE-1"])
    for n in range(70):
        SHOP.customer(n, at=NOON + timedelta(seconds=n))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null")
        status = 200
        if self.path == "/_told":
            said = told()
        elif self.path == "/_check":
            said = check(body)
        elif self.headers["X-Shopify-Access-Token"] != TOKEN:
            status, said = 401, {"errors": "[API] Invalid API key or access token"}
        else:
            said = answer(body)
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *words):
        pass


fill()
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
