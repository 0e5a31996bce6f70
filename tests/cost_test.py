"""The cost comparison reads documents, near copies and costs as docs/cost.md says."""

import math
import sys

from program import SOURCE

sys.path.insert(0, str(SOURCE / "bench"))
from cost.crossing import cost_to_reach, loss_at
from cost.windows import windows

# Every token of every document is a target once, in order, the end included, with half a context before it but at the beginning.
for T in (4, 6, 256):
    for length in (0, 1, 2, T - 2, T - 1, T, T + 1, 3 * T // 2, 3 * T, 5 * T + 1):
        ids, counted = list(range(10, 10 + length)), []
        for row, targets, before in windows(ids, T, begin=1, end=2):
            assert len(row) == len(targets) <= T and row[1:] == targets[:-1], (T, length)
            assert before < len(targets), f"a window of {T} over {length} counts nothing"
            assert not counted or before >= T // 2 - 1, f"a target of {length} has {before} tokens before it"
            counted += targets[before:]
        assert counted == [*ids, 2], (T, length)

# Along the logarithm of the cost: half-way down between 10 and 1,000 core-seconds lies at 100.
points = [(1000, 2.0), (10, 3.0)]
cost, where = cost_to_reach(points, 2.5)
assert where == "between" and math.isclose(cost, 100)
assert cost_to_reach(points, 3.5) == (10, "below")
assert cost_to_reach(points, 1.9) is None and cost_to_reach([], 2.0) is None
# What gets worse on the way counts by where it first comes down to the loss.
cost, _ = cost_to_reach([(10, 3.0), (100, 2.4), (1000, 2.6), (10000, 2.0)], 2.5)
assert 10 < cost < 100
assert math.isclose(loss_at(points, 100), 2.5) and loss_at(points, 5) is None

try:
    from cost.target import NearCopies
except ImportError as error:
    print(f"near copies are not tested: {error}")
else:
    words = [f"word{i}" for i in range(200)]
    signs = "".join(chr(0x4E00 + i) for i in range(200))
    copies = NearCopies([" ".join(words), signs])
    edited = words.copy()
    edited[50], edited[120] = "other", "another"
    assert copies.has(" ".join(edited).upper())
    assert copies.has(" ".join(words[:40])), "a part of a text held out is a copy too"
    assert copies.has(signs[20:160]), "Chinese is cut into signs"
    assert not copies.has(" ".join(words[:20] + [f"new{i}" for i in range(180)]))
    assert not copies.has(" ".join(reversed(words))) and not copies.has(signs[::-1])
print("passed")
