"""Every GraphQL document that a shop is asked, and nothing else. Pure.

The schema of the Admin API changes every quarter and a version lives for a year. VERSION is the one these
documents were checked against; `tests/counterparts/test_shopify_schema.py` does so. One document may cost
1000 points at most: an object costs one, a list as many times as it is asked for.
"""

from typing import Final

VERSION: Final = "2026-10"
PATH: Final = f"/admin/api/{VERSION}/graphql.json"

_ADDRESS: Final = """
fragment Address on MailingAddress {
  firstName lastName company address1 address2 city provinceCode zip countryCodeV2 phone
}
"""
_LINE: Final = """
fragment Line on LineItem {
  id sku name quantity currentQuantity requiresShipping
  originalUnitPriceSet { shopMoney { amount } }
  discountAllocations { allocatedAmountSet { shopMoney { amount } } }
  taxLines { priceSet { shopMoney { amount } } }
}
"""
_ORDER: Final = """
fragment OrderParts on Order {
  id name createdAt updatedAt cancelledAt test currencyCode taxesIncluded poNumber note tags email
  displayFinancialStatus displayFulfillmentStatus paymentGatewayNames
  risk { recommendation assessments { riskLevel } }
  customer { id displayName }
  shippingAddress { ...Address }
  billingAddress { ...Address }
  shippingLine { title }
  currentTotalPriceSet { shopMoney { amount } }
  currentTotalTaxSet { shopMoney { amount } }
  currentShippingPriceSet { shopMoney { amount } }
  currentTotalDutiesSet { shopMoney { amount } }
  currentTotalAdditionalFeesSet { shopMoney { amount } }
  totalTipReceivedSet { shopMoney { amount } }
  lineItems(first: $lines) { nodes { ...Line } pageInfo { hasNextPage endCursor } }
}
"""

