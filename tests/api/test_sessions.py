"""Links, sessions and tokens: who gets in, as whom, and what a dead link says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from chalicelib import keys, models, setup, tokens
from chalicelib import sessions as session_rows
from chalicelib.auth import Caller
from chalicelib.handlers import invites, sessions
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Put

from tests.api.door import Door
from tests.api.inside import Inside, opened
from tests.api.people import Browser, Process, Project, texts


def test_a_second_browser_with_the_same_link_is_another_person(owner: Browser, server: Process) -> None:
    project = owner.project()
    one, two = Browser(server.url), Browser(server.url)
    assert one.join(project.invite, "Ana")["person"]["id"] != two.join(project.invite, "Ana")["person"]["id"]


def test_the_same_browser_stays_the_same_person(owner: Browser, server: Process) -> None:
    project, other = owner.project(), owner.project()
    browser = Browser(server.url)
    first = browser.join(project.invite, "Ana")
    assert browser.join(project.invite, "")["person"] == first["person"]
    assert len(browser.join(other.invite, "")["projects"]) == 2


def test_joining_needs_a_name(owner: Browser, server: Process) -> None:
    body = {"invite": owner.project().invite, "name": "  "}
    said = Browser(server.url).call("POST", "/api/session", body, status=400)
    assert said["problems"][0]["message"] == "Please type your name."


def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(owner: Browser, server: Process) -> None:
    browser = Browser(server.url)
    answer = browser.http.post("/api/session", json={"invite": owner.project().invite, "name": "Ana"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("kite_session=")
    for part in ("; Path=/", "; HttpOnly", "; SameSite=Lax", f"; Max-Age={30 * 24 * 3600}"):
        assert part in cookie
    assert "Secure" not in cookie, "this server is reached over http"


def test_a_preview_tells_the_project_and_whether_a_name_is_needed(owner: Browser, server: Process) -> None:
    project = owner.project(expert_instruction="Be kind.")
    browser = Browser(server.url)
    said = browser.call("POST", "/api/invites/preview", {"invite": project.invite})
    assert said == {
        "project": {"id": project.id, "title": "Moods", "instructions": "Be kind."},
        "role": "annotator",
        "may": ["label"],
        "needs_name": True,
    }
    browser.join(project.invite, "Ana")
    assert browser.call("POST", "/api/invites/preview", {"invite": project.invite})["needs_name"] is False


def test_leaving_ends_the_session_for_good(owner: Browser, server: Process) -> None:
    browser = Browser(server.url)
    browser.join(owner.project().invite, "Ana")
    cookie = browser.http.cookies["kite_session"]
    browser.call("DELETE", "/api/session", status=204)
    browser.http.cookies.set("kite_session", cookie)
    browser.call("GET", "/api/session", status=401)


def test_an_owner_link_makes_an_annotator_an_owner_with_a_new_session(server: Process, owner: Browser) -> None:
    browser = Browser(server.url)
    browser.join(owner.project().invite, "Ana")
    before, person = browser.http.cookies["kite_session"], browser.person
    assert browser.join(server.owner_link)["person"] == {"id": person, "name": "Ana", "role": "owner"}
    assert browser.http.cookies["kite_session"] != before
    old = Browser(server.url)
    old.http.cookies.set("kite_session", before)
    old.call("GET", "/api/session", status=401)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Origin": "{own}"}, 200, id="own origin"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 200, id="no origin, but the browser says same-origin"),
        pytest.param({}, 403, id="neither"),
        pytest.param({"Origin": "http://evil.example"}, 403, id="another site"),
        pytest.param({"Origin": "null"}, 403, id="opaque origin"),
        pytest.param({"Origin": "http://["}, 403, id="no address at all"),
        pytest.param({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, 403, id="contradiction"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="cross-site"),
    ],
)
def test_a_write_by_cookie_must_come_from_our_own_pages(
    owner: Browser, server: Process, headers: dict[str, str], status: int
) -> None:
    other = Browser(server.url, token="unused")
    del other.http.headers["authorization"]
    other.http.cookies.set("kite_session", owner.http.cookies["kite_session"])
    sent = {name: value.replace("{own}", server.url) for name, value in headers.items()}
    other.call("POST", "/api/projects/validate", {"label_config": "<View/>"}, headers=sent, status=status)


def test_scripts_need_no_origin(server: Process) -> None:
    script = Browser(server.url, token=server.token)
    assert script.call("GET", "/api/session")["person"]["role"] == "owner"
    script.call("POST", "/api/projects/validate", {"label_config": "<View/>"})


@pytest.mark.parametrize("header", ["Token nonsense", "Token", "Basic abc", "Bearer x"])
def test_an_unknown_api_token_is_refused(server: Process, header: str) -> None:
    browser = Browser(server.url)
    answer = browser.http.get("/api/projects", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Token"
    assert answer.json()["problems"][0]["code"] == "bad-token"


def test_a_revoked_link_says_so(owner: Browser, server: Process) -> None:
    project = owner.project()
    shown = owner.call("GET", f"/api/projects/{project.id}/invites")["invites"]
    owner.call("DELETE", f"/api/invites/{shown[0]['id']}", status=204)
    said = Browser(server.url).call("POST", "/api/invites/preview", {"invite": project.invite}, status=410)
    assert said["problems"][0]["message"] == "This link was switched off by its owner."
    assert owner.call("GET", f"/api/projects/{project.id}/invites")["invites"][0]["revoked"] is True


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"), id="one letter of the signature"),
        pytest.param(lambda token: token.replace(".", ".9", 1), id="a later expiry"),
        pytest.param(lambda token: "9" + token, id="another id"),
        pytest.param(lambda token: token[:20], id="cut off"),
        pytest.param(lambda token: "", id="nothing"),
        pytest.param(lambda token: "…", id="no ASCII"),
    ],
)
def test_a_spoilt_or_foreign_link_says_so(owner: Browser, server: Process, spoil: Callable[[str], str]) -> None:
    said = Browser(server.url).call(
        "POST", "/api/invites/preview", {"invite": spoil(owner.project().invite)}, status=404
    )
    assert said["problems"][0]["code"] == "link-unknown"
    assert "ask the person who sent it for a new one" in said["problems"][0]["hint"]


def test_a_link_of_a_deleted_project_says_so(owner: Browser, server: Process) -> None:
    project = owner.project()
    owner.call("DELETE", f"/api/projects/{project.id}", status=204)
    said = Browser(server.url).call("POST", "/api/session", {"invite": project.invite, "name": "Ana"}, status=410)
    assert said["problems"][0]["code"] == "link-project-gone"


def test_an_expired_link_says_so(folder: Path) -> None:
    with opened(folder) as inside:
        token = invites.make(inside.world, role="annotator", project_id=inside.project(0), days=2, created_by=0)
        inside.clock.now += 2 * 24 * 3600 - 1
        assert invites.opened(inside.world, token.text)[0].body["role"] == "annotator"
        inside.clock.now += 2
        with pytest.raises(Refusal, match=r"^This link has expired\.$") as refused:
            invites.opened(inside.world, token.text)
        assert refused.value.problems[0]["hint"] == "Ask the person who sent it for a new one."


DAY_S = 24 * 3600


@dataclass
class Signed:
    """Ana's browser, without a server."""

    inside: Inside
    door: Door
    project: int

    @property
    def token(self) -> str:
        return self.door.cookies["kite_session"]

    def works(self, token: str = "") -> bool:
        door = Door(cookies={"kite_session": token}) if token else self.door
        return door.ask("GET", "/api/session").status == 200

    def later(self, seconds: float) -> None:
        self.inside.clock.now += seconds


