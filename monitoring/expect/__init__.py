"""What is to be expected, and when its absence means something: silence as an exception.

Pure: counts, legs, calendars and the time come in, decisions come out with the numbers they rest on.
"""
