"""Masks in COCO's run-length code: pixels are counted column by column, runs of 0 and 1 take turns, 0 begins.

Source: the MS COCO data format (cocodataset.org/#format-data) and the comments of its mask API: `{"size": [h, w],
"counts": [..]}`, uncompressed.
"""

from __future__ import annotations

from labeling.masks import Mask
from labeling.masks.mask import EMPTY, Row, subtract_row


def counts(mask: Mask) -> list[int]:
    """
    In time that follows the mask's outline, not its area: a run of a column begins where a row is painted and the one
    above is not, and ends where it is the other way round.
    """
    height = mask.height
    starts: list[int] = []
    ends: list[int] = []
    above: Row = EMPTY
    for y, row in enumerate((*mask.rows, EMPTY), mask.top):
        if row == above:
            continue
        for found, places in ((subtract_row(row, above), starts), (subtract_row(above, row), ends)):
            for k in range(0, len(found), 2):
                places.extend(x * height + y for x in range(found[k], found[k + 1]))
        above = row
    starts.sort()
    ends.sort()
    made: list[int] = []
    at = 0
    for start, end in zip(starts, ends, strict=True):
        if made and start == at:  # down to the last row, and on from the first of the next column
            made[-1] += end - start
        else:
            made += [start - at, end - start]
        at = end
    if at < mask.width * height:
        made.append(mask.width * height - at)
    return made
