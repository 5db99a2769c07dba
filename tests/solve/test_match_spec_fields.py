"""What each part of a match spec means, where errors point, and what reading costs."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from mm_pkg.record import PackageRecord, RepodataRecord
from mm_solve.condition import Condition
from mm_solve.errors import InvalidMatchSpec
from mm_solve.match_spec import MatchSpec
from mm_solve.version import Version
from mm_solve.version_spec import VersionSpec

MD5 = "7dbaa197d7ba6032caf7ae7f32c1efa0"

RECORD = RepodataRecord(
    name="pytorch",
    version="2.3.1",
    build="cuda120_py311_0",
    build_number=200,
    subdir="linux-64",
    flags=("cuda", "blas:mkl"),
    track_features="gpu mkl",
    fn="pytorch-2.3.1-cuda120_py311_0.conda",
    url="https://host/chan/linux-64/pytorch-2.3.1-cuda120_py311_0.conda",
    channel="https://host/chan",
    md5=MD5,
    sha256=MD5 * 2,
    license="BSD-3-Clause",
    license_family="BSD",
    extra={"features": "avx"},
)


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        (f"*[md5={MD5.upper()}]", True),
        (f"pytorch[sha256={MD5 * 2}]", True),
        (f"pytorch[sha256={'0' * 64}]", False),
        ("pytorch[license='bsd-*']", True),
        ("pytorch[license=BSD]", False),
        ("pytorch[license_family=bsd]", True),
        ("pytorch[license_family=GPL]", False),
        ("pytorch[fn=pytorch-2.3.1-cuda120_py311_0.conda]", True),
        ("pytorch[fn=pytorch-2.3.1-cuda120_py311_0.tar.bz2]", False),
        ("pytorch[features=avx]", True),
        ("pytorch[features='avx sse']", False),
        ("pytorch[subdir='noarch|linux-64']", True),
        ("chan[noarch]::pytorch", False),
        ("pytorch[track_features=gpu]", True),
        ("pytorch[track_features='gpu,tpu']", False),
        ("pytorch[flags=[cuda]]", True),
        ("pytorch[flags=[cuda, 'blas:*']]", True),
        ("pytorch[flags=[rocm]]", False),
        ("https://host/chan/linux-64/pytorch-2.3.1-cuda120_py311_0.conda", True),
        (f"https://host/chan/linux-64/pytorch-2.3.1-cuda120_py311_0.conda#{MD5}", True),
        ("https://other/chan/linux-64/pytorch-2.3.1-cuda120_py311_0.conda", False),
        ("pytorch[url=https://host/chan/linux-64/pytorch-2.3.1-cuda120%5Fpy311_0.conda]", True),
        ("pytorch[when='nothing', extras=[a], optional]", True),
        ("other::pytorch", True),
    ],
)
def test_fields_match(text: str, matches: bool) -> None:
    assert MatchSpec.parse(text).matches(RECORD) == matches


def test_what_a_package_record_does_not_say_it_does_not_match() -> None:
    record = PackageRecord(name="a", version="1", build="0", build_number=0)
    for key in ("md5=" + MD5, "license=MIT", "fn=a-1-0.conda", "url=x", "features=x"):
        spec = MatchSpec.parse(f"a[{key}]")
        assert spec.needs_full_record
        assert not spec.matches(record)
    spec = MatchSpec.parse("c::a >=1 0[build_number=0,flags=['*'],track_features=x]")
    assert not spec.needs_full_record


def test_a_record_with_an_unreadable_version_matches_no_version() -> None:
    record = PackageRecord(name="a", version="1..2", build="0", build_number=0)
    assert MatchSpec.parse("a").matches(record)
    assert not MatchSpec.parse("a!=3").matches(record)


@pytest.mark.parametrize(
    ("text", "channel", "subdir", "namespace"),
    [
        ("conda-forge/label/x::a", "conda-forge/label/x", (), ""),
        ("https://h:8080/c/LINUX-64/::a", "https://h:8080/c", ("linux-64",), ""),
        ("<unknown>::a", "", (), ""),
        ("None::a", "", (), ""),
        ("file:///tmp/c::a", "file:///tmp/c", (), ""),
        ("./c::a", "./c", (), ""),
        ("C:\\c::a", "C:\\c", (), ""),
        ("c[osx-64,noarch]:pypi:a", "c", ("osx-64", "noarch"), "pypi"),
        ("c::a[channel=d/noarch]", "d", ("noarch",), ""),
        ("c/linux-64::a[channel=d]", "d", ("linux-64",), ""),
    ],
)
def test_channels(text: str, channel: str, subdir: tuple[str, ...], namespace: str) -> None:
    spec = MatchSpec.parse(text)
    assert (spec.channel, spec.subdir, spec.namespace) == (channel, subdir, namespace)


@pytest.mark.parametrize(
    ("channel", "url", "name", "same"),
    [
        ("conda-forge", "https://conda.anaconda.org/conda-forge", "conda-forge", True),
        ("conda-forge", "https://mirror.example/x/conda-forge", "x", True),
        ("forge", "https://conda.anaconda.org/conda-forge", "conda-forge", False),
        ("https://u:p@h/c", "https://h/c", "c", True),
        ("https://h/t/tk-1/c", "https://h/c", "c", True),
        ("https://me:pw@h/t/tk-1", "https://h", "https://h", True),
        ("https://h/c", "https://h/c/d", "d", False),
        ("defaults", "https://repo.anaconda.com/pkgs/main", "pkgs/main", True),
        ("pkgs/main", "https://repo.anaconda.com/pkgs/r", "defaults", False),
    ],
)
def test_same_channel(channel: str, url: str, name: str, same: bool) -> None:
    assert MatchSpec.parse(f"{channel}::a").matches_channel(url, name) == same
    assert MatchSpec.parse("a").matches_channel(url, name)


def test_archives() -> None:
    spec = MatchSpec.parse(f"./x/zlib-1%211.3-h0_2.tar.bz2#sha256:{MD5}{MD5}")
    assert (spec.name, str(spec.version), str(spec.build)) == ("zlib", "==1!1.3", "h0_2")
    assert (spec.url, spec.sha256, spec.channel) == ("./x/zlib-1%211.3-h0_2.tar.bz2", MD5 * 2, "")
    assert MatchSpec.parse(str(spec)) == spec
    assert MatchSpec.parse("zlib-1.3-0.conda # the file").url == "zlib-1.3-0.conda"


@pytest.mark.parametrize(
    ("text", "version", "build"),
    [
        ("a =1.2 b", "==1.2", "b"),
        ("a = 1.2 = b", "==1.2", "b"),
        ("a=1.2,<1.3 b", "=1.2,<1.3", "b"),
        ("a=1.2.*=b", "=1.2", "b"),
        ("a 1.2=b", "==1.2", "b"),
        ("a (>=1 | <0.5) b", ">=1|<0.5", "b"),
        ("a (>=1 | <0.5 )", ">=1|<0.5", "*"),
        ("a !=1.2=b", "!=1.2", "b"),
        ("a=1.0[version=2]", "==2", "*"),
        ("a 1 b[build=c]", "==1", "c"),
    ],
)
def test_version_and_build(text: str, version: str, build: str) -> None:
    for parse in (MatchSpec.parse, MatchSpec.parse_dependency):
        spec = parse(text)
        assert (str(spec.version), str(spec.build)) == (version, build)


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ("numpy >=1.2,<<2", "<2"),
        ("numpy   >=  1.2 , 1..2", ".2"),
        ("numpy 1.2|", ""),
        ("numpy 1.2 | # why", " # why"),
        ("a =1..2 b", ".2 b"),
        ("pack@ge", "@ge"),
        ("numpy >=1.2 <2", "<2"),
        ("numpy[version='>=1.2,x@']", "@']"),
        ("numpy[verison=1]", "verison=1]"),
        ("numpy[build_number=x]", "x]"),
        ("numpy[when='a and']", "']"),
        ("c::numpy=1.2&3=0", "&3=0"),
        (f"numpy[md5={MD5}, md5=13]", "md5=13]"),
        ("zlib-1.3.conda", "zlib-1.3.conda"),
        ("zlib-1.3-0.conda#xyz", "xyz"),
    ],
)
def test_errors_point_at_the_character(text: str, culprit: str) -> None:
    with pytest.raises(InvalidMatchSpec) as caught:
        MatchSpec.parse(text)
    error = caught.value
    assert text[error.position :] == culprit
    assert text in error.message


def test_hints() -> None:
    def hint(text: str) -> str:
        with pytest.raises(InvalidMatchSpec) as caught:
            MatchSpec.parse(text)
        return caught.value.hint

    assert hint("numpy[verison=1]") == "Did you mean 'version'?"
    assert hint("numpy[version>=1]") == "Quote the condition: version='>=1'."
    assert "','" in hint("numpy >=1 <2")
    assert "'::'" in hint("https://h/c:numpy")


def test_names_from_before_cep_26_are_read_in_dependencies_only() -> None:
    assert MatchSpec.parse_dependency("foo--bar >=1").name == "foo--bar"
    assert MatchSpec.parse_dependency("foo--bar[version=1]").name == "foo--bar"
    with pytest.raises(InvalidMatchSpec):
        MatchSpec.parse("foo--bar >=1")


def test_condition() -> None:
    condition = Condition.parse("a >=1 and b or (c or d) and x[build='or*']")
    assert [spec.name for spec in condition.specs] == ["a", "b", "c", "d", "x"]
    assert str(condition) == 'a>=1 and b or (c or d) and x[build="or*"]'

    def holds(*names: str) -> bool:
        return condition.holds(lambda spec: spec.name in names)

    assert holds("a", "b")
    assert holds("d", "x")
    assert not holds("a", "x")
    assert not holds("c", "d", "b")


@pytest.mark.parametrize("text", ["", "and a", "a or", "a)", "(a", "a b c d", "()", "(" * 99])
def test_invalid_condition(text: str) -> None:
    with pytest.raises(InvalidMatchSpec) as caught:
        Condition.parse(text)
    assert 0 <= caught.value.position <= len(text)


def test_importing_costs_little() -> None:
    script = "import mm_solve.match_spec, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    heavy = {"msgspec", "dataclasses", "inspect", "json", "difflib", "urllib.parse"}
    assert heavy.isdisjoint(done.stdout.split())


def test_thousands_of_versions_and_dependencies_are_read_quickly() -> None:
    versions = [f"{a}.{b}.{c}rc1" for a in range(20) for b in range(25) for c in range(10)]
    start = time.process_time()
    ordered = sorted(map(Version, versions), key=lambda version: version.key)
    for number in range(2000):
        MatchSpec.parse_dependency(f"name{number} >={number},<{number + 1}")
    spec = VersionSpec.parse(">=3,<7,!=5.1.*")
    found = sum(map(spec.contains, ordered))
    # Ten times what it takes on a slow machine: this guards against growth, not noise.
    assert time.process_time() - start < 2
    assert found == 4 * 250 - 10
