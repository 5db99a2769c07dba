"""Match specs: the conformance cases in tests/data/vectors_matchspec.json.

Not run: ``is_simple``. It tells which specs micromamba hands to libsolv's matcher;
mm has one matcher, which reads all of them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mm_pkg.record import RepodataRecord
from mm_solve.build_number import BuildNumberSpec
from mm_solve.condition import Condition
from mm_solve.errors import InvalidMatchSpec
from mm_solve.match_spec import MatchSpec
from mm_solve.string_match import StringMatch

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data" / "vectors_matchspec.json").read_text("utf-8")
)

BAD_HASH = "an md5 has 32 hexadecimal digits, a sha256 64 (bad-43, bad-44)"

REFUSED = {
    "parse-080": BAD_HASH,
    "parse-081": BAD_HASH,
    "parse-088": BAD_HASH,
    "parse-125": BAD_HASH,
    "parse-130": "'@' is not allowed in a name (CEP 26)",
}
"""Accepted by micromamba, refused here, and why."""

AND_FIRST = "'and' binds tighter than 'or' (recommended_meaning)"
BLANK_COMMA = "a blank before a comma ends no version: conda, rattler"

READ_OTHERWISE: dict[str, tuple[dict[str, str], str]] = {
    "parse-083": ({"version": ">=1.8,<2|==1.9"}, AND_FIRST),
    "parse-084": ({"version": ">1.8,<2|==1.7,!=1.9,~=1.7.1"}, AND_FIRST),
    "parse-121": ({"version": ">=1.0,<2.0", "build": "*"}, BLANK_COMMA),
}
"""Fields that mm reads otherwise than micromamba, where the case has no recommendation."""

PRINTED_OTHERWISE: dict[str, tuple[str, str]] = {
    "parse-037": ('numpy[version="==1.7",build="py3*_2"]', "NAME=VERSION=BUILD is exact"),
    "parse-039": ("numpy==1.10=py38_0", "NAME=VERSION=BUILD is exact"),
    "parse-042": ("numpy==1.10=py38_0", "NAME =VERSION BUILD is exact"),
    "parse-075": (
        "xtensor[url=file:///home/wolfv/Downloads/xtensor-0.21.4-hc9558a2_0.tar.bz2]",
        "the bare URL would also ask for the version and build in it; as conda",
    ),
    "parse-076": ("foo==1.0=2", "NAME=VERSION=BUILD is exact"),
    "parse-079": ("foo==1.0=2", "NAME=VERSION=BUILD is exact"),
    "parse-082": ('anaconda::numpy[version=">=1.8,<2|==1.9",build="3"]', "brackets win"),
    "parse-083": ('anaconda::numpy[version=">=1.8,<2|==1.9",build="3"]', AND_FIRST),
    "parse-084": (
        'numpy[version=">1.8,<2|==1.7,!=1.9,~=1.7.1",build="py34_0"]',
        AND_FIRST,
    ),
    "parse-091": ("libblas=0.15", "a star without a dot is no literal star"),
    "parse-092": ("xtensor=0.15", "a star without a dot is no literal star"),
    "parse-104": ("python==3.7=bld", "NAME=VERSION=BUILD is exact"),
    "parse-112": (
        'blas[version="*.*",build="mkl"]',
        "'blas*.*=mkl' would be read as a pattern of names",
    ),
    "parse-116": ("numpy[subdir=win-32]", "nothing that was asked is lost"),
    "parse-121": ('foo[version=">=1.0,<2.0"]', BLANK_COMMA),
    "parse-126": ('pkg[features="debug mkl"]', "words are a set, printed sorted; as conda"),
}
"""Case -> what mm prints, and why it is not what micromamba prints."""


ARCHIVE = "the archive that was asked for stays asked for"
BRACKETS = "platforms in brackets after a channel are read: CEP 29 has no such thing"
CHANNEL = "names of channels are not configured here"
GLOB = "'*.*' asks for two segments"
CLAUSES = "conda prints what was typed, mm what was understood"

CONDA_OTHERWISE: dict[str, tuple[str, str]] = {
    "parse-007": ("kytea[version='>=0.1.4,==0.2.0']", CLAUSES),
    "parse-012": ("openblas[version='==0.2.18|0.2.18.*']", CLAUSES),
    "parse-021": ("foo=v0.9.24", CLAUSES),
    "parse-033": ("numpy[version='==1.7|==1.8']", CLAUSES),
    "parse-034": ("numpy[version='==1.7,==1.8']", CLAUSES),
    "parse-052": ("numpy[version='1.10.*,!=1.10.2']", CLAUSES),
    "parse-068": (
        "ncurses==6.4=h59595ed_2[url=https://conda.anaconda.org/conda-forge/linux-64/ncurses-6.4-h59595ed_2.conda,md5=7dbaa197d7ba6032caf7ae7f32c1efa0]",
        ARCHIVE,
    ),
    "parse-069": (
        "_libgcc_mutex==0.1=conda_forge[url=https://conda.anaconda.org/conda-forge/linux-64/_libgcc_mutex-0.1-conda_forge.tar.bz2]",
        ARCHIVE,
    ),
    "parse-070": (
        "libgcc-ng==11.2.0=h1d223b6_13[url=https://conda.anaconda.org/conda-forge/linux-64/libgcc-ng-11.2.0-h1d223b6_13.tar.bz2]",
        ARCHIVE,
    ),
    "parse-071": (
        "conda==4.3.21.post699+1dab973=py36h4a561cd_0[url=https://conda.anaconda.org/conda-canary/linux-64/conda-4.3.21.post699+1dab973-py36h4a561cd_0.tar.bz2]",
        ARCHIVE,
    ),
    "parse-072": (
        "conda==4.3.21.post699+1dab973=py36h4a561cd_0[url=https://conda.anaconda.org/conda-canary/conda-4.3.21.post699+1dab973-py36h4a561cd_0.tar.bz2]",
        ARCHIVE,
    ),
    "parse-073": (
        "_libgcc_mutex==0.1=conda_forge[url=/home/randomguy/Downloads/linux-64/_libgcc_mutex-0.1-conda_forge.tar.bz2]",
        ARCHIVE,
    ),
    "parse-074": ("pkg==2=bld[url=https://conda.com/pkg-2-bld.conda]", ARCHIVE),
    "parse-082": ("anaconda::numpy[version='>=1.8,<2|==1.9',build=3]", CLAUSES),
    "parse-083": ("anaconda::numpy[version='>=1.8,<2|==1.9',build=3]", CLAUSES),
    "parse-096": ("conda-forge/noarch::tzdata", BRACKETS),
    "parse-097": ("pkgs/main::tzdata", CHANNEL),
    "parse-098": ("pkgs/main/noarch::tzdata", CHANNEL),
    "parse-099": ("conda-forge/noarch::tzdata", BRACKETS),
    "parse-103": ("python[version='=*,3.12.*']", CLAUSES),
    "parse-106": ("name[version='=*,*.*',build=build*]", CLAUSES),
    "parse-112": ("blas[version=*.*,build=mkl]", GLOB),
    "parse-115": ("bird_tool_utils_python[version='0.*,>=0.4.1']", CLAUSES),
    "parse-118": ("https://conda.anaconda.org/conda-forge::numpy", CHANNEL),
}
"""Case -> mm's conda form, and why conda prints something else."""


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in VECTORS[kind]]


