#!/usr/bin/env python3
"""One timed run of the peers: peer.py AREAS.geojson OUT.csv

Prints one JSON line: CPU seconds (user and system, all threads) and wall seconds of each stage, versions, peak memory.
Reading the file, importing and compiling (numba) are not timed. OUT.csv gets esda's numbers for the comparison.
"""
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import esda
import geopandas
import libpysal
import numpy as np

areas, out = sys.argv[1:]
cpu, wall = {}, {}


class timed:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.begin = time.perf_counter(), time.process_time()

    def __exit__(self, *_):
        wall[self.name] = time.perf_counter() - self.begin[0]
        cpu[self.name] = time.process_time() - self.begin[1]


frame = geopandas.read_file(areas)
values = (frame["count"] / frame["population"] * 1000).to_numpy(float)
with timed("queen"):
    graph = libpysal.graph.Graph.build_contiguity(frame, rook=False)
with timed("queen_w"):
    libpysal.weights.Queen.from_dataframe(frame, use_index=False)
with timed("rook"):
    rook = libpysal.graph.Graph.build_contiguity(frame, rook=True)

small = libpysal.graph.Graph.build_contiguity(frame.iloc[:300], rook=False)
esda.Moran_Local(values[:300], small, permutations=9, n_jobs=1, seed=1)
esda.G_Local(values[:300], small, transform="B", star=True, permutations=9, n_jobs=1, seed=1)
with timed("moran"):
    whole = esda.Moran(values, graph, permutations=0)
with timed("local_moran_999"):
    local = esda.Moran_Local(values, graph, permutations=999, n_jobs=1, keep_simulations=False, seed=1)
with timed("gi_star_999"):
    hot = esda.G_Local(values, graph, transform="B", star=True, permutations=999, n_jobs=1, keep_simulations=False, seed=1)
# The peer's default style of weights, whose analytical z is the defect of methods.md 4.1.
default = esda.G_Local(values, graph, star=True, permutations=0)


def mark(found):
    """The same sum over all links that neighbour_bench makes."""
    links = found.adjacency.reset_index()
    links = links[links["weight"] != 0]
    return mark_pairs(links["focal"].to_numpy(np.uint64), links["neighbor"].to_numpy(np.uint64))


def mark_pairs(focal, neighbor):
    pair = (focal << np.uint64(32)) | neighbor
    with np.errstate(over="ignore"):
        mixed = (pair + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed << np.uint64(31)) | (mixed >> np.uint64(33))
        return len(pair), f"{int(mixed.sum(dtype=np.uint64)):016x}"


def edges_by_dictionary():
    """Rook once more, without the peer: repeated corners make no edge."""
    owners = {}
    for area, polygon in enumerate(frame.geometry):
        ring = list(polygon.exterior.coords)
        for a, b in zip(ring, ring[1:]):
            if a != b:
                owners.setdefault((min(a, b), max(a, b)), set()).add(area)
    pairs = {(a, b) for areas in owners.values() for a in areas for b in areas if a != b}
    both = np.array(sorted(pairs), dtype=np.uint64)
    return mark_pairs(both[:, 0], both[:, 1])


table = np.column_stack([local.Is, local.p_sim, hot.Zs, hot.p_sim, default.Zs])
np.savetxt(out, table, delimiter=",", header="Is,p_local,z_star_b,p_star,z_star_r", comments="", fmt="%.17g")
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024
print(json.dumps({
    "cpu": cpu, "wall": wall, "peak_mb": peak, "queen": mark(graph), "rook": mark(rook), "rook_by_dictionary": edges_by_dictionary(),
    "i": float(whole.I), "variance": float(whole.VI_rand), "versions": f"libpysal {libpysal.__version__}, esda {esda.__version__}",
}))
