"""Optimal one-to-one matching of two sets along a sparse list of possible pairs."""

from __future__ import annotations

from collections.abc import Sequence

WORK_LIMIT = 30_000_000
"""Most steps (rows x rows x columns, summed over components) that one matching may take: some seconds at worst."""

PAIR_LIMIT = 300_000
"""Most overlapping pairs that one comparison may hold."""

CHECK_LIMIT = 4_000_000
"""Most pairs that one comparison may look at to find the overlapping ones."""

Edge = tuple[int, int, tuple[int, ...]]
"""(row, column, gains): a pair that may be matched, and what it is worth, most important gain first."""


class TooManyPairs(Exception):
    """More overlapping regions than can be matched exactly in reasonable time. Holds the count and the limit."""

    def __init__(self, found: int, limit: int) -> None:
        super().__init__(f"{found} exceeds {limit}")
        self.found, self.limit = found, limit


class NotComparable(Exception):
    """Two regions that have no likeness, because something is not known. Holds the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def best_matching(edges: Sequence[Edge]) -> list[int]:
    """
    Indexes into *edges* of the best one-to-one matching, ascending.

    Best is exact and lexicographic: the largest number of pairs, then the largest sum of the first gain, then of the
    second, and so on. Gains are ints >= 0 (scale an IoU before), so no rounding decides. No (row, column) comes twice.

    Raises:
        TooManyPairs: the components are too large for an exact answer (see WORK_LIMIT).

    Components of the graph are solved one by one: pairs of regions rarely touch more than a few others.
    """
    if len({row for row, _, _ in edges}) == len(edges) == len({column for _, column, _ in edges}):
        return list(range(len(edges)))  # nothing to choose
    parent: dict[int, int] = {}  # rows as they are, columns as ~column

    def find(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row, column, _ in edges:
        a, b = find(row), find(~column)
        if a != b:
            parent[b] = a
    components: dict[int, list[int]] = {}
    for index, (row, _, _) in enumerate(edges):
        components.setdefault(find(row), []).append(index)

    chosen: list[int] = []
    work = 0
    for members in components.values():
        if len(members) == 1:
            chosen += members
            continue
        rows = sorted({edges[index][0] for index in members})
        columns = sorted({edges[index][1] for index in members})
        if len(rows) == 1 or len(columns) == 1:
            chosen.append(max(members, key=lambda index: (edges[index][2], -index)))
            continue
        small, large = sorted((len(rows), len(columns)))
        work += small * small * large
        if work > WORK_LIMIT:
            raise TooManyPairs(work, WORK_LIMIT)
        chosen += _solve(edges, members, rows, columns)
    return sorted(chosen)


def _solve(edges: Sequence[Edge], members: Sequence[int], rows: Sequence[int], columns: Sequence[int]) -> list[int]:
    """Best matching inside one component."""
    at_row = {row: i for i, row in enumerate(rows)}
    at_column = {column: i for i, column in enumerate(columns)}
    size = min(len(rows), len(columns))
    depth = len(edges[members[0]][2])
    # One digit for each gain, in a base that no sum of gains can reach: comparing weights compares gains in order.
    bases = [size * max(edges[index][2][level] for index in members) + 1 for level in range(depth)]
    cost = [[0] * len(columns) for _ in rows]
    edge_at: dict[tuple[int, int], int] = {}
    for index in members:
        row, column, gains = edges[index]
        weight = 1
        for base, gain in zip(bases, gains, strict=True):
            weight = weight * base + gain
        i, j = at_row[row], at_column[column]
        cost[i][j] = -weight
        edge_at[i, j] = index
    if len(rows) > len(columns):
        transposed = [list(line) for line in zip(*cost, strict=True)]
        pairs = [(i, j) for j, i in enumerate(assign(transposed))]
    else:
        pairs = list(enumerate(assign(cost)))
    return [edge_at[pair] for pair in pairs if pair in edge_at]


def assign(cost: Sequence[Sequence[int]]) -> list[int]:
    """
    The column of each row in an assignment of least total cost.

    Args:
        cost: shape (n, m) with n <= m; ints of any size and sign.

    Source: Kuhn (1955), The Hungarian method for the assignment problem, Naval Research Logistics 2, in the form with
    shortest augmenting paths and potentials, O(n * n * m): Jonker and Volgenant (1987), Computing 38.
    """
    n, m = len(cost), len(cost[0]) if cost else 0
    row_potential = [0] * (n + 1)
    column_potential = [0] * (m + 1)
    row_of = [0] * (m + 1)  # row matched to each column, 1-based; 0 is free
    for row in range(1, n + 1):
        row_of[0] = row
        column = 0
        slack: list[int | None] = [None] * (m + 1)
        back = [0] * (m + 1)
        used = [False] * (m + 1)
        while row_of[column]:
            used[column] = True
            here = row_of[column]
            line, offset = cost[here - 1], row_potential[here]
            delta: int | None = None
            nearest = 0
            for j in range(1, m + 1):
                if used[j]:
                    continue
                reduced = line[j - 1] - offset - column_potential[j]
                known = slack[j]
                if known is None or reduced < known:
                    slack[j] = known = reduced
                    back[j] = column
                if delta is None or known < delta:
                    delta, nearest = known, j
            assert delta is not None, "n <= m leaves a free column"
            for j in range(m + 1):
                if used[j]:
                    row_potential[row_of[j]] += delta
                    column_potential[j] -= delta
                else:
                    known = slack[j]
                    if known is not None:
                        slack[j] = known - delta
            column = nearest
        while column:
            row_of[column] = row_of[back[column]]
            column = back[column]
    result = [0] * n
    for j in range(1, m + 1):
        if row_of[j]:
            result[row_of[j] - 1] = j - 1
    return result