@pytest.fixture
def ana(folder: Path) -> Iterator[Signed]:
    with opened(folder) as inside:
        project = inside.project(1)
        link = invites.make(inside.world, role="annotator", project_id=project, days=365, created_by=0)
        door = Door()
        door.join(link.text, "Ana")
        yield Signed(inside, door, project)


def test_a_session_ends_after_thirty_days_without_use(ana: Signed) -> None:
    ana.later(30 * DAY_S - 1)
    token = ana.token
    assert ana.works()
    assert ana.token != token, "used again: it goes on with a new token"
    ana.later(30 * DAY_S + 1)
    assert not ana.works()


def test_a_session_that_is_used_goes_on_for_ever_with_a_new_token_each_day(ana: Signed) -> None:
    tokens_seen = {ana.token}
    for _ in range(60):
        ana.later(DAY_S)
        assert ana.works()
        tokens_seen.add(ana.token)
    assert len(tokens_seen) == 61
    assert len(ana.door.call("GET", "/api/sessions")["sessions"]) == 1


def test_an_old_token_ends_soon_after_the_new_one_was_used(ana: Signed) -> None:
    old = ana.token
    ana.later(DAY_S)
    assert ana.works()  # brings the new token
    assert ana.works()  # uses it
    ana.later(session_rows.GRACE_S - 1)
    assert ana.works(old), "requests that were under way"
    ana.later(2)
    assert not ana.works(old)
    assert ana.works()


def test_a_lost_answer_with_the_new_token_signs_nobody_out(ana: Signed) -> None:
    old = ana.token
    ana.later(DAY_S)
    assert ana.works()
    lost = ana.token
    ana.door.cookies["kite_session"] = old
    ana.later(session_rows.LOST_S - 1)
    assert ana.works()
    assert ana.token == old, "the new one may still be on its way"
    ana.later(2)
    assert ana.works()
    assert ana.token not in (old, lost)
    assert not ana.works(lost)
    ana.later(7 * DAY_S)
    assert ana.works()


