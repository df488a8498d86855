"""What a subscription owes by its plan, month by month: pure, and exact to the cent.

`reading.read` makes a plan's content of JSON, `fees.fees` says what one subscription owes for one month,
`owed.due_lines` what of it an invoice still has to bill, `totals.totals` what is to pay, `margin.margins`
what is left of it. docs/plans.md has the rules with worked examples.
"""
