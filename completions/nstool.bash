# shellcheck shell=bash
# Completion of nstool and its links for bash. It knows no option: it asks the program.

_nstool()
{
	local -a words=() starts=()
	local rest=$COMP_LINE word gap cur done_part program=nstool i

	# readline cuts words at ':' and '='; put together what no blank separates
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		gap=${rest%%[^[:blank:]]*}
		rest=${rest#"$gap"}
		rest=${rest#"$word"}
		if [[ $i -eq 0 || -n $gap ]]; then
			words+=("$word")
			starts+=("$i")
		else
			words[-1]+=$word
		fi
	done
	cur=${words[-1]}
	done_part=${cur%"${cur##*[:=]}"}
	[[ ${words[0]##*/} == nstool ]] && program=${words[0]}

	COMPREPLY=()
	while IFS=$'\t' read -r word _; do
		case $word in
		:files)
			compopt -o filenames 2>/dev/null
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "${cur#"$done_part"}")
			;;
		:command\ *)
			if declare -F _command_offset >/dev/null; then
				_command_offset "${starts[${word#:command }]}"
			else
				mapfile -t COMPREPLY < <(compgen -c -f -- "$cur")
			fi
			;;
		*)
			[[ $word == *[:=,[] ]] && compopt -o nospace 2>/dev/null
			COMPREPLY+=("${word#"$done_part"}")
			;;
		esac
	done < <("$program" __complete "${words[@]}" 2>/dev/null)
}

# nstool, and those of its names that are links to it here: others are somebody else's.
_nstool_register()
{
	local self name

	complete -F _nstool nstool
	self=$(readlink -f "$(type -P nstool)")
	for name in $(nstool --list 2>/dev/null); do
		[[ -n $self && $(readlink -f "$(type -P "$name")") == "$self" ]] &&
			complete -F _nstool "$name"
	done
	unset -f _nstool_register
}
_nstool_register
