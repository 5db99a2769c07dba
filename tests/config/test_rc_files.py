"""Configuration files: found where they should be, read with care, never silent."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import platformdirs
import pytest

import mm_config
from mm_config import rc_document, rcfiles
from mm_config.machine import Machine

UNIX = [
    "/etc/conda/.condarc",
    "/etc/conda/condarc",
    "/etc/conda/condarc.d",
    "/etc/conda/.mambarc",
    "/var/lib/conda/.condarc",
    "/var/lib/conda/condarc",
    "/var/lib/conda/condarc.d",
    "/var/lib/conda/.mambarc",
    "/root/.condarc",
    "/root/condarc",
    "/root/condarc.d",
    "/root/.mambarc",
    "/home/ada/.config/conda/.condarc",
    "/home/ada/.config/conda/condarc",
    "/home/ada/.config/conda/condarc.d",
    "/home/ada/.conda/.condarc",
    "/home/ada/.conda/condarc",
    "/home/ada/.conda/condarc.d",
    "/home/ada/.condarc",
    "/act/.condarc",
    "/act/condarc",
    "/act/condarc.d",
    "/home/ada/.config/mamba/.mambarc",
    "/home/ada/.config/mamba/mambarc",
    "/home/ada/.config/mamba/mambarc.d",
    "/home/ada/.mamba/.mambarc",
    "/home/ada/.mamba/mambarc",
    "/home/ada/.mamba/mambarc.d",
    "/home/ada/.mambarc",
    "/target/.condarc",
    "/target/condarc",
    "/target/condarc.d",
    "/target/.mambarc",
]


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_the_search_path_of_unix(system: str) -> None:
    machine = Machine({"HOME": "/home/ada", "CONDA_PREFIX": "/act"}, system=system)
    assert list(rcfiles.search_path(machine, "/root", "/target")) == UNIX


def test_the_search_path_of_windows() -> None:
    machine = Machine({"APPDATA": "R:\\", "USERPROFILE": r"C:\ada"}, system="win32")
    found = list(rcfiles.search_path(machine, "D:\\mm", r"D:\mm\envs\py"))
    assert found == [
        r"C:\ProgramData\conda\.condarc",
        r"C:\ProgramData\conda\condarc",
        r"C:\ProgramData\conda\condarc.d",
        r"C:\ProgramData\conda\.mambarc",
        r"D:\mm\.condarc",
        r"D:\mm\condarc",
        r"D:\mm\condarc.d",
        r"D:\mm\.mambarc",
        r"R:\conda\.condarc",
        r"R:\conda\condarc",
        r"R:\conda\condarc.d",
        r"C:\ada\.conda\.condarc",
        r"C:\ada\.conda\condarc",
        r"C:\ada\.conda\condarc.d",
        r"C:\ada\.condarc",
        r"R:\mamba\.mambarc",
        r"R:\mamba\mambarc",
        r"R:\mamba\mambarc.d",
        r"C:\ada\.mamba\.mambarc",
        r"C:\ada\.mamba\mambarc",
        r"C:\ada\.mamba\mambarc.d",
        r"C:\ada\.mambarc",
        r"D:\mm\envs\py\.condarc",
        r"D:\mm\envs\py\condarc",
        r"D:\mm\envs\py\condarc.d",
        r"D:\mm\envs\py\.mambarc",
    ]


@pytest.mark.parametrize(
    ("system", "env", "config", "data"),
    [
        ("linux", {"HOME": "/h"}, "/h/.config", "/h/.local/share"),
        ("darwin", {"HOME": "/h"}, "/h/.config", "/h/.local/share"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x", "/h/.local/share"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "/d"}, "/h/.config", "/d"),
        ("win32", {"USERPROFILE": r"C:\ada", "APPDATA": r"R:\x"}, r"R:\x", r"R:\x"),
        ("win32", {"HOMEDRIVE": "C:", "HOMEPATH": r"\ada", "APPDATA": r"R:\x"}, r"R:\x", r"R:\x"),
        ("win32", {"USERPROFILE": "C:\\ada", "XDG_CONFIG_HOME": r"X:\c", "APPDATA": r"R:\x"},
         r"X:\c", r"R:\x"),
    ],
)  # fmt: skip
def test_where_users_keep_settings_and_data(
    system: str, env: dict[str, str], config: str, data: str
) -> None:
    machine = Machine(env, system=system)
    assert (machine.config_dir, machine.data_dir) == (config, data)
    assert machine.home == ("/h" if system != "win32" else r"C:\ada")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the historical places differ")
@pytest.mark.parametrize("variables", [{}, {"XDG_CONFIG_HOME": "/x/c", "XDG_DATA_HOME": "/x/d"}])
def test_platformdirs_agrees(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    machine = Machine()
    assert machine.config_dir == platformdirs.user_config_dir()
    assert machine.data_dir == platformdirs.user_data_dir()


def test_the_active_environment_has_the_targets_rank_when_it_is_the_target(tmp_path: Path) -> None:
    folder = str(tmp_path.resolve())
    machine = Machine({"CONDA_PREFIX": folder}, home="/home/ada", system="linux")
    found = rcfiles.search_path(machine, "/root", folder)
    assert found[f"{folder}/.condarc"] == "target"
    assert list(found)[-1] == f"{folder}/.mambarc"


def test_every_place_is_found_and_the_later_is_stronger(home: Any) -> None:
    target = home.folder / "target"
    env = {**home.env, "CONDA_PREFIX": str(home.folder / "act")}
    system_dirs = [home.folder / "etc"]
    machine = Machine(env, system_dirs=system_dirs)
    expected = []
    paths = rcfiles.search_path(machine, str(home.root), str(target))
    for number, path in enumerate(paths):
        file = f"{path}/{number}.yml" if path.endswith(".d") else path
        home.write(os.path.relpath(file, home.folder), f"channels: [c{number}]\n")
        expected.insert(0, file)
    config = home.load({"target_prefix": str(target)}, env=env, system_dirs=system_dirs)
    assert [file.path for file in config.rc_files] == expected
    assert config["channels"] == [f"c{number}" for number in reversed(range(len(expected)))]
    assert config.warnings == ()


def test_a_folder_is_read_by_name_and_later_names_are_stronger(home: Any) -> None:
    for name in ("20.yml", "10.yml", "30.yaml", "notes.txt", ".hidden"):
        home.write(f"~/.conda/condarc.d/{name}", f"channels: [{name}]\n")
    assert home.load()["channels"] == ["30.yaml", "20.yml", "10.yml"]


def test_condarc_and_mambarc_variables_add_the_strongest_files(home: Any) -> None:
    home.write("~/.mambarc", "channels: [home]\n")
    first = home.write("one.cfg", "channels: [one]\n")
    second = home.write("two.yml", "channels: [two]\n")
    third = home.write("three.yml", "channels: [three]\n")
    env = {"CONDARC": f"{first},{second}", "MAMBARC": str(third)}
    assert home.load(env=env)["channels"] == ["three", "one", "two", "home"]
    assert home.load({"no_env": True}, env=env)["channels"] == ["home"]
    assert home.load({"rc_files": [str(second)]}, env=env)["channels"] == ["two"]
    assert home.load({"no_rc": True}, env=env)["channels"] == ["conda-forge"]


def test_a_file_named_by_variable_outranks_its_usual_place(home: Any) -> None:
    home.write("~/.mambarc", "channels: [mamba]\n")
    conda = home.write("~/.condarc", "channels: [conda]\n")
    config = home.load(env={"CONDARC": str(conda)})
    assert config["channels"] == ["conda", "mamba"]
    assert len(config.rc_files) == 2


def test_a_variable_that_names_no_file_is_told(home: Any) -> None:
    config = home.load(env={"CONDARC": "/no/such/file.yml"})
    assert config.warnings == ("CONDARC names a file that does not exist: /no/such/file.yml",)
    assert home.load(env={"CONDARC": "[/odd"}).warnings
    assert home.load(env={"CONDARC": os.devnull}).warnings == ()


def test_the_active_environment_is_the_target_and_keeps_the_rank_of_the_target(home: Any) -> None:
    env = home.root / "envs" / "e"
    home.write("ROOT/envs/e/.condarc", "channels: [env]\n")
    home.write("~/.mambarc", "channels: [user]\n")
    assert home.load({"env_name": "e"})["channels"] == ["env", "user"]
    assert home.load(env={"CONDA_PREFIX": str(env)})["channels"] == ["env", "user"]


BROKEN = {
    "syntax": ("channels:\n  - a\n - b\n", "is not valid YAML"),
    "tab": ("channels:\n\t- a\n", "is not valid YAML"),
    "scalar": ("nonsense\n", "holds no settings"),
    "list": ("- channels\n", "holds no settings"),
    "alias": ("channels: *none\n", "is not valid YAML"),
    "latin-1": ("channels: [caf\xe9]\n".encode("latin-1"), "is not UTF-8"),
    "binary": (b"\x00\x01\x02", "is not valid YAML"),
    "deep": ("a: " + "[" * 50_000, "is not valid YAML"),
    "bomb": (
        "a: &a [" + "x, " * 900 + "]\nmirrored_channels: {"
        "" + ", ".join(f"k{n}: *a" for n in range(900)) + "}\n",
        "holds too many values",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_skipped_with_a_warning_that_names_it(home: Any, name: str) -> None:
    text, problem = BROKEN[name]
    home.write("~/.condarc", text)
    home.write("~/.mambarc", "channels: [kept]\n")
    config = home.load()
    assert config["channels"] == ["kept"]
    assert len(config.warnings) == 1
    assert config.warnings[0].startswith(f"~/.condarc {problem}")
    assert mm_config.sources_text(config).splitlines()[1:] == ["~/.mambarc", "~/.condarc (invalid)"]
    assert mm_config.sources_data(config)[1]["valid"] is False


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_that_was_asked_for_is_an_error(home: Any, name: str) -> None:
    path = home.write("mine.yml", BROKEN[name][0])
    with pytest.raises(mm_config.RcFileError) as caught:
        home.load({"rc_files": [str(path)]})
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert "\n" not in caught.value.message


def test_the_line_of_the_trouble_is_told(home: Any) -> None:
    home.write("~/.condarc", "channels:\n  - a\n - b\n")
    assert "(line 3, column 2)" in home.load().warnings[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_told(home: Any) -> None:
    home.write("~/.condarc", "channels: [a]\n").chmod(0)
    assert "cannot be read: Permission denied" in home.load().warnings[0]


def test_a_file_that_goes_away_is_told(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home.write("~/.condarc", "channels: [a]\n")
    monkeypatch.setattr(rcfiles, "present", lambda paths: iter([str(path)]))
    path.unlink()
    config = home.load()
    assert (
        config.warnings[0]
        == "~/.condarc cannot be read: No such file or directory; the file is skipped"
    )


@pytest.mark.parametrize("text", ["", "# only words\n", "---\n", "~\n", "\ufeff", "{}\n"])
def test_a_file_that_says_nothing_is_fine(home: Any, text: str) -> None:
    home.write("~/.condarc", text)
    config = home.load()
    assert config.warnings == ()
    assert config.rc_files[0].valid


def test_a_byte_order_mark_and_further_documents_do_no_harm(home: Any) -> None:
    home.write("~/.condarc", "\ufeffchannels: [a]\n---\nchannels: [b]\n")
    assert home.load()["channels"] == ["a"]


def test_a_bad_value_costs_its_key_alone_and_is_told(home: Any) -> None:
    home.write("~/.condarc", "channels: [a]\noffline: [true]\nssl_verify:\n- x\njson: perhaps\n")
    config = home.load()
    assert config["channels"] == ["a"]
    assert config["json"] is False
    assert [warning.split(": bad value")[0] for warning in config.warnings] == [
        "~/.condarc:2",
        "~/.condarc:4",
        "~/.condarc:5",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "custom_channels: [a]",
        "custom_channels: {a: [b]}",
        "mirrored_channels: {a: b}",
        "mirrored_channels: {a: [[b]]}",
        "channels: [[a]]",
        "channels: {a: b}",
        "offline: {a: b}",
    ],
)
def test_the_wrong_shape_is_a_bad_value(home: Any, text: str) -> None:
    home.write("~/.condarc", text)
    assert "~/.condarc:1: bad value for" in home.load().warnings[0]


def test_slips_of_the_pen_are_told_and_other_tools_settings_are_not(home: Any) -> None:
    home.write(
        "~/.condarc",
        "chanels: [a]\nshow_channel_urls: true\nplugins: {a: {b: {c: {d: e}}}}\n"
        "my_own_tool: 1\nchannel-priority: strict\n",
    )
    assert home.load().warnings == (
        "~/.condarc:1: 'chanels' is no setting; did you mean 'channels'?",
        "~/.condarc:5: 'channel-priority' is no setting; did you mean 'channel_priority'?",
    )


def test_settings_that_files_cannot_make_are_told(home: Any) -> None:
    home.write("~/.condarc", "dry_run: true\n")
    home.write("ROOT/envs/e/.condarc", "envs_dirs: [/x]\n")
    config = home.load({"env_name": "e"})
    assert config["dry_run"] is False
    assert config.warnings == (
        "~/.condarc:1: 'dry_run' cannot be set here; it is ignored",
        "~/../root/envs/e/.condarc:1: 'envs_dirs' cannot be set here; it is ignored".replace(
            "~/../root", str(home.root)
        ),
    )


def test_a_setting_given_twice_is_told(home: Any) -> None:
    home.write("~/.condarc", "channels: [a]\nchannels: [b]\n")
    config = home.load()
    assert config["channels"] == ["b"]
    assert config.warnings == (
        "~/.condarc: 'channels' is given twice, in lines 1 and 2; the latter counts",
    )


def test_hostile_text_reaches_no_terminal_raw(home: Any) -> None:
    home.write("~/.condarc", '"\\e[31mx": 1\n"\\e[31mx": 2\n"channels\\e": 1\n')
    assert home.load().warnings
    assert not any("\x1b" in warning for warning in home.load().warnings)


def test_variables_are_expanded_after_the_yaml_is_understood(home: Any) -> None:
    home.write(
        "~/.condarc",
        "channels: [${A}, $B, 'x$A', \"${NONE}\", ${NONE}]\n"
        "custom_channels:\n  ${A}: https://$B/y\n"
        "offline: ${YES}\nalways_yes: ${EMPTY}\n",
    )
    env = {"A": "a, b", "B": "\n- c: [", "YES": "true", "EMPTY": ""}
    config = home.load(env=env)
    assert config["channels"] == ["a, b", "\n- c: [", "xa, b", "${NONE}"]
    assert config["custom_channels"] == {"a, b": "https://\n- c: [/y"}
    assert config["offline"] is True
    assert config["always_yes"] is False
    assert config.warnings == ()


def test_a_pipe_can_be_given_by_name(home: Any) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"channels: [piped]\n")
    os.close(writer)
    try:
        config = home.load({"rc_files": [f"/dev/fd/{reader}"]})
    finally:
        os.close(reader)
    assert config["channels"] == ["piped"]


def test_a_folder_can_be_given_by_name(home: Any) -> None:
    home.write("rc/a.yml", "channels: [a]\n")
    home.write("rc/b.yml", "channels: [b]\n")
    assert home.load({"rc_files": ["./rc"]})["channels"] == ["b", "a"]


def test_quoted_words_stay_texts() -> None:
    settings, _ = rc_document.parse("a: 'null'\nb: null\nc: 010\nd: yes\n", {})
    assert [settings[name].is_null for name in "abcd"] == [False, True, False, False]
    assert [settings[name].value for name in "cd"] == ["010", "yes"]


def test_large_files_are_refused(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rcfiles, "LARGEST", 10)
    home.write("~/.condarc", "channels: [abcdef]\n")
    assert "has more than 10 bytes" in home.load().warnings[0]


def test_label_is_the_path_when_outside_the_home(tmp_path: Path, home: Any) -> None:
    path = home.write("other.yml", "offline: true\n")
    config = home.load({"rc_files": [str(path)]})
    assert config.setting("offline").sources[0].label == str(path)


@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_nesting_without_end_does_no_harm(home: Any, brackets: str) -> None:
    home.write("~/.condarc", f"x: {brackets[0] * 20_000}{brackets[1] * 20_000}\nchannels: [a]\n")
    assert home.load()["channels"] == ["a"]


def test_aliases_are_understood(home: Any) -> None:
    home.write("~/.condarc", "channels: &c [a, &b b]\ndefault_channels: *c\nssl_verify: *b\n")
    config = home.load()
    assert config["default_channels"] == ["a", "b"]
    assert config["ssl_verify"] == "b"


def test_a_setting_cannot_hold_itself(home: Any) -> None:
    home.write("~/.condarc", "channels: &c [a, *c]\n")
    assert "an alias of nothing (line 1)" in home.load().warnings[0]
