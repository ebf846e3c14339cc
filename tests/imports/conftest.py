"""Hypothesis without deadlines: how long an example takes depends on the machine, not on the code."""

from hypothesis import settings

settings.register_profile("labelkite", deadline=None)
settings.load_profile("labelkite")
