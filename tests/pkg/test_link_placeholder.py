from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_pkg.errors import PrefixTooLong
from mm_pkg.link.placeholder import replace_binary, replace_shebang, replace_text

OLD = b"/build/placeholder/env"


def test_text_replaces_every_occurrence() -> None:
    assert replace_text(OLD + b":" + OLD, OLD, b"/p") == b"/p:/p"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_texts(codec: str) -> None:
    wide = (OLD.decode() + "/x\0tail").encode(codec)
    assert replace_text(wide, OLD, b"/p") == "/p/x\0tail".encode(codec)
    replaced = replace_binary(wide, OLD, b"/p")
    assert len(replaced) == len(wide)
    padding = "\0" * (len(OLD) - 2)
    assert replaced.decode(codec) == f"/p/x{padding}\0tail"


def test_binary_pads_at_the_end_of_each_string() -> None:
    content = b"\x7fELF" + OLD + b"/lib:" + OLD + b"/lib64\0rest\0" + OLD
    pad = len(OLD) - 2
    assert replace_binary(content, OLD, b"/p") == (
        b"\x7fELF/p/lib:/p/lib64" + b"\0" * (2 * pad) + b"\0rest\0/p" + b"\0" * pad
    )


def test_binary_too_long() -> None:
    with pytest.raises(PrefixTooLong) as caught:
        replace_binary(b"x" + OLD + b"\0", OLD, OLD + b"r")
    assert caught.value.limit == len(OLD)
    assert replace_binary(b"nothing to do", OLD, OLD + b"r") == b"nothing to do"


@given(
    pieces=st.lists(st.sampled_from([OLD, b"\0", b"/lib", b"a", b"\0\0"]), max_size=12),
    new=st.integers(1, len(OLD)),
)
def test_binary_keeps_length_and_place(pieces: list[bytes], new: int) -> None:
    content = b"".join(pieces)
    prefix = b"/" * new
    result = replace_binary(content, OLD, prefix)
    assert len(result) == len(content)
    assert OLD not in result or prefix == OLD
    # every string starts where it started, and says the same of the new prefix
    strings = content.split(b"\0")
    offset = 0
    for string in strings:
        expected = string.replace(OLD, prefix)
        assert result[offset : offset + len(string)] == expected.ljust(len(string), b"\0")
        offset += len(string) + 1


SHEBANG_CASES = [
    # short enough: plain replacement
    (b"#!%s/bin/python -E\nx %s\n", b"/p", b"#!/p/bin/python -E\nx /p\n"),
    # a space: python through sh
    (
        b"#!%s/bin/python3.11 -E\nx %s\n",
        b"/p p",
        b"#!/bin/sh\n'''exec' \"/p p/bin/python3.11\" -E \"$0\" \"$@\" #'''\nx /p p\n",
    ),
    # a space: another interpreter through env
    (b"#!%s/bin/perl\nx\n", b"/p p", b"#!/usr/bin/env perl\nx\n"),
    (b"#! %s/bin/perl -w\nx\n", b"/p p", b"#!/usr/bin/env -S perl -w\nx\n"),
    # too long
    (b"#!%s/bin/bash", b"/p" * 80, b"#!/usr/bin/env bash"),
    # a shebang that is not ours stays
    (b"#!/bin/sh\n%s\n", b"/p p", b"#!/bin/sh\n/p p\n"),
    # what merely looks similar to python is not python
    (b"#!%s/bin/pythonish\n", b"/p p", b"#!/usr/bin/env pythonish\n"),
]


@pytest.mark.parametrize(("before", "prefix", "after"), SHEBANG_CASES)
def test_shebang(before: bytes, prefix: bytes, after: bytes) -> None:
    assert replace_shebang(before.replace(b"%s", OLD), OLD, prefix, 127) == after


def test_shebang_limit_is_of_the_whole_line() -> None:
    script = b"#!" + OLD + b"/bin/python\n"
    fits = b"/" + b"p" * (127 - len(b"#!/bin/python") - 1)
    assert replace_shebang(script, OLD, fits, 127) == b"#!" + fits + b"/bin/python\n"
    assert replace_shebang(script, OLD, fits + b"p", 127).startswith(b"#!/bin/sh\n")
