"""A few lines of Python that print the number: what an answer claims, reproduced."""

from collections.abc import Callable

from xent_core.identify.causes import Cause
from xent_core.identify.found import Answer, Found
from xent_core.identify.origins import Change, Kind, Origin

_MOST_CLASSES = 1_000_000
"""So many classes fit an array that is made for one number."""


def program(answer: Answer, found: Found) -> str:
    """A program in NumPy that prints what the answer says; empty where the data itself is needed.

    >>> from xent_core.identify import identify_loss
    >>> found = identify_loss("2.3026")
    >>> print(program(found.answers[0], found))
    import numpy as np
    <BLANKLINE>
    q = np.full(10, 1 / 10)  # all equally likely
    loss = -np.log(q[0])
    print(loss)  # 2.30259
    """
    if answer.cause:
        return _with_import(_OF_CAUSE.get(answer.cause, ""), "")
    if answer.origin is None:
        return ""
    return of_origin(answer.origin)


def of_origin(origin: Origin) -> str:
    """A program that prints a known value."""
    lines = [_OF_KIND[origin.kind](origin), *_changed(origin)]
    return _with_import("\n".join(lines), f"print(loss)  # {origin.value:.6g}")


def _with_import(lines: str, printed: str) -> str:
    return "\n".join(filter(None, ("import numpy as np\n" if lines else "", lines, printed)))


def _changed(origin: Origin) -> list[str]:
    lines = {
        Change.NONE: "",
        Change.BITS: "loss = loss / np.log(2)  # in bits",
        Change.BANS: "loss = loss / np.log(10)  # to base 10",
        Change.PERPLEXITY: "loss = np.exp(loss)  # the perplexity",
        Change.SUMMED: f"loss = np.full({origin.factor:g}, loss).sum()  # added up, not averaged",
        Change.ACCUMULATED: f"loss = {origin.factor:g} * loss  # accumulation steps or devices",
        Change.TEMPERATURE: "loss = 0.1 / 0.07 * loss",
    }
    found = [lines.get(origin.change, f"loss = loss / {1 / (origin.factor or 1):.10g}  # a mean too many")]
    if origin.negated:
        found.append("loss = -loss")
    if origin.rounded_to and origin.kind is not Kind.GRID:
        found.append(f"loss = {origin.value:.10g}  # what {origin.rounded_to} makes of it")
    return [line for line in found if line]


def _uniform(origin: Origin) -> str:
    n = origin.classes
    if n > _MOST_CLASSES:
        return f"loss = np.log({n})  # {n:,} classes, all equally likely"
    return f"q = np.full({n}, 1 / {n})  # all equally likely\nloss = -np.log(q[0])"


def _start(origin: Origin) -> str:
    n = min(origin.classes, _MOST_CLASSES)
    return f"z = np.random.default_rng(0).normal(0, 0.01, {n})  # logits near 0\nloss = np.log(np.exp(z).sum()) - z[0]"


def _double_softmax(right: bool) -> Callable[[Origin], str]:
    def lines(origin: Origin) -> str:
        label = 0 if right else 1
        return (
            f"q = np.zeros({origin.classes})\nq[0] = 1  # the model's softmax, sure\n"
            f"loss = np.log(np.exp(q).sum()) - q[{label}]  # a second softmax in the loss"
        )

    return lines


def _smoothed(spread: str) -> Callable[[Origin], str]:
    def lines(origin: Origin) -> str:
        n, a = origin.classes, origin.smoothing
        top, rest = (f"1 - {a:g} + {a:g} / {n}", f"{a:g} / {n}")
        if spread == "others":
            top, rest = f"1 - {a:g}", f"{a:g} / ({n} - 1)"
        return (
            f"p = np.full({n}, {rest})\np[0] = {top}  # the smoothed target\nloss = -(p * np.log(p)).sum()  # at q = p"
        )

    return lines


def _ceiling(origin: Origin) -> str:
    ceiling, share = origin.ceiling, origin.share
    if ceiling is None:
        return ""
    if share == 1:
        return f"q = 0.0  # of the true class\nloss = -np.log(max(q, {ceiling.code}))"
    wrong, right = share.numerator, share.denominator - share.numerator
    return (
        f"q = np.array([0.0] * {wrong} + [1.0] * {right})  # of the true class\n"
        f"loss = -np.log(np.maximum(q, {ceiling.code})).mean()"
    )


