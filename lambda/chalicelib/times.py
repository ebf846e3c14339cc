"""Times as the JSON holds them: ISO 8601 in UTC with microseconds, Label Studio's form."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")[:-6] + "Z"
