"""Charts as data. Pure: a chart is made from numbers, and what comes out is a figure and its table.

No colour stands in a figure, only the names of the page's colours, which the browser resolves when it
draws. `shown.shown` gives what `components/chart.html` shows; `sparks`, `proportions`, `graphs` and
`waterfalls` give small pictures that need no script at all.
"""
