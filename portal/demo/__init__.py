"""`make demo`: a whole installation on one machine, with systems that stand in for a distributor's."""
