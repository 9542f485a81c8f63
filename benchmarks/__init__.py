"""Measurements: ratios in one run to a floor and to peers, never a timed test. Run with ``make bench``."""
