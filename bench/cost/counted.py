"""Runs a program and counts what it costs: CPU time (user and system) of it and all it started, wall time, and memory."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CORES = len(os.sched_getaffinity(0))
# Freed blocks stay with the process: page faults take a tenth of the time of a training in PyTorch otherwise.
FAST_MEMORY = {"GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=17179869184:glibc.malloc.top_pad=268435456"}


@dataclass
class Cost:
    core_seconds: float
    wall_seconds: float
    peak_bytes: int  # resident, of the largest process


def run(words, folder=None, environment=None):
    """(what it printed, Cost); ends the benchmark with its errors when it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen([str(word) for word in words], cwd=folder, stdout=out, stderr=errors, env=os.environ | (environment or {}))
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}: exit code {process.returncode}\n{texts[0][-2000:]}\n{texts[1][-4000:]}")
    return texts[0], Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024)


def run_module(name, *words):
    """A module of this folder in a process by itself."""
    return run([sys.executable, "-m", f"cost.{name}", *words], Path(__file__).parent.parent, FAST_MEMORY)
