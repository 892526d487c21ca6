#!/usr/bin/env bats
# Where `list` looks for namespaces. Each source is tested by a namespace that it alone can find:
# the source finds it, by default and by itself, and without the source it is missed.

load lib/suite

setup() {
	need_root
}

# The program under test, perhaps with a wrapper.
nstool=("$NSTOOL")

# One row of `list`, or nothing: row INODE COLUMNS [OPTION...]
row() {
	local ino=$1 columns=$2
	shift 2
	"${nstool[@]}" list --list --noheadings --raw -o "NS,$columns" "$@" 2>/dev/null |
		sed -n "s/^$ino //p"
}

found() { # INODE [SOURCES]
	[ -n "$(row "$1" TYPE ${2:+--source "$2"})" ] && return
	echo "namespace $1 is not found with ${2:-the default sources}"
	return 1
}

# Another nstool that runs at this moment may hold a descriptor of the namespace for an instant:
# here and in says() one moment of ten without is enough.
missed() { # INODE SOURCES
	for _ in {1..10}; do
		[ -n "$(row "$1" TYPE --source "$2")" ] || return 0
	done
	echo "namespace $1 is found with $2"
	return 1
}

# All sources but these. listns(2) alone would find everything, on kernels that have it.
without() { # SOURCE...
	local source all=(proc thread pending fd mount ancestor socket)
	for source; do
		all=("${all[@]/#"$source"/}")
	done
	printf '%s\n' "${all[@]}" | grep . | paste -sd,
}

# What column COLUMN says of a namespace, with the escapes of --raw undone.
says() { # INODE COLUMN TEXT [OPTION...]
	local text
	for _ in {1..10}; do
		text=$(row "$1" "$2" "${@:4}")
		[ "$(printf '%b' "$text")" != "$3" ] || return 0
	done
	is "$3" "$(printf '%b' "$text")"
}

@test "a process" {
	hold proc
	found "${made[net]}"
	found "${made[net]}" proc
	missed "${made[net]}" "$(without proc)"
	says "${made[net]}" HELD proc
	says "${made[uts]}" NPROCS 1
	says "${made[uts]}" PID "${made[pid]}"
}

@test "a thread other than the leader" {
	hold thread
	found "${made[net]}"
	found "${made[net]}" thread
	missed "${made[net]}" "$(without thread)"
	says "${made[net]}" HELD thread
	says "${made[uts]}" HOLDERS "${made[pid]} thread ${made[tid]}"
	says "${made[uts]}" NPROCS 0
	says "${made[uts]}" NTHREADS 1
}

@test "a thread whose leader has ended" {
	hold dead-leader
	found "${made[net]}"
	found "${made[net]}" thread
	missed "${made[net]}" "$(without thread)"
	says "${made[uts]}" HOLDERS "${made[pid]} thread ${made[tid]}"
}

@test "a descriptor" {
	hold fd
	found "${made[net]}"
	found "${made[net]}" fd
	missed "${made[net]}" "$(without fd)"
	says "${made[net]}" HELD fd
	says "${made[net]}" HOLDERS "${made[pid]} fd ${made[fd]}"
}

@test "a descriptor in a thread's own table" {
	hold thread-fd
	found "${made[net]}"
	found "${made[net]}" thread,fd
	missed "${made[net]}" "$(without thread)"
	missed "${made[net]}" "$(without fd)"
	says "${made[net]}" HELD fd
}

@test "a descriptor in a thread's own table, without kcmp" {
	hold thread-fd
	nstool=("${NSTOOL%/*}/tests/lib/deny" kcmp=ENOSYS -- "$NSTOOL")
	found "${made[net]}"
	says "${made[net]}" HELD fd
}

@test "a bind mount here" {
	hold mount "$BATS_TEST_TMPDIR/net"
	found "${made[net]}"
	found "${made[net]}" mount
	missed "${made[net]}" "$(without mount)"
	says "${made[net]}" HELD mount
	# Tests beside this one may have copied the mount with their mount namespaces.
	[[ $(printf '%b' "$(row "${made[net]}" HOLDERS)") == "mount $BATS_TEST_TMPDIR/net"?(" and in "*) ]]
}

@test "a bind mount in another mount namespace" {
	hold mount-elsewhere
	found "${made[net]}"
	found "${made[net]}" mount
	missed "${made[net]}" "$(without mount)"
	says "${made[net]}" HELD mount
}

@test "a bind mount that a chroot hides from the process in its mount namespace" {
	hold mount-chroot
	found "${made[net]}"
	found "${made[net]}" mount
	says "${made[net]}" HELD mount
	[[ $(row "${made[net]}" HOLDERS) == *"${made[path]}"* ]]
}

