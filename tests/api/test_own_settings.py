"""Settings of a person: whoever is known has them, nobody else sees them, and they stay small."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.people import Browser, Process


def test_settings_follow_an_invited_person_and_are_nobody_elses(owner: Browser, server: Process) -> None:
    project = owner.project()
    ana, li = Browser(server.url), Browser(server.url)
    ana.join(project.invite, "Ana")
    li.join(project.invite, "Li")
    assert ana.call("GET", "/api/me/settings") == {}
    wanted: dict[str, Any] = {"keys": {"commands": {"region.hide": "v"}, "labels": {}}, "names": False, "zoom": 1.5}
    assert ana.call("PUT", "/api/me/settings", wanted) == wanted
    assert ana.call("GET", "/api/me/settings") == wanted
    assert li.call("GET", "/api/me/settings") == {}
    assert ana.call("PUT", "/api/me/settings", {"names": True}) == {"names": True}, "the whole object is another"


def test_a_stranger_has_no_settings(server: Process) -> None:
    assert Browser(server.url).call("GET", "/api/me/settings", status=401)["problems"][0]["code"]
    assert Browser(server.url).call("PUT", "/api/me/settings", {}, status=401)["problems"][0]["code"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param({"keys": "ä" * 8200}, 413, "too-big", id="more than 16 KB in UTF-8"),
        pytest.param([1, 2], 400, "bad-member", id="no object"),
    ],
)
def test_other_settings_are_refused_and_change_nothing(
    owner: Browser, server: Process, body: Any, status: int, code: str
) -> None:
    browser = Browser(server.url)
    browser.join(owner.project().invite, "Ana")
    browser.call("PUT", "/api/me/settings", {"names": False})
    assert browser.call("PUT", "/api/me/settings", body, status=status)["problems"][0]["code"] == code
    assert browser.call("GET", "/api/me/settings") == {"names": False}
