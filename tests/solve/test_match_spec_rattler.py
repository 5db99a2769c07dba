"""A second opinion on specs: py-rattler, on ordinary input and on what it reads otherwise."""

from __future__ import annotations

from itertools import product

import pytest

from mm_pkg.record import RepodataRecord
from mm_solve.errors import InvalidSyntax
from mm_solve.match_spec import MatchSpec
from mm_solve.version import Version
from mm_solve.version_spec import VersionSpec

rattler = pytest.importorskip("rattler")

VERSIONS = [
    *("0.9", "1", "1.0", "1.0.0", "1.1", "1.2.3", "1.10", "2", "2.0.1", "10.0", "2024.1.2"),
    *("1.0a1", "1.0rc1", "1.0.dev1", "1.0.post1", "1.1.1_", "1.1.1a", "1!0.5", "1.0+1", "v1.0"),
]

EXPRESSIONS = [
    *("1", "1.0", "==1.0", "=1", "=1.1", "1.*", "1.1.*", "!=1.0", "!=1.1.*", "~=1.0.0", "~=1.0"),
    *("<1", "<=1.0", ">1.0", ">=1.0", ">=1.0,<2", ">=1.0,<2.0a0", "<1|>2", ">=1,<1.5|2.*"),
    *("1.0|1.1|2.*", "(<1|>1.1),!=2", ">1,(<1.2|>=2)", ">=1!0", "*"),
]


def test_order_of_versions() -> None:
    for a, b in product(VERSIONS, VERSIONS):
        x, y = rattler.Version(a), rattler.Version(b)
        ours = (Version(a) > Version(b)) - (Version(a) < Version(b))
        assert ours == (x > y) - (x < y), (a, b)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions(expression: str) -> None:
    ours, theirs = VersionSpec.parse(expression), rattler.VersionSpec(expression)
    for version in VERSIONS:
        assert ours.contains(Version(version)) == theirs.matches(rattler.Version(version)), version


SPECS = [
    "numpy",
    "numpy 1.0",
    "numpy 1.0 py38_0",
    "numpy=1.0",
    "numpy==1.0",
    "numpy=1.0=py38_0",
    "numpy==1.0=py38_0",
    "numpy>=1.0,<2",
    "numpy >=1.0,<2 *_0",
    "numpy 1.* py3*",
    "numpy * *_1",
    "numpy[version='>=1.0,<2']",
    "numpy[build='py3*']",
    "numpy[version=1.0,build_number='>0']",
    "numpy[build_number=0]",
    "numpy[md5=0bab699354cbd66959550eb9b9866620]",
    "conda-forge::numpy >=1",
    "conda-forge/noarch::numpy",
    "numpy[subdir=linux-64]",
    "python >=1",
]


def test_match_specs() -> None:
    md5 = "0bab699354cbd66959550eb9b9866620"
    kinds = product(("0.9", "1.0", "1.0.1", "1.5", "2.0"), ("py38_0", "py38_1", "h_0"), (0, 1))
    for version, build, number in kinds:
        record = RepodataRecord(
            name="numpy",
            version=version,
            build=build,
            build_number=number,
            subdir="linux-64",
            md5=md5,
        )
        theirs = rattler.PackageRecord(
            name="numpy",
            version=version,
            build=rattler.BuildString(build),
            build_number=number,
            subdir="linux-64",
            md5=bytes.fromhex(md5),
        )
        for text in SPECS:
            if "/noarch::" in text:
                continue  # py-rattler leaves the platform to whoever has the record.
            assert MatchSpec.parse(text).matches(record) == rattler.MatchSpec(text).matches(theirs)


PRINTED_OTHERWISE = {
    "numpy * *_1": "any version is no version",
    "numpy[build_number=0]": "mm prints '=0', as micromamba; py-rattler reads no '='",
    "conda-forge/noarch::numpy": "mm prints 'conda-forge[noarch]', as micromamba",
}
"""Spec -> why py-rattler does not read what mm prints as it reads the spec."""


@pytest.mark.parametrize("text", [text for text in SPECS if text not in PRINTED_OTHERWISE])
def test_what_mm_prints_means_the_same_to_rattler(text: str) -> None:
    theirs, again = rattler.MatchSpec(text), rattler.MatchSpec(str(MatchSpec.parse(text)))
    assert str(again) == str(theirs)


REFUSED_BY = {
    # text: (by mm, by rattler)
    "numpy >=": (True, True),
    "numpy 1..2": (True, True),
    "numpy[verison=1]": (True, True),
    "numpy[md5=12]": (True, True),
    "numpy >=1.0 <2": (True, False),
    "numpy[when='']": (True, True),
    "foo[extras=[a,,b]]": (True, True),
    "foo[extras=[A]]": (True, True),
    "pack@ge": (True, True),
    "numpy ^1.*$": (False, True),
    "numpy 1.*.3": (False, True),
    "numpy != 1.*.3": (False, True),
    "numpy (optional)": (False, False),
    "": (True, True),
}


@pytest.mark.parametrize("text", REFUSED_BY)
def test_what_is_refused(text: str) -> None:
    def refused_by_mm() -> bool:
        try:
            MatchSpec.parse(text)
        except InvalidSyntax:
            return True
        return False

    def refused_by_rattler() -> bool:
        try:
            rattler.MatchSpec(text)
        except Exception:
            return True
        return False

    assert (refused_by_mm(), refused_by_rattler()) == REFUSED_BY[text]
