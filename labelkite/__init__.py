"""Labelkite: data labeling as a static site plus one small Lambda."""

__version__ = "0.1.0"
