"""Cross-entropy as a small NumPy core: softmax without overflow, both forms of the loss from probabilities or
straight from logits, clipping, and the gradients with respect to the logits. The prediction comes first and
the targets second, the last axis is classes, and the floating dtype that goes in comes out. Each function's
docstring states its shapes, units and errors.
"""

from xent_core.clipping import (
    clip_probabilities,
    clipped_bernoulli_cross_entropy,
    clipped_cross_entropy,
    clipped_terms,
)
from xent_core.gradients import (
    bernoulli_cross_entropy_gradient,
    clipped_cross_entropy_gradient,
    descend,
    naive_cross_entropy_gradient,
    softmax_cross_entropy_gradient,
    squared_error_gradient,
)
from xent_core.losses import (
    UNITS,
    Parts,
    bernoulli_cross_entropy,
    bernoulli_terms,
    categorical_cross_entropy,
    categorical_terms,
    entropy,
    kl_divergence,
    naive_cross_entropy,
    parts,
    sigmoid_cross_entropy,
    softmax_bernoulli_cross_entropy,
    softmax_bernoulli_terms,
    softmax_cross_entropy,
    softmax_cross_entropy_terms,
)
from xent_core.routes import Route, routes
from xent_core.softmax import (
    exponentials,
    group_others,
    log_odds,
    log_one_minus_softmax,
    log_softmax,
    logsumexp,
    naive_softmax,
    one_minus_softmax,
    shifted_exponentials,
    softmax,
    softmax_log_odds,
)
from xent_core.targets import labels_of, one_hot, smooth_targets

__all__ = [
    "UNITS",
    "Parts",
    "Route",
    "bernoulli_cross_entropy",
    "bernoulli_cross_entropy_gradient",
    "bernoulli_terms",
    "categorical_cross_entropy",
    "categorical_terms",
    "clip_probabilities",
    "clipped_bernoulli_cross_entropy",
    "clipped_cross_entropy",
    "clipped_cross_entropy_gradient",
    "clipped_terms",
    "descend",
    "entropy",
    "exponentials",
    "group_others",
    "kl_divergence",
    "labels_of",
    "log_odds",
    "log_one_minus_softmax",
    "log_softmax",
    "logsumexp",
    "naive_cross_entropy",
    "naive_cross_entropy_gradient",
    "naive_softmax",
    "one_hot",
    "one_minus_softmax",
    "parts",
    "routes",
    "shifted_exponentials",
    "sigmoid_cross_entropy",
    "smooth_targets",
    "softmax",
    "softmax_bernoulli_cross_entropy",
    "softmax_bernoulli_terms",
    "softmax_cross_entropy",
    "softmax_cross_entropy_gradient",
    "softmax_cross_entropy_terms",
    "softmax_log_odds",
    "squared_error_gradient",
]
