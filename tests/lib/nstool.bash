# shellcheck shell=bash
# Namespaces for bats tests, of any project: installed as share/nstool/bats/nstool.bash, to be had by
# `BATS_LIB_PATH=/usr/local/share/nstool/bats` and `bats_load_library nstool.bash`. See nstool-bats(7).
#
#	setup() {
#		nstool_sandbox net uts
#	}
#
#	@test "a host name of our own" {
#		hostname sandbox
#		[ "$(nstool list -n -r -o NPROCS -t uts self)" -ge 1 ]
#	}
#
# NSTOOL says which nstool; by default the one in PATH.

NSTOOL=${NSTOOL:-nstool}

# Runs the test in fresh namespaces: those of the TYPES, by default mount uts ipc net, and always mount
# and pid, so that no mount and no process outlives it. To be called first in setup, or in the test:
# whatever stands before it is run outside as well. An ordinary user gets a user namespace too. teardown
# runs outside, and knows nothing of what the test set.
nstool_sandbox() { # [TYPE...]
	local type options=(--mount --pid) state=$BATS_TEST_TMPDIR/nstool-sandbox status=0
	[ -z "${NSTOOL_SANDBOX-}" ] || return 0
	[ $# -gt 0 ] || set -- uts ipc net
	for type; do
		options+=("--${type/#mnt/mount}")
	done
	[ "$(id -u)" = 0 ] || options+=(--user --map-root-user)
	_nstool_state >"$state.bash"
	NSTOOL_SANDBOX=$$ "$NSTOOL" unshare-ns "${options[@]}" -- bash "$state.bash" "$state" || status=$?
	[ ! -e "$state.skipped" ] || skip "$(<"$state.skipped")"
	[ "$status" = 0 ] || return "$status"
	# shellcheck disable=SC2034 # as `skip` ends a test, but this one has passed
	BATS_TEST_COMPLETED=1
	exit 0
}

# A script that continues in another process as this shell: its variables and functions, and the test.
_nstool_state() {
	local _name
	for _name in $(compgen -v); do
		case $_name in
		BASH* | FUNCNAME | _ | _name | PIPESTATUS | LINENO | SHLVL | IFS | state | status | type | options) continue ;;
		esac
		[[ ${!_name@a} == *r* ]] || declare -p "$_name" 2>/dev/null || true
	done
	declare -f
	cat <<-'END'
		state=$1
		set -eE
		{ : >&3; } 2>/dev/null || exec 3>&1
		bats_test_begin() { setup; }
		trap 'echo "in the sandbox: status $? of: $BASH_COMMAND"' ERR
		trap '[ -z "${BATS_TEST_SKIPPED-}" ] || echo "$BATS_TEST_SKIPPED" >"$state.skipped"' EXIT
		BATS_TEST_SKIPPED=
		_nstool_look
		"$BATS_TEST_NAME"
	END
}

# Runs a command in all namespaces of REF.
in_ns() { # REF COMMAND...
	local ref=$1
	shift
	"$NSTOOL" enter --target "$ref" -- "$@"
}

# Prints the inode of the namespace of TYPE that REF has.
_nstool_inode() { # REF TYPE
	local inode
	inode=$("$NSTOOL" list --noheadings --raw --output NS --type "$2" "$1") || return
	[[ $inode =~ ^[0-9]+$ ]] || { echo "not one $2 namespace: $1" >&2 && return 1; }
	echo "$inode"
}

# Is REF in another namespace of TYPE than the test?
assert_isolated() { # REF TYPE
	local theirs ours
	theirs=$(_nstool_inode "$1" "$2") && ours=$(_nstool_inode self "$2") || return
	[ "$theirs" != "$ours" ] || { echo "$1 is in the $2 namespace of the test: $ours" && return 1; }
}

# Are both in the same namespace of TYPE?
assert_same_ns() { # REF REF TYPE
	local first second
	first=$(_nstool_inode "$1" "$3") && second=$(_nstool_inode "$2" "$3") || return
	[ "$first" = "$second" ] || { echo "$3 namespaces differ: $1 has $first, $2 has $second" && return 1; }
}

