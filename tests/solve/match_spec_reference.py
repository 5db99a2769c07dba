"""A slow second opinion on match specs: made from their meaning, then written down.

Shares no code with mm: versions through `version_reference`, patterns through `fnmatch`.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import version_reference
from hypothesis import strategies as st

Test = Callable[[dict[str, Any]], bool]

MD5S = ["0bab699354cbd66959550eb9b9866620", "ffffffffffffffffffffffffffffffff"]

records = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["numpy", "python", "py"]),
        "version": version_reference.version_texts(),
        "build": st.sampled_from(["py38_0", "py27_0", "py38_1", "h1.2+x", "0"]),
        "build_number": st.integers(0, 2),
        "subdir": st.sampled_from(["linux-64", "noarch"]),
        "md5": st.sampled_from(MD5S),
        "license": st.sampled_from(["MIT", "mit", "BSD-3-Clause", "GPL-2.0-or-later AND MIT"]),
        "license_family": st.sampled_from(["MIT", "GPL", None]),
        "track_features": st.sampled_from(["", "mkl", "mkl,debug"]),
        "flags": st.sampled_from([(), ("cuda",), ("blas:mkl", "cuda"), ("blas:openblas",)]),
        "fn": st.sampled_from(["numpy-1-0.conda", "x-1-0.tar.bz2"]),
    }
)


class Part(NamedTuple):
    """One thing that is asked: how it is written, and who meets it."""

    text: str
    test: Test


def _glob(field: str, pattern: str, fold: bool = False) -> Test:
    def test(record: dict[str, Any]) -> bool:
        value = record[field]
        if value is None:
            return False
        return fnmatchcase(value.lower(), pattern.lower()) if fold else fnmatchcase(value, pattern)

    return test


names = st.sampled_from(["numpy", "python", "py*", "*", "*o*"]).map(
    lambda pattern: Part(pattern, _glob("name", pattern))
)

builds = st.sampled_from(["py38_0", "py38_*", "*_0", "*", "*8*", "h1.2+x", "0"]).map(
    lambda pattern: Part(pattern, _glob("build", pattern))
)


@st.composite
def clauses(draw: st.DrawFn) -> Part:
    version = draw(version_reference.version_texts()).lower()
    kind = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "=", ".*", "!.*"]))

    def order(record: dict[str, Any]) -> int:
        return version_reference.compare(record["version"], version)

    def in_series(record: dict[str, Any]) -> bool:
        return version_reference.starts_with(record["version"], version)

    tests: dict[str, Test] = {
        "==": lambda record: order(record) == 0,
        "!=": lambda record: order(record) != 0,
        "<": lambda record: order(record) < 0,
        "<=": lambda record: order(record) <= 0,
        ">": lambda record: order(record) > 0,
        ">=": lambda record: order(record) >= 0,
        "=": in_series,
        ".*": in_series,
        "!.*": lambda record: not in_series(record),
    }
    text = {".*": f"{version}.*", "!.*": f"!={version}.*"}.get(kind, f"{kind}{version}")
    return Part(text, tests[kind])


def _joined(parts: list[Part], mark: str) -> Part:
    decide = all if mark == "," else any
    text = mark.join(f"({part.text})" if "|" in part.text else part.text for part in parts)
    return Part(text, lambda record: decide(part.test(record) for part in parts))


versions = st.recursive(
    clauses(),
    lambda inner: st.builds(
        _joined, st.lists(inner, min_size=2, max_size=2), st.sampled_from([",", "|"])
    ),
    max_leaves=4,
)

numbers = st.builds(
    lambda symbol, number: Part(
        f"{symbol}{number}",
        lambda record: {
            "": record["build_number"] == number,
            "!=": record["build_number"] != number,
            "<": record["build_number"] < number,
            ">=": record["build_number"] >= number,
        }[symbol],
    ),
    st.sampled_from(["", "!=", "<", ">="]),
    st.integers(0, 2),
)


def _prose(field: str, patterns: list[str]) -> st.SearchStrategy[Part]:
    return st.sampled_from(patterns).map(lambda p: Part(p, _glob(field, p, fold=True)))


def _features(words: list[str]) -> Part:
    def test(record: dict[str, Any]) -> bool:
        return set(words) <= set(record["track_features"].split(","))

    return Part(" ".join(words), test)


def _flags(patterns: list[str]) -> Part:
    def test(record: dict[str, Any]) -> bool:
        return all(any(fnmatchcase(flag, p) for flag in record["flags"]) for p in patterns)

    return Part("[" + ", ".join(f"'{pattern}'" for pattern in patterns) + "]", test)


KEYS: dict[str, st.SearchStrategy[Part]] = {
    "version": versions,
    "build": builds,
    "build_number": numbers,
    "subdir": st.sampled_from(["linux-64", "noarch", "linux-64,noarch"]).map(
        lambda text: Part(text, lambda record: record["subdir"] in text.split(","))
    ),
    "md5": st.sampled_from(MD5S).map(lambda md5: Part(md5, lambda r: r["md5"] == md5)),
    "license": _prose("license", ["mit", "BSD-*", "*MIT*", "GPL"]),
    "license_family": _prose("license_family", ["MIT", "g*"]),
    "fn": _prose("fn", ["*.conda", "numpy-1-0.conda"]),
    "track_features": st.lists(
        st.sampled_from(["mkl", "debug"]), min_size=1, max_size=2, unique=True
    ).map(_features),
    "flags": st.lists(
        st.sampled_from(["cuda", "blas:*", "blas:mkl", "*cu*"]), min_size=1, max_size=2
    ).map(_flags),
}


@st.composite
def specs(draw: st.DrawFn) -> tuple[str, Test]:
    """A match spec in one of its spellings, and what it means."""
    name = draw(names)
    keys = draw(st.lists(st.sampled_from(list(KEYS)), max_size=4, unique=True))
    parts = {key: draw(KEYS[key]) for key in keys}
    text, outside = name.text, set()
    if "version" in parts and draw(st.booleans()):
        outside.add("version")
        text += draw(st.sampled_from([" ", "  "])) + parts["version"].text
        if "build" in parts and draw(st.booleans()) and not _is_series(parts["version"].text):
            outside.add("build")
            text += " " + parts["build"].text
    items = []
    for key in keys:
        if key not in outside:
            quote = "" if key == "flags" else draw(st.sampled_from("\"'"))
            items.append(f"{key}={quote}{parts[key].text}{quote}")
    if items:
        text += f"[{draw(st.sampled_from([',', ', ', ' , '])).join(items)}]"
    tests = [name.test, *(part.test for part in parts.values())]
    return text, lambda record: all(test(record) for test in tests)


def _is_series(version: str) -> bool:
    """``=V BUILD`` is an exact version, whatever ``=V`` is alone."""
    return version.startswith("=") and not version.startswith("==")
