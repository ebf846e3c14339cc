"""The demo: two small projects, made and labeled through the public API like anybody else's."""

from __future__ import annotations

from labelkite.demo.create import DemoLinks, create

__all__ = ["DemoLinks", "create"]
