"""What may be wrong with the wish for an export, and with a task that should be in it."""

from __future__ import annotations


class ExportFault(Exception):
    """The export cannot be made as it was asked for; the host tells the person."""

    def __init__(self, code: str, message: str, where: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.where, self.hint = code, message, where, hint


class LeftOut(Exception):
    """The task is not in the export; `reason` is a code of the report."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
