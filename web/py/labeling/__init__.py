"""The annotation engine: pure Python, the same in the browser, on the server, in tests and notebooks.

``session.open_task`` gives a state, ``reduce`` takes it from intent to intent, ``view`` says what to draw, ``results``
reads and writes what is stored, ``check`` says what is missing. No clock, no randomness, no I/O.
"""

from labeling import check, display, results, session, view
from labeling.reducer import reduce

__all__ = ["check", "display", "reduce", "results", "session", "view"]
