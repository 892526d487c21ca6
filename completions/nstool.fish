# Completion of nstool and its links for fish. It knows no option: it asks the program.

function __nstool_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token --cut-at-cursor)
    set -l program nstool
    string match --quiet --regex '(^|/)nstool$' -- $words[1]; and set program $words[1]
    for line in ($program __complete $words 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path $words[-1]
            case ':command *'
                __fish_complete_subcommand --fcs-skip=(string replace ':command ' '' -- $line)
            case '*'
                echo -- $line
        end
    end
end

for name in nstool (nstool --list 2>/dev/null)
    # A name that is not a link to nstool is somebody else's.
    if test "$name" = nstool; or test (realpath (command --search $name; or echo /)) = (realpath (command --search nstool; or echo .))
        complete --command $name --no-files --keep-order --arguments '(__nstool_complete)'
    end
end
