"""What usage costs by the terms of a charge: pure arithmetic in decimals, nothing rounded.

`read(model, terms)` makes a charge of JSON, its `rate(usage)` gives a `Rated`, whose lines add up to its
amount. Rounding to a currency happens once, on an invoice's line. docs/rating.md has the terms of every
model with worked examples.
"""

from billing.rating.rated import Line, Rated
from billing.rating.reading import MODELS, read
from billing.rating.terms import Charge, TermsError
from billing.rating.usage import Usage, UsageError

__all__ = ["MODELS", "Charge", "Line", "Rated", "TermsError", "Usage", "UsageError", "read"]
