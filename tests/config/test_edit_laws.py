"""Laws of editing: what was asked for is said, and all else stays, to the byte."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

import mm_config
from mm_config import RcEditor
from mm_config.keys import KEYS
from mm_config.plain_document import parse_plain
from mm_config.rc_document import parse
from mm_config.rc_outline import outline
from mm_config.values import from_document

LISTS = ["channels", "default_channels", "pinned_packages", "pkgs_dirs"]
MAPS = ["custom_channels", "proxy_servers"]
SCALARS = {
    "always_yes": st.sampled_from(["true", "yes", "0", "off"]),
    "download_threads": st.integers(0, 99).map(str),
    "channel_priority": st.sampled_from(["strict", "Flexible", "false"]),
    "remote_connect_timeout_secs": st.sampled_from(["1", "2.50", "1e1"]),
    "env_prompt": st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ue000\ue001"),
        max_size=12,
    ),
}
WORD = st.from_regex(r"[a-z][a-z0-9._-]{0,4}", fullmatch=True)
COMMENT = WORD.map(lambda word: f"# {word} #")
EOL = st.one_of(st.just(""), COMMENT.map(lambda text: f"   {text}"))
BETWEEN = st.lists(st.one_of(st.just(""), COMMENT, COMMENT.map(lambda c: f"    {c}")), max_size=2)
ITEM = st.one_of(
    WORD, WORD.map(lambda word: f"'{word}'"), WORD.map(lambda word: f'"{word} {word}"')
)


@st.composite
def block_list(draw: Any) -> list[str]:
    indent = draw(st.sampled_from(["", "  ", "    "]))
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        lines.append(f"{indent}-{draw(st.sampled_from([' ', '   ']))}{draw(ITEM)}{draw(EOL)}")
        lines += draw(BETWEEN)
    return lines


@st.composite
def entry(draw: Any, name: str) -> list[str]:
    if name in SCALARS:
        text = draw(SCALARS[name]) if name != "env_prompt" else draw(ITEM)
        return [f"{name}: {text}{draw(EOL)}"]
    form = draw(st.sampled_from(["block", "flow", "null"]))
    if form == "null":
        return [f"{name}:{draw(EOL)}"]
    if name in LISTS and form == "block":
        return [f"{name}:{draw(EOL)}", *draw(block_list())]
    if name in LISTS:
        return [f"{name}: [{', '.join(draw(st.lists(ITEM, max_size=3)))}]{draw(EOL)}"]
    names = draw(st.lists(WORD, min_size=1, max_size=3, unique=True))
    if form == "flow":
        return [f"{name}: {{{', '.join(f'k{n}: {draw(ITEM)}' for n in names)}}}{draw(EOL)}"]
    lines = [f"{name}:{draw(EOL)}"]
    for each in names:
        lines += [f"   k{each}: {draw(ITEM)}{draw(EOL)}", *draw(BETWEEN)]
    return lines


@st.composite
def files(draw: Any) -> str:
    names = [*LISTS, *MAPS, *SCALARS, "someone_elses"]
    lines = draw(BETWEEN)
    for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=5)):
        if name == "someone_elses":
            lines += ["someone_elses:", "  - {deep: [1, {x: y}]}  # theirs", "  - |", "    text"]
        else:
            lines += draw(entry(name))
        lines += draw(BETWEEN)
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return newline.join(lines) + (newline if draw(st.booleans()) else "")


def around(text: str, name: str) -> str:
    """*text* without the lines of *name*; their end is no end of another line."""
    found = [each for each in outline(text) or () if each.name == name]
    assert len(found) <= 1
    if found:
        text = text[: found[0].lines.start] + text[found[0].lines.end :]
    return text.rstrip("\r\n")


def others(text: str, name: str) -> dict[str, Any]:
    found, _ = parse(text, {})
    return {key: plain(node) for key, node in found.items() if key != name}


def plain(node: Any) -> Any:
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    return (node.value, node.is_null)


def comments(text: str) -> list[str]:
    """The comments that have a line of their own."""
    return sorted(line.strip() for line in text.splitlines() if line.strip().startswith("#"))


def said(text: str) -> list[str]:
    """The lines that say something: what stood above a removed last item is now below the list."""
    lines = (line.rstrip() for line in text.splitlines())
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def check(before: str, editor: RcEditor, name: str) -> None:
    assert others(editor.text, name) == others(before, name)
    assert around(editor.text, name) == around(before, name)
    assert editor.text.count("\r\n") in (0, editor.text.count("\n")) or "\r\n" not in before


@given(files(), st.data())
def test_set_then_get_and_all_else_stays(text: str, data: Any) -> None:
    name = data.draw(st.sampled_from([*SCALARS, *LISTS]))
    editor = RcEditor("x", text)
    if name in SCALARS:
        given_text = data.draw(SCALARS[name])
        editor.set(name, given_text)
        value, _ = from_document(KEYS[name], parse(editor.text, {})[0][name])
        assert value == mm_config.load({name: given_text}, env={}, home="/h").setting(name).value
    else:
        words = data.draw(st.lists(WORD, unique=True, max_size=3))
        editor.set(name, ",".join(words))
        assert editor.value(name) == words
    check(text, editor, name)
    once = editor.text
    editor.set(name, given_text if name in SCALARS else ",".join(words))
    assert editor.text == once


@given(files(), st.sampled_from(LISTS), st.lists(WORD, unique=True, max_size=3), st.booleans())
def test_append_and_prepend(text: str, name: str, words: list[str], at_end: bool) -> None:
    editor = RcEditor("x", text)
    before = editor.value(name) or []
    (editor.append if at_end else editor.prepend)(name, words)
    kept = [item for item in before if item not in words]
    expected = [*kept, *words] if at_end else [*words, *kept]
    assert (editor.value(name) or []) == expected
    check(text, editor, name)
    assert comments(editor.text) == comments(text)


@given(files(), st.sampled_from(LISTS), st.data())
def test_remove_takes_out_one_item_and_no_comment(text: str, name: str, data: Any) -> None:
    editor = RcEditor("x", text)
    before: Any = editor.value(name) or []
    item = data.draw(st.sampled_from([*before, "nobody's"]))
    assert editor.remove(name, item) is (item in before)
    assert (editor.value(name) or []) == [each for each in before if each != item]
    assert others(editor.text, name) == others(text, name)
    assert said(around(editor.text, name)) == said(around(text, name))
    if editor.value(name):
        assert comments(editor.text) == comments(text)


@given(files(), st.sampled_from([*LISTS, *MAPS, *SCALARS]))
def test_remove_key_takes_out_its_lines(text: str, name: str) -> None:
    editor = RcEditor("x", text)
    there = any(each.name == name for each in outline(text) or ())
    assert editor.remove_key(name) is there
    assert editor.value(name) is None
    assert others(editor.text, name) == others(text, name)
    assert said(editor.text) == said(around(text, name))
    assert editor.text == text or there


@given(files(), st.sampled_from(MAPS), WORD, WORD)
def test_entries_of_maps(text: str, name: str, part: str, value: str) -> None:
    editor = RcEditor("x", text)
    before: Any = editor.value(name) or {}
    editor.set(f"{name}.{part}", value)
    assert editor.value(name) == {**before, part: value}
    check(text, editor, name)
    assert comments(editor.text) == comments(text)
    assert editor.remove(name, part)
    assert (editor.value(name) or {}) == {k: v for k, v in before.items() if k != part}
    assert others(editor.text, name) == others(text, name)


SIGNS = st.sampled_from(
    [*"ab1~.-_:#,[]{}'\"$&*!|>%@`?<=/\\", " ", "  ", "\n", "\n", ": ", "- ", "\n- ", "\n  - ",
     "a: ", "\nb: ", "\nc:\n", "\n  d: e", " #", "${A}", "[", "]", "\t", "\r\n", "---\n",
     "\u00e9", "\x85"]
)  # fmt: skip


@given(st.one_of(files(), st.lists(SIGNS, max_size=14).map("".join)))
@example("a:\n  - b\n   - c\n")
@example("a: b\n  c: d\n")
@example("a: b\n c\n")
@example("a:\n\nb: [ ]\n")
@example("a: ''#b\n")
def test_what_is_read_without_yaml_means_what_it_means_in_yaml(text: str) -> None:
    env = {"A": "value", "B": "$A"}
    read = parse_plain(text, env)
    if read is None:
        return
    document, remarks = parse(text, env)
    assert read == document
    assert remarks == ()
