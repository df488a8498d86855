"""The hub's own shape of every business object: schemas, keys, states, extensions.

Bodies are plain dicts as `json.loads` gives them. Amounts, prices and quantities are decimal text.
"""