def is_refused(text: str) -> bool:
    try:
        MatchSpec.parse(text)
    except InvalidMatchSpec as caught:
        error = caught
    else:
        return False
    assert error.text == text
    assert 0 <= error.position <= len(text)
    assert "\n" not in error.message
    return True


@pytest.mark.parametrize("case", cases("parse"))
def test_parse(case: dict[str, Any]) -> None:
    if case["id"] in REFUSED:
        assert is_refused(case["spec"])
        return
    spec = MatchSpec.parse(case["spec"])
    deliberate, _ = READ_OTHERWISE.get(case["id"], ({}, ""))
    expected = {**case["fields"], **case.get("recommended", {}), **deliberate}
    assert spec.name == expected["name"]
    assert str(spec.version) == expected["version"]
    assert str(spec.build) == expected["build"]
    assert str(spec.build_number) == expected.get("build_number", "=*")
    # micromamba keeps a package's URL in the channel.
    assert (spec.url or spec.channel) == expected.get("channel", "")
    assert list(spec.subdir) == expected.get("platforms", expected.get("subdir", []))
    assert list(spec.track_features) == expected.get("track_features", [])
    for key in ("namespace", "md5", "sha256"):
        assert getattr(spec, key) == expected.get(key, "")
    for key in ("license", "license_family", "fn"):
        assert str(getattr(spec, key)) == expected.get(key, "*")
    assert spec.optional == expected.get("optional", False)
    if "build_is_regex" in expected and case["id"] not in READ_OTHERWISE:
        is_regex = str(spec.build).startswith("^") and str(spec.build).endswith("$")
        assert is_regex == ("recommended" not in case)


