#!/usr/bin/env bats
# enter with several targets: the command runs in one after the other.

load lib/suite
load lib/enter

teardown() {
	local name
	for name in "${names[@]}"; do
		ip netns delete "$name" 2>/dev/null || rm -f "/run/netns/$name"
	done
	"$NSTOOL" bind-ns --remove "nst-$$-a" "nst-$$-b" 2>/dev/null || true
	enter_teardown
}

names=()
add_name() {
	names+=("$1")
	ip netns add "$1"
}

uts='readlink /proc/self/ns/uts'

@test "in order, each named, the largest status" {
	start --uts
	local one=$target mine
	mine=$(readlink /proc/self/ns/uts)
	start --uts --pid
	run -125 --separate-stderr "$NSTOOL" enter -t "$one" -t 999999999 -t "$target" -t self -u sh -c "$uts; exit 3"
	is "==> $one <==
$(readlink "/proc/$one/ns/uts")

==> 999999999 <==

==> $target <==
$(readlink "/proc/$target/ns/uts")

==> self <==
$mine"
	is "nstool: enter: there is no process 999999999" "$stderr"
	run -4 --separate-stderr "$NSTOOL" enter -t "$one" -t "$target" sh -c '[ "$(readlink /proc/self/ns/uts)" = "$0" ] || exit 4' \
		"$(readlink "/proc/$target/ns/uts")"
	run -0 "$NSTOOL" enter -t "$one" -t "$target" true
}

@test "a signal ends it all" {
	start --pid --uts
	run -143 --separate-stderr "$NSTOOL" enter -t "$target" -t "$target" sh -c 'kill -TERM $$'
	is "==> $target <=="
	local types result
	umask 0
	for types in "--except=pid -S 65534" --all; do
		rm -f "$dir/up"
		# shellcheck disable=SC2086 # words
		tool_in_background -t "$target" $types >"$dir/out"
		kill -TERM "$tool"
		result=0
		wait "$tool" || result=$?
		is 143 "$result"
		command_has_ended
		is "==> $target <==" "$(<"$dir/out")"
		rm "$dir/up"
		# shellcheck disable=SC2086 # words
		tool_in_background -t "$target" $types >"$dir/out"
		kill -KILL "$tool"
		command_has_ended
	done
}

@test "--detach, --no-fork and a terminal, each in its turn" {
	start --pid --uts
	run -0 "$NSTOOL" enter -t "$target" -t "$target" --no-fork sh -c 'readlink /proc/self/ns/uts' sh
	is "${lines[1]}" "$(readlink "/proc/$target/ns/uts")"
	is "${lines[3]}" "${lines[1]}"
	mkfifo "$dir/pids"
	exec {pids}<>"$dir/pids"
	"$NSTOOL" enter -t "$target" -t self --detach --except pid \
		sh -c 'echo $$ >"$0"; exec sleep 1000' "$dir/pids" >"$dir/out" 2>&1 3>&-
	local pid
	for _ in 1 2; do
		read -r pid <&"$pids"
		started+=("$pid")
		[ "$(cat "/proc/$pid/comm")" ]
	done
	exec {pids}<&-
	run -0 "$NSTOOL" enter -t "$target" -t self --pty tty </dev/null
	[[ ${lines[1]} = /dev/pts/* && ${lines[3]} = /dev/pts/* ]]
}

@test "patterns of names" {
	local first=nst-$$-a second=nst-$$-b stale=nst-$$-c
	add_name "$second"
	add_name "$first"
	names+=("$stale")
	touch "/run/netns/$stale"
	run -0 "$NSTOOL" enter -t "netns:nst-$$-[ab]" sh -c 'ls /sys/class/net; readlink /proc/self/ns/net'
	is "==> netns:$first <==
lo
net:[$(stat -c %i "/run/netns/$first")]

==> netns:$second <==
lo
net:[$(stat -c %i "/run/netns/$second")]"
	run -125 --separate-stderr "$NSTOOL" enter -t "netns:nst-$$-?" -t self true
	is "==> netns:$first <==

==> netns:$second <==

==> netns:$stale <==

==> self <=="
	output=$stderr has "nstool: enter: the name '$stale' is stale"
	run -125 "$NSTOOL" enter -t "netns:nst-$$-x*" true
	is "nstool: enter: there is no name that 'netns:nst-$$-x*' matches"
	"$NSTOOL" bind-ns --new -u "$first"
	"$NSTOOL" bind-ns --new -u "$second"
	run -0 "$NSTOOL" enter -l "$second" -t "@nst-$$-*" "${uts% *}" /proc/self/ns/uts
	[ "${lines[0]}" = "==> $second <==" ]
	[ "${lines[2]}" = "==> @$first <==" ]
	[ "${lines[4]}" = "==> @$second <==" ]
	[ "${lines[1]}" = "${lines[5]}" ]
	[ "${lines[1]}" != "${lines[3]}" ]
	run -0 example 'nstool enter -t "netns:*" ip -brief address' 'netns:*'="netns:nst-$$-[ab]"
	has "==> netns:$second <=="
}
