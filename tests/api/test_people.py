"""Links with limits, roles that change, people who are removed: what counts at once, and what holds under races."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys, setup
from chalicelib.storage.ports import Put

from tests.api.door import Door, Said
from tests.api.inside import Inside, opened
from tests.api.people import CHOICES, texts


@dataclass
class House:
    """A project of Root, the owner of the server."""

    inside: Inside
    root: Door = field(default_factory=Door)
    project: int = 0

    @property
    def path(self) -> str:
        return f"/api/projects/{self.project}"

    def link(self, role: str = "annotator", **more: Any) -> Any:
        return self.root.call("POST", f"{self.path}/invites", {"role": role, **more}, status=201)

    def person(self, name: str, role: str = "annotator", link: Any = None) -> Door:
        door = Door()
        door.join((link or self.link(role))["token"], name)
        return door

    def role_of(self, door: Door) -> str | None:
        rows = self.root.call("GET", f"{self.path}/people")["people"]
        return next((row["role"] for row in rows if row["id"] == door.person), None)

    def set_role(self, by: Door, of: Door, role: str) -> Said:
        return by.ask("PATCH", f"{self.path}/people/{of.person}", {"role": role})

    def remove(self, by: Door, of: Door) -> Said:
        return by.ask("DELETE", f"{self.path}/people/{of.person}")


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    with opened(folder) as inside:
        made = House(inside)
        made.root.join(setup.first_start(inside.world, "https://x").token, "Root")
        body = {"title": "Moods", "label_config": CHOICES}
        made.project = made.root.call("POST", "/api/projects", body, status=201)["id"]
        made.root.call("POST", f"{made.path}/import", texts(3), status=201)
        yield made


def test_a_link_for_two_lets_in_exactly_two_of_sixteen_who_come_at_once(house: House) -> None:
    token, start = house.link(max_uses=2)["token"], threading.Barrier(16)

    def come(n: int) -> Said:
        start.wait()
        return Door().ask("POST", "/api/session", {"invite": token, "name": f"P{n}"})

    with ThreadPoolExecutor(16) as pool:
        said = list(pool.map(come, range(16)))
    assert sorted(answer.status for answer in said) == [201] * 2 + [410] * 14
    assert {answer.code for answer in said if answer.status == 410} == {"link-used-up"}
    shown = house.root.call("GET", f"{house.path}/invites")["invites"][0]
    assert (shown["uses"], shown["max_uses"], len(shown["people"])) == (2, 2, 2)


def test_many_may_join_by_a_free_link_at_once(house: House) -> None:
    token, start = house.link()["token"], threading.Barrier(16)

    def come(n: int) -> int:
        start.wait()
        return Door().ask("POST", "/api/session", {"invite": token, "name": f"P{n}"}).status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(come, range(16))) == {201}
    assert house.root.call("GET", f"{house.path}/invites")["invites"][0]["uses"] == 16


def test_opening_a_link_again_is_no_second_use(house: House) -> None:
    link = house.link(max_uses=1)
    ana = house.person("Ana", link=link)
    ana.join(link["token"])
    assert Door().ask("POST", "/api/session", {"invite": link["token"], "name": "Ben"}).code == "link-used-up"


def test_a_link_never_lowers_a_role(house: House) -> None:
    ana = house.person("Ana", "reviewer")
    ana.join(house.link("viewer")["token"])
    assert house.role_of(ana) == "reviewer"
    ana.join(house.link("manager")["token"])
    assert house.role_of(ana) == "manager"


def test_an_owner_of_a_project_is_no_owner_of_the_server(house: House) -> None:
    olga = house.person("Olga", "owner")
    assert olga.call("GET", "/api/session")["person"]["role"] == "annotator"
    assert [p["id"] for p in olga.call("GET", "/api/projects")["results"]] == [house.project]
    assert olga.ask("POST", "/api/projects", {"title": "T", "label_config": CHOICES}).code == "owner-only"
    other = house.root.call("POST", "/api/projects", {"title": "B", "label_config": CHOICES}, status=201)["id"]
    assert olga.ask("GET", f"/api/projects/{other}").status == 404
    olga.call("DELETE", house.path, status=204)


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_only_owners_make_links_for_owners_and_managers(house: House, role: str) -> None:
    mia = house.person("Mia", "manager")
    assert mia.ask("POST", f"{house.path}/invites", {"role": role}).code == "not-allowed"
    mia.call("POST", f"{house.path}/invites", {"role": "reviewer"}, status=201)
    link = house.link(role)
    assert mia.ask("DELETE", f"/api/invites/{link['id']}").code == "not-allowed"


def test_a_manager_cannot_raise_themself_or_touch_owners(house: House) -> None:
    mia, olga, ana = house.person("Mia", "manager"), house.person("Olga", "owner"), house.person("Ana")
    assert house.set_role(mia, mia, "owner").code == "not-allowed"
    assert house.set_role(mia, ana, "manager").code == "not-allowed"
    assert house.set_role(mia, olga, "viewer").code == "not-allowed"
    assert house.remove(mia, olga).code == "not-allowed"
    assert house.set_role(mia, ana, "reviewer").status == 200
    assert house.role_of(ana) == "reviewer"


def test_a_new_role_counts_from_the_next_request_on(house: House) -> None:
    ana = house.person("Ana")
    assert ana.ask("GET", f"{house.path}/tasks").code == "not-allowed"
    house.set_role(house.root, ana, "viewer")
    ana.call("GET", f"{house.path}/tasks")
    assert ana.ask("GET", f"{house.path}/next").code == "not-allowed"


def test_who_is_removed_is_a_stranger_at_once_and_the_link_does_not_let_them_in_again(house: House) -> None:
    link = house.link()
    ana = house.person("Ana", link=link)
    task = ana.call("GET", f"{house.path}/next")["task"]["id"]
    token = ana.call("POST", "/api/tokens", {"name": "T", "scope": ["write"]}, status=201)["token"]
    assert house.remove(house.root, ana).status == 204
    for path in (f"{house.path}/next", f"/api/tasks/{task}/work"):
        assert ana.ask("GET", path).status == 404
        assert Door(token).ask("GET", path).status == 404
    assert ana.ask("POST", "/api/session", {"invite": link["token"]}).code == "link-removed"
    ana.join(house.link()["token"])
    ana.call("GET", f"{house.path}/next")
    assert house.remove(house.root, Door(person=999)).status == 404


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param(lambda house, ana: house.set_role(house.root, ana, "viewer"), id="given another role by hand"),
        pytest.param(lambda house, ana: ana.join(house.link("reviewer")["token"]), id="raised by a second link"),
    ],
)
def test_no_link_of_before_lets_in_who_was_removed(house: House, moved: Callable[[House, Door], Any]) -> None:
    link, another = house.link(), house.link()
    ana = house.person("Ana", link=link)
    moved(house, ana)
    assert house.remove(house.root, ana).status == 204
    for old in (link, another):
        assert ana.ask("POST", "/api/session", {"invite": old["token"]}).code == "link-removed"
    assert ana.ask("GET", f"{house.path}/next").status == 404
    ana.join(house.link()["token"])
    assert house.role_of(ana) == "annotator"


def test_the_last_owner_of_a_project_stays(house: House) -> None:
    olga, otto = house.person("Olga", "owner"), house.person("Otto", "owner")
    assert house.remove(olga, otto).status == 204
    assert house.remove(olga, olga).code == "last-owner"
    assert house.set_role(olga, olga, "viewer").code == "last-owner"
    assert house.remove(house.root, olga).status == 204, "the owner of the server owns it still"


def test_two_owners_who_remove_each_other_leave_one(house: House) -> None:
    for _ in range(5):
        pair = [house.person("Olga", "owner"), house.person("Otto", "owner")]
        start = threading.Barrier(2)

        def remove(by: Door, of: Door, start: threading.Barrier = start) -> int:
            start.wait()
            return house.remove(by, of).status

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(remove, pair, reversed(pair)))
        roles = [house.role_of(door) for door in pair]
        assert roles.count("owner") >= 1, (said, roles)
        for door in pair:
            house.remove(house.root, door)


def test_an_owner_of_the_server_cannot_be_removed_from_a_project(house: House) -> None:
    house.root.join(house.link("viewer")["token"])
    assert house.remove(house.person("Olga", "owner"), house.root).code == "owns-server"


def test_a_link_ends_with_its_people(house: House) -> None:
    link = house.link()
    ana, ben = house.person("Ana", link=link), house.person("Ben", link=link)
    cas = house.person("Cas")
    house.set_role(house.root, ben, "reviewer")
    house.root.call("DELETE", f"/api/invites/{link['id']}?and_people=1", status=204)
    assert ana.ask("GET", f"{house.path}/next").status == 404
    assert Door().ask("POST", "/api/session", {"invite": link["token"], "name": "Dan"}).code == "link-revoked"
    ben.call("GET", f"{house.path}/next")  # has the place by another hand since
    cas.call("GET", f"{house.path}/next")


def test_a_link_that_ends_keeps_its_people_unless_asked(house: House) -> None:
    link = house.link()
    ana = house.person("Ana", link=link)
    house.root.call("DELETE", f"/api/invites/{link['id']}", status=204)
    ana.call("GET", f"{house.path}/next")


def test_an_owner_link_of_the_server_ends_with_its_people_except_who_ends_it(house: House) -> None:
    link = setup.first_start(house.inside.world, "https://x")
    one, two = Door(), Door()
    one.join(link.token, "One")
    two.join(link.token, "Two")
    token = two.call("POST", "/api/tokens", {"name": "T", "scope": ["own"]}, status=201)["token"]
    id_ = int(link.token.partition(".")[0])
    one.call("DELETE", f"/api/invites/{id_}?and_people=1", status=204)
    assert two.ask("GET", "/api/session").status == 401
    assert Door(token).ask("GET", "/api/session").status == 401
    one.call("GET", "/api/audit")


def test_a_bound_link_asks_for_its_address(house: House) -> None:
    link = house.link(email="Ana.Lee@Example.org")
    said = Door().call("POST", "/api/invites/preview", {"invite": link["token"]})
    assert (said["bound_to"], said["needs"]) == ("a…@example.org", "email")
    join = {"invite": link["token"], "name": "Ana"}
    assert Door().ask("POST", "/api/session", join).code == "address-needed"
    assert Door().ask("POST", "/api/session", {**join, "email": "ben@example.org"}).code == "address-needed"
    Door().call("POST", "/api/session", {**join, "email": " ana.lee@example.org "}, status=201)
    shown = house.root.call("GET", f"{house.path}/invites")["invites"][0]
    assert shown["email"] == "ana.lee@example.org"


@pytest.mark.parametrize("email", ["ana", "ana@", "@x.org", "a b@x.org", "ana@x"])
def test_what_is_no_address_is_refused(house: House, email: str) -> None:
    assert house.root.ask("POST", f"{house.path}/invites", {"email": email}).code == "bad-member"


def test_groups_are_kept_with_the_person(house: House) -> None:
    ana = house.person("Ana")
    said = house.root.call("PATCH", f"{house.path}/people/{ana.person}", {"groups": ["Blue", "Night"]})
    assert said == {"id": ana.person, "name": "Ana", "role": "annotator", "groups": ["Blue", "Night"]}
    ana.join(house.link("reviewer")["token"])
    row = next(r for r in house.root.call("GET", f"{house.path}/people")["people"] if r["id"] == ana.person)
    assert (row["role"], row["groups"]) == ("reviewer", ["Blue", "Night"])


def test_only_managers_see_addresses(house: House) -> None:
    house.person("Ana")
    viewer = house.person("Vic", "viewer")
    assert all("email" not in row for row in viewer.call("GET", f"{house.path}/people")["people"])
    assert all("email" in row for row in house.root.call("GET", f"{house.path}/people")["people"])


def test_label_studios_list_of_users_tells_addresses_to_managers_only(house: House) -> None:
    ana = house.person("Ana")
    viewer, manager = house.person("Vic", "viewer"), house.person("Max", "manager")
    profile = house.inside.world.records.get(*keys.person(ana.person))
    assert profile is not None
    signed_in = {**profile.body, "email": "ana@example.org"}
    house.inside.world.records.transact([Put(profile.pk, profile.sk, signed_in, expect=profile.version)])

    def told(door: Door) -> str:
        return json.dumps([door.call("GET", "/api/users"), door.call("GET", f"/api/users/{ana.person}")])

    assert "Ana" in told(viewer)
    assert "ana@example.org" not in told(viewer)
    assert "ana@example.org" in told(manager)
    assert "ana@example.org" in json.dumps(ana.call("GET", "/api/users"))
