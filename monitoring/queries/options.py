"""What the filters of the desk have to choose from: whatever open cases have."""

from typing import Final, NamedTuple

from django.db import connection

# One look at the open cases, however many filters there are.
_OPTIONS: Final = """
WITH open AS MATERIALIZED (
    SELECT customer_id, endpoint_id, code, assignee_id, team_id, tags
    FROM monitoring_exceptioncase WHERE closed_at IS NULL
)
SELECT 'customer', slug, name, '' FROM customers_customer
    WHERE id IN (SELECT customer_id FROM open)
UNION ALL SELECT 'group', 'group:' || slug, label, '' FROM customers_customergroup
UNION ALL SELECT 'endpoint', e.slug, e.label, c.name FROM integrations_endpoint e
    JOIN customers_customer c ON c.id = e.customer_id
    WHERE e.id IN (SELECT endpoint_id FROM open) AND (%(customer)s IN ('', c.slug) OR EXISTS (
        SELECT FROM customers_customergroup_members m
        JOIN customers_customergroup g ON g.id = m.customergroup_id
        WHERE m.customer_id = c.id AND 'group:' || g.slug = %(customer)s))
UNION ALL SELECT 'cause', code, '', '' FROM (SELECT DISTINCT code FROM open) AS codes
UNION ALL SELECT 'tag', tag, tag, '' FROM (SELECT DISTINCT unnest(tags) AS tag FROM open) AS tags
UNION ALL SELECT 'holder', 'person-' || id, name, '' FROM accounts_person
    WHERE id IN (SELECT assignee_id FROM open)
UNION ALL SELECT 'holder', 'team-' || id, name, '' FROM monitoring_team
    WHERE id IN (SELECT team_id FROM open)
ORDER BY 1, 3, 2
"""


class Option(NamedTuple):
    """One thing a filter can be set to. `of`: the customer of an endpoint; `group` is of customers."""

    filter: str
    value: str
    label: str
    of: str


def options(*, customer: str = "") -> list[Option]:
    """All of them, in one query. With a customer chosen, only their endpoints."""
    with connection.cursor() as cursor:
        cursor.execute(_OPTIONS, {"customer": customer})
        return [Option(*row) for row in cursor.fetchall()]
