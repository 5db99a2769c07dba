"""The scan finds the same records as a JSON parser, in any legal formatting."""

from __future__ import annotations

import io
import json
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mm_channels.index import json_text
from mm_channels.index.json_text import NotRepodata
from mm_channels.index.scan import Scanned, scan

from_bytes = json.loads


def scanned(text: bytes, piece: int = 1 << 16) -> Scanned:
    """Scan with reads of *piece* bytes, so that cuts fall anywhere."""
    source = io.BytesIO(text)
    return scan(lambda size: source.read(min(size, piece)))


def records_of(text: bytes, found: Scanned) -> dict[str, dict[str, Any]]:
    """Name -> file name -> record, read through the extents; checksums verified."""
    result: dict[str, dict[str, Any]] = {}
    for name, extents in found.extents.items():
        parts = [text[offset : offset + length] for offset, length, _ in extents]
        assert [crc32(part) for part in parts] == [checksum for _, _, checksum in extents]
        result[name] = json.loads(b"{" + b",".join(parts) + b"}")
    return result


def expected(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    result: dict[str, dict[str, Any]] = {}
    for section in ("packages.conda", "packages"):
        for fn, entry in document.get(section, {}).items():
            name = entry.get("name") if isinstance(entry, dict) else None
            archive = fn.endswith((".conda", ".tar.bz2")) and not {"/", "\\"} & set(fn)
            if isinstance(name, str) and name and archive:
                result.setdefault(name, {})[fn] = entry
    return result


nasty = st.sampled_from(
    [
        '},"a-1-0.conda":{',
        '"packages":{',
        "\\",
        '\\"',
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "é\u2028",
        "\0",
    ]
)
texts = st.text('ab{}[]",:\\ \né', max_size=6) | nasty
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts | st.just("x-1-0.conda"), inner, max_size=3)
    ),
    max_leaves=6,
)
names = st.sampled_from(["a", "b", "a-b", "é", '"q"'])
records = st.builds(
    lambda more, name: {**more, "name": name}, st.dictionaries(texts, values, max_size=3), names
)
endings = st.sampled_from([".conda", ".conda", ".conda", ".tar.bz2", "", "/x.conda"])
file_names = st.builds(lambda n, i, e: f"{n}-{i}-0{e}", names, st.integers(0, 30), endings)
sections = st.dictionaries(file_names, records | values, max_size=12)
documents = st.fixed_dictionaries(
    {},
    optional={
        "info": st.fixed_dictionaries({"subdir": st.just("noarch"), "x": values}),
        "packages": sections,
        "packages.conda": sections,
        "signatures": sections,
        "v3": values,
        "removed": st.lists(file_names, max_size=3),
        "repodata_version": st.integers(1, 2),
    },
).filter(lambda d: "packages" in d or "packages.conda" in d)
formats = st.sampled_from(
    [
        {"separators": (",", ":")},
        {},
        {"indent": 2},
        {"indent": "\t", "separators": (" ,", " : ")},
        {"ensure_ascii": False, "separators": (",", ":")},
    ]
)


@settings(max_examples=400, deadline=None)
@given(documents, formats, st.randoms(), st.integers(1, 400))
def test_scan_agrees_with_a_parser(
    document: dict[str, Any], style: dict[str, Any], random: Any, piece: int
) -> None:
    keys = list(document)
    random.shuffle(keys)
    document = {key: document[key] for key in keys}
    text = json.dumps(document, **style).encode()
    for size in (piece, 1 << 16):
        found = scanned(text, size)
        assert records_of(text, found) == expected(document)
        assert found.size == len(text)


@settings(max_examples=200, deadline=None)
@given(documents, formats, st.data())
def test_a_cut_off_text_is_refused(
    document: dict[str, Any], style: dict[str, Any], data: st.DataObject
) -> None:
    text = json.dumps(document, **style).encode().rstrip()
    cut = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(NotRepodata):
        scanned(text[:cut], 64)


