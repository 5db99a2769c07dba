"""Several specs on one package as one."""

from __future__ import annotations

import pytest
import version_reference as reference
from hypothesis import given
from hypothesis import strategies as st

from mm_pkg.record import RepodataRecord
from mm_solve.errors import IncompatibleSpecs
from mm_solve.match_spec import MatchSpec


def merged(*texts: str) -> list[str]:
    return [str(spec) for spec in MatchSpec.merge(map(MatchSpec.parse, texts))]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a", "a"], ["a"]),
        (["a", "b", "a >=1"], ["a>=1", "b"]),
        (["a >=1", "a <2"], ['a[version="<2,>=1"]']),
        (["a >=1", "a >=1"], ["a>=1"]),
        (["a 1|2", "a <2"], ['a[version="(==1|==2),<2"]']),
        (["a 1 b", "a * b"], ["a==1=b"]),
        (["a * py3*", "a 1 py310_0"], ["a==1=py310_0"]),
        (["a * py3*", "a * py31*"], ['a=*[build="py31*"]']),
        (["a * *_0", "a * *0"], ['a=*[build="*_0"]']),
        (["a * py3*", "a * *_0"], ['a=*[build="py3*"]', 'a=*[build="*_0"]']),
        (["a[license=MIT]", "a[license=mit]"], ["a[license=MIT]"]),
        (["a[subdir='linux-64,noarch']", "a[subdir='noarch,osx-64']"], ["a[subdir=noarch]"]),
        (["a[track_features=x]", "a[track_features='b x']"], ['a[track_features="b x"]']),
        (["a[flags=[cuda]]", "a[flags=[x, cuda]]"], ["a[flags=[cuda,x]]"]),
        (["a[extras=[b]]", "a[extras=[c]]"], ["a[extras=[b,c]]"]),
        (["c::a", "a >=1"], ["c::a>=1"]),
        (["a[optional]", "a"], ["a[optional]", "a"]),
        (["a[when='b']", "a[when='c']", "a >1[when='b']"], ['a>1[when="b"]', 'a[when="c"]']),
        (["*", "*[build=x]"], ["*", "*[build=x]"]),
        (["py* >1", "py* <2"], ["py*>1", "py*<2"]),
    ],
)
def test_merge(texts: list[str], expected: list[str]) -> None:
    assert [MatchSpec.parse(text) for text in merged(*texts)] == list(
        map(MatchSpec.parse, expected)
    )


@pytest.mark.parametrize(
    ("a", "b", "field"),
    [
        ("a[build_number=1]", "a[build_number=2]", "build_number"),
        (f"a[md5={'0' * 32}]", f"a[md5={'1' * 32}]", "md5"),
        ("a * b", "a * c", "build"),
        ("a * b*", "a * c", "build"),
        ("a * b*", "a * c*", "build"),
        ("c::a", "d::a", "channel"),
        ("a[subdir=noarch]", "a[subdir=linux-64]", "subdir"),
        ("a[url=x]", "a[url=y]", "url"),
    ],
)
def test_incompatible(a: str, b: str, field: str) -> None:
    with pytest.raises(IncompatibleSpecs, match=f": {field}$"):
        merged(a, b)


@given(
    st.lists(
        st.builds(
            "a {}{}{}".format,
            st.sampled_from(["", "=", ">=", "<", "!="]),
            reference.version_texts(),
            st.sampled_from(["", " py*", " *_0", " py38_0"]),
        ),
        min_size=1,
        max_size=3,
    ),
    reference.version_texts(),
    st.sampled_from(["py38_0", "py27_1", "x_0"]),
)
def test_the_merged_ask_no_more_and_no_less(texts: list[str], version: str, build: str) -> None:
    record = RepodataRecord(name="a", version=version, build=build, build_number=0)
    specs = [MatchSpec.parse(text.lower()) for text in texts]
    each = all(spec.matches(record) for spec in specs)
    try:
        together = MatchSpec.merge(specs)
    except IncompatibleSpecs:
        assert not each
        return
    assert all(spec.matches(record) for spec in together) == each
