"""Benchmarks. Each is one command (`python -m bench NAME`) that prints a table; README.md defines every number."""