ORDERS: Final = (
    """
query Orders($first: Int!, $after: String, $query: String, $lines: Int!) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { ...OrderParts }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _ORDER
    + _LINE
    + _ADDRESS
)
ORDER: Final = (
    """
query OneOrder($id: ID!, $lines: Int!) {
  order(id: $id) { ...OrderParts }
}
"""
    + _ORDER
    + _LINE
    + _ADDRESS
)
ORDER_LINES: Final = (
    """
query OrderLines($id: ID!, $first: Int!, $after: String) {
  order(id: $id) {
    lineItems(first: $first, after: $after) {
      nodes { ...Line }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _LINE
)

_VARIANT: Final = """
fragment Variant on ProductVariant {
  id sku barcode price title
  inventoryItem { measurement { weight { value unit } } }
}
"""
PRODUCTS: Final = (
    """
query Products($first: Int!, $after: String, $query: String, $variants: Int!) {
  products(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {
      id title status updatedAt
      variants(first: $variants) { nodes { ...Variant } pageInfo { hasNextPage endCursor } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _VARIANT
)
PRODUCT_VARIANTS: Final = (
    """
query VariantsOfProduct($id: ID!, $first: Int!, $after: String) {
  product(id: $id) {
    variants(first: $first, after: $after) {
      nodes { ...Variant }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _VARIANT
)

CUSTOMERS: Final = (
    """
query Customers($first: Int!, $after: String, $query: String) {
  customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {
      id displayName updatedAt
      defaultEmailAddress { emailAddress }
      defaultPhoneNumber { phoneNumber }
      defaultAddress { ...Address }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _ADDRESS
)

REFUNDED: Final = """
query Refunded($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { id updatedAt refunds(first: 20) { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
REFUND: Final = """
query OneRefund($id: ID!) {
  refund(id: $id) {
    id createdAt updatedAt note
    order { id name }
    totalRefundedSet { shopMoney { amount } }
    refundLineItems(first: 150) {
      nodes { quantity restockType lineItem { id sku requiresShipping } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
REFUND_LINES: Final = """
query RefundLines($id: ID!, $first: Int!, $after: String) {
  refund(id: $id) {
    refundLineItems(first: $first, after: $after) {
      nodes { quantity restockType lineItem { id sku requiresShipping } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

STOCK: Final = """
query Stock($first: Int!, $after: String, $query: String, $location: ID) {
  location(id: $location) {
    inventoryLevels(first: $first, after: $after, query: $query) {
      nodes {
        id updatedAt
        item { id sku }
        location { id name }
        quantities(names: ["on_hand", "available", "committed", "reserved", "damaged",
                           "quality_control", "safety_stock", "incoming"]) { name quantity }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
LEVELS: Final = """
query Levels($first: Int!, $after: String, $location: ID) {
  location(id: $location) {
    inventoryLevels(first: $first, after: $after) {
      nodes { id item { sku } quantities(names: ["available"]) { quantity } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
ORDERS_SAID: Final = """
query OrdersSaid($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: CREATED_AT) {
    nodes {
      id name createdAt cancelledAt test displayFinancialStatus displayFulfillmentStatus
      currentSubtotalLineItemsQuantity
      risk { recommendation assessments { riskLevel } }
      currentTotalPriceSet { shopMoney { amount } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
LINES_SAID: Final = """
query LinesSaid($ids: [ID!]!) {
  nodes(ids: $ids) {
    id
    ... on Order {
      lineItems(first: 50) {
        nodes { id sku currentQuantity }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""

VARIANTS: Final = """
query VariantsBySku($first: Int!, $after: String, $query: String!) {
  productVariants(first: $first, after: $after, query: $query) {
    nodes { id sku product { id status } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
STOCK_OF: Final = """
query StockBySku($first: Int!, $after: String, $query: String!, $location: ID!) {
  productVariants(first: $first, after: $after, query: $query) {
    nodes {
      id sku
      product { id status }
      inventoryItem {
        id tracked
        inventoryLevel(locationId: $location) { id quantities(names: ["available"]) { quantity } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
LOCATION: Final = """
query Place($location: ID) {
  location(id: $location) { id name isActive }
}
"""
SET_STOCK: Final = """
mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id }
    userErrors { code field message }
  }
}
"""

FULFILMENT: Final = """
query Fulfilment($id: ID!) {
  order(id: $id) {
    id name cancelledAt
    fulfillments(first: 50) { id status trackingInfo { number } }
    fulfillmentOrders(first: 6) {
      nodes {
        id status
        assignedLocation { location { id } }
        lineItems(first: 50) {
          nodes { id sku remainingQuantity lineItem { id } }
          pageInfo { hasNextPage endCursor }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
FULFILMENT_ORDERS: Final = """
query FulfilmentOrders($id: ID!, $first: Int!, $after: String) {
  order(id: $id) {
    fulfillmentOrders(first: $first, after: $after) {
      nodes {
        id status
        assignedLocation { location { id } }
        lineItems(first: 50) {
          nodes { id sku remainingQuantity lineItem { id } }
          pageInfo { hasNextPage endCursor }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
FULFILMENT_LINES: Final = """
query FulfilmentLines($id: ID!, $first: Int!, $after: String) {
  fulfillmentOrder(id: $id) {
    lineItems(first: $first, after: $after) {
      nodes { id sku remainingQuantity lineItem { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
FULFIL: Final = """
mutation Fulfil($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status }
    userErrors { field message }
  }
}
"""

STATE: Final = """
query OrderState($id: ID!) {
  order(id: $id) { id cancelledAt }
}
"""
CANCEL: Final = """
mutation Cancel($id: ID!, $notify: Boolean!, $refund: OrderCancelRefundMethodInput!, $note: String) {
  orderCancel(orderId: $id, reason: OTHER, restock: true, notifyCustomer: $notify,
              refundMethod: $refund, staffNote: $note) {
    job { id }
    orderCancelUserErrors { code field message }
  }
}
"""
SET_PRICES: Final = """
mutation SetPrices($product: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $product, variants: $variants) {
    productVariants { id }
    userErrors { code field message }
  }
}
"""
SHOP: Final = """
query ShopMoney {
  shop { currencyCode }
}
"""
ABOUT: Final = """
query About {
  shop { name }
  currentAppInstallation { accessScopes { handle } }
}
"""


def everyone() -> dict[str, str]:
    """Name → document, of all there are."""
    return {
        name: text
        for name, text in globals().items()
        if name.isupper()
        and isinstance(text, str)
        and text.lstrip().startswith(("query", "mutation"))
    }
