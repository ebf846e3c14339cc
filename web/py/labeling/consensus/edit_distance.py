"""Levenshtein distance with bit vectors, so that long answers stay cheap."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

WORDS_ABOVE = 200
"""Texts longer than this many code points are compared word by word."""


def levenshtein(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Fewest insertions, deletions and substitutions (cost 1 each) that turn *a* into *b*.

    Source: Myers (1999), A fast bit-vector algorithm for approximate string matching, J. ACM 46(3), in the form for
    whole strings of Hyyrö (2003), A bit-vector algorithm for computing Levenshtein and Damerau edit distances.
    One Python integer holds a whole column, so the cost is len(b) operations on len(a) bits.

    >>> levenshtein("kitten", "sitting")
    3
    """
    start, end_a, end_b = 0, len(a), len(b)
    while start < end_a and start < end_b and a[start] == b[start]:
        start += 1
    while end_a > start and end_b > start and a[end_a - 1] == b[end_b - 1]:
        end_a, end_b = end_a - 1, end_b - 1
    a, b = a[start:end_a], b[start:end_b]
    if not a or not b:
        return len(a) + len(b)

    places: dict[Hashable, int] = {}
    for index, symbol in enumerate(a):
        places[symbol] = places.get(symbol, 0) | (1 << index)
    last = 1 << (len(a) - 1)
    mask = (1 << len(a)) - 1
    plus, minus, distance = mask, 0, len(a)  # vertical deltas +1 and -1 of the current column
    for symbol in b:
        equal = places.get(symbol, 0) | minus
        diagonal = (((equal & plus) + plus) ^ plus) | equal
        up = minus | (mask & ~(diagonal | plus))
        down = plus & diagonal
        if up & last:
            distance += 1
        elif down & last:
            distance -= 1
        up = ((up << 1) | 1) & mask
        down = (down << 1) & mask
        plus = down | (mask & ~(diagonal | up))
        minus = up & diagonal
    return distance


def text_similarity(a: str, b: str) -> float:
    """1 - edit distance / length of the longer text, in 0..1; words count instead of characters above WORDS_ABOVE.

    >>> text_similarity("kitten", "sitting")
    0.5714285714285714
    >>> text_similarity("", "")
    1.0
    """
    if a == b:
        return 1.0
    left: Sequence[Hashable] = a
    right: Sequence[Hashable] = b
    if max(len(a), len(b)) > WORDS_ABOVE:
        left, right = a.split(), b.split()
    longest = max(len(left), len(right))
    return 1.0 if longest == 0 else 1.0 - levenshtein(left, right) / longest