def test_requests_at_the_same_moment_get_one_new_token(ana: Signed) -> None:
    ana.later(DAY_S)
    old, start = ana.token, threading.Barrier(8)

    def request() -> str:
        door = Door(cookies={"kite_session": old})
        start.wait()
        assert door.ask("GET", "/api/session").status == 200
        return door.cookies["kite_session"]

    with ThreadPoolExecutor(8) as pool:
        got = [future.result() for future in [pool.submit(request) for _ in range(8)]]
    assert len(set(got) - {old}) == 1
    assert len(got) == 8


def test_leaving_with_a_new_token_ends_the_old_one_too(ana: Signed) -> None:
    old = ana.token
    ana.later(DAY_S)
    assert ana.works()
    new = ana.token
    ana.door.call("DELETE", "/api/session", status=204)
    assert not ana.works(new)
    assert not ana.works(old)


def test_everywhere_ends_every_browser_of_the_person_and_no_other(ana: Signed) -> None:
    doors = [Door() for _ in range(3)]
    for door in doors:
        token, made = session_rows.new(ana.inside.world, ana.door.person, "Ana", "annotator", agent="Firefox")
        ana.inside.world.records.transact(made)
        door.cookies["kite_session"] = token
    link = invites.make(ana.inside.world, role="annotator", project_id=ana.project, days=365, created_by=0)
    ben = Door()
    ben.join(link.text, "Ben")
    shown = ana.door.call("GET", "/api/sessions")["sessions"]
    assert [row["current"] for row in shown].count(True) == 1
    assert [row["agent"] for row in shown].count("Firefox") == 3
    ana.later(DAY_S)
    before = doors[0].cookies["kite_session"]
    doors[0].call("GET", "/api/session")
    ana.door.call("DELETE", "/api/session?everywhere=1", status=204)
    for door in (*doors, ana.door, Door(cookies={"kite_session": before})):
        assert door.ask("GET", "/api/session").status == 401
    ben.call("GET", "/api/session")


def test_a_session_of_the_release_before_goes_on(ana: Signed) -> None:
    """Its row had no id and no time, and was in no list."""
    end = int(ana.inside.clock.now) + 1000
    body = {"person": ana.door.person, "name": "Ana", "role": "annotator", "expires_at": end}
    ana.inside.world.records.transact([Put(*keys.session(tokens.digest("old")), body, expect=0, expires_at=end)])
    ana.door.cookies["kite_session"] = "old"
    assert ana.works()
    assert ana.token != "old"
    ana.later(2000)
    assert ana.works()
    assert len(ana.door.call("GET", "/api/sessions")["sessions"]) == 2


def test_what_reads_without_a_new_day_writes_nothing(ana: Signed) -> None:
    assert "set-cookie" not in ana.door.ask("GET", "/api/session").headers
    assert ana.works()


def test_each_start_makes_a_new_owner_link_and_ends_those_nobody_opened(folder: Path) -> None:
    with opened(folder) as inside:
        first = setup.first_start(inside.world, "http://127.0.0.1:1")
        second = setup.first_start(inside.world, "http://127.0.0.1:1/")
        assert second.url == f"http://127.0.0.1:1/join#{second.token}"
        with pytest.raises(Refusal, match="switched off"):
            invites.opened(inside.world, first.token)
        said = sessions.join(
            inside.world, Caller(), models.read("Join", {"invite": second.token, "name": "O"}), secure=True
        )
        assert said.headers["Set-Cookie"].endswith("; Secure")
        setup.first_start(inside.world, "http://127.0.0.1:1")
        assert invites.opened(inside.world, second.token)[0].body["role"] == "owner"


def test_no_secret_is_stored_in_the_clear(folder: Path) -> None:
    with opened(folder) as inside:
        project = inside.project(1)
        link = invites.make(inside.world, role="annotator", project_id=project, days=2, created_by=0)
        session, made = session_rows.new(inside.world, 7, "Ana", "annotator")
        inside.world.records.transact(made)
        secrets = [
            link.text,
            session,
            setup.new_api_token(inside.world),
            setup.first_start(inside.world, "http://x").token,
        ]
    stored = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert len(stored) > 10_000
    for secret in secrets:
        assert secret.encode() not in stored
        assert secret.split(".")[-2 if "." in secret else 0].encode() not in stored


def test_annotators_see_their_projects_only(owner: Browser, annotator: Callable[[Project, str], Browser]) -> None:
    mine, other = owner.project(tasks=texts(1)), owner.project(tasks=texts(1))
    ana = annotator(mine, "Ana")
    assert [p["id"] for p in ana.call("GET", "/api/session")["projects"]] == [mine.id]
    ana.call("GET", f"/api/projects/{other.id}/work", status=404)
    said = json.dumps(ana.call("GET", f"/api/projects/{mine.id}/work"))
    assert "label_config" not in said
