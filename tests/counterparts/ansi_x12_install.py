"""ansi-x12: a reader of X12 that holds envelopes to their counts and numbers."""

from tests.counterparts.installing import PythonPackages

COUNTERPART = PythonPackages(
    name="ansi-x12", version="0.2.0", packages=("ansi-x12==0.2.0",), imports=("x12",)
)
