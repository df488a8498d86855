"""The warehouse's own X12: strict, small, and apart from the product's, so that it can judge it."""
