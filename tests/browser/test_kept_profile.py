"""The browser that people of many tests use one after the other: the site stays in it, nothing of a person does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import KeptProfile, Person, Returning, Running, join, python_ready
from .test_two_annotators import make_project, saved

pytestmark = pytest.mark.browser

CONFIG = """<View><Text name="t" value="$text"/>
  <Choices name="mood" toName="t"><Choice value="Calm"/><Choice value="Busy"/></Choices></View>"""
PERSONAL = """(async () => ({
  local: Object.keys(localStorage), tab: Object.keys(sessionStorage),
  stored: (await indexedDB.databases()).map((one) => one.name),
}))()"""
SITE = "(async () => [(await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length])()"


def test_whoever_comes_next_finds_the_site_and_nothing_of_the_person_before(
    server: Running, kept_profile: KeptProfile
) -> None:
    _, link = make_project(server, "Kept", [{"text": "One"}, {"text": "Two"}], CONFIG)
    ana = Returning(kept_profile, 1280, 800, dark=True)
    join(ana.page, link, "Ana")
    python_ready(ana.page)
    ana.page.get_by_role("radio", name="Calm").check()
    saved(ana.page)
    ana.page.evaluate("localStorage.setItem('left', 'behind'); sessionStorage.setItem('left', 'behind')")
    ana.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    left = ana.page.evaluate(PERSONAL)
    assert all(left.values()), left
    assert ana.context.cookies()
    ana.open()  # a second page of hers
    ana.context.set_offline(True)
    ana.leave()
    assert ana.complaints == []

    ben = Returning(kept_profile, 800, 600, dark=False)
    assert len(ben.context.pages) == 2  # his and the one that keeps the browser up
    assert ben.context.cookies() == []
    ben.page.goto(f"{server.url}/sw.js")  # a document of the site that runs nothing
    assert ben.page.evaluate(PERSONAL) == {"local": [], "tab": [], "stored": []}
    assert ben.page.evaluate(SITE) == [1, 1]
    assert ben.page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [800, False]
    ben.leave()


def test_two_people_of_one_test_do_not_share_a_profile(
    kept_profile: KeptProfile, person: Callable[..., Person]
) -> None:
    ana, ben = person(returning=True), person(returning=True)
    assert ana.context is kept_profile.context
    assert ben.context is not kept_profile.context
