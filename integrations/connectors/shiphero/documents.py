"""Every GraphQL document that ShipHero is asked. Pure.

A list costs as many credits as it is asked for rows, 100 where nothing is said: `first` stands everywhere.
"""

from typing import Final

_LINES: Final = """
fragment Lines on ShipmentLineItemConnection {
  edges { node { id quantity line_item { sku partner_line_item_id } } }
  pageInfo { hasNextPage endCursor }
}
"""
SHIPMENTS: Final = (
    """
query Shipments($first: Int!, $after: String, $from: ISODateTime, $customer: String) {
  shipments(date_from: $from, customer_account_id: $customer, voided: false) {
    data(first: $first, after: $after) {
      edges {
        node {
          id legacy_id created_date
          order { id order_number fulfillment_status }
          warehouse { identifier }
          shipping_labels { tracking_number carrier shipping_method status }
          line_items(first: 50) { ...Lines }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _LINES
)
SHIPMENT_LINES: Final = (
    """
query ShipmentLines($id: String!, $first: Int!, $after: String) {
  shipment(id: $id) { data { line_items(first: $first, after: $after) { ...Lines } } }
}
"""
    + _LINES
)
STOCK: Final = """
query Stock($first: Int!, $after: String, $from: ISODateTime, $warehouse: String, $customer: String) {
  warehouse_products(updated_from: $from, warehouse_id: $warehouse, customer_account_id: $customer) {
    data(first: $first, after: $after) {
      edges {
        node {
          id sku on_hand allocated available reserve_inventory non_sellable_quantity updated_at
          warehouse { identifier }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
FIND: Final = """
query FindOrder($partner: String, $customer: String) {
  orders(partner_order_id: $partner, customer_account_id: $customer) {
    data(first: 2) {
      edges { node { id order_number fulfillment_status ...Goods } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
fragment Goods on Order {
  line_items(first: 100) {
    edges { node { id sku quantity } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
CREATE: Final = """
mutation CreateOrder($data: CreateOrderInput!) {
  order_create(data: $data) { request_id complexity order { id order_number } }
}
"""
HOLD: Final = """
mutation HoldOrder($data: UpdateOrderHoldsInput!) {
  order_update_holds(data: $data) { request_id complexity order { id } }
}
"""
CANCEL: Final = """
mutation CancelOrder($data: CancelOrderInput!) {
  order_cancel(data: $data) { request_id complexity order { id fulfillment_status } }
}
"""
ABOUT: Final = """
query About {
  account { data { email warehouses { id identifier } } }
}
"""
