"""The classic cases every conda solver must pass, over small universes."""

from __future__ import annotations

import pytest
from universe_factory import (
    SYSTEM,
    MemorySource,
    dists,
    install,
    pkg,
    planned,
    prefix_of,
    run,
    specs,
)

from mm_pkg.record import PrefixRecord
from mm_solve import MatchSpec, NotInstalled, Request, Unsolvable
from mm_solve.virtual_packages import virtual_package

PYTHON = [
    pkg("python", "3.10.4", ["zlib"]),
    pkg("python", "3.11.2", ["zlib"]),
    pkg("zlib", "1.3"),
]
NUMPY = [
    pkg("numpy", "1.26.0", ["python >=3.10,<3.11"], build="py310_0"),
    pkg("numpy", "1.26.0", ["python >=3.11,<3.12"], build="py311_0"),
    pkg("numpy", "1.25.0", ["python >=3.10,<3.11"], build="py310_0"),
]
SCIENCE = MemorySource([*PYTHON, *NUMPY])


class TestFreshPrefix:
    def test_closure_comes_with_dependencies_first(self) -> None:
        assert dists(run(install("numpy"), SCIENCE)) == [
            "zlib-1.3-0",
            "python-3.11.2-0",
            "numpy-1.26.0-py311_0",
        ]

    def test_no_deps(self) -> None:
        assert planned(install("numpy"), SCIENCE, no_deps=True) == {
            "install numpy 1.26.0",
            "omit python 3.11.2",
            "omit zlib 1.3",
        }

    def test_only_deps(self) -> None:
        assert planned(install("numpy"), SCIENCE, only_deps=True) == {
            "omit numpy 1.26.0",
            "install python 3.11.2",
            "install zlib 1.3",
        }

    def test_no_deps_and_only_deps_leave_nothing(self) -> None:
        found = planned(install("numpy"), SCIENCE, no_deps=True, only_deps=True)
        assert all(text.startswith("omit ") for text in found)

    def test_no_deps_still_needs_a_solution(self) -> None:
        broken = MemorySource([pkg("a", depends=["nowhere"])])
        with pytest.raises(Unsolvable):
            planned(install("a"), broken, no_deps=True)

    def test_force_reinstall_of_what_is_not_there_is_an_install(self) -> None:
        request = install("zlib", force_reinstall=True)
        assert planned(request, SCIENCE) == {"install zlib 1.3"}

    def test_unknown_package(self) -> None:
        with pytest.raises(Unsolvable):
            run(install("no-such-thing"), SCIENCE)

    def test_incompatible_versions(self) -> None:
        with pytest.raises(Unsolvable):
            run(install("numpy=1.25", "python=3.11"), SCIENCE)

    def test_argument_order_does_not_matter(self) -> None:
        one = run(install("numpy", "python=3.10", "zlib"), SCIENCE)
        two = run(install("zlib", "python=3.10", "numpy"), SCIENCE)
        assert dists(one) == dists(two)

    def test_names_are_read_only_when_reached(self) -> None:
        source = MemorySource([*PYTHON, *NUMPY, pkg("other"), pkg("another", depends=["other"])])
        run(install("zlib"), source)
        assert "other" not in source.reads
        assert "numpy" not in source.reads


class TestRemove:
    INSTALLED = prefix_of(PYTHON[1], PYTHON[2], NUMPY[1])

    def test_prune_takes_orphans(self) -> None:
        request = Request(remove=specs("numpy"))
        assert planned(request, installed=self.INSTALLED) == {
            "remove numpy 1.26.0",
            "remove python 3.11.2",
            "remove zlib 1.3",
        }

    def test_what_was_asked_for_stays(self) -> None:
        request = Request(remove=specs("numpy"), keep=specs("python"))
        assert planned(request, installed=self.INSTALLED) == {"remove numpy 1.26.0"}

    def test_without_prune_only_the_package_goes(self) -> None:
        request = Request(remove=specs("numpy"), prune=False)
        assert planned(request, installed=self.INSTALLED) == {"remove numpy 1.26.0"}

    def test_dependents_go_too(self) -> None:
        request = Request(remove=specs("python"), prune=False)
        assert planned(request, installed=self.INSTALLED) == {
            "remove numpy 1.26.0",
            "remove python 3.11.2",
        }

    def test_what_is_not_installed_is_no_matter(self) -> None:
        assert planned(Request(remove=specs("scipy")), installed=self.INSTALLED) == set()

    def test_unrelated_packages_stay(self) -> None:
        installed = {**self.INSTALLED, **prefix_of(pkg("left-alone"))}
        request = Request(remove=specs("numpy"))
        assert "remove left-alone 1.0" not in planned(request, installed=installed)

    def test_no_channel_is_needed(self) -> None:
        assert "remove numpy 1.26.0" in planned(
            Request(remove=specs("numpy")), installed=self.INSTALLED
        )

    def test_only_matching_versions_go(self) -> None:
        request = Request(remove=specs("numpy<1.0"))
        assert planned(request, installed=self.INSTALLED) == set()


