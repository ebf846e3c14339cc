"""Imports: files and pasted text to task JSON. Every row that cannot be used is told with its place and a way out.

sniff.py says what the bytes are, decode.py makes text of them, rows.py makes rows of the text, tasks.py checks each row
against the plan, parse.py puts them together. coco.py, voc.py, yolo.py and conll.py read annotation formats; targets.py
finds the control and label of the config for each of their regions. Nothing here raises on bad input.
"""

from labeling.imports.options import Beside, Options
from labeling.imports.parse import MOST_BYTES, MOST_TASKS, Parsed, parse
from labeling.imports.sniff import sniff

__all__ = ["MOST_BYTES", "MOST_TASKS", "Beside", "Options", "Parsed", "parse", "sniff"]
