"""Our answer to an order, where its sender wants one: that it was taken as it is."""

import json
from collections import defaultdict
from collections.abc import Sequence

from integrations.connectors.outbound import ORDER_ANSWER
from integrations.domain import answers, configuration
from integrations.domain.answers import Answer
from integrations.domain.hub import Change


def answer(customer_id: int, changes: Sequence[Change]) -> None:
    """Queue the answers to the orders among `changes`, each to the endpoint it came from.

    A later version is answered again, and a cancelled order with a refusal. What nobody sent, such as an
    order composed here, is not answered.
    """
    orders = [c for c in changes if c.offer.object_type == "order" and c.offer.message_id]
    if not orders:
        return
    config = configuration.of(customer_id)
    by_endpoint: dict[int, list[Answer]] = defaultdict(list)
    for change in orders:
        source = config.endpoints[change.offer.endpoint_id]
        if source.connector.answers_orders(source.connection):
            by_endpoint[source.id].append(_answer(change))
    for endpoint_id, made in by_endpoint.items():
        answers.queue(customer_id, endpoint_id, made, cause="The order was taken")


def _answer(change: Change) -> Answer:
    told = {ORDER_ANSWER: change.offer.body, "version": change.record.version}
    return Answer(json.dumps(told).encode(), change.record.id, change.offer.key)