class TestInstalledPackages:
    def test_reinstall_of_the_exact_record(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0")])
        installed = prefix_of(pkg("a", "1.0"))
        request = install("a", force_reinstall=True)
        assert planned(request, source, installed=installed) == {"reinstall a 1.0"}

    def test_an_installed_match_is_kept(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0")])
        assert planned(install("a"), source, installed=prefix_of(pkg("a", "1.0"))) == set()

    def test_an_installed_package_gives_way_to_a_spec(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0")])
        found = planned(install("a>=2"), source, installed=prefix_of(pkg("a", "1.0")))
        assert found == {"upgrade a 1.0 -> 2.0"}

    def test_an_installed_package_no_channel_has_is_kept(self) -> None:
        source = MemorySource([pkg("b", depends=["a"])])
        found = planned(install("b"), source, installed=prefix_of(pkg("a", "0.1")))
        assert found == {"install b 1.0"}

    def test_update_takes_the_newest_and_what_it_needs(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0", ["b"]), pkg("b")])
        request = Request(update=specs("a"))
        assert planned(request, source, installed=prefix_of(pkg("a", "1.0"))) == {
            "upgrade a 1.0 -> 2.0",
            "install b 1.0",
        }

    def test_update_to_nothing_better_does_nothing(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0")])
        request = Request(update=specs("a<=1.1"))
        assert planned(request, source, installed=prefix_of(pkg("a", "1.0"))) == set()

    def test_update_with_a_constraint_moves(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0"), pkg("a", "3.0")])
        request = Request(update=specs("a>=2,<3"))
        found = planned(request, source, installed=prefix_of(pkg("a", "1.0")))
        assert found == {"upgrade a 1.0 -> 2.0"}

    def test_update_of_what_is_not_installed(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("b")])
        with pytest.raises(NotInstalled) as caught:
            planned(
                Request(update=specs("z", "b", "a>=1", "q*")), source, installed=prefix_of(pkg("b"))
            )
        assert caught.value.names == ("a", "q*", "z")
        assert "a, q*, z are not installed" in caught.value.message

    def test_update_all(self) -> None:
        source = MemorySource([pkg("a", "2.0"), pkg("b", "2.0"), pkg("c", "2.0")])
        installed = prefix_of(pkg("a"), pkg("b"))
        assert planned(Request(update_all=True), source, installed=installed) == {
            "upgrade a 1.0 -> 2.0",
            "upgrade b 1.0 -> 2.0",
        }

    def test_update_all_takes_orphans_but_not_what_was_asked_for(self) -> None:
        source = MemorySource([pkg("a", "2.0"), pkg("old"), pkg("tool")])
        installed = prefix_of(pkg("a", "1.0", ["old", "tool"]), pkg("old"), pkg("tool"))
        request = Request(update_all=True, keep=specs("tool"))
        assert planned(request, source, installed=installed) == {
            "upgrade a 1.0 -> 2.0",
            "remove old 1.0",
        }

    def test_frozen_packages_stay(self) -> None:
        source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0"), pkg("b", depends=["a>=2"])])
        installed = prefix_of(pkg("a", "1.0"))
        with pytest.raises(Unsolvable):
            run(install("b", freeze_installed=True), source, installed=installed)
        assert planned(install("b"), source, installed=installed) == {
            "upgrade a 1.0 -> 2.0",
            "install b 1.0",
        }


class TestNumpyFooPython:
    """numpy depends on foo and an old python; the new one on a new python alone."""

    SOURCE = MemorySource(
        [
            pkg("numpy", "1.0", ["python=2.0", "foo"]),
            pkg("numpy", "2.0", ["python=4.0"]),
            pkg("numpy", "2.0", ["python=5.0"], build="1"),
            pkg("foo", "1.0"),
            pkg("python", "2.0"),
            pkg("python", "4.0"),
            pkg("python", "5.0"),
        ]
    )
    INSTALLED = prefix_of(
        pkg("numpy", "1.0", ["python=2.0", "foo"]), pkg("foo", "1.0"), pkg("python", "2.0")
    )

    def test_update_with_prune(self) -> None:
        request = Request(update=specs("numpy"), python_pin=False)
        assert planned(request, self.SOURCE, installed=self.INSTALLED) == {
            "upgrade numpy 1.0 -> 2.0",
            "upgrade python 2.0 -> 5.0",
            "remove foo 1.0",
        }

    def test_keep(self) -> None:
        request = Request(update=specs("numpy"), keep=specs("foo"), python_pin=False)
        found = planned(request, self.SOURCE, installed=self.INSTALLED)
        assert "remove foo 1.0" not in found
        assert "upgrade numpy 1.0 -> 2.0" in found

    def test_no_prune(self) -> None:
        request = Request(update=specs("numpy"), prune=False, python_pin=False)
        found = planned(request, self.SOURCE, installed=self.INSTALLED)
        assert found == {"upgrade numpy 1.0 -> 2.0", "upgrade python 2.0 -> 5.0"}

    def test_update_of_python_takes_numpy_along(self) -> None:
        request = Request(update=specs("python"))
        assert planned(request, self.SOURCE, installed=self.INSTALLED) == {
            "upgrade numpy 1.0 -> 2.0",
            "upgrade python 2.0 -> 5.0",
        }


class TestDowngrade:
    SOURCE = MemorySource(
        [
            pkg("numpy", "1.0", ["python=5.0", "foo"]),
            pkg("numpy", "2.0", ["python=4.0"]),
            pkg("foo", "1.0", constrains=["numpy=1.0"]),
            pkg("python", "4.0"),
            pkg("python", "5.0"),
        ]
    )
    INSTALLED = prefix_of(
        pkg("numpy", "1.0", ["python=5.0", "foo"]),
        pkg("foo", "1.0", constrains=["numpy=1.0"]),
        pkg("python", "5.0"),
    )

    def test_allowed(self) -> None:
        request = Request(update=specs("numpy"), python_pin=False)
        found = planned(request, self.SOURCE, installed=self.INSTALLED, allow_downgrade=True)
        assert found == {
            "upgrade numpy 1.0 -> 2.0",
            "downgrade python 5.0 -> 4.0",
            "remove foo 1.0",
        }

    @pytest.mark.parametrize("allow", [None, False])
    @pytest.mark.parametrize("request_", [Request(update=specs("numpy")), Request(update_all=True)])
    def test_not_allowed(self, request_: Request, allow: bool | None) -> None:
        found = planned(request_, self.SOURCE, installed=self.INSTALLED, allow_downgrade=allow)
        assert found == set()

    def test_uninstall_not_allowed(self) -> None:
        request = Request(update=specs("numpy"), python_pin=False)
        found = planned(
            request,
            self.SOURCE,
            installed=self.INSTALLED,
            allow_uninstall=False,
            allow_downgrade=True,
        )
        assert found == set()


class TestChannels:
    HIGH = MemorySource([pkg("foo", "1.0"), pkg("mamba-forge", "1")], "https://host/high")
    LOW = MemorySource(
        [pkg("foo", "2.0"), pkg("foo", "3.0"), pkg("low-only"), pkg("mamba-forge", "2")],
        "https://host/low",
    )

    def test_the_higher_channel_wins_over_the_higher_version(self) -> None:
        assert dists(run(install("foo"), self.HIGH, self.LOW)) == ["foo-1.0-0"]

    def test_flexible_falls_back(self) -> None:
        found = run(install("foo>=2"), self.HIGH, self.LOW)
        assert dists(found) == ["foo-3.0-0"]

    def test_strict_does_not(self) -> None:
        with pytest.raises(Unsolvable):
            run(install("foo>=2"), self.HIGH, self.LOW, channel_priority="strict")

    def test_strict_hides_only_names_the_higher_channel_has(self) -> None:
        found = run(install("low-only"), self.HIGH, self.LOW, channel_priority="strict")
        assert dists(found) == ["low-only-1.0-0"]

    def test_disabled_goes_by_version(self) -> None:
        found = run(install("foo"), self.HIGH, self.LOW, channel_priority="disabled")
        assert dists(found) == ["foo-3.0-0"]

    @pytest.mark.parametrize("channel", ["low", "https://host/low"])
    def test_a_spec_names_its_channel(self, channel: str) -> None:
        found = run(install(f"{channel}::mamba-forge"), self.HIGH, self.LOW)
        assert [record.channel for record in found.records] == ["https://host/low"]

    def test_a_channel_nobody_configured(self) -> None:
        with pytest.raises(Unsolvable):
            run(install("elsewhere::mamba-forge"), self.HIGH, self.LOW)

    def test_subdirs_of_one_channel_share_its_priority(self) -> None:
        arch = MemorySource([pkg("foo", "1.0")], "https://host/chan")
        noarch = MemorySource([pkg("foo", "2.0")], "https://host/chan", "noarch")
        found = run(install("foo"), arch, noarch, channel_priority="strict")
        assert dists(found) == ["foo-2.0-0"]

    @pytest.mark.parametrize(
        ("spec", "subdir"),
        [
            ("foo", "linux-64"),
            ("foo[subdir=win-64]", "win-64"),
            ("chan/win-64::foo", "win-64"),
            ("https://host/chan/win-64::foo", "win-64"),
            ("chan[win-64]::foo", "win-64"),
            ("https://host/chan/linux-64/foo-2.0-0.conda", "linux-64"),
            ("https://host/chan/win-64/foo-1.0-0.conda", "win-64"),
        ],
    )
    def test_a_spec_names_its_subdir(self, spec: str, subdir: str) -> None:
        arch = MemorySource([pkg("foo", "2.0")], "https://host/chan")
        windows = MemorySource([pkg("foo", "1.0")], "https://host/chan", "win-64")
        found = run(install(spec), arch, windows)
        assert [record.subdir for record in found.records] == [subdir]

    def test_an_archive_that_is_not_there(self) -> None:
        with pytest.raises(Unsolvable):
            run(install("https://host/chan/linux-64/foo-9-0.conda"), self.HIGH)


class TestPreference:
    def test_features_weigh_more_than_the_version(self) -> None:
        source = MemorySource([pkg("foo", "2.0", track_features="bar"), pkg("foo", "1.0")])
        assert dists(run(install("foo"), source)) == ["foo-1.0-0"]

    def test_a_pin_picks_the_one_with_features(self) -> None:
        source = MemorySource([pkg("foo", "1.0", track_features="bar"), pkg("foo", "2.0")])
        found = run(install("foo", pins=specs("foo==1.0")), source)
        assert dists(found) == ["foo-1.0-0"]

    def test_build_number(self) -> None:
        source = MemorySource(
            [pkg("foo", build="a", build_number=0), pkg("foo", build="b", build_number=1)]
        )
        assert dists(run(install("foo"), source)) == ["foo-1.0-b"]

    def test_timestamp(self) -> None:
        source = MemorySource(
            [pkg("foo", build="a", timestamp=0), pkg("foo", build="b", timestamp=1)]
        )
        assert dists(run(install("foo"), source)) == ["foo-1.0-b"]

    def test_better_dependencies_weigh_more_than_the_timestamp(self) -> None:
        source = MemorySource(
            [
                pkg("foo", build="new", depends=["bar >=2"], timestamp=1),
                pkg("foo", build="old", depends=["bar <2"], timestamp=2),
                pkg("bar", "1.0"),
                pkg("bar", "2.0"),
            ]
        )
        assert dists(run(install("foo"), source)) == ["bar-2.0-0", "foo-1.0-new"]

    def test_the_version_weighs_more_than_the_build_number(self) -> None:
        source = MemorySource([pkg("foo", "1.0", build_number=9), pkg("foo", "1.1")])
        assert dists(run(install("foo"), source)) == ["foo-1.1-0"]

    def test_conda_hides_tar_bz2(self) -> None:
        both = [
            pkg("foo", fn="foo-1.0-0.tar.bz2", sha256="1" * 64),
            pkg("foo", fn="foo-1.0-0.conda"),
            pkg("foo", "0.9", fn="foo-0.9-0.tar.bz2"),
        ]
        for only, fn in ((False, "foo-1.0-0.conda"), (True, "foo-1.0-0.tar.bz2")):
            found = run(install("foo"), MemorySource(both), only_tar_bz2=only)
            assert [record.fn for record in found.records] == [fn]
        assert dists(run(install("foo<1"), MemorySource(both))) == ["foo-0.9-0"]


class TestPins:
    SOURCE = MemorySource(
        [
            pkg("foo", "1.0"),
            pkg("foo", "2.0"),
            pkg("bar", depends=["foo"]),
            pkg("needy", depends=["foo>=2"]),
        ]
    )

    def test_direct(self) -> None:
        assert dists(run(install("foo", pins=specs("foo=1.0")), self.SOURCE)) == ["foo-1.0-0"]

    def test_through_a_dependency(self) -> None:
        found = run(install("bar", pins=specs("foo=1.0")), self.SOURCE)
        assert dists(found) == ["foo-1.0-0", "bar-1.0-0"]

    def test_a_pin_installs_nothing(self) -> None:
        request = install("bar", pins=specs("needy=1.0"))
        assert "needy-1.0-0" not in dists(run(request, self.SOURCE))

    def test_a_pin_on_nothing_is_harmless(self) -> None:
        request = install("bar", pins=specs("unheard-of=7", "foo=1.0"))
        assert dists(run(request, self.SOURCE)) == ["foo-1.0-0", "bar-1.0-0"]

    def test_a_pin_that_cannot_be_met(self) -> None:
        with pytest.raises(Unsolvable, match="pin on foo"):
            run(install("needy", pins=specs("foo=1.0")), self.SOURCE)


class TestPythonPin:
    SOURCE = MemorySource(
        [
            *PYTHON,
            pkg("python", "3.10.9", ["zlib"]),
            pkg("needs311", depends=["python >=3.11"]),
            pkg("newer310", depends=["python >=3.10.5"]),
        ]
    )
    INSTALLED = prefix_of(PYTHON[0], PYTHON[2])

    def test_python_keeps_its_minor_version(self) -> None:
        with pytest.raises(Unsolvable, match="pin on python"):
            run(install("needs311"), self.SOURCE, installed=self.INSTALLED)

    def test_within_the_minor_version_it_moves(self) -> None:
        assert "upgrade python 3.10.4 -> 3.10.9" in planned(
            install("newer310"), self.SOURCE, installed=self.INSTALLED
        )

    def test_without_the_pin_it_moves(self) -> None:
        request = install("needs311", python_pin=False)
        assert "upgrade python 3.10.4 -> 3.11.2" in planned(
            request, self.SOURCE, installed=self.INSTALLED
        )

    def test_naming_python_lets_it_move(self) -> None:
        request = install("needs311", "python")
        assert "upgrade python 3.10.4 -> 3.11.2" in planned(
            request, self.SOURCE, installed=self.INSTALLED
        )


class TestSpecs:
    def test_md5(self) -> None:
        source = MemorySource([pkg("foo", "1.0", md5="a" * 32), pkg("foo", "2.0", md5="b" * 32)])
        assert dists(run(install(f"foo[md5={'a' * 32}]"), source)) == ["foo-1.0-0"]
        with pytest.raises(Unsolvable):
            run(install(f"foo[md5={'c' * 32}]"), source)

    def test_build_number(self) -> None:
        source = MemorySource(
            [pkg("foo", build=str(number), build_number=number) for number in range(4)]
        )
        assert dists(run(install("foo[build_number='>2']"), source)) == ["foo-1.0-3"]
        with pytest.raises(Unsolvable):
            run(install("foo[build_number='>3']"), source)

    def test_build_glob(self) -> None:
        source = MemorySource(
            [pkg("foo", build="pyhd_0"), pkg("foo", build="other", build_number=5)]
        )
        assert dists(run(install("foo[version='=*',build='pyhd*']"), source)) == ["foo-1.0-pyhd_0"]

    def test_a_broken_dependency_string_is_left_out_with_a_warning(self) -> None:
        from mm_pkg.reporter import Reporter
        from mm_solve import solve

        heard: list[str] = []

        class Listener(Reporter):
            def warned(self, message: str) -> None:
                heard.append(message)

        source = MemorySource([pkg("foo", depends=["bar >=", "baz"]), pkg("baz")])
        solution = solve(install("foo"), [source], reporter=Listener())
        assert dists(solution) == ["baz-1.0-0", "foo-1.0-0"]
        assert any("bar >=" in message for message in heard)


class TestVirtualPackages:
    SOURCE = MemorySource(
        [
            pkg("cuda-version", "13", constrains=["__cuda >=13"]),
            pkg("gpu", depends=["__cuda"]),
            pkg("new-libc", depends=["__glibc >=2.40"]),
        ]
    )

    def test_a_constraint_on_the_system_holds(self) -> None:
        with pytest.raises(Unsolvable):
            run(
                install("cuda-version"),
                self.SOURCE,
                system=[*SYSTEM, virtual_package("__cuda", "12")],
            )

    def test_a_constraint_the_system_meets(self) -> None:
        system = [*SYSTEM, virtual_package("__cuda", "13")]
        found = run(install("cuda-version"), self.SOURCE, system=system)
        assert dists(found) == ["cuda-version-13-0"]

    def test_a_constraint_on_what_the_system_has_not(self) -> None:
        assert dists(run(install("cuda-version"), self.SOURCE)) == ["cuda-version-13-0"]

    def test_a_missing_one(self) -> None:
        with pytest.raises(Unsolvable):
            run(install("gpu"), self.SOURCE)

    def test_one_that_is_too_old(self) -> None:
        with pytest.raises(Unsolvable):
            run(install("new-libc"), self.SOURCE)


class TestPip:
    WITH = MemorySource([*PYTHON, pkg("pip", depends=["python"])])

    def test_python_brings_pip(self) -> None:
        assert dists(run(install("python"), self.WITH)) == [
            "zlib-1.3-0",
            "python-3.11.2-0",
            "pip-1.0-0",
        ]

    def test_unless_told_otherwise(self) -> None:
        found = run(install("python"), self.WITH, add_pip=False)
        assert dists(found) == ["zlib-1.3-0", "python-3.11.2-0"]

    @pytest.mark.parametrize(("version", "brings"), [("1.5", False), ("2.0", True), ("3", True)])
    def test_from_python_2_on(self, version: str, brings: bool) -> None:
        source = MemorySource([pkg("python", version), pkg("pip", depends=["python"])])
        assert ("pip-1.0-0" in dists(run(install("python"), source))) is brings

    def test_where_there_is_no_pip_there_is_none(self) -> None:
        assert "pip-1.0-0" not in dists(run(install("python"), MemorySource(PYTHON)))

    def test_an_installed_python_does_not_get_it(self) -> None:
        installed = prefix_of(PYTHON[1], PYTHON[2])
        source = MemorySource(
            [*PYTHON, pkg("pip", depends=["python"]), pkg("other", depends=["python"])]
        )
        assert planned(install("other"), source, installed=installed) == {"install other 1.0"}


class TestConstrains:
    def test_it_restricts_what_is_there(self) -> None:
        source = MemorySource(
            [
                pkg("a", constrains=["b<2"]),
                pkg("b", "1.0"),
                pkg("b", "2.0"),
                pkg("c", depends=["b"]),
            ]
        )
        assert "b-1.0-0" in dists(run(install("a", "c"), source))
        assert "b-2.0-0" in dists(run(install("c"), source))

    def test_it_installs_nothing(self) -> None:
        source = MemorySource([pkg("a", constrains=["b<2"]), pkg("b", "1.0")])
        assert dists(run(install("a"), source)) == ["a-1.0-0"]

    def test_a_record_is_exempt_from_its_own(self) -> None:
        source = MemorySource([pkg("a", "1.0", constrains=["a 9999"])])
        assert dists(run(install("a"), source)) == ["a-1.0-0"]

    def test_it_holds_whichever_name_is_read_first(self) -> None:
        records = [
            pkg("z", constrains=["m<2"]),
            pkg("m", "1.0"),
            pkg("m", "2.0"),
            pkg("k", depends=["m"]),
            pkg("top", depends=["k", "z"]),
        ]
        assert "m-1.0-0" in dists(run(install("top"), MemorySource(records)))


def test_cycles_are_no_trouble() -> None:
    source = MemorySource(
        [pkg("a", depends=["b"]), pkg("b", depends=["c"]), pkg("c", depends=["a"])]
    )
    assert sorted(dists(run(install("a"), source))) == ["a-1.0-0", "b-1.0-0", "c-1.0-0"]


def test_prefix_records_come_back_as_they_were() -> None:
    installed = prefix_of(pkg("a"))
    (record,) = run(install("a"), MemorySource([pkg("a")]), installed=installed).records
    assert isinstance(record, PrefixRecord)


def test_match_spec_objects_are_all_a_request_holds() -> None:
    assert all(isinstance(spec, MatchSpec) for spec in install("a", "b").specs)


class TestGlobNames:
    SOURCE = MemorySource(
        [
            pkg("pytool", "1.0", ["missing"]),
            pkg("pywheel", "2.0", ["zlib"], md5="d" * 32),
            pkg("zlib"),
        ]
    )

    def test_one_that_can_be_installed_is_taken(self) -> None:
        assert dists(run(install("py*"), self.SOURCE)) == ["zlib-1.0-0", "pywheel-2.0-0"]

    def test_an_installed_one_will_do(self) -> None:
        installed = prefix_of(pkg("pyold"))
        assert planned(install("py*"), self.SOURCE, installed=installed) == set()

    def test_none_there(self) -> None:
        with pytest.raises(Unsolvable, match="qq"):
            run(install("qq*"), self.SOURCE)

    def test_by_hash_alone(self) -> None:
        found = run(install(f"*[md5={'d' * 32}]"), self.SOURCE)
        assert "pywheel-2.0-0" in dists(found)

    def test_none_that_can_be_installed(self) -> None:
        with pytest.raises(Unsolvable):
            run(install("pyt*"), self.SOURCE)
        with pytest.raises(Unsolvable):
            run(install("py*", "zlib>=9"), self.SOURCE)

    def test_remove(self) -> None:
        installed = prefix_of(pkg("pyold"), pkg("pyolder"), pkg("zlib"))
        assert planned(Request(remove=specs("py*")), installed=installed) == {
            "remove pyold 1.0",
            "remove pyolder 1.0",
        }


class TestNothingIsDrivenOut:
    """A better candidate is no reason to take another package away."""

    SOURCE = MemorySource(
        [
            pkg("a", "1.0"),
            pkg("a", "2.0"),
            pkg("old", "1.0", ["a <2"]),
            pkg("new", "1.0", ["a >=2"]),
            pkg("tool", "1.0"),
            pkg("tool", "2.0", constrains=["old >=9"]),
        ]
    )
    INSTALLED = prefix_of(pkg("a", "1.0"), pkg("old", "1.0", ["a <2"]))

    @pytest.mark.parametrize("request_", [Request(update=specs("a")), Request(update_all=True)])
    def test_update_stops_short_of_it(self, request_: Request) -> None:
        assert planned(request_, self.SOURCE, installed=self.INSTALLED) == set()

    def test_install_takes_the_version_that_gets_along(self) -> None:
        found = planned(install("tool"), self.SOURCE, installed=self.INSTALLED)
        assert found == {"install tool 1.0"}

    def test_but_a_demand_is(self) -> None:
        assert planned(install("new"), self.SOURCE, installed=self.INSTALLED) == {
            "install new 1.0",
            "upgrade a 1.0 -> 2.0",
            "remove old 1.0",
        }

    def test_unless_nothing_may_go(self) -> None:
        with pytest.raises(Unsolvable, match="old must stay installed"):
            run(install("new"), self.SOURCE, installed=self.INSTALLED, allow_uninstall=False)
