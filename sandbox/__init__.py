"""Processes that stand in for the systems a customer runs; they import none of the product."""
