"""What the company in the Tryton of the tests has: a customer, products, stock, books to post in.

Run by Tryton's own interpreter: `python tryton_seed.py DATABASE CONFIG KEY`. KEY is what the REST API
will take.
"""

import sys
from decimal import Decimal

from proteus import Model, config
from trytond.modules.account.tests.tools import (
    create_chart,
    create_fiscalyear,
    create_tax,
    get_accounts,
)
from trytond.modules.account_invoice.tests.tools import (
    create_payment_term,
    set_fiscalyear_invoice_sequences,
)
from trytond.modules.company.tests.tools import create_company

DATABASE, CONFIG, KEY = sys.argv[1:]
PRODUCTS = {
    "TENT-2P": ("Tent for two", "189.00"),
    "STOVE-1": ("Camping stove", "42.50"),
    "MUG-330": ("Enamel mug", "7.25"),
    "ROPE-10": ("Rope, ten metres", "19.90"),
    "LAMP-LED": ("Lamp", "24.00"),
}
GROUPS = (
    "Sales", "Stock", "Stock Force Assignment", "Accounting", "Accounting Party",
    "Party Administration", "Product Administration",
)  # fmt: skip


def books():
    create_company(currency="USD")
    create_chart()
    year = set_fiscalyear_invoice_sequences(create_fiscalyear())
    year.click("create_period")
    create_payment_term().save()


def product_category():
    accounts = get_accounts()
    tax = create_tax(Decimal(".10"))
    tax.save()
    category = Model.get("product.category")(name="Goods", accounting=True)
    category.account_expense, category.account_revenue = accounts["expense"], accounts["revenue"]
    category.customer_taxes.append(tax)
    category.save()
    return category


def products(category):
    [unit] = Model.get("product.uom").find([("name", "=", "Unit")])
    for code, (name, price) in PRODUCTS.items():
        template = Model.get("product.template")(name=name, type="goods", default_uom=unit)
        template.salable, template.list_price = True, Decimal(price)
        template.account_category = category
        template.products[0].suffix_code = code
        template.save()
        yield template.products[0]


def stock(found):
    [storage] = Model.get("stock.location").find([("code", "=", "STO")])
    inventory = Model.get("stock.inventory")(location=storage)
    for product in found:
        line = inventory.lines.new(product=product)
        line.quantity, line.expected_quantity = 1000.0, 0.0
    inventory.click("confirm")


def customer():
    [country] = Model.get("country.country").find([("code", "=", "US")]) or [
        Model.get("country.country")(name="United States", code="US")
    ]
    country.save()
    party = Model.get("party.party")(name="Harbor Outfitters", code="C-1")
    [address] = party.addresses
    address.street_unstructured, address.city, address.postal_code = "1 Pier Road", "Reno", "89501"
    address.country = country
    party.contact_mechanisms.new(type="email", value="buying@harbor.example")
    party.save()


def key():
    User, Group = Model.get("res.user"), Model.get("res.group")
    company = Model.get("company.company").find([])[0]
    user = User(login="portal", name="Integration")
    for group in Group.find([("name", "in", GROUPS)]):
        user.groups.append(Group(group.id))
    user.companies.append(Model.get("company.company")(company.id))
    user.company = company
    user.save()
    Model.get("res.user.application")(user=user, application="rest", key=KEY).save()


config.set_trytond(f"sqlite:///{DATABASE}", config_file=CONFIG)
books()
stock(list(products(product_category())))
customer()
key()
