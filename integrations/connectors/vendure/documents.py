"""The queries and changes that are sent to a shop."""

from typing import Final

_ADDRESS: Final = """
fragment AddressParts on OrderAddress {
  fullName company streetLine1 streetLine2 city province postalCode countryCode phoneNumber
}
"""

_ORDER_PARTS: Final = (
    """
fragment OrderParts on Order {
  id code type state createdAt updatedAt orderPlacedAt currencyCode couponCodes
  customer { id firstName lastName emailAddress }
  shippingAddress { ...AddressParts }
  billingAddress { ...AddressParts }
  lines {
    id quantity orderPlacedQuantity unitPrice unitPriceWithTax linePrice proratedLinePrice lineTax
    productVariant { id sku name }
  }
  surcharges { description price }
  shippingLines { shippingMethod { code name } }
  payments { method state }
  shipping total totalWithTax
}
"""
    + _ADDRESS
)

ORDER: Final = "query Order($id: ID!) {\n  order(id: $id) { ...OrderParts }\n}\n" + _ORDER_PARTS

ORDERS: Final = (
    """
query Orders($take: Int!, $skip: Int!, $since: DateTime!) {
  orders(options: {
    take: $take, skip: $skip, sort: { updatedAt: ASC }
    filter: { updatedAt: { after: $since }, orderPlacedAt: { isNull: false } }
  }) { items { ...OrderParts } totalItems }
}
"""
    + _ORDER_PARTS
)

VARIANTS: Final = """
query Variants($take: Int!, $skip: Int!, $since: DateTime!) {
  productVariants(options: {
    take: $take, skip: $skip, sort: { updatedAt: ASC }
    filter: { updatedAt: { after: $since } }
  }) {
    items {
      id sku name enabled updatedAt price currencyCode
      product { id name enabled }
    }
    totalItems
  }
}
"""

BY_SKU: Final = """
query BySku($take: Int!, $skip: Int!, $skus: [String!]!) {
  productVariants(options: { take: $take, skip: $skip, filter: { sku: { in: $skus } } }) {
    items {
      id sku trackInventory
      stockLevels { stockLocationId stockOnHand stockAllocated }
    }
    totalItems
  }
}
"""

CUSTOMERS: Final = """
query Customers($take: Int!, $skip: Int!, $since: DateTime!) {
  customers(options: {
    take: $take, skip: $skip, sort: { updatedAt: ASC }
    filter: { updatedAt: { after: $since } }
  }) {
    items {
      id firstName lastName emailAddress phoneNumber updatedAt
      addresses {
        fullName company streetLine1 streetLine2 city province postalCode phoneNumber
        country { code }
        defaultShippingAddress defaultBillingAddress
      }
    }
    totalItems
  }
}
"""

LOGIN: Final = """
mutation Login($username: String!, $password: String!) {
  login(username: $username, password: $password) {
    __typename
    ... on ErrorResult { errorCode message }
  }
}
"""

ABOUT: Final = """
query About {
  activeChannel { code token defaultCurrencyCode }
  globalSettings { serverConfig { moneyStrategyPrecision } }
}
"""

LOCATIONS: Final = """
query Locations {
  stockLocations(options: { take: 100 }) { items { id name } totalItems }
}
"""

CURRENCIES: Final = """
query Currencies {
  activeChannel { availableCurrencyCodes }
}
"""

STANDING: Final = """
query Standing($id: ID!) {
  order(id: $id) {
    id code state
    lines {
      id quantity
      productVariant { sku }
      fulfillmentLines { quantity fulfillment { state } }
    }
    fulfillments { id state method trackingCode }
  }
}
"""

FULFIL: Final = """
mutation Fulfil($input: FulfillOrderInput!) {
  addFulfillmentToOrder(input: $input) {
    __typename
    ... on Fulfillment { id state }
    ... on ErrorResult { errorCode message }
    ... on CreateFulfillmentError { fulfillmentHandlerError }
    ... on FulfillmentStateTransitionError { transitionError }
  }
}
"""

MOVE_FULFILMENT: Final = """
mutation MoveFulfilment($id: ID!, $state: String!) {
  transitionFulfillmentToState(id: $id, state: $state) {
    __typename
    ... on Fulfillment { id state }
    ... on ErrorResult { errorCode message }
    ... on FulfillmentStateTransitionError { transitionError }
  }
}
"""

CANCEL: Final = """
mutation Cancel($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    __typename
    ... on Order { id state }
    ... on ErrorResult { errorCode message }
    ... on OrderStateTransitionError { transitionError }
  }
}
"""

SET_VARIANTS: Final = """
mutation SetVariants($input: [UpdateProductVariantInput!]!) {
  updateProductVariants(input: $input) { id sku }
}
"""