@test "a bind mount in a mount namespace without a process, which is bound itself" {
	hold mount-noproc
	found "${made[net]}"
	found "${made[net]}" mount
	missed "${made[net]}" "$(without mount)"
	says "${made[net]}" HELD mount
	says "${made[mnt]}" HELD mount
}

@test "a bind mount in a mount namespace that only a descriptor holds" {
	hold mount-fdonly
	found "${made[net]}"
	found "${made[net]}" fd,mount
	missed "${made[net]}" "$(without mount)"
	says "${made[net]}" HELD mount
	says "${made[mnt]}" HELD fd
}

@test "mount namespaces that no link leads to, without NS_MNT_GET_NEXT" {
	nstool=("${NSTOOL%/*}/tests/lib/deny" ioctl:0x8010b70b=ENOTTY ioctl:0x8010b70c=ENOTTY -- "$NSTOOL")
	hold mount-noproc
	found "${made[net]}"
	hold mount-fdonly
	found "${made[net]}"
	missed "${made[net]}" mount
	found "${made[net]}" fd,mount
}

@test "a parent without a process" {
	hold ancestor
	found "${made[parent]}"
	found "${made[parent]}" proc,ancestor
	missed "${made[parent]}" "$(without ancestor)"
	says "${made[parent]}" HELD child
	says "${made[user]}" PNS "${made[parent]}"
}

@test "an owner without a process" {
	hold owner
	found "${made[user]}"
	found "${made[user]}" proc,ancestor
	missed "${made[user]}" "$(without ancestor)"
	says "${made[user]}" HELD owner
	says "${made[net]}" ONS "${made[user]}"
}

@test "a pid namespace before its first child" {
	hold pending-pid
	found "${made[pid_ns]}"
	found "${made[pid_ns]}" pending
	missed "${made[pid_ns]}" "$(without pending)"
	says "${made[pid_ns]}" HELD pending
}

@test "a pid namespace whose first child has ended" {
	hold pending-pid-dead
	found "${made[pid_ns]}"
	found "${made[pid_ns]}" pending
	missed "${made[pid_ns]}" "$(without pending)"
	says "${made[pid_ns]}" HELD pending
}

@test "a time namespace before its first child" {
	hold pending-time
	found "${made[time]}"
	found "${made[time]}" pending
	missed "${made[time]}" "$(without pending)"
	says "${made[time]}" HELD pending
}

@test "a socket, only when asked for" {
	hold socket
	found "${made[net]}" socket
	found "${made[net]}" all
	missed "${made[net]}" "$(without socket)"
	says "${made[net]}" HELD socket --source socket
	says "${made[net]}" HOLDERS "${made[pid]} socket ${made[fd]}" --source socket
}

@test "a tun device, only when asked for" {
	grep -qw tun /proc/misc || skip "no tun driver here"
	hold tun
	found "${made[net]}" socket
	found "${made[net]}" all
	missed "${made[net]}" "$(without socket)"
	says "${made[net]}" HELD socket --source socket
}

@test "a zombie does no harm" {
	hold zombie
	run -0 "$NSTOOL" list
	run -1 "$NSTOOL" list -p "${made[pid]}"
	is "nstool: list: process ${made[pid]} has ended" "${lines[0]}"
	[[ ${lines[1]} =~ ^"hint: it is a zombie, which ps(1) shows until its parent, process "[0-9]+", takes notice"$ ]]
}

@test "hostile names reach neither the terminal nor the columns" {
	hold hostile-name
	run --separate-stderr -0 "$NSTOOL" list --noheadings -o NS,TYPE,COMMAND
	is 1 "$(grep -c "^ *${made[uts]} uts  *[^ ]" <<<"$output")"
	is '' "$(tr -d '\n' <<<"$output" | LC_ALL=C grep -ao '[[:cntrl:]]')"
	is "$output" "$(iconv -f UTF-8 -t UTF-8 <<<"$output")"
}

@test "hostile names are valid JSON" {
	hold hostile-name
	run --separate-stderr -0 "$NSTOOL" list -J -o NS,TYPE,COMMAND
	is "$output" "$(iconv -f UTF-8 -t UTF-8 <<<"$output")"
	is uts "$(jq -r ".namespaces[] | select(.ns == ${made[uts]}) | .type" <<<"$output")"
}

@test "a process that cannot be read is counted, and the rest is shown" {
	hold unreadable
	found "${made[uts]}"
	# Without BPF, which shows such processes too and is used where processes are many.
	run --separate-stderr -0 setpriv --bounding-set -sys_ptrace --inh-caps -sys_ptrace \
		"$NSTOOL" list --raw -o NS --source proc
	is 0 "$(grep -cx "${made[uts]}" <<<"$output")"
	[[ $stderr == "note: "*" unreadable"* ]]
}
