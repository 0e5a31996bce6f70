"""Runs a program and counts what it costs: CPU time (user and system) of it and all it started, and wall time."""

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

CORES = len(os.sched_getaffinity(0))
# Freed blocks stay with the process: otherwise a training in PyTorch spends a sixth of its time in page faults.
FAST_MEMORY = {"GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=17179869184:glibc.malloc.top_pad=268435456"}


@dataclass
class Cost:
    core_seconds: float
    wall_seconds: float
    peak_bytes: int  # of the largest process


def run(words, folder=None, environment=None):
    """(what it printed, Cost); ends the benchmark with its errors when it fails."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True, env=os.environ | (environment or {}))
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    core = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, Cost(core, wall, after.ru_maxrss * 1024)


def run_module(name, *words):
    """A module of this folder in a process by itself."""
    return run([sys.executable, "-m", f"cost.{name}", *words], Path(__file__).parent.parent, FAST_MEMORY)