# Mounts on and below the directory of the test, and the DIRs; without one those of namespaces anywhere.
_nstool_mounts() { # [DIR...]
	dirs=$(realpath -m -- "$BATS_TEST_TMPDIR" "$@") all=$# awk '
		BEGIN { n = split(ENVIRON["dirs"], dir, "\n") }
		{
			where = $5
			gsub(/\\040/, " ", where)
			for (i = 7; $i != "-"; i++);
			found = $(i + 1) == "nsfs" && !ENVIRON["all"]
			for (d = 1; d <= n; d++)
				found = found || index(where "/", dir[d] == "/" ? "/" : dir[d] "/") == 1
			if (found)
				print where
		}' /proc/self/mountinfo | sort
}

# Namespaces, with their ids where the kernel has such: in a sandbox those of its processes, of the whole
# machine if NSTOOL_ALONE says that nobody else makes some, else none.
_nstool_namespaces() {
	local sources=proc,thread,pending,fd
	[ -z "${NSTOOL_ALONE-}" ] || sources=all
	[ -z "${NSTOOL_ALONE-}${NSTOOL_SANDBOX-}" ] ||
		"$NSTOOL" list --source "$sources" --noheadings --raw --output TYPE,NS,ID 2>/dev/null | sort
}

# The processes that have the directory of the test in their environment, or have something open or are
# somewhere below it, or write what the test writes.
_nstool_candidates() {
	local dir output=$BATS_TEST_TMPDIR
	dir=$(realpath -- "$BATS_TEST_TMPDIR" | sed 's/[][*?\\]/\\&/g')
	[[ $(readlink "/proc/$$/fd/1") != "${BATS_RUN_TMPDIR:-/nowhere}"/* ]] || output=$(readlink "/proc/$$/fd/1")
	{
		(export -n BATS_TEST_TMPDIR && grep -lszxF "BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ)
		find /proc/[0-9]*/{cwd,root,fd} -maxdepth 1 \
			\( -lname "$dir" -o -lname "$dir/*" -o -lname "$output" \)
	} 2>/dev/null | cut -d/ -f3 | sort -un
}

# Of these the programs that the test has started: not its own shell and what that has forked, not
# the one by which bats itself watches the time, nor what runs a sandbox.
_nstool_processes() {
	local pid command own
	own=$(tr '\0' ' ' <"/proc/$$/cmdline")
	for pid in $(_nstool_candidates); do
		command=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") || continue
		case $command in
		"" | "$own" | "sleep ${BATS_TEST_TIMEOUT-} " | *" $BATS_TEST_TMPDIR/nstool-sandbox ") ;;
		*) echo "process left behind: $pid $command" ;;
		esac
	done
}

# Descriptors of namespaces that this shell holds, whatever they are called.
_nstool_descriptors() {
	local fd self=$BASHPID
	stat -L -f -c '%T %n' "/proc/$self/fd"/* 2>/dev/null | sed -n 's/^nsfs //p' | while read -r fd; do
		echo "${fd##*/} $(readlink "$fd")"
	done | sort
}

# What is there already, and does not count: when the library is loaded, and in a new sandbox.
_nstool_look() {
	_nstool_mounts_before=$(_nstool_mounts /)
	_nstool_namespaces_before=$(_nstool_namespaces)
	_nstool_descriptors_before=$(_nstool_descriptors)
}

# The lines that AFTER has and BEFORE has not, each with WHAT before it.
_nstool_new() { # WHAT BEFORE AFTER
	comm -13 <(echo "$2") <(echo "$3") | sed -n "s/^./$1: &/p"
}

# Is nothing left of what the test made: no process, no mount, no namespace, no descriptor of one? What
# was there when the library was loaded does not count. Where others may be mounting namespaces meanwhile,
# DIRs say where mounts do count.
assert_no_leaks() { # [DIR...]
	local leaks end=$((SECONDS + ${NSTOOL_PATIENCE:-10}))
	# What was killed a moment ago may still be on its way out.
	while :; do
		leaks=$(
			_nstool_processes
			_nstool_new "mount left behind" "$_nstool_mounts_before" "$(_nstool_mounts "$@")"
			_nstool_new "namespace left behind" "$_nstool_namespaces_before" "$(_nstool_namespaces)"
			_nstool_new "descriptor left open" "$_nstool_descriptors_before" "$(_nstool_descriptors)"
		)
		[ "$leaks" ] || return 0
		[ "$SECONDS" -lt "$end" ] || break
		sleep 0.05
	done
	echo "$leaks"
	return 1
}

[ "${NSTOOL_SANDBOX-}" ] || _nstool_look
