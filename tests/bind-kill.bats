#!/usr/bin/env bats
# bind-ns: whatever is killed when, a set is whole or is not there.

# shellcheck disable=SC2030,SC2031 # a test and what it calls are one process

load lib/nstool
load lib/registry

setup() {
	need_root
	place
}

teardown() {
	unplace
	release
}

# Runs a command again and again, killed at its first state-changing system call, at its second …
# PREPARE goes before each run, CHECK after it.
killed_everywhere() { # PREPARE CHECK ARGUMENT...
	local prepare=$1 check=$2 log=$BATS_TEST_TMPDIR/log call n i changing
	changing=mkdirat,mount,umount2,write,renameat,renameat2,unlinkat,flock,openat,clone,clone3,unshare
	shift 2
	"$prepare"
	# -D: an init that stays has a tracer that stays, but nobody waits for it.
	here strace -D -f -qq -e trace="$changing" -e signal=none -o "$log" "$NSTOOL" bind-ns "$@" || true
	kills=0
	for call in ${changing//,/ }; do
		n=$(sed 's/^[0-9]* *//' "$log" | grep -c "^$call(") || continue
		for ((i = 1; i <= n; i++)); do
			# An openat that creates nothing changes nothing.
			[ "$call" != openat ] || sed 's/^[0-9]* *//' "$log" | grep "^openat(" |
				sed -n "${i}p" | grep -q O_CREAT || continue
			"$prepare"
			here strace -D -f -qq -e trace="$call" -o /dev/null \
				-e inject="$call:signal=KILL:when=$i" "$NSTOOL" bind-ns "$@" &>/dev/null || true
			kills=$((kills + 1))
			"$check" || { echo "after a kill at $call number $i"; return 1; }
		done
	done
}

# Complete or absent; and --remove --dead leaves nothing but that.
whole_or_none() {
	local state left
	state="$(sets 2) $(sets 3)"
	[[ $state == " " || $state == "$whole" ]] || { echo "half: $state"; return 1; }
	bind --remove --dead 2>/dev/null
	left=$(here ls -A /run/nstool/ns 2>/dev/null) || left=
	[[ $left == "" || $left == web ]] || { echo "left: $left"; return 1; }
}

without() {
	bind --remove web &>/dev/null || true
}

with() {
	without
	bind -t "$sleeper" -un web
}

@test "killed at every step of creation: a whole set or none" {
	sleeper --net
	whole="alive uts,net"
	killed_everywhere without whole_or_none -t "$sleeper" -un web
	[ "$kills" -ge 12 ]
	kill "$sleeper"
}

@test "killed at every step of removal: a whole set or none" {
	sleeper --net
	whole="alive uts,net"
	killed_everywhere with whole_or_none --remove web
	[ "$kills" -ge 6 ]
	kill "$sleeper"
}

# Processes of sets, of this test's place.
keepers() {
	# shellcheck disable=SC2009 # whole command lines, whatever pgrep(1) makes of them
	ps -eo args= | grep -c -e '^nstool: init of @web$' -e '^nstool: holding @web$' || true
}

# As above; and each process of a set ends with it.
whole_or_none_and_no_keeper() {
	local expected=0 whole=$whole
	# If the process outside is killed when it has made the set, the init ends, for nobody says
	# that it is kept: the set is whole but dead, and --remove --dead removes it.
	[ "$(sets 2)" != dead ] || whole="dead ${whole#* }"
	whole_or_none || return
	[ -z "$(sets)" ] || expected=1
	# What was killed, or sees that it is not needed, is about to end.
	timeout 10 bash -c "$(declare -f keepers); until [ \$(keepers) -le $expected ]; do :; done"
}

@test "killed at every step of --new: a whole set or none, and no process for nothing" {
	whole="empty uts,pid"
	killed_everywhere without whole_or_none_and_no_keeper --new -up web
	[ "$kills" -ge 15 ]
}

@test "killed at every step of --holder: a whole set or none, and no process for nothing" {
	sleeper
	whole="alive uts"
	killed_everywhere without whole_or_none_and_no_keeper --holder -t "$sleeper" -u web
	[ "$kills" -ge 10 ]
	kill "$sleeper"
}
