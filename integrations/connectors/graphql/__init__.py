"""What connectors of systems with a GraphQL API share: calls, refusals, quotas, lists and their pages."""
