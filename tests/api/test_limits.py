"""How often one may ask, and answers that have not changed."""

from __future__ import annotations

import pytest
from chalicelib.limits import Limits, Rate
from chalicelib.problems import Refusal

from tests.api.inside import Clock
from tests.api.people import Browser, Process


def test_a_burst_is_fine_and_more_is_refused_until_the_bucket_has_filled_again() -> None:
    clock = Clock()
    limits = Limits(clock, {"session": Rate(per_s=2, burst=5)})
    for _ in range(5):
        limits.take("session", "7")
    with pytest.raises(Refusal) as refused:
        limits.take("session", "7")
    assert refused.value.status == 429
    assert refused.value.headers == {"Retry-After": "1"}
    limits.take("session", "8")  # somebody else's bucket
    clock.now += 0.5
    limits.take("session", "7")
    with pytest.raises(Refusal):
        limits.take("session", "7")
    clock.now += 1_000
    for _ in range(5):
        limits.take("session", "7")
    with pytest.raises(Refusal):
        limits.take("session", "7")


def test_full_buckets_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.limits.MOST", 3)
    clock = Clock()
    limits = Limits(clock, {"anyone": Rate(per_s=1, burst=2)})
    for n in range(10):
        limits.take("anyone", str(n))
    assert len(limits._buckets) <= 3
    limits.take("anyone", "9")
    with pytest.raises(Refusal):
        limits.take("anyone", "9")


def test_what_has_not_changed_is_not_sent_again(server: Process, owner: Browser) -> None:
    project = owner.project()
    path = f"/api/projects/{project.id}"
    first = owner.http.get(path)
    tag = first.headers["etag"]
    again = owner.http.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    owner.call("PATCH", path, {"title": "Changed"})
    changed = owner.http.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.json()["title"] == "Changed"
