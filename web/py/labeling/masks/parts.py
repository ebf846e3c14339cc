"""Parts of a mask that do not touch, and its holes. Runs are joined, never single pixels."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.masks.mask import Mask, Row, make, subtract_row, union


def parts(mask: Mask) -> list[Mask]:
    """The parts that do not touch, not even at a corner; the largest first, then the upper and the left one."""
    groups = _groups(mask.rows, diagonal=True)
    found = [make(mask.width, mask.height, {mask.top + y: tuple(row) for y, row in rows.items()}) for rows in groups]
    return sorted(found, key=lambda part: (-part.area, part.bounds))


def filled(mask: Mask) -> Mask:
    """The mask with its holes painted: what cannot be reached from outside without crossing it (corners are closed)."""
    if mask.bounds is None:
        return mask
    left, _, right, _ = mask.bounds
    whole = (left - 1, right + 1)
    gaps = [whole, *(subtract_row(whole, row) for row in mask.rows), whole]
    groups = _groups(gaps, diagonal=False)
    holes: dict[int, list[int]] = {}
    for rows in groups:
        if 0 not in rows:  # the row above the mask is outside
            for y, row in rows.items():
                holes.setdefault(mask.top + y - 1, []).extend(row)
    closed = {y: tuple(sorted(row)) for y, row in holes.items()}
    return union(mask, make(mask.width, mask.height, closed))


def _groups(rows: Sequence[Row], *, diagonal: bool) -> list[dict[int, list[int]]]:
    """Runs that touch, directly or through others: per group its rows by number."""
    parents: list[int] = []

    def root(one: int) -> int:
        while parents[one] != one:
            parents[one] = parents[parents[one]]
            one = parents[one]
        return one

    reach = 0 if diagonal else 1
    numbered: list[tuple[int, int, int]] = []  # row, start, end of each run
    above: list[int] = []
    for y, row in enumerate(rows):
        here = []
        place = 0
        for k in range(0, len(row), 2):
            number = len(parents)
            parents.append(number)
            numbered.append((y, row[k], row[k + 1]))
            here.append(number)
            while place < len(above) and numbered[above[place]][2] < row[k] + reach:
                place += 1
            other = place
            while other < len(above) and numbered[above[other]][1] <= row[k + 1] - reach:
                one, two = root(above[other]), root(number)
                parents[max(one, two)] = min(one, two)
                other += 1
        above = here
    groups: dict[int, dict[int, list[int]]] = {}
    for number, (y, start, end) in enumerate(numbered):
        groups.setdefault(root(number), {}).setdefault(y, []).extend((start, end))
    return list(groups.values())
