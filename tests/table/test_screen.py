"""What a page shows of the table: found, ordered, counted, and what the server has decided."""

from __future__ import annotations

from labeling.table.screen import Screen
from labeling.table.writing import block

from tests.table.test_table import ROWS, q, row


def screen(size: int = 16) -> Screen:
    made = Screen()
    for number, start in enumerate(range(0, len(ROWS), size)):
        made.put(number, block(ROWS[start : start + size]))
    return made


def test_a_window_shows_the_rows_in_order() -> None:
    on = screen()
    assert on.ask(q("state", "equal", "agreed"), ["-updated"]) == {"found": 25, "maybe": 0, "total": 100}
    wanted = sorted((r for r in ROWS if r["state"] == "agreed"), key=lambda r: (-r["updated"], r["inner"]))
    shown = on.window(3, 6)
    assert [one["id"] for one in shown] == [r["id"] for r in wanted[3:6]]
    members = ("state", "agreement", "done", "people", "labels", "updated")
    assert (
        [{name: one[name] for name in members} for one in shown]
        == [
            {name: r[name] for name in members}  # type: ignore[literal-required]
            for r in wanted[3:6]
        ]
    )
    assert on.ids(24, 30) == [wanted[24]["id"]]
    assert on.place(wanted[7]["id"]) == 7
    assert on.place(5) is None


def test_deleted_tasks_are_not_shown_and_changes_are() -> None:
    on = screen()
    on.change([{"inner": 3, "state": "verified"}], [4, 5])
    assert on.ask(None, [])["total"] == 98
    assert on.ask(q("state", "equal", "verified"), [])["found"] == 1


def test_what_the_server_decided_counts_until_another_filter_is_asked() -> None:
    on = Screen()
    on.put(0, block([row(n, data={"text": f"{'A long text of its own. ' * 5}{n}"}) for n in range(1, 50)]))
    query = q("data.text", "contains", "4")
    assert on.ask(query, ["inner"]) == {"found": 0, "maybe": 49, "total": 49}
    first = on.doubtful(20)
    assert on.decided(first, first[3:5]) == {"found": 2, "maybe": 29, "total": 49}
    assert on.ids(0, 9) == first[3:5]
    on.change([{"inner": 1, "state": "verified"}], [])
    assert on.ask(query, ["-inner"]) == {"found": 2, "maybe": 29, "total": 49}
    assert on.ask({"and": [query]}, [])["maybe"] == 49


def test_columns_and_counts_are_told_as_json() -> None:
    on = screen()
    kinds = {one["name"]: one["kind"] for one in on.columns()}
    assert (kinds["state"], kinds["people"], kinds["data.size"]) == ("code", "list", "number")
    assert (kinds["data.city"], kinds["data.text"]) == ("code", "code")
    on.ask(q("done", "greater", 0), [])
    counted = on.counted(["state", "agreement", "length.text"], 10)
    assert counted["state"]["values"] == [["working", 25], ["agreed", 25], ["disagree", 25]]
    assert sum(n for _, _, n in counted["agreement"]["bins"]) == 75
    assert counted["length.text"]["bins"]


def test_a_screen_without_tasks_finds_nothing() -> None:
    on = Screen()
    assert on.ask(None, ["-updated"]) == {"found": 0, "maybe": 0, "total": 0}
    assert (on.window(0, 50), on.doubtful(9), on.place(1)) == ([], [], None)
