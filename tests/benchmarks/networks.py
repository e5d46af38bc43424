"""How long a trained network takes for a photo, and how much memory, on one thread, in processor time."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from tests.benchmarks.common import told

PHOTOS = 50
NAMES = "efficientnet_lite0", "squeezenet_1_1"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
MOST_SECONDS, MOST_SECONDS_TO_LOAD = 0.1, 0.2


def measure(name: str) -> None:
    """Measure one network in this process, which has done nothing else, and tell."""
    import numpy as np  # it counts the threads as it is imported

    from xent_core.networks import load_network

    photos = np.random.default_rng(0).integers(0, 256, (PHOTOS, 224, 224, 3), dtype=np.uint8)
    before = peak_megabytes()
    began = time.process_time()
    network = load_network(name)
    loading = time.process_time() - began
    loaded = peak_megabytes()
    seconds = [seconds_of(network.logits, photo) for photo in photos]
    print(name)
    print(f"  load      {told(loading, MOST_SECONDS_TO_LOAD)} s, {loaded - before:.0f} MB")
    print(f"  a photo   median {told(statistics.median(seconds), MOST_SECONDS)} s, slowest {max(seconds):.3g} s")
    print(f"  photos    {PHOTOS / sum(seconds):.0f} a second, {peak_megabytes() - loaded:.0f} MB more at the peak")


def seconds_of(function: Callable[..., object], photo: object) -> float:
    """Seconds for one photo."""
    began = time.process_time()
    function(photo)
    return time.process_time() - began


def peak_megabytes() -> float:
    """The most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure each network in a process of its own, on one thread."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for name in NAMES:
        subprocess.run([sys.executable, "-m", __spec__.name, name], env={**os.environ, **ONE_THREAD}, check=True)


if __name__ == "__main__":
    main()
