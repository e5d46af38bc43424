"""Which convention gives this number: a loss as it stands in a log, with or without the data it came from.

A number with few digits fits many formulas. Each formula has a prior weight, how often one meets it among the numbers
that are looked up; numbers that are nothing in particular lie as 1/x. What remains likely after the digits are seen is
the answer, and where nothing does, that is.
"""

from xent_core.identify.context import Context, Measure, Moment, Precision
from xent_core.identify.data import Candidate, candidates
from xent_core.identify.found import Answer, Found, Status, identify_loss, identify_number

__all__ = [
    "Answer",
    "Candidate",
    "Context",
    "Found",
    "Measure",
    "Moment",
    "Precision",
    "Status",
    "candidates",
    "identify_loss",
    "identify_number",
]
