"""A store that speaks WooCommerce REST v3 and sends signed webhooks."""
