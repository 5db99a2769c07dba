"""Laws that hold for any settings."""

from __future__ import annotations

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mm_config.expansion import LONGEST, expand
from mm_config.keys import KEYS
from mm_config.listing import _value_lines
from mm_config.masking import masked
from mm_config.setting import Candidate, Source, merge

NAMES = st.text(alphabet="abcd", min_size=1, max_size=2)
LISTS = st.lists(st.lists(NAMES, max_size=5).map(tuple), min_size=1, max_size=4)
MAPS = st.lists(st.dictionaries(NAMES, NAMES, max_size=4), min_size=1, max_size=4)
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)


def candidates(values: list[object]) -> list[Candidate]:
    return [Candidate(Source("rc", f"file{n}"), value) for n, value in enumerate(values)]


@given(LISTS)
def test_sequences_keep_order_lose_duplicates_and_lose_nothing_else(values: list[object]) -> None:
    setting = merge(KEYS["channels"], candidates(values))
    everything = [name for value in values for name in value]  # type: ignore[attr-defined]
    assert setting.value == tuple(dict.fromkeys(everything))
    assert len(setting.parts) == len(setting.value)
    for name, (source,) in zip(setting.value, setting.parts, strict=True):
        number = int(source.label.removeprefix("file"))
        assert name in values[number]  # type: ignore[operator]
        assert not any(name in value for value in values[:number])  # type: ignore[operator]


@given(MAPS)
def test_maps_take_each_entry_from_the_strongest(values: list[object]) -> None:
    setting = merge(KEYS["custom_channels"], candidates(values))
    expected: dict[str, str] = {}
    for value in reversed(values):
        expected |= value  # type: ignore[arg-type]
    assert setting.value == expected
    assert list(setting.value) == sorted(expected)
    assert len(setting.winners) + len(setting.losers) == len(setting.candidates)


@given(st.lists(st.integers(), min_size=1, max_size=4))
def test_scalars_are_the_strongest(values: list[object]) -> None:
    setting = merge(KEYS["download_threads"], candidates(values))
    assert setting.value == values[0]
    assert len(setting.losers) == len(values) - 1


@example("\u2028", {"\u2028": "\ufeff"})
@given(TEXT, st.dictionaries(TEXT, TEXT, min_size=1, max_size=3))
def test_a_listing_is_yaml_that_says_the_same(text: str, entries: dict[str, str]) -> None:
    def read(key: str, value: object, candidate: Candidate) -> object:
        setting = merge(KEYS[key], [candidate]).with_value(value)
        shown = "\n".join(_value_lines(setting, True))
        # As text: settings read `1` and `yes` as they are written.
        return yaml.load(shown, Loader=yaml.BaseLoader)[key]

    source = Source("cli", "CLI")
    assert read("env_prompt", text, Candidate(source, text)) == masked(text)
    items = tuple(dict.fromkeys([text, *entries]))
    assert read("channels", items, Candidate(source, items)) == [masked(item) for item in items]
    shown = read("custom_channels", dict(sorted(entries.items())), Candidate(source, entries))
    assert shown == {masked(name): masked(value) for name, value in entries.items()}


@given(
    st.text(alphabet="$ABC{}x", max_size=30),
    st.dictionaries(st.sampled_from("ABC"), st.text(alphabet="$ABC{}x", max_size=12), max_size=3),
)
def test_expansion_ends_and_leaves_what_is_unknown(text: str, env: dict[str, str]) -> None:
    assert len(expand(text, env)) <= len(text) + LONGEST
    assert expand(text, {}) == text


def test_expansion_is_bounded() -> None:
    env = {f"V{n}": f"$V{n + 1}" * 10 for n in range(50)}
    assert expand("$V0", env) == "$V0"


@given(st.text(alphabet="ab:/@t. ", max_size=40))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)
