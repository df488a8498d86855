"""mock-edi: a buyer and a supplier that trade by EDI, and misbehave when they are told to."""

from tests.counterparts.installing import PythonPackages

COUNTERPART = PythonPackages(
    name="mock-edi", version="0.9.0", packages=("mock-edi==0.9.0",), imports=()
)
PROGRAM = COUNTERPART.program("mock-edi")
