#!/usr/bin/env bats
# bind-ns: sets of namespaces with names that outlive processes.

# shellcheck disable=SC2030,SC2031 # a test and what it calls are one process

load lib/nstool
load lib/registry
load lib/ordinary

setup() {
	need_root
	place
}

teardown() {
	unplace
	release
}

# The inode of a namespace of the process that prints it.
inode() { # TYPE COMMAND...
	local type=$1
	shift
	"$@" readlink "/proc/self/ns/$type"
}

# A process in new namespaces of these types, else in those of the place; sets $sleeper.
sleeper() { # UNSHARE-OPTION...
	local own
	own=$(readlink /proc/self/ns/uts)
	nsenter -t "$place" -m -- unshare --uts "$@" sleep infinity 3>&- &
	sleeper=$!
	until [ "$(readlink "/proc/$sleeper/ns/uts")" != "$own" ]; do :; done
}

@test "a set outlives its processes and is entered again, whole and in part" {
	local uts net
	sleeper --net
	uts=$(readlink "/proc/$sleeper/ns/uts") net=$(readlink "/proc/$sleeper/ns/net")
	run -0 --separate-stderr bind -t "$sleeper" -un web
	is "" "$output$stderr"
	kill "$sleeper"
	wait "$sleeper" || true
	is "$uts" "$(inode uts bind -l web)"
	is "$net" "$(inode net bind -l web -n)"
	is "$(readlink /proc/self/ns/uts)" "$(inode uts bind -l web -n)"
	is "$net" "$(inode net here "$NSTOOL" enter -t @web)"
	is "$net" "$(inode net here "$NSTOOL" enter -l web)"
	is "$net" "$(inode net here "$NSTOOL" enter "-n=@web")"
	run -7 bind -l web -- sh -c 'exit 7'
	run -0 bind --remove web
	run -125 bind -l web true
}

@test "as the seeds wrote it: unsharens, bindns, ns_exec, ns_enter" {
	local name bin=$BATS_TEST_TMPDIR/bin uts
	mkdir "$bin"
	for name in unsharens bindns bind_ns ns_exec ns_enter; do
		ln -s "$(realpath "$NSTOOL")" "$bin/$name"
	done
	uts=$(inode uts here "$bin/unsharens" -l 12 -muin)
	[ "$uts" != "$(readlink /proc/self/ns/uts)" ]
	is "$uts" "$(inode uts here "$bin/bindns" -l 12 -u)"
	run -0 here "$bin/bindns" -l 12 -n ip -o link
	is 1 "${#lines[@]}"
	uts=$(inode uts here "$bin/ns_exec" -a -l ns12)
	is "$uts" "$(inode uts here "$bin/ns_enter" -l ns12)"
	is "$uts" "$(inode uts here "$bin/ns_enter" -l "-$(here "$NSTOOL" bind-ns --list -J | sed -n 's/.*"init": \([0-9]\+\).*/\1/p')")"
	is "12 ns12" "$(sets)"
	run -0 here "$bin/bind_ns" -l 0 true
}

@test "errors keep their meaning" {
	sleeper --net
	refused() { # ERRNO-TEXT ARGUMENT...
		local text=$1
		shift
		run -125 --separate-stderr bind "$@"
		[[ $stderr == *"$text"* && $stderr == *"hint: "* ]] || { echo "$* $stderr"; false; }
	}
	bind -t "$sleeper" -un web
	refused "the name 'web' is in use" -t "$sleeper" -un web
	refused "bound already, as 'web'" -t "$sleeper" -un other
	refused "bound already, as 'web'" -t "$sleeper" -n other
	refused "the host's, which are bound already, as '0'" -t host -i other
	refused "-t REF names those of a process, --new makes new ones" -t host -i other
	refused "there is no set named 'wen'" -l wen true
	refused "did you mean 'web'?" --remove wen
	refused "did you mean 'web'?" --rename wen x
	refused "is in use" --rename web web
	local name
	for name in . .. a/b -x '' 0 a$'\n' "$(printf 'a%.0s' {1..65})"; do
		refused "cannot be the name of a set" -- "$name"
		refused "cannot be the name of a set" --new -u -- "$name"
		refused "cannot be the name of a set" --remove -- "$name"
	done
	run -125 bind -l -4194399 true
	has "there is no process 4194399"
	run -125 bind --add nets web
	has "is not a type of namespace, did you mean 'net'?"
	run -125 bind --list --remove web
	has "--list and --remove exclude each other"
	run -0 bind --alias -t "$sleeper" -n other
	is "other web" "$(sets)"
	run -0 bind --new -u "$(printf 'a%.0s' {1..64})"
	kill "$sleeper"
}

