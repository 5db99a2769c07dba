"""What a request does to an environment: updates, removals, pins, holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solver_properties import NAMES, requests, universes
from universe_factory import (
    MemorySource,
    dists,
    install,
    pkg,
    planned,
    prefix_of,
    run,
)

import mm_solve.solution
from mm_pkg.record import PrefixRecord
from mm_solve import Request, Unsolvable, Version, changes


class TestUpdateNeverDowngrades:
    """The best foo needs an older bar."""

    SOURCE = MemorySource(
        [
            pkg("foo", "1.0", ["bar"]),
            pkg("foo", "2.0", ["bar"]),
            pkg("foo", "3.0", ["bar <2"]),
            pkg("bar", "1.0"),
            pkg("bar", "2.0"),
        ]
    )
    INSTALLED = prefix_of(pkg("foo", "1.0", ["bar"]), pkg("bar", "2.0"))

    @pytest.mark.parametrize("request_", [Request.of(update=["foo"]), Request(update_all=True)])
    def test_the_best_that_needs_no_downgrade_is_taken(self, request_: Request) -> None:
        found = planned(request_, self.SOURCE, installed=self.INSTALLED)
        assert found == {"upgrade foo 1.0 -> 2.0"}

    def test_allowed_explicitly(self) -> None:
        found = planned(
            Request.of(update=["foo"]), self.SOURCE, installed=self.INSTALLED, allow_downgrade=True
        )
        assert found == {"upgrade foo 1.0 -> 3.0", "downgrade bar 2.0 -> 1.0"}

    def test_an_install_may(self) -> None:
        found = planned(install("foo=3"), self.SOURCE, installed=self.INSTALLED)
        assert found == {"upgrade foo 1.0 -> 3.0", "downgrade bar 2.0 -> 1.0"}

    def test_a_version_asked_for_that_would_need_one_is_refused(self) -> None:
        with pytest.raises(Unsolvable, match="bar must not be downgraded"):
            run(Request.of(update=["foo=3"]), self.SOURCE, installed=self.INSTALLED)

    def test_what_is_named_in_a_lower_version_goes_there(self) -> None:
        found = planned(Request.of(update=["bar<2"]), self.SOURCE, installed=self.INSTALLED)
        assert found == {"downgrade bar 2.0 -> 1.0"}

    def test_what_is_pinned_to_a_lower_version_goes_there(self) -> None:
        request = Request.of(update=["foo"], pins=["bar 1.*"])
        found = planned(request, self.SOURCE, installed=self.INSTALLED)
        assert found == {"upgrade foo 1.0 -> 3.0", "downgrade bar 2.0 -> 1.0"}

    def test_a_higher_channel_with_an_older_version_is_no_reason(self) -> None:
        high = MemorySource([pkg("bar", "1.5")], "https://host/high")
        for priority in ("flexible", "strict", "disabled"):
            found = planned(
                Request(update_all=True),
                high,
                self.SOURCE,
                installed=prefix_of(pkg("bar", "2.0")),
                channel_priority=priority,
            )
            assert found == set()

    def test_neither_are_track_features(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0", track_features="slow")])
        installed = prefix_of(pkg("a", "2.0", track_features="slow"))
        assert planned(Request(update_all=True), source, installed=installed) == set()


class TestWhatWasAskedForStays:
    SOURCE = MemorySource(
        [
            pkg("a", "1.0"),
            pkg("a", "2.0"),
            pkg("old", "1.0", ["a <2"]),
            pkg("new", "1.0", ["a >=2"]),
        ]
    )
    INSTALLED = prefix_of(pkg("a", "1.0"), pkg("old", "1.0", ["a <2"]))

    @pytest.mark.parametrize("request_", [Request.of(update=["a"]), Request(update_all=True)])
    def test_an_update_that_would_drive_it_out_has_nothing_better(self, request_: Request) -> None:
        assert planned(request_, self.SOURCE, installed=self.INSTALLED) == set()

    @pytest.mark.parametrize(
        "request_",
        [Request.of("new", keep=["old"]), Request.of(update=["a>=2"], keep=["old=1"])],
    )
    def test_a_demand_does_not_drive_it_out(self, request_: Request) -> None:
        with pytest.raises(Unsolvable, match="old was asked for and must stay"):
            run(request_, self.SOURCE, installed=self.INSTALLED)

    def test_unless_told_to(self) -> None:
        request = Request.of("new", keep=["old"])
        found = planned(request, self.SOURCE, installed=self.INSTALLED, allow_uninstall=True)
        assert "remove old 1.0" in found

    def test_what_nobody_asked_for_may_go(self) -> None:
        found = planned(Request.of("new"), self.SOURCE, installed=self.INSTALLED)
        assert "remove old 1.0" in found

    def test_what_was_asked_for_and_is_gone_is_no_matter(self) -> None:
        request = Request.of("new", keep=["vanished", "a"])
        assert "install new 1.0" in planned(request, self.SOURCE, installed=self.INSTALLED)

    def test_a_removal_takes_dependents_along_even_so(self) -> None:
        request = Request.of(remove=["a"], keep=["old"])
        found = planned(request, self.SOURCE, installed=self.INSTALLED)
        assert found == {"remove a 1.0", "remove old 1.0"}


class TestRemovals:
    INSTALLED = prefix_of(
        pkg("app", depends=["lib", "helper"]),
        pkg("lib"),
        pkg("helper", depends=["low"]),
        pkg("low"),
    )

    def test_dependents_leave_no_orphans_of_their_own(self) -> None:
        found = planned(Request.of(remove=["lib"]), installed=self.INSTALLED)
        assert found == {f"remove {name} 1.0" for name in self.INSTALLED}

    def test_but_for_what_was_asked_for(self) -> None:
        found = planned(Request.of(remove=["lib"], keep=["helper"]), installed=self.INSTALLED)
        assert found == {"remove app 1.0", "remove lib 1.0"}

    def test_or_without_pruning(self) -> None:
        found = planned(Request.of(remove=["lib"], prune=False), installed=self.INSTALLED)
        assert found == {"remove app 1.0", "remove lib 1.0"}


class TestUpdates:
    def test_a_pattern_updates_what_it_fits(self) -> None:
        source = MemorySource([pkg("lib-a", "2.0"), pkg("lib-b", "2.0"), pkg("c", "2.0")])
        installed = prefix_of(pkg("lib-a"), pkg("c"))
        assert planned(Request.of(update=["lib-*"]), source, installed=installed) == {
            "upgrade lib-a 1.0 -> 2.0"
        }
        with pytest.raises(Unsolvable):
            run(Request.of(update=["lib-* >=3"]), source, installed=installed)

    def test_all_and_something_new(self) -> None:
        source = MemorySource([pkg("a", "2.0"), pkg("b", "1.0"), pkg("b", "2.0")])
        request = Request.of("b=1", update_all=True)
        assert planned(request, source, installed=prefix_of(pkg("a"))) == {
            "upgrade a 1.0 -> 2.0",
            "install b 1.0",
        }

    def test_the_newest_build_of_the_same_version(self) -> None:
        source = MemorySource([pkg("a", build="0"), pkg("a", build="1", build_number=1)])
        found = planned(Request.of(update=["a"]), source, installed=prefix_of(pkg("a")))
        assert found == {"change a 1.0 -> 1.0"}

    def test_nothing_installed_is_nothing_to_update(self) -> None:
        assert planned(Request(update_all=True), MemorySource([pkg("a")])) == set()

    def test_python_keeps_its_minor_version(self) -> None:
        source = MemorySource([pkg("python", v) for v in ("3.10.1", "3.10.9", "3.11.0")])
        installed = prefix_of(pkg("python", "3.10.1"))
        for request, expected in (
            (Request(update_all=True), "3.10.9"),
            (Request.of(update=["python"]), "3.11.0"),
            (Request.of(update=["pyth*"]), "3.11.0"),
        ):
            found = planned(request, source, installed=installed)
            assert found == {f"upgrade python 3.10.1 -> {expected}"}

    def test_packages_without_a_history_are_no_orphans_of_a_circle(self) -> None:
        installed = prefix_of(
            pkg("a", depends=["b"]),
            pkg("b", depends=["a"]),
            pkg("top", depends=["low"]),
            pkg("low"),
        )
        assert planned(Request(update_all=True), MemorySource([]), installed=installed) == set()

    def test_a_broken_dependency_of_an_installed_package(self) -> None:
        source = MemorySource([pkg("a", "2.0")])
        installed = prefix_of(pkg("a", depends=["b >=,", ""]))
        assert planned(Request(update_all=True), source, installed=installed) == {
            "upgrade a 1.0 -> 2.0"
        }


class TestInstalledOddities:
    def test_a_version_that_is_none(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("b"), pkg("c", depends=["a >=1"])])
        installed = prefix_of(pkg("a", "not a version!"))
        assert planned(install("b"), source, installed=installed) == {"install b 1.0"}
        assert planned(install("a"), source, installed=installed) == set()
        replaced = "change a not a version! -> 1.0"
        assert planned(Request(update_all=True), source, installed=installed) == {replaced}
        assert planned(install("c"), source, installed=installed) == {replaced, "install c 1.0"}
        assert planned(Request.of(remove=["a"]), installed=installed) == {"remove a not a version!"}

    @pytest.mark.parametrize("version", ["3", "3.13rc1", "1!3.13.1", "dev", "", "3.13.1.post1"])
    def test_odd_versions_of_python(self, version: str) -> None:
        source = MemorySource([pkg("b", depends=["python"])])
        installed = prefix_of(pkg("python", version))
        assert planned(install("b"), source, installed=installed) == {"install b 1.0"}

    def test_a_release_candidate_of_python_may_become_the_release(self) -> None:
        source = MemorySource([pkg("python", "3.13.0"), pkg("python", "3.14.0")])
        installed = prefix_of(pkg("python", "3.13.0rc1"))
        found = planned(Request(update_all=True), source, installed=installed)
        assert found == {"upgrade python 3.13.0rc1 -> 3.13.0"}

    def test_a_channel_that_vanished(self) -> None:
        source = MemorySource([pkg("a", "0.5"), pkg("b", depends=["a"])])
        installed = prefix_of(pkg("a", "1.0"), channel="https://gone/chan")
        assert planned(install("b"), source, installed=installed) == {"install b 1.0"}
        assert planned(Request(update_all=True), source, installed=installed) == set()

    def test_force_reinstall_of_what_no_channel_has(self) -> None:
        source = MemorySource([pkg("a", "2.0")])
        request = install("a", force_reinstall=True)
        found = planned(request, source, installed=prefix_of(pkg("a", "1.0")))
        assert found == {"reinstall a 1.0"}

    def test_force_reinstall_in_another_version(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0"), pkg("b")])
        request = install("a>=2", "b", force_reinstall=True)
        found = planned(request, source, installed=prefix_of(pkg("a", "1.0"), pkg("b")))
        assert found == {"upgrade a 1.0 -> 2.0", "reinstall b 1.0"}

    def test_force_reinstall_of_a_frozen_package(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0")])
        request = install("a", force_reinstall=True, freeze_installed=True)
        assert planned(request, source, installed=prefix_of(pkg("a"))) == {"reinstall a 1.0"}


class TestPins:
    def test_a_pattern(self) -> None:
        source = MemorySource(
            [pkg(name, version) for name in ("lib-a", "lib-b", "c") for version in ("1.0", "2.0")]
        )
        request = Request.of("lib-a", "lib-b", "c", pins=["lib-* <2"])
        assert sorted(dists(run(request, source))) == ["c-2.0-0", "lib-a-1.0-0", "lib-b-1.0-0"]

    def test_channel_and_build_number_count(self) -> None:
        high = MemorySource([pkg("a", "2.0")], "https://host/high")
        low = MemorySource(
            [pkg("a", "3.0", build=str(n), build_number=n) for n in range(3)], "https://host/low"
        )
        assert dists(run(Request.of("a", pins=["low::a"]), high, low)) == ["a-3.0-2"]
        pins = ["low::a[build_number='<2']"]
        assert dists(run(Request.of("a", pins=pins), high, low)) == ["a-3.0-1"]
        with pytest.raises(Unsolvable, match="pin on"):
            run(Request.of("a=2", pins=["low::a"]), high, low)

    def test_what_is_absent_is_no_matter(self) -> None:
        source = MemorySource([pkg("a")])
        request = Request.of("a", pins=["b=1", "zz* <3", "nowhere::c"])
        assert dists(run(request, source)) == ["a-1.0-0"]

    def test_an_installed_package_moves_to_its_pin(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0"), pkg("b", depends=["a"])])
        installed = prefix_of(pkg("a", "2.0"))
        found = planned(Request.of("b", pins=["a=1"]), source, installed=installed)
        assert found == {"downgrade a 2.0 -> 1.0", "install b 1.0"}

    def test_a_removal_puts_nothing_right(self) -> None:
        installed = prefix_of(pkg("a", "2.0"), pkg("b", depends=["a"]), pkg("c"))
        request = Request.of(remove=["c"], pins=["a=1"])
        assert planned(request, installed=installed) == {"remove c 1.0"}

    def test_a_removal_moves_nothing_past_its_pin(self) -> None:
        source = MemorySource([pkg("a", "1.0", ["c"]), pkg("a", "2.0"), pkg("c")])
        installed = prefix_of(pkg("a", "1.0", ["c"]), pkg("c"))
        request = Request.of(remove=["c"], pins=["a=1"])
        found = planned(request, source, installed=installed)
        assert found == {"remove a 1.0", "remove c 1.0"}

    def test_free_threading_is_kept(self) -> None:
        def python_abi(tag: str) -> dict[str, Any]:
            return pkg("python_abi", "3.13", build=f"8_{tag}")

        records = [
            pkg("python", "3.13.0", ["python_abi 3.13.* *_cp313t"], build="a_cp313t"),
            pkg("python", "3.13.1", ["python_abi 3.13.* *_cp313"], build="b_cp313"),
            python_abi("cp313"),
            python_abi("cp313t"),
            pkg("needs-new", depends=["python >=3.13.1"]),
            pkg("python-freethreading", depends=["python_abi * *_cp313t"]),
        ]
        source = MemorySource(records)
        installed = prefix_of(records[0], records[3])
        found = planned(install("needs-new"), source, installed=installed)
        assert "change python_abi 3.13 -> 3.13" in found
        installed = prefix_of(records[0], records[3], records[5])
        with pytest.raises(Unsolvable):
            run(install("needs-new"), source, installed=installed)


class TestSpecsOfOneName:
    SOURCE = MemorySource([pkg("a", v) for v in ("1.0", "2.0", "3.0")])

    def test_all_of_them_hold(self) -> None:
        assert dists(run(install("a>=2", "a<3"), self.SOURCE)) == ["a-2.0-0"]
        with pytest.raises(Unsolvable):
            run(install("a=1", "a=2"), self.SOURCE)

    def test_once_more_is_no_matter(self) -> None:
        assert dists(run(install("a<3", "a<3", "A <3"), self.SOURCE)) == ["a-2.0-0"]

    def test_the_case_of_names_is_no_matter(self) -> None:
        assert dists(run(install("A=1"), self.SOURCE)) == ["a-1.0-0"]
        installed = prefix_of(pkg("a", "1.0"))
        assert planned(Request.of(update=["A"]), self.SOURCE, installed=installed) == {
            "upgrade a 1.0 -> 3.0"
        }


class TestStrategies:
    SOURCE = MemorySource(
        [
            pkg("app", "1.0", ["lib"]),
            pkg("app", "2.0", ["lib >=2"]),
            *(pkg("lib", v, build=b, build_number=int(b)) for v in "123" for b in "01"),
            pkg("odd", "1.0", track_features="slow"),
            pkg("odd", "2.0"),
            pkg("odd", "3.0"),
        ]
    )

    @pytest.mark.parametrize(
        ("strategy", "texts", "expected"),
        [
            ("highest", ["app"], {"app-2.0-0", "lib-3-1"}),
            ("lowest", ["app"], {"app-1.0-0", "lib-1-1"}),
            ("lowest", ["app>1"], {"app-2.0-0", "lib-2-1"}),
            ("lowest-direct", ["app"], {"app-1.0-0", "lib-3-1"}),
            ("lowest-direct", ["app", "lib"], {"app-1.0-0", "lib-1-1"}),
            ("lowest-direct", ["ap*"], {"app-1.0-0", "lib-3-1"}),
            ("lowest", ["odd"], {"odd-2.0-0"}),
        ],
    )
    def test_versions(self, strategy: str, texts: list[str], expected: set[str]) -> None:
        assert set(dists(run(install(*texts), self.SOURCE, strategy=strategy))) == expected

    def test_a_higher_channel_comes_first_all_the_same(self) -> None:
        high = MemorySource([pkg("a", "2.0"), pkg("a", "3.0")], "https://host/high")
        low = MemorySource([pkg("a", "1.0")], "https://host/low")
        assert dists(run(install("a"), high, low, strategy="lowest")) == ["a-2.0-0"]

    def test_an_update_does_not_go_down(self) -> None:
        installed = prefix_of(pkg("lib", "2"))
        found = planned(
            Request.of(update=["lib"]), self.SOURCE, installed=installed, strategy="lowest"
        )
        assert not any(text.startswith("downgrade") for text in found)

    def test_ties_go_to_builds_for_the_lowest_dependencies(self) -> None:
        source = MemorySource(
            [
                pkg("ext", build="py1", depends=["py 1"]),
                pkg("ext", build="py2", depends=["py 2"]),
                pkg("py", "1"),
                pkg("py", "2"),
            ]
        )
        assert "py-1-0" in dists(run(install("ext"), source, strategy="lowest"))
        assert "py-2-0" in dists(run(install("ext"), source, strategy="lowest-direct"))


class TestChannelOrder:
    def test_platforms_of_channels_may_come_in_any_order(self) -> None:
        a = MemorySource([pkg("other")], "https://host/a")
        a_noarch = MemorySource([pkg("foo", "1.0")], "https://host/a", "noarch")
        b = MemorySource([pkg("foo", "2.0")], "https://host/b")
        for order in itertools.permutations([b, a_noarch]):
            found = run(install("foo"), a, *order, channel_priority="strict")
            assert dists(found) == ["foo-1.0-0"]

    def test_a_channel_given_twice_counts_once(self) -> None:
        once = MemorySource([pkg("a")], "https://host/a")
        twice = MemorySource([pkg("a")], "https://host/a")
        run(install("a"), once, twice)
        assert twice.reads == []


class TestSettledNames:
    """What is installed and in nobody's way is not looked up in the channels."""

    RECORDS = (
        pkg("python", "3.11.0"),
        pkg("python", "3.12.0"),
        pkg("lib", "1.0", ["python"]),
        pkg("lib", "2.0", ["python"]),
        pkg("apart", "1.0"),
        pkg("new", "1.0", ["lib", "python >=3.11"]),
        pkg("newer", "1.0", ["lib >=2"]),
    )
    INSTALLED = prefix_of(RECORDS[0], RECORDS[2], RECORDS[4])

    def test_nothing_but_the_new_package_is_read(self) -> None:
        source = MemorySource(self.RECORDS)
        assert planned(install("new"), source, installed=self.INSTALLED) == {"install new 1.0"}
        assert set(source.reads) == {"new"}

    def test_what_has_to_move_is(self) -> None:
        source = MemorySource(self.RECORDS)
        assert planned(install("newer"), source, installed=self.INSTALLED) == {
            "install newer 1.0",
            "upgrade lib 1.0 -> 2.0",
        }
        assert set(source.reads) == {"newer", "lib"}

    def test_a_tie_between_builds_is_broken_by_what_there_is(self) -> None:
        source = MemorySource(
            [
                pkg("ext", build="a", depends=["lib <2"], timestamp=2),
                pkg("ext", build="b", depends=["lib >=1"], timestamp=1),
                pkg("lib", "1.0"),
                pkg("lib", "2.0"),
            ]
        )
        found = run(install("ext"), source, installed=prefix_of(pkg("lib", "1.0")))
        assert dists(found) == ["lib-1.0-0", "ext-1.0-b"]

    def test_only_what_will_be_read_is_expected(self) -> None:
        class Remote(MemorySource):
            expected: set[str]

            def prefetch(self, names: Iterable[str]) -> None:
                self.expected |= set(names)

        for request, expected in (
            (install("new"), {"new"}),
            (install("newer"), {"newer", "lib"}),
            (Request.of(update=["lib"]), {"lib"}),
            (Request(update_all=True), {"apart", "lib"}),  # python is for who needs it
        ):
            source = Remote(self.RECORDS)
            source.expected = set()
            run(request, source, installed=self.INSTALLED)
            assert source.expected - {"python", "pip"} == expected

    def test_an_update_reads_what_it_is_about(self) -> None:
        source = MemorySource(self.RECORDS)
        planned(Request.of(update=["lib"]), source, installed=self.INSTALLED)
        assert "apart" not in source.reads


