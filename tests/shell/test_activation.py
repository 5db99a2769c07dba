"""Activation as a function: the tables of variables, PATH, levels, scripts, prompt."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mm_shell import (
    ChangePrompt,
    Changes,
    Export,
    InvalidPrefix,
    PrefixFacts,
    Prompt,
    Source,
    Unset,
    activate,
    deactivate,
    reactivate,
)

ROOT = "/mm"
A, B, C = "/mm/envs/a", "/mm/envs/b", "/srv/c"
FACTS = {
    ROOT: PrefixFacts(),
    A: PrefixFacts({"FOO": "a", "BAR": ""}, (f"{A}/1.sh", f"{A}/2.fish"), (f"{A}/off.sh",)),
    B: PrefixFacts({"FOO": "b"}, (f"{B}/1.sh",), (f"{B}/off.sh",)),
    C: PrefixFacts(),
}
HOOKED = {"PATH": "/mm/condabin:/bin", "CONDA_SHLVL": "0", "HOME": "/h"}


def _facts(prefix: str) -> PrefixFacts:
    return FACTS.get(prefix, PrefixFacts())


def _enter(environ: dict[str, str], prefix: str, **options: Any) -> dict[str, str]:
    return activate(environ, prefix, ROOT, facts=_facts, **options).apply(environ)


def _leave(environ: dict[str, str]) -> dict[str, str]:
    return deactivate(environ, ROOT, facts=_facts).apply(environ)


def test_first_activation_in_the_order_of_the_tables() -> None:
    changes = activate({**HOOKED, "FOO": "0", "PS1": "$ "}, A, ROOT, facts=_facts)
    assert changes.steps == (
        ChangePrompt("", "(a) ", (("PS1", "$ "),)),
        Export("__CONDA_SHLVL_0_FOO", "0"),
        Export("FOO", "a"),
        Export("BAR", ""),
        Export("__MM_SHLVL_0_SET", "FOO BAR"),
        Export("PATH", f"{A}/bin:/mm/condabin:/bin"),
        Export("CONDA_PREFIX", A),
        Export("CONDA_SHLVL", "1"),
        Export("CONDA_DEFAULT_ENV", "a"),
        Export("CONDA_PROMPT_MODIFIER", "(a) "),
        Source(f"{A}/1.sh"),
        Source(f"{A}/2.fish"),
    )
    assert changes.warnings == ("FOO is set already; deactivation will bring its value back",)
    assert changes.scripts(".sh") == [f"{A}/1.sh"]


def test_replacing() -> None:
    environ = _enter({**HOOKED, "FOO": "0"}, A)
    changes = activate(environ, B, ROOT, facts=_facts)
    assert changes.steps == (
        Source(f"{A}/off.sh"),
        Unset("__CONDA_SHLVL_0_FOO"),
        Unset("BAR"),
        Unset("__MM_SHLVL_0_SET"),
        ChangePrompt("(a) ", "(b) ", ()),
        Export("__CONDA_SHLVL_1_FOO", "0"),
        Export("FOO", "b"),
        Export("__MM_SHLVL_1_SET", "FOO"),
        Export("PATH", f"{B}/bin:/mm/condabin:/bin"),
        Export("CONDA_PREFIX", B),
        Export("CONDA_SHLVL", "2"),
        Export("CONDA_DEFAULT_ENV", "b"),
        Export("CONDA_PROMPT_MODIFIER", "(b) "),
        Export("CONDA_PREFIX_1", A),
        Source(f"{B}/1.sh"),
    )


def test_stacking_leaves_what_is_below_in_force() -> None:
    environ = _enter({**HOOKED, "FOO": "0"}, A)
    changes = activate(environ, B, ROOT, stack=True, facts=_facts)
    assert changes.scripts("") == [f"{B}/1.sh"]
    stacked = changes.apply(environ)
    assert stacked["PATH"] == f"{B}/bin:{A}/bin:/mm/condabin:/bin"
    assert (stacked["CONDA_STACKED_2"], stacked["CONDA_PREFIX_1"]) == ("true", A)
    assert (stacked["FOO"], stacked["BAR"], stacked["__CONDA_SHLVL_1_FOO"]) == ("b", "", "a")
    left = deactivate(stacked, ROOT, facts=_facts)
    assert left.scripts("") == [f"{B}/off.sh"]
    assert left.apply(stacked) == environ


def test_first_deactivation_says_path_first() -> None:
    environ = _enter({**HOOKED, "FOO": "0", "PS1": "$ "}, A)
    assert deactivate(environ, ROOT, facts=_facts).steps == (
        Export("PATH", "/mm/condabin:/bin"),
        Source(f"{A}/off.sh"),
        Unset("__CONDA_SHLVL_0_FOO"),
        Unset("BAR"),
        Unset("__MM_SHLVL_0_SET"),
        Unset("CONDA_PREFIX"),
        Unset("CONDA_DEFAULT_ENV"),
        Unset("CONDA_PROMPT_MODIFIER"),
        ChangePrompt("(a) ", "", (("PS1", "(a) $ "),)),
        Export("FOO", "0"),
        Export("CONDA_SHLVL", "0"),
    )


def test_deactivation_to_the_level_below() -> None:
    environ = _enter(_enter(HOOKED, A), B)
    changes = deactivate(environ, ROOT, facts=_facts)
    assert changes.scripts("") == [f"{B}/off.sh", f"{A}/1.sh", f"{A}/2.fish"]
    assert changes.steps[0] == Export("PATH", f"{A}/bin:/mm/condabin:/bin")
    assert changes.apply(environ) == _enter(HOOKED, A)


def test_reactivation() -> None:
    environ = _enter({**HOOKED, "FOO": "0"}, A)
    environ["PATH"] = f"/new:{environ['PATH']}"
    changes = activate(environ, A, ROOT, facts=_facts)
    assert changes == reactivate(environ, ROOT, facts=_facts)
    assert changes.steps == (
        Source(f"{A}/off.sh"),
        Export("FOO", "a"),
        Export("BAR", ""),
        Export("__MM_SHLVL_0_SET", "FOO BAR"),
        Export("PATH", f"{A}/bin:/new:/mm/condabin:/bin"),
        Export("CONDA_SHLVL", "1"),
        Export("CONDA_PROMPT_MODIFIER", "(a) "),
        Source(f"{A}/1.sh"),
        Source(f"{A}/2.fish"),
    )


def test_reactivation_takes_up_new_variables_and_lets_go_of_old_ones() -> None:
    environ = _enter({**HOOKED, "FOO": "0", "NEW": "mine"}, A)
    changed = {A: PrefixFacts({"NEW": "theirs"})}
    after = reactivate(environ, ROOT, facts=changed.__getitem__).apply(environ)
    assert (after["FOO"], after["NEW"], "BAR" in after) == ("0", "theirs", False)
    left = deactivate(after, ROOT, facts=lambda p: PrefixFacts()).apply(after)
    assert left == {**HOOKED, "FOO": "0", "NEW": "mine"}


def test_activating_the_level_below_goes_back() -> None:
    once = _enter(HOOKED, A)
    assert _enter(_enter(once, B), A) == once
    # But there is nothing below the first level, whatever the environment says.
    assert _enter({**once, "CONDA_PREFIX_0": B}, B)["CONDA_SHLVL"] == "2"


def test_environments_of_other_tools_are_left_by_their_variables() -> None:
    theirs = {
        **HOOKED,
        "PATH": f"{A}/bin:/bin",
        "CONDA_SHLVL": "1",
        "CONDA_PREFIX": A,
        "FOO": "a",
        "BAR": "x",
        "__CONDA_SHLVL_0_FOO": "0",
    }
    left = _leave(theirs)
    assert left == {"PATH": "/bin", "HOME": "/h", "CONDA_SHLVL": "0", "FOO": "0"}


@pytest.mark.parametrize("level", ["", "x", "-1", "1.5", " 1", "²", "1" * 5000, "0", "\n"])
def test_level_that_is_none(level: str) -> None:
    environ = {**HOOKED, "CONDA_SHLVL": level, "CONDA_PREFIX": B}
    assert deactivate(environ, ROOT, facts=_facts) == Changes()
    assert reactivate(environ, ROOT, facts=_facts) == Changes()
    inside = _enter(environ, A)
    assert (inside["CONDA_SHLVL"], inside["CONDA_PREFIX"]) == ("1", A)
    assert _leave(inside) == {**environ, "CONDA_SHLVL": "0"}


@pytest.mark.parametrize("environ", [{}, {"CONDA_SHLVL": "1"}, {"CONDA_PREFIX": A}])
def test_nothing_to_leave(environ: dict[str, str]) -> None:
    assert deactivate(environ, ROOT, facts=_facts) == Changes()
    assert reactivate(environ, ROOT, facts=_facts) == Changes()


def test_level_whose_predecessor_is_lost_leads_outside() -> None:
    environ = {**HOOKED, "CONDA_SHLVL": "7", "CONDA_PREFIX": C, "PATH": f"{C}/bin:/bin"}
    assert _leave(environ) == {**HOOKED, "PATH": "/bin"}


def test_path_that_was_not_set_is_unset_again() -> None:
    inside = _enter({}, C)
    assert inside["PATH"] == f"{C}/bin"
    assert _leave(inside) == {"CONDA_SHLVL": "0"}


def test_names_to_show() -> None:
    def shown(prefix: str) -> str:
        return _enter(HOOKED, prefix)["CONDA_DEFAULT_ENV"]

    assert [shown(prefix) for prefix in (ROOT, A, C)] == ["base", "a", C]


def test_template_of_the_prompt() -> None:
    prompt = Prompt(env_prompt="{default_env}|{name}|{prefix}|{stacked_env}|{other}|{")
    inside = activate(HOOKED, "/srv/py3.11", ROOT, prompt=prompt, facts=_facts).apply(HOOKED)
    modifier = "/srv/py3.11|py3.11|/srv/py3.11|/srv/py3.11|{other}|{"
    assert inside["CONDA_PROMPT_MODIFIER"] == modifier
    stacked = Prompt(env_prompt="{stacked_env}:")
    for prefix, stack in ((A, False), (B, True), (C, True)):
        inside = activate(inside, prefix, ROOT, stack=stack, prompt=stacked, facts=_facts).apply(
            inside
        )
    assert inside["CONDA_PROMPT_MODIFIER"] == "/srv/c;b;a:"
    replaced = activate(inside, ROOT, ROOT, prompt=stacked, facts=_facts).apply(inside)
    assert replaced["CONDA_PROMPT_MODIFIER"] == "base;b;a:"
    left = deactivate(replaced, ROOT, prompt=stacked, facts=_facts).apply(replaced)
    assert left["CONDA_PROMPT_MODIFIER"] == "/srv/c;b;a:"


def test_values_are_not_looked_into_for_fields() -> None:
    inside = activate(HOOKED, "/mm/envs/{prefix}", ROOT, facts=_facts).apply(HOOKED)
    assert inside["CONDA_PROMPT_MODIFIER"] == "({prefix}) "


def test_no_prompt_wanted() -> None:
    environ = {**HOOKED, "PS1": "$ "}
    changes = activate(environ, A, ROOT, prompt=Prompt(False), facts=_facts)
    assert "CONDA_PROMPT_MODIFIER" not in changes.apply(environ)
    assert changes.apply(environ)["PS1"] == "$ "


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(a) $ ", "(b) $ "),
        ("[12:00] (a) $ ", "(b) [12:00] $ "),
        ("mine $ ", "(b) mine $ "),
        ("", ""),
        ("$(x $POWERLINE_COMMAND) ", "$(x $POWERLINE_COMMAND) "),
        ("(a) (a) ", "(b) (a) "),
    ],
)
def test_prompt_from_a_to_b(before: str, after: str) -> None:
    environ = {**_enter(HOOKED, A), "PS1": before}
    assert _enter(environ, B)["PS1"] == after


@pytest.mark.parametrize("prefix", ["relative", "", "/with:colon"])
def test_prefix_that_cannot_be(prefix: str) -> None:
    with pytest.raises(InvalidPrefix):
        activate(HOOKED, prefix, ROOT, facts=_facts)


def test_same_prefix_in_other_words() -> None:
    assert _enter(HOOKED, "/mm//envs/../envs/a/") == _enter(HOOKED, A)


NAMES = st.sampled_from(["FOO", "BAR", "BAZ", "PS1", "CONDA_PREFIX", "CONDA_PROMPT_MODIFIER"])
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
FOLDERS = st.sampled_from(["", "/bin", ".", f"{A}/bin", f"{B}/bin", "/mm/condabin"])
ENVIRONMENTS = st.builds(
    lambda environ, folders: {**environ, "PATH": ":".join(folders), "CONDA_SHLVL": "0"},
    st.dictionaries(NAMES, VALUES),
    st.lists(FOLDERS, min_size=1, max_size=5),
)
VARIABLES = st.dictionaries(st.sampled_from(["FOO", "BAR", "BAZ"]), VALUES)
PREFIXES = st.fixed_dictionaries({p: st.builds(PrefixFacts, VARIABLES) for p in (ROOT, A, B, C)})
MOVES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([ROOT, A, B, C]), st.booleans()),
        st.just(("", False)),
    ),
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(ENVIRONMENTS, PREFIXES, MOVES)
def test_every_level_is_left_as_it_was_entered(
    environ: dict[str, str], facts: dict[str, PrefixFacts], moves: list[tuple[str, bool]]
) -> None:
    known = facts.__getitem__
    entered = []
    for prefix, stack in moves:
        before = environ
        changes = (
            activate(environ, prefix, ROOT, stack=stack, facts=known)
            if prefix
            else deactivate(environ, ROOT, facts=known)
        )
        environ = changes.apply(environ)
        climbed = int(environ["CONDA_SHLVL"]) - int(before["CONDA_SHLVL"])
        if climbed == 1:
            entered.append(before)
        elif climbed == -1:
            assert environ == entered.pop()
        else:
            assert environ == before
    while entered:
        environ = deactivate(environ, ROOT, facts=known).apply(environ)
        assert environ == entered.pop()


GARBAGE = st.one_of(VALUES, st.sampled_from(["1", "2", "3", "999", "true", A, B, "FOO PATH ;x"]))
HOSTILE = st.dictionaries(
    st.sampled_from(
        [
            *("CONDA_SHLVL", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER"),
            *(f"CONDA_{kind}_{n}" for kind in ("PREFIX", "STACKED") for n in range(4)),
            *(f"__CONDA_SHLVL_{n}_FOO" for n in range(3)),
            *(f"__MM_SHLVL_{n}_SET" for n in range(3)),
            *("PATH", "PS1", "FOO"),
        ]
    ),
    GARBAGE,
)


@settings(max_examples=300, deadline=None)
@given(HOSTILE, st.sampled_from([A, B]), st.booleans())
def test_any_environment_is_borne(environ: dict[str, str], prefix: str, stack: bool) -> None:
    deactivate(environ, ROOT, facts=_facts)
    reactivate(environ, ROOT, facts=_facts)
    inside = _enter(environ, prefix, stack=stack)
    if inside["CONDA_PREFIX"] == prefix:
        assert inside["PATH"].startswith(f"{prefix}/bin")


def test_record_of_names_is_not_trusted() -> None:
    environ = {**_enter(HOOKED, A), "__MM_SHLVL_0_SET": "FOO PATH CONDA_SHLVL A;B $(x) É"}
    steps = deactivate(environ, ROOT, facts=_facts).steps
    assert [step.name for step in steps if isinstance(step, Unset)] == [
        "FOO",
        "__MM_SHLVL_0_SET",
        "CONDA_PREFIX",
        "CONDA_DEFAULT_ENV",
        "CONDA_PROMPT_MODIFIER",
    ]