@pytest.mark.parametrize("case", cases("parse"))
def test_print(case: dict[str, Any]) -> None:
    if case["id"] in REFUSED:
        return
    spec = MatchSpec.parse(case["spec"])
    expected, _ = PRINTED_OTHERWISE.get(case["id"], (case["canonical"], ""))
    assert str(spec) == expected
    assert (case["id"] in PRINTED_OTHERWISE) == (expected != case["canonical"])
    assert MatchSpec.parse(str(spec)) == spec
    if case["id"] not in READ_OTHERWISE and "recommended" not in case:
        assert spec.conda_build_form() == case["conda_build_form"]


@pytest.mark.parametrize("case", cases("parse"))
def test_conda_form(case: dict[str, Any]) -> None:
    if case["id"] in REFUSED or case["conda_canonical"] is None:
        return
    spec = MatchSpec.parse(case["spec"])
    expected, _ = CONDA_OTHERWISE.get(case["id"], (case["conda_canonical"], ""))
    assert spec.conda_form() == expected
    assert (case["id"] in CONDA_OTHERWISE) == (expected != case["conda_canonical"])
    again = MatchSpec.parse(spec.conda_form())
    assert again.conda_form() == expected
    assert (again.name, again.version, again.build) == (spec.name, spec.version, spec.build)


@pytest.mark.parametrize("case", cases("match"))
def test_match(case: dict[str, Any]) -> None:
    record = RepodataRecord.from_dict(case["record"])
    spec = MatchSpec.parse(case["spec"])
    assert spec.matches(record) == case["matches"]
    assert MatchSpec.parse(str(spec)).matches(record) == case["matches"]


@pytest.mark.parametrize("kind", ["parse", "match"])
def test_dependencies_are_read_alike(kind: str) -> None:
    for case in VECTORS[kind]:
        if case.get("id") not in REFUSED:
            spec = MatchSpec.parse(case["spec"])
            assert MatchSpec.parse_dependency(case["spec"]) == spec
            assert MatchSpec.parse_dependency(spec.conda_build_form()).name == spec.name


@pytest.mark.parametrize("case", cases("invalid"))
def test_invalid(case: dict[str, Any]) -> None:
    assert is_refused(case["spec"]) == (case["recommended"] == "error")


@pytest.mark.parametrize("case", VECTORS["extract_name"], ids=lambda case: repr(case["spec"]))
def test_name_of_a_dependency(case: dict[str, Any]) -> None:
    if case["name"] is None:
        assert is_refused(case["spec"])
    else:
        assert MatchSpec.parse_dependency(case["spec"]).name == case["name"]


@pytest.mark.parametrize("case", VECTORS["build_number"], ids=lambda case: str(case))
def test_build_number(case: dict[str, Any]) -> None:
    spec = BuildNumberSpec.parse(case["spec"])
    assert spec.matches(case["value"]) == case["matches"]
    assert BuildNumberSpec.parse(str(spec)) == spec


@pytest.mark.parametrize("text", VECTORS["build_number_invalid"])
def test_invalid_build_number(text: str) -> None:
    with pytest.raises(InvalidMatchSpec):
        BuildNumberSpec.parse(text)


@pytest.mark.parametrize("case", VECTORS["string"], ids=lambda case: str(case))
def test_string(case: dict[str, Any]) -> None:
    match = StringMatch.parse(case["pattern"])
    assert match.matches(case["text"]) == case["matches"]


@pytest.mark.parametrize("case", VECTORS["v3"], ids=lambda case: case["spec"])
def test_repodata_v3_keys(case: dict[str, Any]) -> None:
    spec = MatchSpec.parse(case["spec"])
    expected = case["fields"]
    assert spec.name == expected["name"]
    assert str(spec.version) == expected.get("version", "=*")
    when = Condition.parse(expected["when"]) if "when" in expected else None
    assert spec.when == when
    assert list(spec.extras) == expected.get("extras", [])
    assert list(spec.flags) == expected.get("flags", [])
    assert MatchSpec.parse(str(spec)) == spec


@pytest.mark.parametrize("case", VECTORS["v3_invalid"], ids=lambda case: case["spec"])
def test_invalid_repodata_v3_keys(case: dict[str, Any]) -> None:
    assert is_refused(case["spec"])