names = st.sampled_from(NAMES)
wishes = st.builds(
    lambda name, relation: name + relation, names, st.sampled_from(["", " 1", " 2", " >=2", " <2"])
)
orders = st.builds(
    Request.of,
    update=st.lists(wishes, max_size=2),
    remove=st.lists(wishes, max_size=1),
    keep=st.lists(names, max_size=2),
    pins=st.lists(wishes, max_size=1),
    update_all=st.booleans(),
    prune=st.booleans(),
    freeze_installed=st.booleans(),
    force_reinstall=st.booleans(),
)


def environment(records: list[dict[str, Any]], wanted: list[str]) -> dict[str, PrefixRecord] | None:
    """What an install of *wanted* leaves; None when there is no solution."""
    try:
        found = run(install(*wanted), MemorySource(records))
    except Unsolvable:
        return None
    dist = {f"{r['name']}-{r['version']}-{r['build']}": r for r in records}
    return prefix_of(*(dist[name] for name in dists(found)))


def outcome(request: Request, records: list[dict[str, Any]], installed: Any) -> list[str] | None:
    try:
        return dists(run(request, MemorySource(records), installed=installed))
    except Unsolvable:
        return None


def only_installed(request: Request, installed: dict[str, PrefixRecord]) -> Request:
    """*request* without updates of what is not there."""
    from msgspec.structs import replace

    return replace(request, update=tuple(s for s in request.update if s.name in installed))


