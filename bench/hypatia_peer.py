"""Times one step of Hypatia's own generator of forwarding state, unchanged, from a checkout of it.

    python3 hypatia_peer.py CHECKOUT main_kuiper_630|main_starlink_550

Prints JSON: {"seconds": of the second of two steps}. Needs numpy, networkx, astropy and ephem; what Hypatia
imports for its plots and tests only (geopy, matplotlib, ...) is stood in for where it is missing.
"""

import contextlib
import importlib
import io
import json
import os
import sys
import tempfile
import time
import types

NEEDED = ["numpy", "networkx", "astropy", "ephem", "sgp4"]
NOT_ON_THE_CLOCK = ["geopy", "geopy.distance", "exputil", "matplotlib", "matplotlib.pyplot",
                    "matplotlib.lines", "cartopy", "cartopy.crs", "statsmodels", "statsmodels.distributions",
                    "statsmodels.distributions.empirical_distribution"]


class StandIn(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return None


def main():
    checkout, network = sys.argv[1:3]
    missing = []
    for name in NEEDED:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    if missing:
        raise SystemExit("python modules are missing: " + ", ".join(missing))
    for name in NOT_ON_THE_CLOCK:
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules[name] = StandIn(name)
    # Hypatia's own reader of numbers in its files.
    for name in ("parse_positive_int", "parse_positive_float"):
        if getattr(sys.modules["exputil"], name) is None:
            setattr(sys.modules["exputil"], name, int if name.endswith("int") else float)
    satgenpy = os.path.join(checkout, "satgenpy")
    networks = os.path.join(checkout, "paper", "satellite_networks_state")
    for folder in (satgenpy, networks):
        if not os.path.isdir(folder):
            raise SystemExit(folder + " is not there: give a checkout of github.com/snkas/hypatia")
    sys.path[:0] = [satgenpy, networks]
    import satgen
    from satgen.dynamic_state.generate_dynamic_state import generate_dynamic_state_at

    shell = importlib.import_module(network)
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        satgen.extend_ground_stations(
            os.path.join(networks, "input_data",
                         "ground_stations_cities_sorted_by_estimated_2025_pop_top_100.basic.txt"),
            path("ground_stations.txt"))
        satgen.generate_tles_from_scratch_manual(
            path("tles.txt"), shell.NICE_NAME, shell.NUM_ORBS, shell.NUM_SATS_PER_ORB, shell.PHASE_DIFF,
            shell.INCLINATION_DEGREE, shell.ECCENTRICITY, shell.ARG_OF_PERIGEE_DEGREE,
            shell.MEAN_MOTION_REV_PER_DAY)
        satgen.generate_plus_grid_isls(path("isls.txt"), shell.NUM_ORBS, shell.NUM_SATS_PER_ORB,
                                       isl_shift=0, idx_offset=0)
        ground_stations = satgen.read_ground_stations_extended(path("ground_stations.txt"))
        tles = satgen.read_tles(path("tles.txt"))
        isls = satgen.read_isls(path("isls.txt"), len(tles["satellites"]))
        interfaces = [{"id": i, "number_of_interfaces": 1, "aggregate_max_bandwidth": 1.0}
                      for i in range(len(tles["satellites"]) + len(ground_stations))]
        previous = None
        for step in range(2):
            start = time.perf_counter()
            previous = generate_dynamic_state_at(
                folder, tles["epoch"], step * 100_000_000, tles["satellites"], ground_stations, isls,
                interfaces, shell.MAX_GSL_LENGTH_M, shell.MAX_ISL_LENGTH_M,
                "algorithm_free_one_only_over_isls", previous, False)
            seconds = time.perf_counter() - start
    return {"seconds": seconds, "satellites": len(tles["satellites"]), "places": len(ground_stations)}


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):
        answer = main()
    print(json.dumps(answer))