_OF_KIND: dict[Kind, Callable[[Origin], str]] = {
    Kind.HALF: lambda o: "q = 1 / (1 + np.exp(0.0))  # a sigmoid at a logit of 0\nloss = -np.log(q)",
    Kind.UNIFORM: _uniform,
    Kind.START: _start,
    Kind.TWO_HEADS: lambda o: f"loss = np.log({o.classes}) + np.log({o.others})",
    Kind.BINARY_UNIFORM: lambda o: (
        f"q = np.full({o.classes}, 1 / {o.classes})\nloss = -np.log(q[0]) - np.log(1 - q[1:]).sum()"
    ),
    Kind.DOUBLE_SOFTMAX_FLOOR: _double_softmax(True),
    Kind.DOUBLE_SOFTMAX_CEILING: _double_softmax(False),
    Kind.DOUBLE_SIGMOID_FLOOR: lambda o: "q = 1.0  # the model's sigmoid, sure\nloss = np.log(1 + np.exp(-q))",
    Kind.DOUBLE_SIGMOID_BALANCED_FLOOR: lambda o: (
        "q = np.array([1.0, 0.0])  # the model's sigmoids, sure\nloss = (np.log(1 + np.exp(q)) - [1, 0] * q).mean()"
    ),
    Kind.DOUBLE_SIGMOID_START: lambda o: (
        "q = np.array([0.5, 0.5])  # the model's sigmoids\nloss = (np.log(1 + np.exp(q)) - [1, 0] * q).mean()"
    ),
    Kind.SMOOTHING_FLOOR: _smoothed("all"),
    Kind.SMOOTHING_FLOOR_OTHERS: _smoothed("others"),
    Kind.BINARY_SMOOTHING_FLOOR: lambda o: f"p = {o.smoothing:g} / 2\nloss = -p * np.log(p) - (1 - p) * np.log(1 - p)",
    Kind.CEILING: _ceiling,
    Kind.FLOOR: lambda o: f"loss = {o.floor.code}" if o.floor else "",
    Kind.FOCAL: lambda o: f"q = 1 / {o.classes}\nloss = -{o.alpha:g} * (1 - q)**{o.gamma:g} * np.log(q)",
    Kind.GRID: lambda o: f"loss = {o.value!r}\nassert (loss / {o.factor!r}).is_integer()  # bfloat16's step there",
}

_OF_CAUSE = {
    Cause.ZERO_TIMES_LOG_ZERO: "p = q = np.array([1.0, 0.0])\nprint(-(p * np.log(q)).sum())  # nan",
    Cause.EXP_OVERFLOW: "z = np.array([90.0, 0.0], dtype=np.float32)\nprint(np.exp(z) / np.exp(z).sum())  # [nan, 0]",
    Cause.DIVERGED: "z = np.array([np.inf, 0.0])\nprint(z - z.max())  # [nan, -inf]",
    Cause.LOG_OF_NEGATIVE: "z = np.array([-1.0, 2.0])\nprint(np.log(z))  # [nan, 0.693]",
    Cause.MASKED_CLASS: "p, log_q = np.array([1.0, 0.0]), np.array([0.0, -np.inf])\nprint(-(p * log_q).sum())  # nan",
    Cause.MEAN_OF_NOTHING: "losses = np.array([])  # every label is ignored\nprint(losses.sum() / losses.size)  # nan",
    Cause.ROW_OF_ZEROS: "q = np.zeros(3)\nprint(q / q.sum())  # [nan, nan, nan]",
    Cause.LOG_ZERO: "print(-np.log(0.0))  # inf",
    Cause.LOG_ZERO_WITHOUT_MINUS: "print(np.log(0.0))  # -inf",
    Cause.SUM_OVERFLOW: "print(np.full(10_000, 9, dtype=np.float16).sum())  # inf",
    Cause.SUM_OF_NOTHING: "losses = np.array([])  # every label is ignored\nprint(losses.sum())  # 0.0",
    Cause.ONE_OUTPUT: "z = np.array([3.0])  # one output\nprint(np.log(np.exp(z).sum()) - z[0])  # 0.0",
    Cause.SURE: "z = np.array([20.0, 0.0], dtype=np.float32)\nprint(np.log(np.exp(z - 20).sum()))  # 0.0",
    Cause.HIDDEN_NAN: "losses = np.array([np.nan, np.nan])\nprint(np.nan_to_num(losses).mean())  # 0.0",
    Cause.ABOVE_ONE: "q = np.float32(1) + np.float32(1e-7)\nprint(-np.log(q))  # -1.19e-07",
    Cause.NO_MINUS: "q = 0.44\nprint(np.log(q))  # -0.821",
    Cause.LARGE_LOGITS: "z = np.array([0.0, 287.1078])\nprint(np.logaddexp(*z) - z[0])  # 287.1078",
}
