"""The agreement a new endpoint starts from: orders to a 3PL, its shipments, its stock."""

from typing import Final

AGREEMENT: Final = """
incoming:
  shipments:
    name: ship*.csv
    object: shipment
    profile:
      format: delimited
      columns:
        - {name: number, title: shipment, required: true}
        - {name: order_number, title: order, required: true}
        - {name: site, title: site, required: true}
        - {name: shipped_at, title: shipped on, kind: date, required: true}
        - {name: status, title: status, required: true}
        - {name: carrier.scac, title: scac}
        - {name: tracking.1, title: tracking}
        - {name: sku, title: sku, required: true}
        - {name: shipped, title: quantity, kind: decimal, required: true}
        - {name: lot, title: lot}
      group_by:
        columns: [number]
        head: [order_number, site, shipped_at, status, carrier.scac, tracking.1]
    add: {lines.uom: EA}
  stock:
    name: stock*.csv
    object: inventory
    profile:
      format: delimited
      columns:
        - {name: site, title: site, required: true}
        - {name: sku, title: sku, required: true}
        - {name: on_hand, title: on hand, kind: decimal, required: true}
        - {name: available, title: available, kind: decimal}
        - {name: damaged, title: damaged, kind: decimal}
    add: {uom: EA, as_of: "{received}"}
outgoing:
  order:
    name: "orders_{time}_{sequence}.csv"
    profile:
      format: delimited
      columns:
        - {name: number, title: order, required: true}
        - {name: po_number, title: po}
        - {name: status, title: status}
        - {name: requested_ship, title: ship by}
        - {name: service_level, title: service}
        - {name: ship_to.name, title: name}
        - {name: ship_to.company, title: company}
        - {name: ship_to.lines.1, title: address 1}
        - {name: ship_to.lines.2, title: address 2}
        - {name: ship_to.city, title: city}
        - {name: ship_to.region, title: state}
        - {name: ship_to.postal_code, title: zip}
        - {name: ship_to.country, title: country}
        - {name: ship_to.phone, title: phone}
        - {name: line_no, title: line}
        - {name: sku, title: sku, required: true}
        - {name: quantity, title: quantity, kind: decimal, required: true}
        - {name: uom, title: uom}
      group_by:
        columns: [number]
        head: [po_number, status, requested_ship, service_level, ship_to.name, ship_to.company,
          ship_to.lines.1, ship_to.lines.2, ship_to.city, ship_to.region, ship_to.postal_code,
          ship_to.country, ship_to.phone]
"""