def many(count: int, **style: Any) -> tuple[dict[str, Any], bytes]:
    """A document of several pieces, as servers write them."""
    conda = {
        f"pkg{i // 7}-{i}-0.conda": {
            "name": f"pkg{i // 7}",
            "license": "x" * (i % 50),
            "build": "0",
        }
        for i in range(count)
    }
    old = {f"old{i}-1-0.tar.bz2": {"name": f"old{i}", "depends": ["a"]} for i in range(count // 2)}
    document = {"info": {"subdir": "noarch"}, "packages": old, "packages.conda": conda}
    document["signatures"] = {fn: {"key": {"signature": "s"}} for fn in conda}
    return document, json.dumps(document, **style).encode()


@pytest.mark.parametrize(
    "style",
    [{"separators": (",", ":")}, {"indent": 2}, {"separators": (", ", " : ")}],
    ids=["compact", "indented", "space before colon"],
)
def test_many_pieces(style: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "PIECE", 4096)
    document, text = many(3000, **style)
    found = scanned(text, 4096)
    assert records_of(text, found) == expected(document)
    # Records of one name that follow each other share an extent, but for cuts.
    assert sum(map(len, found.extents.values())) < 2 * len(found.extents)


def test_memory_does_not_grow_with_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    import tracemalloc

    import mm_channels.index.scan as module

    monkeypatch.setattr(json_text, "PIECE", 1 << 14)
    monkeypatch.setattr(module, "PIECE", 1 << 14)
    records = {f"a-{i}-0.conda": {"name": "a", "license": "x" * 100} for i in range(10_000)}
    text = json.dumps({"signatures": records, "packages.conda": records}).encode()
    source = io.BytesIO(text)
    tracemalloc.start()
    try:
        scan(source.read)
        assert tracemalloc.get_traced_memory()[1] < len(text) // 5
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "empty"),
        (b"  <!doctype html><title>Sign in</title>", "web page"),
        (b"[]", "not with an object"),
        (b"{}", "no section"),
        (b'{"error": "denied"}', "no section"),
        (b'{"packages": []}', "instead of '{'"),
        (b'{"packages": {"a-1-0.conda" {}}}', "colon"),
        (b'{"packages": {}} trailing', "more text"),
        (b'{"packages": {"a-1-0.conda": {"name": "a",}}}', "a-1-0.conda"),
        (b'{"packages": {}, "info": {"subdir": 3}}', "info"),
        (b'{"packages": {}, "repodata_version": "x"}', "repodata_version"),
        (b'{"packages": {} "info": {}}', "instead of '}'"),
        (b"{packages: {}}", "instead of"),
    ],
)
def test_what_is_not_repodata(text: bytes, says: str) -> None:
    with pytest.raises(NotRepodata) as caught:
        scanned(text)
    assert says in str(caught.value)


def test_head_may_come_last_and_base_url_needs_version_2() -> None:
    text = b'{"packages": {}, "info": {"subdir": "s", "base_url": "../x"}, "repodata_version": %d}'
    assert scanned(text % 2).base_url == "../x"
    assert scanned(text % 1).base_url is None
    assert scanned(text % 2).subdir == "s"


def test_a_nested_key_like_a_file_name_does_not_mislead() -> None:
    inner = {"b-1-0.conda": {"name": "no"}, "a-2-0.conda": {"name": "no"}}
    document = {
        "packages.conda": {
            "a-1-0.conda": {"name": "a", "x": inner},
            "a-2-0.conda": {"name": "a"},
            "b-1-0.conda": {"name": "b"},
            "c-1-0.conda": {"name": "c"},
        }
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    assert records_of(text, scanned(text)) == expected(document)


def test_a_file_name_spelt_with_escapes_is_found() -> None:
    text = b'{"packages":{"\\u0061-1-0.tar.bz2":{"name":"\\u0061"},"b-1-0.tar.bz2":{"name":"b"}}}'
    found = scanned(text)
    assert set(records_of(text, found)) == {"a", "b"}


def test_real_formatting_is_handled_in_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick way does nearly all of the work for what servers write."""
    import mm_channels.index.scan as module

    walked = 0
    original = module._Scanner._one

    def counted(self: Any, *args: Any) -> None:
        nonlocal walked
        walked += 1
        original(self, *args)

    monkeypatch.setattr(module._Scanner, "_one", counted)
    for style in ({"separators": (",", ":")}, {"indent": 2}):
        document, text = many(2000, **style)
        del document["signatures"]
        text = json.dumps(document, **style).encode()
        scan(io.BytesIO(text).read)
    assert walked <= 8
