"""Time and memory of the shipped LSTM: in NumPy, beside torch on the same weights and histories.

Run ``python benchmarks/pretrained_speed.py [--series 10000] [--days 365] [--runs 3]``. The first
part is a process of its own, imports included, so that its peak of memory is that of the forecast.
The second compares the network alone, as a ratio, by turns: on a machine that others use only the
ratio says something.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch

from upswell.forecasting.lstm.pretrained import network_inputs
from upswell.forecasting.lstm.pretrained._threads import _cores, in_threads
from upswell.forecasting.lstm.pretrained.weights import (
    shipped_card,
    shipped_network,
    shipped_weights,
)
from upswell.forecasting.lstm.pretraining._network import AudienceNetwork, file_name
from upswell.forecasting.lstm.pretraining.settings import PretrainingSettings
from upswell.simulate.audiences import simulate_audiences

HORIZON, BLOCK, COMPARED = 30, 256, 2048

WHOLE = """
import sys, time
start = time.perf_counter()
import resource
import numpy as np
from upswell.forecasting.lstm.pretrained.forecaster import forecast_quantiles
values = np.load(sys.argv[1])
loaded = time.perf_counter()
said = forecast_quantiles(values, int(sys.argv[2]))
done = time.perf_counter()
assert np.isfinite(said.day).all()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(loaded - start, done - loaded, peak)
"""


def main() -> None:
    """Measure both and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    values = histories(arguments.series, arguments.days)
    print("| what | value |")
    print("|---|---|")
    found = [whole(values) for _ in range(arguments.runs)]
    imports, seconds, peak = np.median(found, axis=0)
    print(f"| imports, reading the histories | {imports:.1f} s |")
    print(f"| {len(values):,} series of {arguments.days} days | {seconds:.1f} s |")
    print(f"| peak of memory | {peak:.0f} MB |")
    ratio, apart = against_torch(values[:COMPARED], arguments.runs)
    print(f"| NumPy's time over torch's, network alone | {ratio:.2f} |")
    print(f"| largest difference between the two | {apart:.1e} |")


def histories(series: int, days: int) -> np.ndarray:
    """Simulate histories; beyond a thousand they repeat, louder or softer."""
    known = simulate_audiences(min(series, 1024), days, 0, seed=1, components=False).observed
    louder = np.random.default_rng(0).lognormal(0.0, 0.5, series)
    return np.round(np.resize(known, (series, days)) * louder[:, None])


def whole(values: np.ndarray) -> tuple[float, float, float]:
    """Forecast in a process of its own; seconds of imports and of the forecast, and MB."""
    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        np.save(file, values)
        file.flush()
        words = [sys.executable, "-c", WHOLE, file.name, str(HORIZON)]
        answer = subprocess.run(words, capture_output=True, text=True, check=True)
    imports, seconds, peak = (float(word) for word in answer.stdout.split())
    return imports, seconds, peak


def against_torch(values: np.ndarray, runs: int) -> tuple[float, float]:
    """Return NumPy's time over torch's, and the largest difference of what they say."""
    torch.set_num_threads(_cores())
    network, inputs = shipped_network(), network_inputs(values, HORIZON)
    parts = [slice(k, k + BLOCK) for k in range(0, len(values), BLOCK)]
    own = torch_network()
    said: dict[int, np.ndarray] = {}
    ratios, apart = [], 0.0

    def in_numpy(part: slice) -> None:
        said[part.start] = network(inputs.past[part], inputs.future[part])

    for _ in range(runs):
        start = time.perf_counter()
        in_threads(in_numpy, parts)
        middle = time.perf_counter()
        with torch.no_grad():
            for part in parts:
                past, future = (torch.from_numpy(x[part]) for x in (inputs.past, inputs.future))
                answer = own(past, future).numpy()
                apart = max(apart, float(np.abs(answer - said[part.start]).max()))
        ratios.append((middle - start) / (time.perf_counter() - middle))
    return float(np.median(ratios)), apart


def torch_network() -> AudienceNetwork:
    """Return torch's network with the shipped weights."""
    card, weights = shipped_card(), shipped_weights()
    settings = PretrainingSettings(
        units=card.units,
        layers=card.layers,
        head_units=len(weights["h1.bias"]),
        residual=card.residual,
    )
    network = AudienceNetwork(settings).eval()
    network.load_state_dict(
        {name: torch.from_numpy(weights[file_name(name)]) for name in network.state_dict()}
    )
    return network


if __name__ == "__main__":
    main()
