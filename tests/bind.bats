#!/usr/bin/env bats
# bind-ns: sets of namespaces with names that outlive processes.

# shellcheck disable=SC2030,SC2031 # a test and what it calls are one process

load lib/suite
load lib/placed

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

@test "nobody is looked for when the namespaces are gone, on kernels that can say so (6.18)" {
	local looks="$BATS_TEST_TMPDIR/looks" deny
	deny=$(dirname "$NSTOOL")/tests/lib/deny
	looks() { # COMMAND...
		here strace -f -qq -o "$looks" -e trace=openat "$@"
		grep -c 'mountinfo"' "$looks" || true
	}
	bind --new -un web
	# Nobody else may have them open in this moment, as another nstool that looks around has.
	for _ in {1..10}; do
		[ "$(looks "$NSTOOL" bind-ns --remove web)" != 0 ] || break
		bind --new -un web
	done
	is "" "$(sets)"
	bind --new -un web
	[ "$(looks "$deny" open_by_handle_at=EBADF -- "$NSTOOL" bind-ns --remove web)" -gt 0 ]
	sleeper
	bind -t "$sleeper" -u web
	run -0 here "$deny" open_by_handle_at=EBADF -- "$NSTOOL" bind-ns --remove web
	has "lives on, held by 1 process, such as $sleeper"
	kill "$sleeper"
}

@test "all JSON keeps to its schema" {
	bind --new -pn --netns web
	sleeper --net
	bind --holder -t "$sleeper" -un held
	run -0 bind --list -J
	run -0 valid_json bind-list "$output" # schema/bind-list.json
	run -0 bind --identify "$sleeper" -J
	is $'held true uts,net' "$(jq -r '.sets[] | "\(.name) \(.whole) \(.types | join(","))"' <<<"$output")"
	run -0 valid_json bind-identify "$output" # schema/bind-identify.json
	run -0 bind --identify host -J
	is '{"sets":[]}' "$(jq -c . <<<"$output")"
	run -0 valid_json bind-identify "$output"
	kill "$sleeper"
}

