"""A legacy ERP that is nothing but a database: tables, checks, and on PostgreSQL its procedures."""
