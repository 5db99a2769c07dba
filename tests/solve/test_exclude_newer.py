"""Packages that are too new: how a cut-off is spelt, and what it does to a solve."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from universe_factory import MemorySource, dists, install, pkg, planned, prefix_of, run

from mm_solve import ExcludeNewer, Hidden, InvalidCutoff, Request, Unsolvable
from mm_solve.exclude_newer import parse_cutoff

DAY = 86400
NOW = 20_000 * DAY
"""A moment, in seconds since 1970 (in 2024)."""


def days_ago(days: float) -> int:
    return int((NOW - days * DAY) * 1000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", days_ago(7)),
        ("7 days", days_ago(7)),
        ("2 weeks", days_ago(14)),
        ("1w", days_ago(7)),
        ("1w2d", days_ago(9)),
        ("1 week, 2 days", days_ago(9)),
        ("P7D", days_ago(7)),
        ("p1w", days_ago(7)),
        ("P1DT12H", days_ago(1.5)),
        ("PT36H", days_ago(1.5)),
        ("36h", days_ago(1.5)),
        ("90 minutes", days_ago(1 / 16)),
        ("0d", days_ago(0)),
        ("2024-10-04", (NOW + DAY) * 1000 - 1),
        ("2024-10-04T00:00:00Z", NOW * 1000),
        ("2024-10-04T00:00:00", NOW * 1000),
        ("2024-10-04 02:00:00+02:00", NOW * 1000),
        ("2024-10-04T00:00:00.250Z", NOW * 1000 + 250),
        (str(NOW), NOW * 1000),
        (f"{NOW}123", NOW * 1000 + 123),
        ("", None),
        ("never", None),
        ("FALSE", None),
        ("none", None),
    ],
)
def test_spellings(text: str, expected: int | None) -> None:
    assert parse_cutoff(text, NOW) == expected
    assert parse_cutoff(f" {text} ", NOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "7", "20240101", "2024", "2024-13-01", "2024-1-1", "2024-01-01T25:00:00Z"),
        *("7 parsecs", "3 months", "1y", "P1M", "P1Y", "P", "PT", "-7d", "7d ago", "1.5d", "d7"),
        *("9999-12-31", "2024-01-01T00", "99999999999999d"),
    ],
)
def test_what_is_neither_time_nor_age(text: str) -> None:
    with pytest.raises(InvalidCutoff) as caught:
        parse_cutoff(text, NOW)
    assert repr(text) in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint


@given(st.text(max_size=20))
def test_any_text_is_a_cutoff_or_an_error(text: str) -> None:
    with suppress(InvalidCutoff):
        parse_cutoff(text, NOW)


@given(st.datetimes(datetime(1974, 1, 1), datetime(9998, 1, 1)))
def test_any_moment_survives_its_text(moment: datetime) -> None:
    expected = round(moment.replace(tzinfo=UTC, microsecond=0).timestamp() * 1000)
    assert parse_cutoff(moment.replace(microsecond=0).isoformat(" "), NOW) == expected


class TestRule:
    def test_what_is_said_of_a_package_comes_before_what_is_said_of_its_channel(self) -> None:
        rule = ExcludeNewer.parse(
            "7d",
            packages={"Tool": "never", "lib*": "1d", "libc": "2d"},
            channels={"inside": "never", "https://host/outside": "3d"},
            now=NOW,
        )
        outside = ("https://host/outside", "outside")
        inside = ("https://host/inside", "inside")
        assert rule.cutoff("numpy", "https://host/else", "else") == days_ago(7)
        assert rule.cutoff("numpy", *outside) == days_ago(3)
        assert rule.cutoff("numpy", *inside) is None
        assert rule.cutoff("tool", *outside) is None
        assert rule.cutoff("libz", *inside) == days_ago(1)
        assert rule.cutoff("libc", *inside) == days_ago(2)

    def test_a_rule_that_excludes_nothing_is_false(self) -> None:
        assert not ExcludeNewer.parse("")
        assert not ExcludeNewer.parse("never", packages={"a": "no"})
        assert ExcludeNewer.parse("", packages={"a": "7d"})
        assert ExcludeNewer(everything=0)


class TestSolve:
    SOURCE = MemorySource(
        [
            pkg("a", "1.0", timestamp=days_ago(30)),
            pkg("a", "2.0", timestamp=days_ago(3)),
            pkg("a", "2.1", timestamp=days_ago(2)),
            pkg("a", "3.0"),
            pkg("b", "1.0", ["a >=2"], timestamp=days_ago(30)),
        ]
    )
    WEEK = ExcludeNewer(days_ago(7))

    def test_the_newest_that_is_old_enough(self) -> None:
        found = run(install("a"), self.SOURCE, exclude_newer=self.WEEK)
        assert dists(found) == ["a-1.0-0"]

    def test_what_is_hidden_is_counted(self) -> None:
        found = run(install("a"), self.SOURCE, exclude_newer=self.WEEK)
        assert found.hidden == {"a": Hidden(("2.0", "2.1"), 2, 1)}
        assert run(install("a"), self.SOURCE).hidden == {}

    def test_it_is_known_when_there_is_no_solution(self) -> None:
        with pytest.raises(Unsolvable) as caught:
            run(install("b"), self.SOURCE, exclude_newer=self.WEEK)
        assert caught.value.hidden["a"].newer == ("2.0", "2.1")

    def test_exactly_at_the_cut_off_is_old_enough(self) -> None:
        for shift, expected in ((0, "a-2.0-0"), (-1, "a-1.0-0")):
            rule = ExcludeNewer(days_ago(3) + shift)
            assert dists(run(install("a"), self.SOURCE, exclude_newer=rule)) == [expected]

    def test_the_channels_own_date_counts_for_more(self) -> None:
        source = MemorySource(
            [
                pkg("a", "1.0", timestamp=days_ago(1), indexed_timestamp=days_ago(30)),
                pkg("a", "2.0", timestamp=days_ago(30), indexed_timestamp=days_ago(1)),
                pkg("a", "1.5", indexed_timestamp=days_ago(20) // 1000),
            ]
        )
        found = run(install("a"), source, exclude_newer=self.WEEK)
        assert dists(found) == ["a-1.5-0"]
        assert found.hidden == {"a": Hidden(("2.0",), 1, 0)}

    def test_packages_and_channels_can_be_exempt(self) -> None:
        for rule in (
            ExcludeNewer(days_ago(7), packages={"a": None}),
            ExcludeNewer(days_ago(7), channels={"chan": None}),
        ):
            assert dists(run(install("a"), self.SOURCE, exclude_newer=rule)) == ["a-3.0-0"]

    def test_installed_packages_are_not_hidden(self) -> None:
        installed = prefix_of(pkg("a", "2.1", timestamp=days_ago(2)))
        found = planned(install("b"), self.SOURCE, installed=installed, exclude_newer=self.WEEK)
        assert found == {"install b 1.0"}
        request = Request(update_all=True)
        assert not planned(request, self.SOURCE, installed=installed, exclude_newer=self.WEEK)

    def test_a_hidden_package_still_hides_lower_channels(self) -> None:
        high = MemorySource([pkg("a", "2.0", timestamp=days_ago(1))], "https://host/high")
        low = MemorySource([pkg("a", "1.0", timestamp=days_ago(99))], "https://host/low")
        assert dists(run(install("a"), high, low, exclude_newer=self.WEEK)) == ["a-1.0-0"]
        with pytest.raises(Unsolvable):
            run(install("a"), high, low, exclude_newer=self.WEEK, channel_priority="strict")

    def test_pip_is_not_added_when_every_pip_is_hidden(self) -> None:
        source = MemorySource(
            [
                pkg("python", "3.13.0", timestamp=days_ago(9)),
                pkg("pip", depends=["python"], timestamp=days_ago(1)),
            ]
        )
        found = run(install("python"), source, exclude_newer=self.WEEK)
        assert dists(found) == ["python-3.13.0-0"]
