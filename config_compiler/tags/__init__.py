"""The tags of the language as tables: data only. Code asks :mod:`config_compiler.tags.registry`."""
