#!/usr/bin/env bats
# bind-ns: whatever is killed when, a set is whole or is not there.

# shellcheck disable=SC2030,SC2031 # a test and what it calls are one process

load lib/suite
load lib/placed

# No other test has a set of this name: its processes are counted.
name=killed-$$

# The calls in a log of strace -f -y before which a kill could make a difference, as NAME NUMBER:
# the others only look, or concern nobody else.
# shellcheck disable=SC2016 # for awk
steps() { # LOG
	awk '
		match($2, /^[a-z0-9_]+\(/) {
			call = substr($2, 1, RLENGTH - 1)
			number = ++count[$1, call]
			if (call ~ /^(execve|brk|m(map|unmap|protect)|arch_prctl|set_.*|rseq|prlimit64|futex)$/ ||
			    call ~ /^(get.*|.*stat.*|pread64|access|readlink.*|ioctl|capget|fcntl|read|p?poll|pidfd_open)$/ ||
			    call ~ /^(openat2|open_by_handle_at|name_to_handle_at|bpf|mremap|syscall_.*)$/ ||
			    (call == "openat" && !/O_CREAT/) || (call == "close" && !/<(pipe|socket|.*UNIX)/))
				next
			if (!seen[call, number]++)
				print call, number
		}' "$1"
}

# Runs a command again and again: each of its processes is killed before its first mount(2), before
# its second …, before its first write(2) …, and so on. PREPARE goes before each run, CHECK after.
killed_everywhere() { # PREPARE CHECK ARGUMENT...
	local prepare=$1 check=$2 log=$BATS_TEST_TMPDIR/log call number
	killed=$BATS_TEST_TMPDIR/killed
	shift 2
	"$prepare"
	# -D: an init that stays has a tracer that stays, but nobody waits for it.
	here strace -D -f -y -qq -e signal=none -o "$log" "$NSTOOL" bind-ns "$@" || true
	kills=0
	while read -r call number; do
		"$prepare"
		here strace -D -f -qq -e trace="$call" -o "$killed" \
			-e inject="$call:signal=KILL:when=$number" "$NSTOOL" bind-ns "$@" &>"$BATS_TEST_TMPDIR/said" || true
		kills=$((kills + 1))
		"$check" || { echo "after a kill at $call number $number"; return 1; }
	done < <(steps "$log")
}

# What bind --list says of the one set: "alive uts,net 17", with its process if there is one.
state() {
	bind --list -J | jq -r '.sets[] | "\(.state) \([.namespaces[].type] | join(",")) \(.init // .holder // "")"'
}

# Whether it was this process that was killed, not another one that it needs.
was_killed() { # PID
	timeout 60 bash -c 'until grep -q "^$1 .*killed by SIGKILL" "$0"; do :; done' "$killed" "$1"
}

# Complete or absent; and --remove --dead leaves nothing but that.
whole_or_none() {
	local state types keeper left
	read -r state types keeper < <(state) || true
	if [[ $keeper && ($state == dead || $state == stale) ]]; then # no set survives that
		was_killed "$keeper" || { echo "$state, but its process was not killed"; return 1; }
		state=${whole% *}
	fi
	[[ "$state $types" == " " || "$state $types" == "$whole" ]] ||
		{ echo "half: $state $types"; return 1; }
	bind --remove --dead 2>/dev/null
	left=$(here ls -A /run/nstool/ns 2>/dev/null) || left=
	[[ $left == "" || $left == "$name" ]] || { echo "left: $left"; return 1; }
}

without() {
	[ -z "$(here ls -A /run/nstool/ns 2>/dev/null)" ] || bind --remove "$name" &>/dev/null || true
}

with() {
	without
	bind -t "$sleeper" -un "$name"
}

@test "killed at every step of creation: a whole set or none" {
	sleeper --net
	whole="alive uts,net"
	killed_everywhere without whole_or_none -t "$sleeper" -un "$name"
	[ "$kills" -ge 12 ]
	kill "$sleeper"
}

@test "killed at every step of removal: a whole set or none" {
	sleeper --net
	whole="alive uts,net"
	killed_everywhere with whole_or_none --remove "$name"
	[ "$kills" -ge 8 ]
	kill "$sleeper"
}

# The one that had the name, or the one that takes it.
old_or_new() {
	local types
	types=$(state)
	[[ $types == "alive uts,net " || $types == "alive uts " ]] || { echo "no set: $types"; return 1; }
	bind --remove --dead
	is "$name" "$(here ls -A /run/nstool/ns)"
}

@test "killed at every step of a change: the old set or the new one" {
	sleeper --net
	killed_everywhere with old_or_new --drop net "$name"
	[ "$kills" -ge 12 ]
	kill "$sleeper"
}

@test "killed at every step of --new --replace: the old set or the new one" {
	sleeper --net
	new_or_old() {
		local types
		types=$(state)
		[[ $types == "alive uts,net " || $types == "empty ipc " ]] || { echo "no set: $types"; return 1; }
		bind --remove --dead
		is "$name" "$(here ls -A /run/nstool/ns)"
	}
	killed_everywhere with new_or_old --new --replace -i "$name"
	[ "$kills" -ge 20 ]
	kill "$sleeper"
}

@test "killed at every step of --rename: the next command has the title say the name" {
	local other=$name-2
	held() {
		bind --remove "$name" &>/dev/null || bind --remove "$other" &>/dev/null || true
		bind --new -p "$name"
	}
	named() {
		local now init
		bind --remove --dead
		read -r now init < <(bind --list -J | jq -r '.sets[] | "\(.name) \(.init)"')
		[[ $now == "$name" || $now == "$other" ]] || { echo "no set: $now"; return 1; }
		timeout 60 bash -c 'until [ "$(tr -d "\0" <"/proc/$0/cmdline")" = "nstool: init of @$1" ]; do :; done' \
			"$init" "$now" || { echo "the title is another's"; return 1; }
		is "$now" "$(here ls -A /run/nstool/ns)"
	}

	killed_everywhere held named --rename "$name" "$other"
	[ "$kills" -ge 6 ]
}

# Processes of sets, of this test's place.
keepers() {
	# shellcheck disable=SC2009 # whole command lines, whatever pgrep(1) makes of them
	ps -eo args= | grep -c -e "^nstool: init of @$name\$" -e "^nstool: holding @$name\$" || true
}

# As above; and each process of a set ends with it.
whole_or_none_and_no_keeper() {
	local expected=0
	if grep -q "the helper process has died" "$BATS_TEST_TMPDIR/said"; then
		grep -q "hint: 'nstool bind-ns --list' shows whether the set is there" "$BATS_TEST_TMPDIR/said" ||
			{ echo "without a hint:" && cat "$BATS_TEST_TMPDIR/said" && return 1; }
		orphaned=$((${orphaned-0} + 1))
	fi
	whole_or_none || return
	[ -z "$(sets)" ] || expected=1
	# What was killed, or sees that it is not needed, is about to end.
	timeout 60 bash -c "name=$name; $(declare -f keepers); until [ \$(keepers) -le $expected ]; do :; done" ||
		{ echo "there are $(keepers) processes for $expected set"; return 1; }
}

@test "killed at every step of --new: a whole set or none, and no process for nothing" {
	whole="empty uts,pid"
	killed_everywhere without whole_or_none_and_no_keeper --new -up "$name"
	[ "$kills" -ge 12 ]
	[ "$orphaned" -ge 1 ]
}

@test "killed at every step of --holder: a whole set or none, and no process for nothing" {
	sleeper
	whole="alive uts"
	killed_everywhere without whole_or_none_and_no_keeper --holder -t "$sleeper" -u "$name"
	[ "$kills" -ge 12 ]
	kill "$sleeper"
}

# unshare-ns -l, stopped when its set has its name and its command does not run yet: sets $stopped,
# its pid, and $helpers, those of its children. STOP is delivered to it alone.
stopped_maker() { # TYPES
	local tracer
	nsenter -t "$place" -m strace -qq -o /dev/null -e trace=sendto -e inject=sendto:signal=STOP:when=1 \
		"$NSTOOL" unshare-ns -l "$name" "$1" true &>/dev/null 3>&- &
	tracer=$!
	until [ "$(sets)" = "$name" ]; do :; done
	stopped=$(tr -d ' ' <"/proc/$tracer/task/$tracer/children")
	read -ra helpers <"/proc/$stopped/task/$stopped/children" || true # no newline
}

# Kills it, which takes its set back, and waits until that has been done.
kill_stopped() {
	local pid
	kill -KILL "$stopped"
	for pid in "$stopped" "${helpers[@]}"; do
		timeout 60 bash -c 'until [ ! -e "/proc/$0" ]; do :; done' "$pid"
	done
}

@test "what is taken back is the set that was made, whatever its name is by now" {
	local types
	for types in -un -upm; do
		stopped_maker "$types"
		kill_stopped
		is "" "$(sets)"
		stopped_maker "$types"
		bind --rename "$name" renamed
		kill_stopped
		is "" "$(sets)"
		stopped_maker "$types"
		bind --replace --new -i "$name"
		kill_stopped
		is "$name ipc" "$(sets) $(sets 3)"
		bind --remove "$name"
	done
}
