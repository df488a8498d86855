"""moto: the store and the queues of a cloud, behind a server."""

from tests.counterparts.installing import PythonPackages

COUNTERPART = PythonPackages(
    name="moto", version="5.2.5", packages=("moto[server]==5.2.5",), imports=("moto.server",)
)
