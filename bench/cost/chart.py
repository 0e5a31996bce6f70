"""Bits per byte against core-seconds as an SVG: a curve for what was trained with several budgets, a point with a level line for what was not."""

import math

COLOURS = ["#0b6e99", "#b3261e", "#7a5195", "#2e7d32", "#9a6700", "#555555", "#c2185b", "#00838f"]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 980, 480, 64, 310, 44, 52


def chart(title, series):
    """series: {name: [(core-seconds, bits per byte), ...]}."""
    everything = [point for points in series.values() for point in points]
    low_x, high_x = (math.log10(f(x for x, _ in everything)) for f in (min, max))
    low_y, high_y = (f(y for _, y in everything) for f in (min, max))
    low_x, high_x = low_x - 0.06, high_x + 0.06
    low_y, high_y = low_y - 0.05, high_y + 0.05

    def x(cost):
        return LEFT + (math.log10(cost) - low_x) / (high_x - low_x) * (WIDTH - LEFT - RIGHT)

    def y(loss):
        return TOP + (high_y - loss) / (high_y - low_y) * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/><text x="{LEFT}" y="24" font-size="15">{title}</text>']
    for exponent in range(math.floor(low_x), math.ceil(high_x) + 1):
        for step in (1, 2, 5):
            cost = step * 10**exponent
            if low_x <= math.log10(cost) <= high_x:
                out.append(f'<path d="M{x(cost):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
                           f'<text x="{x(cost):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{cost:g}</text>')
    tick = 0.1 if high_y - low_y < 1.2 else 0.2
    for i in range(math.ceil(low_y / tick), math.floor(high_y / tick) + 1):
        out.append(f'<path d="M{LEFT} {y(i * tick):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y(i * tick) + 4:.1f}" text-anchor="end">{i * tick:.1f}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">core-seconds</text>'
               f'<text transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">bits per byte</text>')
    for i, (name, points) in enumerate(series.items()):
        colour, points = COLOURS[i % len(COLOURS)], sorted(points)
        path = "L".join(f"{x(cost):.1f} {y(loss):.1f}" for cost, loss in points)
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(points) == 1:
            out.append(f'<path d="M{LEFT} {y(points[0][1]):.1f}H{x(points[0][0]):.1f}" stroke="{colour}" stroke-dasharray="3 5"/>')
        out += [f'<circle cx="{x(cost):.1f}" cy="{y(loss):.1f}" r="4" fill="{colour}"/>' for cost, loss in points]
        at = TOP + 14 + 20 * i
        out.append(f'<circle cx="{WIDTH - RIGHT + 18}" cy="{at}" r="4" fill="{colour}"/><text x="{WIDTH - RIGHT + 28}" y="{at + 4}">{name}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"
