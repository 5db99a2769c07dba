# Sourced by the aliases micromamba and mm, with their words as arguments: csh has no
# functions. What activation prints is evaluated here; all else is for the program.
set __mamba_verb = ""
if ($#argv > 0) then
    set __mamba_verb = $argv[1]:q
endif

switch ($__mamba_verb:q)
case activate:
case deactivate:
case reactivate:
    foreach __mamba_word ($argv:q)
        if ($__mamba_word:q == "-h" || $__mamba_word:q == "--help") set __mamba_verb = help
    end
    if ($__mamba_verb == help) then
        $MAMBA_EXE:q shell $argv:q
        set __mamba_status = $status
    else
        set __mamba_words = ( $argv:q )
        goto __mamba_xctivate
    endif
    breaksw
case install:
case update:
case upgrade:
case remove:
case uninstall:
    $MAMBA_EXE:q $argv:q
    set __mamba_status = $status
    if ($__mamba_status == 0 && $?CONDA_PREFIX) then
        set __mamba_words = ( reactivate )
        goto __mamba_xctivate
    endif
    breaksw
case self-update:
    $MAMBA_EXE:q $argv:q
    set __mamba_status = $status
    if ($__mamba_status == 0) \rm -f -- $MAMBA_EXE:q.bkup
    breaksw
default:
    $MAMBA_EXE:q $argv:q
    set __mamba_status = $status
endsw
goto __mamba_end

__mamba_xctivate:
set __mamba_prompt = ""
if ($?prompt) then
    set __mamba_prompt = $prompt:q
endif
# An alias, for variables within "`...`" would be read again as code.
alias __mamba_ask 'env prompt=$__mamba_prompt:q $MAMBA_EXE:q shell $__mamba_words:q --shell tcsh'
set __mamba_code = ( "`__mamba_ask`" )
set __mamba_status = $status
unalias __mamba_ask
set argv = ()
if ($__mamba_status == 0) eval $__mamba_code:q
rehash

__mamba_end:
if (! $?__mamba_status) set __mamba_status = 0
unset __mamba_verb __mamba_word __mamba_words __mamba_prompt __mamba_code
eval "unset __mamba_status; (exit $__mamba_status)"
