"""Registered customers of the store: thirty, fixed by seed."""

import random
from typing import Any

from sandbox.addresses import buyer
from sandbox.orders import stamps
from sandbox.store.state import State, now


def _body(customer_id: int) -> dict[str, Any]:
    address = buyer(random.Random(customer_id))
    moment = now()
    return {
        "id": customer_id,
        **stamps("created", moment),
        **stamps("modified", moment),
        "email": address["email"],
        "first_name": address["first_name"],
        "last_name": address["last_name"],
        "role": "customer",
        "username": address["email"].split("@")[0],
        "billing": address,
        "shipping": {key: value for key, value in address.items() if key != "email"},
        "is_paying_customer": True,
        "avatar_url": "",
        "meta_data": [],
    }


def seed(state: State) -> None:
    if state.rows("SELECT 1 FROM customers LIMIT 1"):
        return
    with state.transaction():
        for customer_id in range(1, 31):
            state.save_customer(_body(customer_id))
