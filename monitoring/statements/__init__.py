"""What a monthly statement says, and how it follows from the records of its month. Pure.

`judged` is what objectives were judged by, `judging` and `assemble` make the statement of it, `content` is
the statement, `reading` reads it back, and `words` tells it to the customer.
"""