@test "the table shows inodes and ids, processes and names, if asked" {
	local uts net init
	sleeper --net
	uts=$(readlink "/proc/$sleeper/ns/uts") net=$(readlink "/proc/$sleeper/ns/net")
	bind -t "$sleeper" -un web
	run -0 bind --list -o name,NS,ID,PIDS
	is "NAME NS ID PIDS" "$(xargs <<<"${lines[0]}")"
	is "web $uts $(bind --list -J | jq '.sets[0].namespaces[0].id') $sleeper" "$(xargs <<<"${lines[1]}")"
	is "$net $(bind --list -J | jq '.sets[0].namespaces[1].id')" "$(xargs <<<"${lines[2]}")"
	bind --remove web 2>/dev/null
	bind --new -np --netns blue
	init=$(bind --list -J | jq '.sets[0].init')
	run -0 bind --list -o +INIT,NETNS
	is "NAME STATE TYPES NPROCS CREATED USER INIT NETNS" "$(xargs <<<"${lines[0]}")"
	[[ $(xargs <<<"${lines[1]}") == "blue empty net,pid 0 "*" $init blue" ]]
	run -125 bind --list -o NAM
	has "there is no column 'NAM'"
	has "hint: did you mean 'NAME'?"
	run -125 bind --list -J -o NS
	has "--output goes with --list, without --json"
	run -125 bind -J web
	has "--json goes with --list, --identify or --monitor"
	run -125 bind --dead web
	has "--dead goes with --remove"
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

# A mount namespace that was made on the processor; sets $outer, a process in it.
outer() { # CPU
	nsenter -t "$place" -m taskset -c "$1" unshare -m sleep infinity 3>&- &
	outer=$!
	until [ "$(cat "/proc/$outer/comm")" = sleep ]; do :; done
}

# The kernel gives namespaces ids in batches, one a processor, and takes a mount namespace with a
# lower id for an older one: one of two processors gives those which cannot be bound.
@test "a mount namespace that cannot be bound is refused; if another processor may, it is tried" {
	local all cpus low='' refusal='' log=$BATS_TEST_TMPDIR/log tracer pid
	all=$(taskset -pc $$ | sed 's/.*: //')
	read -ra cpus < <(taskset -pc $$ | sed 's/.*: //; s/\([0-9]*\)-\([0-9]*\)/\1 \2/; s/,/ /g')
	if [ "${#cpus[@]}" -lt 2 ]; then # they come in order
		outer "${cpus[0]}"
		nsenter -t "$outer" -m "$NSTOOL" bind-ns --new -m web
		nsenter -t "$outer" -m "$NSTOOL" bind-ns --remove web
		kill "$outer"
		return
	fi
	set -- "${cpus[0]} ${cpus[1]}" "${cpus[1]} ${cpus[0]}"
	for _ in {1..5}; do
		outer "${1% *}"
		run nsenter -t "$outer" -m taskset -c "${1#* }" "$NSTOOL" bind-ns --new -m web
		if [ "$status" = 125 ]; then
			low=${1#* } refusal=$output
			break
		fi
		nsenter -t "$outer" -m "$NSTOOL" bind-ns --remove web
		kill "$outer"
		set -- "$2" "$1"
	done
	[ "$refusal" ] || skip "this kernel binds them in whatever order they came"
	is "nstool: bind-ns: cannot bind the mnt namespace: Invalid argument
hint: a mount namespace can be bound only in one that is older than it: not in itself, nor in one that was made after it or by it; try from the host, or --holder" "$refusal"
	is "" "$(nsenter -t "$outer" -m ls -A /run/nstool/ns)"
	# Made on that processor again, and stopped; when it goes on, it may run on all.
	nsenter -t "$outer" -m taskset -c "$low" strace -qq -o "$log" -e trace=unshare,sched_setaffinity \
		-e inject=unshare:signal=STOP:when=1 "$NSTOOL" bind-ns --new -m web 3>&- &
	tracer=$!
	until pid=$(tr -d ' ' <"/proc/$tracer/task/$tracer/children") && [ "$pid" ] &&
		[ "$(cat "/proc/$pid/comm")" = nstool ] &&
		[ "$(readlink "/proc/$pid/ns/mnt")" != "$(readlink "/proc/$outer/ns/mnt")" ]; do :; done
	taskset -pc "$all" "$pid" >/dev/null
	while kill -CONT "$pid" 2>/dev/null; do :; done
	wait "$tracer"
	[ "$(grep -c '^unshare(CLONE_NEWNS) *= 0' "$log")" -ge 2 ]
	[ "$(grep -c '^sched_setaffinity(0, ' "$log")" -ge 2 ]
	run -0 nsenter -t "$outer" -m "$NSTOOL" bind-ns -l web readlink /proc/self/ns/mnt
	[ "$output" != "$(readlink "/proc/$outer/ns/mnt")" ]
	run -0 nsenter -t "$outer" -m "$NSTOOL" bind-ns --remove web
	kill "$outer"
}

@test "50 first users: one mount, 50 names" {
	local i pids=() mounts
	mounts() { # of the host too, which the place has covered
		here grep -c ' /run/nstool/ns ' /proc/self/mountinfo
	}
	mounts=$(mounts) || true
	here mount --make-shared /run # as systemd has it
	for i in {1..50}; do
		bind --new -u "set-$i" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	is 50 "$(sets | wc -w)"
	is $((mounts + 1)) "$(mounts)"
	run -0 here sh -c 'grep " /run/nstool/ns " /proc/self/mountinfo | tail -n 1'
	[[ $output != *shared:* ]]
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

# What there is in the place: mounts, but for those of others, which go meanwhile; processes; and
# what sets leave in files.
census() {
	here cat /proc/self/mountinfo | cut -d' ' -f4- | awk '$2 ~ "^/run"' | sort
	here sh -c 'for p in /proc/[0-9]*; do
		[ "$(readlink "$p/ns/mnt")" = "$0" ] && tr "\0" " " <"$p/cmdline" && echo; done' \
		"$(readlink "/proc/$place/ns/mnt")" 2>/dev/null | grep -e '^sleep' -e '^nstool:'
	here find /run
}

@test "500 sets: bound, listed, joined, removed, and nothing is left" {
	local number before names
	bind --new -u first # from then on the registry is there
	bind --remove first
	before=$(census)
	has_none() { [[ $before != *"nstool: init"* && $before == *sleep* ]]; }
	has_none
	for number in {1..500}; do
		if ((number % 50)); then
			bind --new -u "set-$number"
		else # these have a process each
			bind --new -up "set-$number"
		fi
	done
	names=$(sets)
	is 500 "$(wc -w <<<"$names")"
	is 10 "$(census | grep -c "^nstool: init of @set-")"
	here "$NSTOOL" list -r --noheadings -t uts -o NS,NAMES | sed -n 's/ @/ /p' >"$BATS_TEST_TMPDIR/named"
	is 500 "$(wc -l <"$BATS_TEST_TMPDIR/named")"
	for number in {1..500}; do
		is "$(awk -v name="set-$number" '$2 == name {print "uts:[" $1 "]"}' "$BATS_TEST_TMPDIR/named")" \
			"$(bind -l "set-$number" -u readlink /proc/self/ns/uts)"
	done
	# shellcheck disable=SC2086 # names
	run -0 --separate-stderr bind --remove $names
	is "" "$output"
	# Others may look at one of them in this moment.
	is "" "$(grep -v 'note: uts:.* lives on, held by' <<<"$stderr")"
	is "$before" "$(census)"
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

# Starts --monitor; event checks its next line.
monitor() { # [ARGUMENT...]
	mkfifo "$BATS_TEST_TMPDIR/events"
	nsenter -t "$place" -m "$NSTOOL" bind-ns --monitor "$@" >"$BATS_TEST_TMPDIR/events" 3>&- &
	monitor=$!
	exec 7<"$BATS_TEST_TMPDIR/events"
	rm "$BATS_TEST_TMPDIR/events"
	until grep -qs inotify /proc/"$monitor"/fdinfo/*; do :; done
}

event() { # EXPECTED
	local line
	read -r -t 60 line <&7
	is "$1" "$line"
}

end_monitor() {
	kill "$monitor"
	wait "$monitor" || true
	exec 7<&-
}

@test "--monitor tells of whole sets" {
	monitor
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
	end_monitor
}

@test "--monitor ends when the registry is taken away" {
	bind --new -u web
	bind --remove web
	nsenter -t "$place" -m timeout 60 "$NSTOOL" bind-ns --monitor 2>"$BATS_TEST_TMPDIR/error" 3>&- &
	monitor=$!
	until grep -qs inotify /proc/"$(tr -d ' ' <"/proc/$monitor/task/$monitor/children")"/fdinfo/*; do :; done
	here umount /run/nstool/ns
	here rm -r /run/nstool
	wait "$monitor" || true
	is "nstool: bind-ns: the registry has been removed" "$(head -n 1 "$BATS_TEST_TMPDIR/error")"
}

@test "--monitor -J: an object a line, each as the schema says" {
	local line all=
	monitor -J
	bind --new -u web
	bind --rename web www
	bind --replace --new -u www
	bind --remove www
	for _ in {1..5}; do
		read -r -t 60 line <&7
		all+=$line$'\n'
	done
	end_monitor
	is $'added web\nrenamed www web\nadded www\nreplaced www\nremoved www' \
		"$(jq -r '"\(.event) \(.name) \(.former // "")"' <<<"$all" | sed 's/ $//')"
	run -0 valid_json bind-monitor "${all%$'\n'}" lines # schema/bind-monitor.json
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
