"""How long things are kept, legal holds, and the erasure of a person's data. In the partners' schemas."""
