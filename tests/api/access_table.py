"""The tables of docs/access.md, made from the roles and the routes. `python -m tests.api.access_table` writes them."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOC = ROOT / "docs" / "access.md"
BEGIN, END = "<!-- made from lambda/chalicelib/access.py and the routes -->\n", "<!-- end -->\n"
YES = {True: "yes", False: ""}


def rendered() -> str:
    from app import app
    from chalicelib import access

    lines = [
        f"| permission | {' | '.join(access.ROLES)} | routes |",
        f"|---|{'---|' * len(access.ROLES)}---|",
    ]
    for may in access.PERMISSIONS:
        held = " | ".join(YES[may in access.ROLE[role]] for role in access.ROLES)
        lines.append(f"| `{may}` | {held} | {sum(route.who == may for route in app.kite_routes)} |")
    lines += ["", "| route | asks for |", "|---|---|"]
    order = {word: at for at, word in enumerate(access.WORDS)}
    for route in sorted(app.kite_routes, key=lambda route: (order[route.who], route.path, route.method)):
        lines.append(f"| `{route.method} {route.path}` | {route.who} |")
    return f"{BEGIN}\n" + "\n".join(lines) + f"\n\n{END}"


def main() -> None:
    sys.path[:0] = [str(ROOT / "lambda"), str(ROOT / "web/py"), str(ROOT)]
    text = DOC.read_text(encoding="utf-8")
    start, end = text.index(BEGIN), text.index(END) + len(END)
    DOC.write_text(text[:start] + rendered() + text[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
