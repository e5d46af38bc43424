"""Run every call with whatever libraries are installed, beside the core: python -m tests.golden.check_calls

It says the versions, how many losses and gradients were compared, and the largest difference by dtype, and ends with 1
if one is past its tolerance. To be run every night, or when a library has a new release.
"""

import os
import sys
import warnings
from collections import Counter

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", KERAS_BACKEND="tensorflow", JAX_PLATFORMS="cpu")

from tests.golden.calls import computed_in, difference, installed, run, tolerances
from tests.golden.inputs import batches
from xent_core.conventions import CONVENTIONS
from xent_core.libraries.convention import Library


def main() -> int:
    """Compare and tell."""
    warnings.filterwarnings("ignore")
    libraries = {library: found for library in Library if (found := installed(library))}
    print(*(package for package, _ in libraries.values()), sep=", ")
    compared, largest, wrong, not_run = Counter(), Counter(), [], set()
    for name, batch in batches():
        for convention in CONVENTIONS.values():
            if not batch.suits(convention):
                continue
            library = libraries.get(convention.library)
            if library is None or not convention.holds_in(library[1]):
                not_run.add(convention.id)
                continue
            try:
                loss, gradient = run(convention, batch)
            except (ImportError, AttributeError):
                not_run.add(convention.id)
                continue
            except Exception as error:  # whatever a library of another release raises is told with the rest
                wrong.append(f"{convention.id}, {name}: {type(error).__name__}: {error}")
                continue
            dtype = computed_in(convention, batch.predictions.dtype.name)
            bounds = tolerances(convention, dtype)
            pairs = [("loss", batch.loss(convention), loss)]
            if gradient is not None:
                pairs.append(("gradient", batch.gradient(convention), gradient))
            for what, ours, theirs in pairs:
                apart = difference(ours, theirs, *bounds)
                compared[what, dtype] += 1
                largest[what, dtype] = max(largest[what, dtype], apart * bounds[0])
                if apart > 1:
                    wrong.append(f"{convention.id}, {what}, {name}: {ours} here, {theirs} there")
    for (what, dtype), count in compared.items():
        print(f"{count} of {what} in {dtype}: largest difference {largest[what, dtype]:.1e}")
    print(f"{len(CONVENTIONS) - len(not_run)} calls were run, {len(not_run)} were not: {', '.join(sorted(not_run))}")
    print(*wrong, sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
