# shellcheck shell=bash
# Completion of nstool and its links for bash. It knows no option: it asks the program.

# Sets $plain to WORD without its quotes, and $quote to the one that is still open.
_nstool_unquote() # WORD
{
	local i c
	plain='' quote=''
	for ((i = 0; i < ${#1}; i++)); do
		c=${1:i:1}
		if [[ $c == "$quote" ]]; then
			quote=''
		elif [[ -z $quote && $c == [\"\'] ]]; then
			quote=$c
		elif [[ $c == \\ && $quote != \' ]]; then
			((++i))
			plain+=${1:i:1}
		else
			plain+=$c
		fi
	done
}

# The words of the line up to the cursor, put together where readline has cut them at ':' and '='.
_nstool_words()
{
	local rest=${COMP_LINE:0:COMP_POINT} word gap i
	for ((i = 0; i <= COMP_CWORD; i++)); do
		gap=${rest%%[^[:blank:]]*}
		rest=${rest#"$gap"}
		word=${COMP_WORDS[i]}
		[[ $i -lt $COMP_CWORD ]] || word=$rest
		rest=${rest#"$word"}
		if [[ $i -eq 0 || -n $gap ]]; then
			words+=("$word")
			starts+=("$i")
		else
			words[-1]+=$word
		fi
	done
}

# A program that is typed with its arguments: the completion of that, or without one names of files.
_nstool_command() # WORD
{
	if declare -F _command_offset >/dev/null; then
		_command_offset "$1"
		return
	fi
	compopt -o filenames 2>/dev/null
	if [[ $1 -eq $COMP_CWORD ]]; then
		mapfile -t COMPREPLY < <(compgen -c -f -- "$plain")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$plain")
	fi
}

_nstool() # COMMAND WORD, as readline has cut it: that is what the answers replace
{
	local -a words=() starts=()
	local plain quote line word path head program=nstool i

	_nstool_words
	_nstool_unquote "${words[-1]%"$2"}"
	head=${plain%@}
	for i in "${!words[@]}"; do
		_nstool_unquote "${words[i]}"
		words[i]=$plain
	done
	[[ ${words[0]##*/} == nstool ]] && program=$(type -P "${words[0]/#~\//$HOME/}")

	COMPREPLY=()
	while IFS= read -r line; do
		word=${line%%$'\t'*}
		case $line in
		:files*)
			compopt -o filenames 2>/dev/null
			line=${line#:files} line=${line# }
			path=${plain#"$line"}
			[[ $quote || -z $path || $path == [~]* ]] || printf -v path %q "$path"
			while IFS= read -r word; do
				word=$line$word
				COMPREPLY+=("${word#"$head"}")
			done < <(compgen -f -- "$path")
			;;
		:command\ *)
			_nstool_command "${starts[${line#:command }]}"
			;;
		*)
			[[ $word == *[:=,@[] ]] && compopt -o nospace 2>/dev/null
			COMPREPLY+=("${word#"$head"}")
			;;
		esac
	done < <("${program:-nstool}" __complete "${words[@]}" 2>/dev/null)
}

# nstool, and those of its names that are links to it here: others are somebody else's.
_nstool_register()
{
	local name

	complete -F _nstool nstool
	for name in $(nstool --list 2>/dev/null); do
		[[ $(type -P "$name") -ef $(type -P nstool) ]] && complete -F _nstool "$name"
	done
	unset -f _nstool_register
}
_nstool_register
