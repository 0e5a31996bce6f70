"""How a document is read by whoever judges it: the rule of `pith eval`, for rivals too.

A document begins with one special token and must be ended by one. Longer than the context, it is read in windows that overlap by
half, so that every token but the first has at least half a context before it. Every token counts once.
"""


def windows(ids, T, begin=0, end=0):
    """Rows of (ids, targets, how many of the targets are counted already) for a document's ids."""
    stream = [begin, *ids, end]
    first, counted = 0, 0  # stream[1 .. counted] are counted
    while counted < len(stream) - 1:
        last = min(first + T, len(stream) - 1)
        yield stream[first:last], stream[first + 1 : last + 1], counted - first
        counted, first = last, first + T // 2
