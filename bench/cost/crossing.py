"""What it costs to reach a loss, read off trainings of several budgets."""

import math
import statistics


def cost_to_reach(points, wanted):
    """points are (core-seconds, bits per byte) of whole trainings, each with its own schedule; the cost at which the line through
    them, over the logarithm of the cost, first comes down to `wanted`. Returns (cost, where): "between" two of them, or "below" the
    cheapest, whose cost is then a bound from above; None when none reaches it."""
    points = sorted(points)
    if not points:
        return None
    if points[0][1] <= wanted:
        return points[0][0], "below"
    for (cheap, high), (dear, low) in zip(points, points[1:]):
        if low <= wanted < high:
            along = (high - wanted) / (high - low)
            return math.exp(math.log(cheap) + along * (math.log(dear) - math.log(cheap))), "between"
    return None


def loss_at(points, cost):
    """Bits per byte that the same line has at a cost; None outside of what was trained."""
    points = sorted(points)
    for (cheap, high), (dear, low) in zip(points, points[1:]):
        if cheap <= cost <= dear:
            along = (math.log(cost) - math.log(cheap)) / (math.log(dear) - math.log(cheap))
            return high + along * (low - high)
    return None


def spread(values):
    """"median (least to most)" of the seeds, as numbers."""
    return statistics.median(values), min(values), max(values)
