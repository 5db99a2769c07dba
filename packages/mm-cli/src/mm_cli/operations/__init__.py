"""The story that commands share: load, solve, show, confirm, fetch, apply, report.

The only place that knows the order of things; each step below can be run from
a test with plain values.
"""
