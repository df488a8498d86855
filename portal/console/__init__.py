"""The platform's own desk: partners' lives, the fleet's health by counters, tiers. In the public schema."""