@test "--new: every type, alone and together" {
	local type letter
	for type in m:mnt u:uts i:ipc n:net p:pid U:user C:cgroup T:time; do
		letter=${type%:*}
		run -0 --separate-stderr bind --new "-$letter" "new-$letter"
		is "" "$output$stderr"
		run -0 bind -l "new-$letter" readlink "/proc/self/ns/${type#*:}"
		[ "$output" != "$(readlink "/proc/self/ns/${type#*:}")" ]
	done
	run -0 bind --new -a -r --hostname inside all
	run -0 bind -l all sh -c 'hostname; id -u; cat /proc/1/cmdline | tr "\0" "\n"; ip -o link show lo'
	is inside "${lines[0]}"
	is 0 "${lines[1]}"
	is "nstool: init of @all" "${lines[2]}"
	[[ ${lines[3]} == *UP* ]]
}

@test "a set whose init died is dead, says so, and --remove --dead removes it" {
	bind --new -pu web
	local init
	init=$(bind --list -J | sed -n 's/.*"init": \([0-9]*\).*/\1/p')
	is "nstool: init of @web" "$(tr -d '\0' <"/proc/$init/cmdline")"
	is "" "$(ls "/proc/$init/fd")"
	is empty "$(sets 2)"
	kill -9 "$init"
	until [ ! -e "/proc/$init" ]; do :; done
	is dead "$(sets 2)"
	run -125 --separate-stderr bind -l web true
	is "nstool: bind-ns: web is dead: the first process of its pid namespace has ended" "${stderr_lines[0]}"
	run -0 bind -l web -u true
	run -0 bind --remove --dead
	is "" "$(sets)"
}

@test "--remove ends the init, and tells who still holds a namespace" {
	bind --new -p web
	local init
	init=$(bind --list -J | sed -n 's/.*"init": \([0-9]*\).*/\1/p')
	bind --remove web
	until [ ! -e "/proc/$init" ]; do :; done
	sleeper
	bind -t "$sleeper" -u web
	run -0 bind --remove web
	has "note: $(readlink "/proc/$sleeper/ns/uts") lives on, held by 1 process, such as $sleeper"
	kill "$sleeper"
}

@test "--list, --pids, --identify, --export, --rename, --add, --drop, --replace" {
	sleeper --net
	bind -t "$sleeper" -un web
	is "web alive uts,net 1" "$(sets | xargs) $(sets 2) $(sets 3) $(sets 4)"
	is "$sleeper" "$(bind --pids web)"
	is "" "$(bind --pids web -i)"
	is "web"$'\t'"whole" "$(bind --identify "$sleeper")"
	is "web"$'\t'"net" "$(bind --identify "$(readlink "/proc/$sleeper/ns/net")")"
	is "" "$(bind --identify host)"
	run -0 bind --export web
	is $'NSTOOL_SET=web\nNSTOOL_UTS=/run/nstool/ns/web/uts\nNSTOOL_NET=/run/nstool/ns/web/net'
	bind --rename web www
	run -0 here "$NSTOOL" list -n -o TYPE,NAMES @www
	has "@www"
	bind --drop net www
	is uts "$(sets 3)"
	bind --add net -t "$sleeper" www
	is uts,net "$(sets 3)"
	run -125 bind --drop uts,net www
	has "a set without a namespace cannot be"
	bind --replace --new -i www
	is ipc "$(sets 3)"
	kill "$sleeper"
}

@test "--list -J keeps to its schema" {
	bind --new -pn --netns web
	sleeper --net
	bind --holder -t "$sleeper" -un held
	run -0 bind --list -J
	run -0 python3 -c '
import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.Draft7Validator(schema).validate(json.load(sys.stdin))' \
		"$BATS_TEST_DIRNAME/schema/bind-list.json" <<<"$output"
	is "" "$output"
	kill "$sleeper"
}

@test "the caller's own namespaces, without those of the host" {
	run -0 here "$NSTOOL" unshare-ns -u "$NSTOOL" bind-ns -u web
	is uts "$(sets 3)"
	run -125 here "$NSTOOL" unshare-ns -m "$NSTOOL" bind-ns -m other
	has "hint: a mount namespace can be bound only in one that is older than it"
	is web "$(sets)"
}

# shellcheck disable=SC2016 # for the inner shell
@test "mount namespaces are bound, whichever processor made this one" {
	local all cpu
	all=$(taskset -pc $$ | sed 's/.*: //')
	for cpu in $(taskset -pc $$ | sed 's/.*: //; s/[,-]/ /g'); do
		# A mount namespace of that processor, and nstool free to run on all.
		run -0 here taskset -c "$cpu" unshare -m taskset -c "$all" sh -c '
			"$0" bind-ns --new -m "mnt-$1" && "$0" bind-ns -l "mnt-$1" readlink /proc/self/ns/mnt &&
			"$0" bind-ns --remove "mnt-$1"' "$NSTOOL" "$cpu"
		[[ $output == mnt:* ]]
	done
	run -0 bind --new -m web
	run -0 bind -l web mount -t tmpfs none /mnt
	run -0 bind -l web grep -c ' /mnt ' /proc/self/mountinfo
}

@test "50 first users: one mount, 50 names" {
	local i pids=()
	here rm -rf /run/nstool
	for i in {1..50}; do
		bind --new -u "set-$i" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	is 50 "$(sets | wc -w)"
	is 1 "$(here grep -c ' /run/nstool/ns ' /proc/self/mountinfo)"
	is 0 "$(here grep ' /run/nstool/ns ' /proc/self/mountinfo | grep -c shared:)"
}

@test "two creators of one name: one wins, the others are told that it is in use" {
	local i pids=()
	for i in {1..8}; do
		(bind --new -u web 2>&1 3>&- || true) >"$BATS_TEST_TMPDIR/out.$i" &
		pids+=($!)
	done
	wait "${pids[@]}"
	is web "$(sets)"
	is 7 "$(cat "$BATS_TEST_TMPDIR"/out.* | grep -c "the name 'web' is in use")"
}

@test "a registry that is not ours is refused, with the reason" {
	distrusted() { # WHY
		run -125 --separate-stderr bind --list
		[[ ${stderr_lines[0]} == "nstool: bind-ns: "*"$1" ]] || { echo "$stderr"; false; }
		run -125 bind --new -u web
	}
	here chmod 1777 /run
	distrusted "'/run' can be written to by others"
	here chmod 755 /run
	here mkdir -m 777 /run/nstool
	distrusted "'/run/nstool' can be written to by others"
	here chown 4242 /run/nstool
	distrusted "'/run/nstool' belongs to another user"
	here rmdir /run/nstool
	here ln -s /tmp /run/nstool
	distrusted "'/run/nstool' is no directory, or a symbolic link"
	here rm /run/nstool
	bind --new -u web
	here umount /run/nstool/ns/web/uts
	run -125 --separate-stderr bind -l web true
	[[ $stderr == *"'web' is stale: its uts namespace is not bound at /run/nstool/ns/web/uts"* ]]
	is stale "$(sets 2)"
	run -0 bind --remove --dead
	is "" "$(sets)"
}

@test "removal follows no link that was put in its way" {
	local victim=$BATS_TEST_TMPDIR/victim
	mkdir "$victim"
	touch "$victim/file"
	bind --new -un web
	here umount /run/nstool/ns/web/net
	here rm /run/nstool/ns/web/net
	here ln -s "$victim" /run/nstool/ns/web/net
	here ln -s "$victim" /run/nstool/ns/.old.7
	bind --remove web
	[ -e "$victim/file" ]
	is "" "$(sets)"
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

@test "an ordinary user has sets, which a process holds" {
	# shellcheck disable=SC2016 # for the inner shell
	run -0 ordinary sh -c '
		mkdir -m 700 run && export XDG_RUNTIME_DIR=$PWD/run || exit
		setsid sh -c "/mnt/nstool bind-ns --new -a -r web"
		/mnt/nstool bind-ns --list | sed "s/  */ /g" | cut -d" " -f1-4,6
		/mnt/nstool bind-ns -l web sh -c "id -u; echo \$\$; ip -o link show lo | grep -o ,UP"
		/mnt/nstool enter -t @web -Un id -u
		keepers() { ps -u 4242 -o args= | grep "^nstool: " | sort; }
		keepers
		/mnt/nstool bind-ns --drop mnt,pid web && keepers
		/mnt/nstool bind-ns --rename web www && /mnt/nstool bind-ns -l www id -u
		kill -KILL "$(/mnt/nstool bind-ns --list -J | sed -n "s/.*\"holder\": \([0-9]*\).*/\1/p")"
		until [ -z "$(keepers)" ]; do :; done
		/mnt/nstool bind-ns -l www true
		/mnt/nstool bind-ns --remove --dead
		keepers; ls -A run/nstool/ns'
	is "web empty mnt,uts,ipc,net,pid,user,cgroup,time 0 ann" "${lines[1]}"
	is $'0\n2\n,UP\n0' "$(printf '%s\n' "${lines[@]:2:4}")"
	has "nstool: holding @web"$'\n'"nstool: init of @web"$'\n'"nstool: holding @web"$'\n'0
	has "'www' is stale: the process that held it has ended"
}

@test "500 sets: bound, listed, joined, removed, and nothing is left" {
	local number names mounts
	mounts=$(here cat /proc/self/mountinfo | wc -l)
	for number in {1..500}; do
		bind --new -u "set-$number"
	done
	names=$(sets)
	is 500 "$(wc -w <<<"$names")"
	for number in 1 250 500; do
		run -0 bind -l "set-$number" readlink /proc/self/ns/uts
		is "$output" "$(here stat -c 'uts:[%i]' "/run/nstool/ns/set-$number/uts")"
	done
	# shellcheck disable=SC2086 # names
	run -0 --separate-stderr bind --remove $names
	is "" "$output$stderr"
	is $'lock\nns' "$(here ls -A /run/nstool)"
	is "" "$(here ls -A /run/nstool/ns)"
	is $((mounts + 1)) "$(here cat /proc/self/mountinfo | wc -l)"
}

@test "ip netns: names in both directions" {
	run -0 bind --new -n --netns blue
	is blue "$(here ip netns list | cut -d' ' -f1)"
	is "$(inode net bind -l blue)" "$(inode net here "$NSTOOL" enter -t netns:blue)"
	run -0 here ip netns exec blue ip -o link
	bind --remove blue
	is "" "$(here ip netns list)"
	here ip netns add red
	bind -t netns:red web
	here ip netns delete red
	run -0 bind -l web ip -o link
	here ip netns add other
	run -125 bind --new -n --netns other
	has "'ip netns' has another network namespace named 'other'"
	run -0 bind --netns -t netns:other other
	bind --remove other 2>/dev/null
	is other "$(here ip netns list | cut -d' ' -f1)"
}

@test "--monitor tells of whole sets" {
	local out=$BATS_TEST_TMPDIR/events monitor
	mkfifo "$out"
	nsenter -t "$place" -m "$NSTOOL" bind-ns --monitor >"$out" 3>&- &
	monitor=$!
	exec 7<"$out"
	until grep -qs inotify /proc/"$monitor"/fdinfo/*; do :; done
	event() { # EXPECTED
		local line
		read -r -t 20 line <&7
		is "$1" "$line"
	}
	bind --new -u web
	event $'added\tweb'
	is uts "$(sets 3)"
	bind --rename web www
	event $'renamed\tweb\twww'
	bind --replace --new -u www
	event $'added\twww'
	event $'replaced\twww'
	bind --remove www
	event $'removed\twww'
	kill "$monitor"
	exec 7<&-
}

@test "the shell makes sets, walks to them and stays where it was itself" {
	local uts
	uts=$(readlink /proc/self/ns/uts)
	run -0 --separate-stderr here "$NSTOOL" shell -c \
		"bind-ns --new -u web; cd @web; pwd; bind-ns -l web -- true; bind-ns --remove web"
	[[ $output == "/uts:["* ]]
	is "" "$stderr"
	run -0 --separate-stderr here "$NSTOOL" shell -c $'bind-ns --new -u web\n!readlink /proc/self/ns/uts'
	is "$uts"
	is "" "$stderr"
}

@test "a process holds the set where it is asked to" {
	local holder
	sleeper --net
	bind --holder -t "$sleeper" -un web
	holder=$(bind --list -J | sed -n 's/.*"holder": \([0-9]*\).*/\1/p')
	is "nstool: holding @web" "$(tr -d '\0' <"/proc/$holder/cmdline")"
	kill "$sleeper"
	wait "$sleeper" || true
	run -0 bind -l web ip -o link
	is "$(readlink /proc/"$holder"/fd/*)" "$(bind -l web readlink /proc/self/ns/uts /proc/self/ns/net)"
	run -0 bind --export web
	has "NSTOOL_NET=/proc/$holder/fd/6"
	is empty "$(sets 2)"
	bind --remove web
	until [ ! -e "/proc/$holder" ]; do :; done
	is "" "$(here ls -A /run/nstool/ns)"
}

@test "the examples of the manual" {
	sleeper --net
	run -0 here_example 'nstool bind-ns -t 1234 web' 1234="$sleeper"
	run -0 here_example 'nstool bind-ns -l web ip -brief address'
	run -0 here_example 'nstool bind-ns --new -n --netns blue'
	run -0 here_example 'nstool bind-ns --list'
	has blue
	run -0 here_example 'nstool unshare-ns -l 12 -muin hostname'
	run -0 here_example 'nstool bind-ns -l 12 -n ip -brief link'
	run -0 here_example 'nstool bind-ns --remove web blue 12'
	is "" "$(sets)"
	kill "$sleeper"
}
