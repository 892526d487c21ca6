#!/usr/bin/env bats
# Under the name lsns, beside the lsns of util-linux: what both say of the same processes. Both see a
# pid namespace in which nothing else happens: lsns fails where processes come and go.

load lib/suite

# The columns that lsns has had since 2.38.
columns=NS,TYPE,PATH,NPROCS,PID,PPID,COMMAND,UID,USER,NETNSID,NSFS,PNS,ONS

setup() {
	need_root
	[[ $(lsns --version 2>&1) == "lsns from util-linux "* ]] || skip "no lsns of util-linux here"
	ln -s "$(realpath "$NSTOOL")" "$BATS_TEST_TMPDIR/lsns"
}

# Has both programs, with these options, look at 40 processes in four sets of namespaces; theirs
# and ours are what they wrote. %ns and %pid stand for a namespace and a process of a set. Ours alone
# would find what others' tests have bound somewhere.
beside() { # OPTION...
	{
		declare -f gather look
		echo 'gather; look "$@"'
	} >"$BATS_TEST_TMPDIR/inside"
	NSTOOL=$NSTOOL timeout 120 unshare --mount --pid --fork --kill-child --mount-proc -- \
		bash -eu "$BATS_TEST_TMPDIR/inside" "$@"
}

# Makes the processes; leaves a pid namespace of theirs in $ns, its first process in $pid.
gather() {
	local line
	coproc { exec "${NSTOOL%/*}/tests/lib/nsmake" many 40 4 "$BATS_TEST_TMPDIR/made"; }
	while read -r line <&"${COPROC[0]}" && [ "$line" != ready=1 ]; do :; done
	ns=$(awk '$1 == "pid" { print $2; exit }' "$BATS_TEST_TMPDIR/made")
	for pid in $(ps -e -o pid= | sort -n); do
		[ "$(readlink "/proc/$pid/ns/pid")" != "pid:[$ns]" ] || break
	done
}

look() { # OPTION...
	local options=("${@/#\%ns/$ns}")
	options=("${options[@]/#\%pid/$pid}")
	lsns "${options[@]}" >"$BATS_TEST_TMPDIR/theirs"
	"$BATS_TEST_TMPDIR/lsns" -Q 'NPROCS > 0' "${options[@]}" >"$BATS_TEST_TMPDIR/ours"
}

# Without the blanks that fill a column up: lsns leaves room for pids of five digits.
words() {
	sed 's/^ *//; s/  */ /g' "$1"
}

# What both say, through a filter, is the same; ours alone finds what others' tests make and end in
# this very moment, so they are asked ten times at most.
same() { # FILTER OPTION...
	local theirs ours
	for _ in {1..10}; do
		beside "${@:2}"
		theirs=$("$1" "$BATS_TEST_TMPDIR/theirs")
		ours=$("$1" "$BATS_TEST_TMPDIR/ours")
		[ "$theirs" != "$ours" ] || break
	done
	is "$theirs" "$ours"
	[ -s "$BATS_TEST_TMPDIR/ours" ]
}

same_text() { # OPTION...
	same words "$@"
}

json() {
	jq . "$1"
}

same_json() { # OPTION...
	same json -J "$@"
}

@test "every column of every namespace" {
	same_text -rnl -o "$columns"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/ours")" -ge 40 ]
}

@test "one below the other, and as trees" {
	same_text -l
	same_text
	same_text -Tprocess
	same_text -T
	same_text -l -T
}

@test "the branches stand before the command, if that is shown" {
	same_text -o NS,COMMAND,TYPE
	same_text -o NS,TYPE
	same_text -Tprocess -o NS,TYPE
	same_text -n -o +UID
	same_text -T -o TYPE,NS
}

@test "JSON" {
	same_json
	same_json -l
	same_json -T
	same_json -o NS,PID
	same_json -t net
}

@test "one process" {
	same_text -p %pid
	same_text -rnl -p %pid -o NS,TYPE
}

@test "some types" {
	same_text -t net -t pid
	same_text -l -t user
}

@test "the processes in a namespace" {
	same_text %ns
	same_text -l %ns
	same_text -T %ns
	same_text -o PID,COMMAND %ns
	same_text -o PID,NS,TYPE,NPROCS,PATH %ns
	same_json %ns
	same_json -o PID,NS,PPID %ns
}

@test "a namespace is a number, and excludes a process" {
	run -1 --separate-stderr "$BATS_TEST_TMPDIR/lsns" net:4026531840
	is "lsns: 'net:4026531840' is not the inode of a namespace
Try 'lsns --help'." "$stderr"
	run -1 --separate-stderr "$BATS_TEST_TMPDIR/lsns" 77
	is "lsns: not found namespace: 77" "$stderr"
	run -1 --separate-stderr "$BATS_TEST_TMPDIR/lsns" -p $$ 4026531840
	is "lsns: only one of --task and a namespace can be chosen" "$stderr"
}