@st.composite
def intricate_universes(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Several builds of a version, and dependencies that count only at times."""
    relations = st.sampled_from(["", " 1", " >=1", " >=2", " <2"])
    plain = st.builds(lambda name, relation: name + relation, names, relations)
    conditional = st.builds(
        lambda name, premise: f'{name}[when="{premise}"]', names, st.one_of(names, plain)
    )
    dependencies = st.lists(st.one_of(plain, plain, conditional), max_size=2)
    return [
        pkg(name, str(version), draw(dependencies), build=build)
        for name in NAMES
        for version in range(1, draw(st.integers(1, 2)) + 1)
        for build in ("x", "y")[: draw(st.integers(1, 2))]
    ]


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(universes(), intricate_universes()),
    requests,
    st.lists(wishes, max_size=2),
    orders,
)
def test_reading_less_changes_nothing(
    records: list[dict[str, Any]], before: list[str], wanted: list[str], order: Request
) -> None:
    installed = environment(records, before)
    if installed is None:
        return
    request = only_installed(order, installed)
    request = Request.of(*wanted, **{f: getattr(request, f) for f in request.__struct_fields__[1:]})
    lazily = outcome(request, records, installed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mm_solve.solution, "settled_names", lambda *given: frozenset())
        assert outcome(request, records, installed) == lazily


@settings(max_examples=300, deadline=None)
@given(universes(), requests, requests, orders)
def test_an_update_lowers_and_loses_nothing(
    records: list[dict[str, Any]], older: list[str], before: list[str], order: Request
) -> None:
    installed = environment(records[::2], before) or environment(records, before)
    if installed is None:
        return
    kept = {spec.name for spec in order.keep}
    for request in (
        Request(update_all=True, keep=order.keep, prune=order.prune),
        *(Request.of(update=[n], keep=order.keep, prune=order.prune) for n in installed),
    ):
        actions = changes(installed, run(request, MemorySource(records), installed=installed))
        for action in actions:
            assert action.kind != "downgrade"
            if action.link is not None and action.unlink is not None:
                assert Version.parse(action.link.version) >= Version.parse(action.unlink.version)
            if action.kind == "remove":
                assert action.name not in kept
                assert order.prune


@settings(max_examples=200, deadline=None)
@given(universes(), requests, names, st.lists(names, max_size=2))
def test_a_removal_takes_dependents_and_orphans_and_nothing_else(
    records: list[dict[str, Any]], before: list[str], name: str, keep: list[str]
) -> None:
    installed = environment(records, before)
    if installed is None:
        return
    needs = {n: {d.split()[0] for d in r.depends} & set(installed) for n, r in installed.items()}
    dependents = {name}
    while more := {n for n in needs if needs[n] & dependents} - dependents:
        dependents |= more
    for prune in (True, False):
        request = Request.of(remove=[name], keep=keep, prune=prune)
        left = {r.name for r in run(request, installed=installed).records}
        gone = set(installed) - left
        assert gone & dependents == set(installed) & dependents
        orphans = gone - dependents
        assert not orphans & set(keep)
        if not prune:
            assert not orphans
        assert all(not (needs[n] & orphans) for n in left)


@settings(max_examples=150, deadline=None)
@given(universes(), requests, st.lists(wishes, min_size=1, max_size=3), orders, st.randoms())
def test_the_order_of_arguments_is_no_matter(
    records: list[dict[str, Any]],
    before: list[str],
    wanted: list[str],
    order: Request,
    random: Any,
) -> None:
    installed = environment(records, before)
    if installed is None:
        return
    order = only_installed(order, installed)
    lists = ("update", "remove", "keep", "pins")

    def shuffled(values: Any) -> list[Any]:
        values = list(values)
        random.shuffle(values)
        return values

    switches = {"update_all": order.update_all, "prune": order.prune}
    given = Request.of(*wanted, **{k: getattr(order, k) for k in lists}, **switches)
    other = Request.of(
        *shuffled(wanted), **{k: shuffled(getattr(order, k)) for k in lists}, **switches
    )
    assert outcome(given, records, installed) == outcome(other, records, installed)


def test_the_order_of_arguments_does_not_decide_who_gives_way() -> None:
    """Only one of the two can have its newest version."""
    source = MemorySource(
        [
            *(pkg("first", v, [f"shared {v}"]) for v in "12"),
            *(pkg("second", v, [f"shared {3 - int(v)}"]) for v in "12"),
            *(pkg("shared", v) for v in "12"),
        ]
    )
    expected = {"install first 2", "install second 1", "install shared 2"}
    assert planned(install("first", "second"), source) == expected
    assert planned(install("second", "first"), source) == expected


def test_a_build_on_something_with_features_loses_the_vote() -> None:
    """Though what it is built on is newer, and so is the build."""
    source = MemorySource(
        [
            pkg("app", "1", ["blas 2"], build="new", timestamp=2),
            pkg("app", "1", ["blas 1"], build="old", timestamp=1),
            pkg("blas", "2", track_features="mkl"),
            pkg("blas", "1"),
        ]
    )
    assert planned(install("app"), source) == {"install app 1", "install blas 1"}
