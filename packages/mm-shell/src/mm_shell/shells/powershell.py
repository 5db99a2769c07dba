"""PowerShell, Windows' own and the one for every system.

Code is plain ASCII, for its console may decode a program's output as anything; in
single quotes all is literal but the quotes, of which PowerShell knows five.
"""

from __future__ import annotations

import os

from mm_shell.shells.shell import Shell, program_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Family", "quote"]


def quote(text: str) -> str:
    """*text* as one expression that PowerShell takes literally, whatever is in it.

    >>> print(quote("it's $HOME"), quote("Ü\\n-"))
    'it''s $HOME' ((-join [char[]](0xDC,0xA)) + '-')
    """
    pieces = []
    for plain, run in _runs(text):
        if plain:
            pieces.append("'" + run.replace("'", "''") + "'")
        else:
            units = run.encode("utf-16-le", "surrogatepass")
            codes = [units[at] | units[at + 1] << 8 for at in range(0, len(units), 2)]
            pieces.append(f"(-join [char[]]({','.join(f'0x{code:X}' for code in codes)}))")
    if len(pieces) < 2:
        return pieces[0] if pieces else "''"
    return f"({' + '.join(pieces)})"


def _runs(text: str) -> list[tuple[bool, str]]:
    """*text* in stretches of printable ASCII (True) and of everything else."""
    runs: list[tuple[bool, str]] = []
    for each in text:
        plain = each.isascii() and each.isprintable()
        if runs and runs[-1][0] == plain:
            runs[-1] = (plain, runs[-1][1] + each)
        else:
            runs.append((plain, each))
    return runs


class Family(Shell):
    """PowerShell, which shows the environment by its function ``prompt``."""

    script_extension = ".ps1"
    marks = ("#region mamba initialize", "#endregion")
    blank_file_is_none = True

    def export(self, name: str, value: str) -> str:
        """An empty value removes the variable: before 7.5 there are no empty ones."""
        return f"$Env:{name} = {quote(value)}"

    def unset(self, name: str) -> str:
        """Quiet where a script has removed the variable already."""
        return f"Remove-Item -LiteralPath Env:{name} -ErrorAction SilentlyContinue"

    def source(self, path: str) -> str:
        """As `Shell.source`."""
        return f". {quote(path)}"

    def hook(self, executable: str, root_prefix: str) -> str:
        """Functions called ``micromamba``, ``mm`` and as the executable is."""
        names = [*program_names(executable), "mm"]
        fields = {
            "executable": quote(executable),
            "root_prefix": quote(root_prefix),
            "condabin": quote(os.path.join(root_prefix, "condabin")),
            "separator": quote(os.pathsep),
        }
        functions = "".join(FUNCTION % {"name": name} for name in names)
        return HOOK % fields + functions + PROMPT

    def completion(self, executable: str, *, hooked: bool = False) -> str:
        """As `Shell.completion`."""
        names = ",".join(quote(name) for name in (*program_names(executable), "mm"))
        return COMPLETION % {"executable": quote(executable), "names": names}

    def startup_files(self, home: str, environ: Mapping[str, str]) -> tuple[str, ...]:
        """The profiles for all hosts, asked of each PowerShell on PATH."""
        from mm_shell.profiles import powershell_profiles

        return powershell_profiles(environ)

    def block(self, executable: str, root_prefix: str) -> str:
        """As `Shell.block`."""
        return BLOCK % {"executable": quote(executable), "root_prefix": quote(root_prefix)}

    def files(self, executable: str, root_prefix: str) -> dict[str, str]:
        """What others source to have the functions: the hook, and a module around it."""
        folder = os.path.join(root_prefix, "condabin")
        hook = os.path.join(folder, "mamba_hook.ps1")
        return {
            hook: self.hook(executable, root_prefix),
            os.path.join(folder, "Mamba.psm1"): f". {quote(hook)}\n",
        }


HOOK = r"""$MambaModuleArgs = @{ChangePs1 = $True}
$Env:MAMBA_EXE=%(executable)s
## AFTER PARAM #### micromamba and mm as functions: this shell evaluates their activation code.
$Env:MAMBA_ROOT_PREFIX=%(root_prefix)s

function global:__mamba_exe {
    if ($MyInvocation.ExpectingInput) { $input | & %(executable)s @args }
    else { & %(executable)s @args }
}

function global:__mamba_xctivate {
    $words = @($args)
    if (($words -ccontains '-h') -or ($words -ccontains '--help')) {
        & %(executable)s shell @words
        return
    }
    $code = & %(executable)s shell @words --shell powershell
    if (($LASTEXITCODE -eq 0) -and $code) { Invoke-Expression -Command ($code -join "`n") }
}

function global:__mamba_wrap {
    $words = @($args)
    $verb = if ($words.Count) { [string]$words[0] } else { '' }
    if (@('activate', 'deactivate', 'reactivate') -ccontains $verb) {
        __mamba_xctivate @words
    }
    elseif (@('install', 'update', 'upgrade', 'remove', 'uninstall') -ccontains $verb) {
        __mamba_exe @words
        if (($LASTEXITCODE -eq 0) -and $Env:CONDA_PREFIX) { __mamba_xctivate reactivate }
    }
    elseif ($verb -ceq 'self-update') {
        __mamba_exe @words
        if ($LASTEXITCODE -eq 0) {
            Remove-Item -LiteralPath (%(executable)s + '.bkup') -ErrorAction SilentlyContinue
        }
    }
    elseif ($MyInvocation.ExpectingInput) { $input | __mamba_exe @words }
    else { __mamba_exe @words }
}

if (-not (Test-Path -LiteralPath Env:CONDA_SHLVL)) {
    $Env:CONDA_SHLVL = '0'
    if (($Env:PATH -split %(separator)s) -cnotcontains %(condabin)s) {
        $Env:PATH = %(condabin)s + %(separator)s + $Env:PATH
    }
}

"""

FUNCTION = """\
function global:%(name)s {
    if ($MyInvocation.ExpectingInput) { $input | __mamba_wrap @args }
    else { __mamba_wrap @args }
}
"""

PROMPT = r"""
if (-not (Test-Path -LiteralPath Function:__mamba_own_prompt)) {
    if (Test-Path -LiteralPath Function:prompt) {
        Set-Item -LiteralPath Function:global:__mamba_own_prompt -Value $function:prompt
    }
    else {
        function global:__mamba_own_prompt { "PS $(Get-Location)> " }
    }
    function global:prompt { "$($Env:CONDA_PROMPT_MODIFIER)$(__mamba_own_prompt)" }
}
Remove-Variable -Name MambaModuleArgs -ErrorAction SilentlyContinue
"""

COMPLETION = r"""
Register-ArgumentCompleter -Native -CommandName %(names)s -ScriptBlock {
    param($word, $line, $position)
    $words = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if (-not $word) {
        # Older ones drop an empty word on its way to a program.
        $words += if ($PSVersionTable.PSVersion -ge [version]'7.3') { '' } else { '""' }
    }
    & %(executable)s completer --lines @words 2>$null | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
"""

BLOCK = """\
$Env:MAMBA_EXE = %(executable)s
$Env:MAMBA_ROOT_PREFIX = %(root_prefix)s
if (Test-Path -LiteralPath $Env:MAMBA_EXE) {
    (& $Env:MAMBA_EXE shell hook --shell powershell --root-prefix $Env:MAMBA_ROOT_PREFIX) \
-join "`n" | Invoke-Expression
}
"""
