"""mock-sap: SAP's OData services with their tokens, ETags and faults."""

from tests.counterparts.installing import PythonPackages

COUNTERPART = PythonPackages(
    name="mock-sap", version="0.22.0", packages=("mock-sap==0.22.0",), imports=()
)
PROGRAM = COUNTERPART.program("mock-sap")
