"""
XML config -> plan, or diagnostics.

``compile_config(source)`` reads the text (:mod:`reader`), gives every element its tag and typed attributes
(:mod:`tree`, :mod:`attrs`), checks what belongs together (:mod:`check`, :mod:`conditions`, :mod:`hotkeys`, :mod:`data`)
and lowers it to the plan (:mod:`lower`, :mod:`plan`). It reports all problems at once and never raises for what a
config contains.
"""

from __future__ import annotations

from config_compiler.compiler import CompileResult, compile_config, compile_json
from config_compiler.diagnostics import Diagnostic

__all__ = ["CompileResult", "Diagnostic", "compile_config", "compile_json"]
