"""Run every call on every input with the libraries that are installed, and keep what they return.

    python -m tests.golden.generate_calls            # adds the calls that calls.json lacks
    python -m tests.golden.generate_calls ID …       # runs these again

Each run adds what this environment can run: a call that holds for some releases only needs one of them. The file
holds, by the call's id, the package that computed it, and by the input's name (tests/golden/inputs.py) its loss and
its gradient, or null where the library does not differentiate. nan and ∞ are strings.
"""

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", KERAS_BACKEND="tensorflow", JAX_PLATFORMS="cpu")

from tests.golden.calls import installed, run
from tests.golden.inputs import batches
from xent_core.conventions import CONVENTIONS
from xent_core.libraries.convention import Convention

FILE = Path(__file__).parent / "calls.json"
DIGITS = {"float64": 14, "float32": 8, "float16": 5}


def kept(value: Any, digits: int) -> Any:
    """A result as JSON: numbers to so many digits, nan and ∞ as strings."""
    if isinstance(value, list):
        return [kept(each, digits) for each in value]
    return float(f"{value:.{digits}g}") if abs(value) < float("inf") else str(value)


def results(convention: Convention) -> dict[str, Any] | None:
    """What the library gives for the call on every input that suits it; None: it is not installed, or cannot."""
    library = installed(convention.library)
    if library is None or not convention.holds_in(library[1]):
        return None
    by_input = {}
    for name, batch in batches():
        if not batch.suits(convention):
            continue
        try:
            loss, gradient = run(convention, batch)
        except (ImportError, AttributeError) as missing:
            print(f"{convention.id}: {missing}")
            return None
        digits = DIGITS[batch.predictions.dtype.name]
        slopes = None if gradient is None else kept(gradient.astype(float).tolist(), digits)
        by_input[name] = [kept(loss, digits), slopes]
    return {"by": library[0], "results": by_input}


def main(again: list[str]) -> None:
    """Run and write."""
    warnings.filterwarnings("ignore")
    calls = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    for convention in CONVENTIONS.values():
        if convention.id not in calls or convention.id in again:
            found = results(convention)
            if found is not None:
                calls[convention.id] = found
    lines = [f"{json.dumps(id)}: {json.dumps(calls[id], separators=(',', ':'))}" for id in CONVENTIONS if id in calls]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(calls)} calls; without: {', '.join(id for id in CONVENTIONS if id not in calls) or 'none'}")


if __name__ == "__main__":
    main(sys.argv[1:])
