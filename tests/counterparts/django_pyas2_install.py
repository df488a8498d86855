"""django-pyas2: a partner's AS2 server, which stores, answers and sends by itself."""

from tests.counterparts.installing import PythonPackages
from tests.counterparts.pyas2lib_install import mend

COUNTERPART = PythonPackages(
    name="django-pyas2",
    version="1.2.3",
    packages=("django-pyas2==1.2.3", "pyas2lib==1.4.3", "gunicorn==27.0.1"),
    imports=("pyas2", "pyas2lib", "gunicorn"),
    mend=mend,
)
PYTHON = COUNTERPART.python
