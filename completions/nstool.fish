# Completion of nstool and its links for fish. It knows no option: it asks the program.

# A word without its quotes, of which one may still be open.
function __nstool_unquote
    for close in '' '"' "'"
        string unescape -- $argv[1]$close 2>/dev/null; and return
    end
    echo -- $argv[1]
end

function __nstool_complete
    set -l current (commandline --current-token --cut-at-cursor)
    set -l words (commandline --current-process --tokenize --cut-at-cursor) (__nstool_unquote $current)
    set -l program (string replace --regex '^~/' "$HOME/" -- $words[1])
    string match --quiet --regex '(^|/)nstool$' -- $program; and command --query $program; or set program nstool
    for line in ($program __complete $words 2>/dev/null)
        switch $line
            case ':files*'
                set -l before (string replace --regex '^:files ?' '' -- $line)
                set -l file (string sub --start (math (string length -- "$before") + 1) -- $words[-1])
                for path in (__fish_complete_path $file)
                    echo -- $before$path
                end
            case ':command *'
                set -l first (math (string replace ':command ' '' -- $line) + 1)
                complete --do-complete (string join ' ' -- (string escape -- $words[$first..-2]) $current)
            case '*'
                echo -- $line
        end
    end
end

for name in nstool (nstool --list 2>/dev/null)
    # A name that is not a link to nstool is somebody else's.
    set -l file (command --search $name)
    if test "$name" = nstool; or begin; test -n "$file"; and command test "$file" -ef (command --search nstool); end
        complete --command $name --no-files --keep-order --arguments '(__nstool_complete)'
    end
end
