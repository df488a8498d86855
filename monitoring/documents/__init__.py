"""Documents a customer is sent."""
