"""Imports: files and pasted text to task JSON. Every row that cannot be used is told with its place and a way out.

sniff.py says what the bytes are, decode.py makes text of them, rows.py makes rows of the text, tasks.py checks each row
against the plan, parse.py puts them together. Nothing here raises on bad input.
"""

from labeling.imports.parse import MOST_BYTES, MOST_TASKS, Parsed, parse
from labeling.imports.sniff import sniff

__all__ = ["MOST_BYTES", "MOST_TASKS", "Parsed", "parse", "sniff"]
