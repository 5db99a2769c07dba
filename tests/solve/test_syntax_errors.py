"""Where syntax errors point, what they say, and how they are shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import version_reference as reference

from mm_solve.build_number import BuildNumberSpec
from mm_solve.caret import point_at, quoted
from mm_solve.condition import Condition
from mm_solve.errors import (
    InvalidBuildNumber,
    InvalidMatchSpec,
    InvalidSyntax,
    InvalidVersion,
    InvalidVersionSpec,
)
from mm_solve.match_spec import MatchSpec
from mm_solve.string_match import StringMatch
from mm_solve.version import Version
from mm_solve.version_spec import VersionSpec

MD5 = "7dbaa197d7ba6032caf7ae7f32c1efa0"

Parse = Callable[[str], object]

VERSIONS = [
    ("", 0, "it is empty"),
    ("   ", 3, "it is empty"),
    ("1..2", 2, "'.' where a number or a letter is expected"),
    ("  1..2 ", 4, "'.' where a number or a letter is expected"),
    (".1", 0, "'.' where a number or a letter is expected"),
    ("-1", 0, "'-' where a number or a letter is expected"),
    ("1.", 2, "the end where a number or a letter is expected"),
    ("1.+2", 2, "'+' where a number or a letter is expected"),
    ("1.2&3", 3, "'&' is not allowed in it"),
    ("1 .2", 1, "' ' is not allowed in it"),
    ("1.2é", 3, "'é' is not allowed in it"),
    ("A.é", 2, "'é' is not allowed in it"),
    ("1!", 2, "the end where a number or a letter is expected"),
    ("!1", 0, "nothing before '!', where the epoch is a number"),
    ("1a!1", 1, "'a' before '!', where the epoch is a number"),
    ("1!2!3", 3, "'!' is not allowed in it"),
    ("+1", 0, "'+' where a number or a letter is expected"),
    ("1+", 2, "nothing follows '+'"),
    ("1+2+3", 3, "'+' is not allowed in it"),
    ("1!2+3..4", 6, "'.' where a number or a letter is expected"),
    ("1_2-3", 3, "it holds '-' and '_', where one of them may be"),
    ("1" * 300, 255, "it is longer than 255 characters"),
]

EXPRESSIONS = [
    ("1.5||1.6", 4, "'|' where a version is expected"),
    ("|1", 0, "'|' where a version is expected"),
    ("1,", 2, "the end where a version is expected"),
    ("1, ,2", 3, "',' where a version is expected"),
    (">=", 2, "no version follows '>='"),
    (">= ,2", 2, "no version follows '>='"),
    ("==", 2, "no version follows '=='"),
    ("===1", 2, "'=' where a version is expected"),
    ("><1", 1, "'<' where a version is expected"),
    ("(1", 0, "'(' is never closed"),
    ("1,(2|(3)", 2, "'(' is never closed"),
    ("1)", 1, "')' where ',' or '|' or the end is expected"),
    ("()", 1, "')' where a version is expected"),
    ("(1)2", 3, "'2' where ',' or '|' or the end is expected"),
    (">1 <2", 3, "'<' after a blank, where ',' or '|' is expected"),
    ("1 2", 2, "'2' after a blank, where ',' or '|' is expected"),
    (" >=1.2 , 1..2", 11, "'.' where a number or a letter is expected"),
    (">=1,<2&", 6, "'&' is not allowed in it"),
    ("~=1.2.*", 6, "'*' after '~=', which needs a version"),
    ("V1", 0, "'V1' starts with a capital letter"),
    ("1,^1.*", 6, "'$' is missing at the end of a regular expression"),
    ("1|^(1$", 3, "'(' is never closed"),
    ("(" * 40 + "1" + ")" * 40, 30, "more than 30 nested parentheses"),
]

BUILD_NUMBERS = [
    ("<2.4", 2, "'.' where a digit is expected"),
    (" < 2a", 4, "'a' where a digit is expected"),
    ("<", 1, "the end where a digit is expected"),
    ("(3)", 0, "'(' where a digit is expected"),
    ("==3", 1, "'=' where a digit is expected"),
    ("1" * 19, 18, "it has more than 18 digits"),
    ("٣", 0, "'٣' where a digit is expected"),
]

CONDITIONS = [
    ("", 0, "the end where a match spec is expected"),
    ("a and", 5, "the end where a match spec is expected"),
    ("and a", 0, "'and' where a match spec is expected"),
    ("(a or b", 0, "'(' is never closed"),
    ("a or b)", 6, "')' where 'and' or 'or' is expected"),
    ("a or b>=1..2", 10, "'.' where a number or a letter is expected"),
    ("x and (a[verison=1] or b)", 9, "unknown key 'verison'"),
    ("a[when='b']", 0, "a condition inside a condition"),
    ("a or zlib-1-0.conda", 5, "an archive where the name of a package is expected"),
    ("(" * 40 + "a" + ")" * 40, 30, "more than 30 nested parentheses"),
]

SPECS = [
    ("", 0, "it is empty"),
    ("  # only a comment", 0, "it is empty"),
    (">=1", 0, "'>' where a package's name is expected"),
    ("pack@ge >1", 4, "'@' is not allowed in a name"),
    ("  Pack@ge", 6, "'@' is not allowed in a name"),
    ("pkg..name", 0, "'pkg..name' is not a package's name"),
    ("a" * 65, 64, "a name has at most 64 characters"),
    ("numpy >=1.2,<<2", 13, "'<' where a version is expected"),
    ("numpy   >=  1.2 , 1..2", 20, "'.' where a number or a letter is expected"),
    ("numpy 2.0 2 0", 12, "'0' is one word too many"),
    ("numpy 1 b 1", 10, "'1' is one word too many"),
    ("numpy 1.0 =", 11, "the end where a build is expected"),
    ("numpy=1=", 8, "the end where a build is expected"),
    ("numpy 1 'b'", 8, '"\'" in "\'b\'", where a build is expected'),
    ("numpy 1 ^(b$", 9, "'(' is never closed"),
    ("numpy==1..2=b", 9, "'.' where a number or a letter is expected"),
    ("numpy=1..2=b", 8, "'.' where a number or a letter is expected"),
    ("c::numpy=1.2&3=0", 12, "'&' is not allowed in it"),
    (":a:numpy", 0, "a ':' too many"),
    ("a b:numpy", 0, "'a b' is not a namespace"),
    ("numpy[version>3]", 13, "'>' where '=' is expected after 'version'"),
    ("numpy[version==3]", 14, "'=' where a quote is expected"),
    ("numpy[version='>=1,x@y']", 20, "'@' is not allowed in it"),
    ("numpy[version='  >=1..2']", 21, "'.' where a number or a letter is expected"),
    ("numpy[ build_number = '<2.4']", 25, "'.' where a digit is expected"),
    ("numpy[build='^(a$']", 14, "'(' is never closed"),
    ("numpy[verison=1]", 6, "unknown key 'verison'"),
    ("numpy[a=1,verison=1]", 6, "unknown key 'a'"),
    ("numpy[license]", 13, "'=' is expected after 'license'"),
    ("numpy[license='']", 15, "the value of 'license' is empty"),
    ("numpy[,license=a]", 6, "',' where a key is expected"),
    ("numpy[license=a,]", 16, "']' where a key is expected"),
    (f"numpy[md5={MD5},md5={MD5}]", 43, "'md5' is given twice"),
    ("numpy[md5=12x]", 12, "'x' where a hexadecimal digit is expected"),
    ("numpy[md5=12]", 12, "2 hexadecimal digits where 32 are expected"),
    ("numpy[name='a b']", 13, "' ' is not allowed in a name"),
    ("numpy[extras=[a, a b, c]]", 17, "'a b' is not the name of an extra"),
    ("numpy[extras=[a,,b]]", 16, "'' is not the name of an extra"),
    ("numpy[extras=Test]", 13, "'Test' is not the name of an extra"),
    ("numpy[flags=[a, 'b:c:d']]", 17, "'b:c:d' is not a flag"),
    ("numpy[when='a or b>=1..2']", 22, "'.' where a number or a letter is expected"),
    ("numpy[when=\"a and b[build_number='x']\"]", 34, "'x' where a digit is expected"),
    ("numpy[license=a][build=b]", 16, "a second pair of brackets"),
    ("numpy license=a]", 15, "']' that was never opened"),
    ("zlib-1.3.conda", 0, "'zlib-1.3.conda' is not NAME-VERSION-BUILD and an extension"),
    ("./x/zlib-1..3-0.conda", 11, "'.' where a number or a letter is expected"),
    ("zlib-1.3-0.conda#xyz", 17, "'x' where a hexadecimal digit is expected"),
    ("zlib-1.3-0.conda#12", 17, "no such hash"),
    (f"zlib-1.3-0.conda#sha256:{MD5}", 17, "no such hash"),
    ("https://h/x-1-py3-none-any.whl", 26, "a conda package ends in .conda or .tar.bz2"),
    ("./x-1.tar.gz", 5, "a conda package ends in .conda or .tar.bz2"),
]


def check(parse: Parse, kind: type[InvalidSyntax], text: str, position: int, why: str) -> None:
    error = reference.refusal(parse, text)
    assert type(error) is kind
    assert (error.position, error.why) == (position, why)
    assert error.text == text
    assert error.message == f"{quoted(text)} is not {_what(error)}: {why}"
    assert error.hint.count("\n") == error.message.count("\n") == 0
    assert error.explanation().count("\n") == 1


def _what(error: InvalidSyntax) -> str:
    return error.message.partition(" is not ")[2].partition(": ")[0]


@pytest.mark.parametrize(("text", "position", "why"), VERSIONS)
def test_versions(text: str, position: int, why: str) -> None:
    check(Version.parse, InvalidVersion, text, position, why)


@pytest.mark.parametrize(("text", "position", "why"), EXPRESSIONS)
def test_version_expressions(text: str, position: int, why: str) -> None:
    check(VersionSpec.parse, InvalidVersionSpec, text, position, why)


@pytest.mark.parametrize(("text", "position", "why"), BUILD_NUMBERS)
def test_build_numbers(text: str, position: int, why: str) -> None:
    check(BuildNumberSpec.parse, InvalidBuildNumber, text, position, why)


@pytest.mark.parametrize(("text", "position", "why"), CONDITIONS)
def test_conditions(text: str, position: int, why: str) -> None:
    check(Condition.parse, InvalidMatchSpec, text, position, why)


@pytest.mark.parametrize(("text", "position", "why"), SPECS)
def test_match_specs(text: str, position: int, why: str) -> None:
    check(MatchSpec.parse, InvalidMatchSpec, text, position, why)


def test_what_the_text_was_meant_to_be() -> None:
    errors = [
        reference.refusal(parse, text)
        for parse, text in (
            (Version.parse, "&"),
            (VersionSpec.parse, "&"),
            (BuildNumberSpec.parse, "&"),
            (Condition.parse, "&"),
            (MatchSpec.parse, "&"),
            (StringMatch.parse, "^($"),
        )
    ]
    assert [_what(error) for error in errors if error] == [
        "a version",
        "a version expression",
        "a condition on a build number",
        "a condition",
        "a match spec",
        "a regular expression",
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("numpy[verison=1]", "Did you mean 'version'?"),
        ("numpy[version>=1]", "Quote the condition: version='>=1'."),
        ("numpy[version ~= 1.2, build=x]", "Quote the condition: version='~= 1.2'."),
        ("numpy[build_number=>1]", "Quote the condition: build_number='>1'."),
        ("numpy >=1 <2", "Join conditions on the version with ',' or '|'."),
        ("numpy >=1 2 3", "Join conditions on the version with ',' or '|'."),
        ("https://h/c:numpy", "A channel is followed by '::'."),
        ("foo; if bar", 'Write a condition as NAME[when="..."].'),
        ("foo[extra]>=1", "Brackets come last; extras are written NAME[extras=[...]]."),
        ("numpy[version=1", "A bracket is not closed."),
        ("x-1-py3-none-any.whl", "Wheels and source archives are installed by pip."),
        ("numpy 1..2", "A version is numbers and letters joined with '.', '-' or '_': 1.2.0rc1."),
        (
            "numpy[build='^(?=a)$']",
            "Lookaround, backreferences, flags and possessive repeats are not supported.",
        ),
    ],
)
def test_hints(text: str, hint: str) -> None:
    error = reference.refusal(MatchSpec.parse, text)
    assert error is not None
    assert error.hint == hint


def test_the_caret_is_under_the_place() -> None:
    error = reference.refusal(MatchSpec.parse, "conda-forge::numpy[version='>=1..2']")
    assert error is not None
    text, caret = error.explanation().splitlines()
    assert text == "  conda-forge::numpy[version='>=1..2']"
    assert text[caret.index("^") - 1 :] == "..2']"


@pytest.mark.parametrize(
    ("text", "position", "shown"),
    [
        ("abc", 3, "  abc\n     ^"),
        ("a\nb\x1b", 2, "  a?b?\n    ^"),
        ("日本x", 2, "  日本x\n      ^"),
        ("e\u0301x", 2, "  e\u0301x\n   ^"),
        ("a" * 100 + "!" + "b" * 50, 100, f"  ...{'a' * 50}!{'b' * 19}...\n  {' ' * 53}^"),
        ("https://u:p@h/c::a@", 18, "  https://***@h/c::a@\n                    ^"),
        ("https://h/t/tk-1/c::a@", 21, "  https://h/t/****/c::a@\n                       ^"),
    ],
)
def test_point_at(text: str, position: int, shown: str) -> None:
    assert point_at(text, position) == shown


def test_long_texts_do_not_fill_the_screen() -> None:
    for parse in (Version.parse, VersionSpec.parse, MatchSpec.parse, Condition.parse):
        error = reference.refusal(parse, "a." * 5000 + "@")
        assert error is not None
        assert len(error.message) < 200
        assert len(error.explanation()) < 250


def test_messages_hold_no_secrets() -> None:
    error = reference.refusal(MatchSpec.parse, "https://me:secret@h/t/tk-secret/c::nump@y")
    assert error is not None
    assert "secret" not in error.message + error.hint + error.explanation()
