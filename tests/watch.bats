#!/usr/bin/env bats
# What a user of `watch` sees. What it makes of what the kernel says is tested in unit/ns/events.c.

load lib/suite
load lib/ordinary

DENY=${DENY:-${NSTOOL%/*}/tests/lib/deny}
BURST=${BURST:-${NSTOOL%/*}/tests/lib/burst}

setup() {
	need_root
	dir=$BATS_TEST_TMPDIR
	runner=("$NSTOOL")
	watchers=() streams=0 open=
}

teardown() {
	if [ "${#watchers[@]}" != 0 ]; then
		# One that an ordinary user runs has a shell around it; the first of a pid namespace heeds KILL only.
		# shellcheck disable=SC2046 # pids
		kill -KILL $(for watcher in "${watchers[@]}"; do cat "/proc/$watcher/task/$watcher/children"; done) \
			"${watchers[@]}" || true
		wait "${watchers[@]}" || true
	fi 2>/dev/null
	release
	[ -z "$open" ] || rm -rf "$open"
	! mountpoint -q "$dir/ns" || umount "$dir/ns"
	leaves_nothing
}

# Starts watching, in the way of `runner`; returns when it has begun. What it tells is for told() and
# until_told(); $watcher is its pid.
begin() { # OPTION...
	local input stream=$dir/stream.$((++streams))
	mkfifo "$stream"
	mkfifo "$stream.ready"
	exec {from}<>"$stream"
	(
		for input in "${held_inputs[@]}"; do
			exec {input}>&-
		done
		set -- "${runner[@]}" watch --ready-fd 5 "$@"
		[ "$1" = ordinary ] || exec "$@"
		"$@"
	) 5>"$stream.ready" >"$stream" 2>"$dir/note" 3>&- &
	watcher=$!
	watchers+=("$watcher")
	read -r <"$stream.ready" || { cat "$dir/note" && return 1; }
	# An ordinary user's is a child of the shell that made him.
	[ "${runner[0]}" != ordinary ] || watchers+=("$(pgrep -P "$watcher")")
}

# Reads what is told up to the line that the expression matches, which becomes $line.
until_told() { # REGEX
	local end=$((SECONDS + 120))
	while [ "$SECONDS" -lt "$end" ] && IFS= read -r -t 120 line <&"$from"; do
		printf '%s\n' "$line" >>"$dir/told"
		[[ ! $line =~ $1 ]] || return 0
	done
	printf 'never told: %s\nbut at last:\n' "$1"
	tail -n 20 "$dir/told"
	return 1
}

# The same, or it has been told already.
has_told() { # REGEX
	line=$(grep -E -m 1 "$1" "$dir/told") || until_told "$1"
}

# Waits for the end of the watcher: its status must be this.
ends_with() { # STATUS
	local status=0
	wait "$watcher" || status=$?
	watchers=()
	is "$1" "$status"
}

inode() { # TYPE [PID]
	stat -Lc %i "/proc/${2:-self}/ns/$1"
}

# Each of the lines is as the schema says.
valid() { # FILE
	python3 -c '
import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
lines = [json.loads(line) for line in open(sys.argv[2])]
for line in lines:
    jsonschema.Draft7Validator(schema).validate(line)
assert lines' "$BATS_TEST_DIRNAME/schema/watch.json" "$1"
}

# A member of the JSON in $line.
member() { # NAME
	python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$line" "$1"
}

@test "made, and gone with its only process" {
	begin
	hold proc
	until_told "^[0-9:]{8}\.[0-9]{6} new   uts:\[${made[uts]}\] +${made[pid]} .*from=uts:\[$(inode uts)\] "
	until_told " new   net:\[${made[net]}\] +${made[pid]} "
	[[ $line == *nsmake* ]]
	release
	until_told " gone  (net:\[${made[net]}\]|uts:\[${made[uts]}\]) +${made[pid]} .*nsmake"
	until_told " gone  (net:\[${made[net]}\]|uts:\[${made[uts]}\]) "
	is "" "$(grep -Ev '^note: [0-9]+ process(es)? unreadable(, .*)?$' "$dir/note")"
}

@test "empty when something keeps it, gone when nothing does" {
	: >"$dir/ns"
	begin -t net
	unshare --net="$dir/ns" true
	until_told " new   net:\[$(stat -c %i "$dir/ns")\] "
	until_told " empty net:\[$(stat -c %i "$dir/ns")\] .* held=(fd,)?mount "
	nsenter --net="$dir/ns" true
	until_told " join  net:\[$(stat -c %i "$dir/ns")\] .* from=net:\[$(inode net)\] "
	until_told " empty net:\[$(stat -c %i "$dir/ns")\] "
	local ino
	ino=$(stat -c %i "$dir/ns")
	umount "$dir/ns"
	until_told " gone  net:\[$ino\] "
}

@test "JSON keeps to its schema, one object a line, in the order of time" {
	begin -J -t net --all --initial -Q 'EVENT == "is" or COMM == "nsmake"'
	hold thread
	until_told "\"new\",\"namespace\":\"net:.*\"pid\":${made[pid]},"
	is "${made[tid]}" "$(member tid)"
	is nsmake "$(member comm)"
	is "$(id -un)" "$(member user)"
	is "$(inode user)" "$(member ons)"
	[ "$(member id)" -gt 0 ]
	release
	until_told "\"gone\",.*\"ns\":${made[net]},"
	valid "$dir/told"
	grep -q '"event":"is"' "$dir/told"
	run -0 python3 -c '
import json, sys
times = [json.loads(line)["time"] for line in open(sys.argv[1])]
assert times == sorted(times), times' "$dir/told"
}

@test "--count 0 is no end" {
	begin -n 0 -t uts
	hold proc
	until_told " new   uts:\[${made[uts]}\] "
	release
	until_told " gone  uts:\[${made[uts]}\] "
}

@test "REF: only its events, and the end when it is gone" {
	hold proc
	begin "net:[${made[net]}]"
	nsenter -t "${made[pid]}" -n -u unshare -n true
	until_told " join  net:\[${made[net]}\] .*from=net:\[$(inode net)\] "
	until_told " leave net:\[${made[net]}\] .*to=net:\["
	release
	until_told " gone  net:\[${made[net]}\]"
	ends_with 0
	run -1 grep -vE "net:\[${made[net]}\]|^TIME " "$dir/told"
}

@test "REF of a process: its namespaces, and what it does itself" {
	mkfifo "$dir/go" "$dir/ready"
	unshare -n sh -c 'echo >"$1"; read x <"$0"; exec unshare -u sleep 1000' "$dir/go" "$dir/ready" 3>&- &
	local pid=$!
	watchers+=("$pid")
	read -r <"$dir/ready"
	begin -t net,uts "$pid"
	echo >"$dir/go"
	until_told " new   uts:\[[0-9]+\] +$pid "
	kill "$pid"
	until_told " gone  net:\[[0-9]+\] +$pid "
}

@test "REF of a user namespace: what it owns as well" {
	mkfifo "$dir/go" "$dir/ready"
	unshare -Ur sh -c 'echo >"$1"; read x <"$0"; unshare -Ur unshare -n sleep 0.1; unshare -u true' \
		"$dir/go" "$dir/ready" 3>&- &
	local pid=$!
	read -r <"$dir/ready"
	local user
	user=$(inode user "$pid")
	begin -J "user:[$user]"
	echo >"$dir/go"
	until_told '"new","namespace":"user:'
	is "$user" "$(member ons)"
	until_told '"new","namespace":"net:'
	[ "$user" != "$(member ons)" ]
	until_told '"new","namespace":"uts:'
	is "$user" "$(member ons)"
	wait "$pid"
	until_told "\"gone\",\"namespace\":\"user:\[$user\]\""
	ends_with 0
}

@test "--all: who is born and ends in it" {
	hold proc
	begin --all -t net "net:[${made[net]}]"
	nsenter -t "${made[pid]}" -n sh -c 'true & wait'
	until_told " join  net:\[${made[net]}\] "
	until_told " fork  net:\[${made[net]}\] "
	until_told " exit  net:\[${made[net]}\] "
	until_told " exit  net:\[${made[net]}\] "
}

@test "time namespaces, which the kernel does not tell" {
	begin -t time
	unshare --time --fork sleep 0.1
	until_told " new   time:\[[0-9]+\] .* from=time:\[$(inode time)\] "
	until_told " gone  time:\["
}

@test "pid and mount and user and ipc and cgroup namespaces" {
	begin -t pid,mnt,user,ipc,cgroup -e new
	unshare -pmUiC --fork sleep 0.1
	local type
	for type in mnt ipc user cgroup pid; do
		until_told " new   $type:\[[0-9]+\] .* from=$type:\[$(inode $type)\] "
	done
}

@test "-e, -t, -Q choose events; -n ends after so many" {
	begin -e gone -n 1 -t uts -Q 'COMM == "nsmake" and not LATE'
	hold proc
	release
	until_told '^TIME'
	until_told ' gone  uts:'
	ends_with 0
	is 2 "$(wc -l <"$dir/told")"
}

@test "columns: chosen, added, explained; headings or none" {
	begin -o event,NS,comm --noheadings -t uts
	hold proc
	# Another one, gone a moment ago, may have had the inode.
	until_told "^new   ${made[uts]} nsmake\$"
	run -0 --separate-stderr "$NSTOOL" watch -o +ID --timeout 0
	is "TIME            EVENT NAMESPACE           PID     USER     CONTAINER           MORE                   COMMAND ID" "${lines[-1]}"
	run -0 "$NSTOOL" watch --list-columns
	is "TIME       when it happened, or was seen" "${lines[0]}"
}

@test "--initial begins with what is there" {
	hold proc
	begin --initial -t uts
	until_told " is    uts:\[${made[uts]}\] +${made[pid]} .* held=proc(,fd)? "
}

@test "the time is up: fine, unless so many events were asked for" {
	run -0 --separate-stderr "$NSTOOL" watch --timeout 10ms --noheadings -Q false
	is ""
	run -1 --separate-stderr "$NSTOOL" watch --timeout 10ms -n 2 -Q false
	has "TIME"
	is "nstool: watch: 0 of 2 events came in time" "${stderr_lines[-1]}"
}

@test "it dies of the signal that ends it" {
	runner=(env --default-signal=INT "$NSTOOL")
	begin
	kill -INT "$watcher"
	ends_with 130
	begin
	kill -TERM "$watcher"
	ends_with 143
}

@test "nobody reads any more: it ends without waiting for an event" {
	"$NSTOOL" watch -Q false 2>"$dir/note" | read -r
	is "141 0" "${PIPESTATUS[*]}"
	run bash -c 'trap "" PIPE; "$0" watch -Q false | read -r; exit "${PIPESTATUS[0]}"' "$NSTOOL"
	is 1 "$status"
	has "nstool: watch: cannot write the output: Broken pipe"
}

@test "a full disk is a failure" {
	run -1 --separate-stderr bash -c '"$0" watch >/dev/full' "$NSTOOL"
	is "nstool: watch: cannot write the output: No space left on device" "$stderr"
}

# Whether namespaces that come and go are told where it cannot listen, or cannot ask by id.
looks() {
	begin --interval 20ms -t net
	hold proc
	until_told " new   net:\[${made[net]}\] +${made[pid]} "
	release
	until_told " gone  net:\[${made[net]}\]"
}

@test "where the kernel does not let it listen it looks, and says so" {
	local error hints
	for error in EACCES EPERM ENOSYS; do
		hints=1
		[ "$error" != ENOSYS ] || hints=0
		runner=("$DENY" "perf_event_open=$error" -- "$NSTOOL")
		looks
		grep -q "^nstool: watch: note: the kernel cannot be listened to ($(:
		)[A-Z][a-z ]*): namespaces are looked at every 0.02 s, what comes and goes in between is not seen$" "$dir/note"
		is "$hints" "$(grep -c '^hint: .*CAP_PERFMON' "$dir/note")"
		kill "$watcher"
		ends_with 143
	done
}

@test "looking: who goes where, what is empty" {
	: >"$dir/ns"
	begin --poll --interval 20ms -t net -e new,join,empty,gone
	unshare --net="$dir/ns" true
	until_told " new   net:\[$(stat -c %i "$dir/ns")\] "
	nsenter --net="$dir/ns" sleep 1000 3>&- &
	watchers+=($!)
	local ino sleeper=$!
	ino=$(stat -c %i "$dir/ns")
	until [ "$(inode net "$sleeper")" = "$ino" ]; do :; done
	kill "$sleeper"
	umount "$dir/ns"
	until_told " gone  net:\[$ino\]"
	is 0 "$(grep -c listen "$dir/note")"
}

@test "where /proc is that of another pid namespace it looks, and says so" {
	runner=(unshare --pid --fork --kill-child "$NSTOOL")
	looks
	grep -q 'cannot be listened to (/proc is that of another pid namespace): namespaces' "$dir/note"
	grep -q '^hint: mount a proc of this pid namespace: mount -t proc proc /proc$' "$dir/note"
	runner=(unshare --pid --fork --kill-child --mount-proc "$NSTOOL")
	begin --all -t uts -Q 'PID == 1'
	is 0 "$(grep -c listened "$dir/note")"
}

@test "where namespaces cannot be asked for by id it looks for those without members" {
	runner=("$DENY" open_by_handle_at=EPERM -- "$NSTOOL")
	looks
}

@test "an ordinary user sees his own" {
	runner=(ordinary /mnt/nstool)
	begin --interval 20ms -t user
	grep -q 'the kernel cannot be listened to (Permission denied)' "$dir/note"
	grep -q 'processes of other users hidden' "$dir/note"
	setpriv --reuid 4242 --regid 4242 --clear-groups unshare -U sleep 1000 3>&- &
	watchers+=($!)
	local pid=$!
	until_told " new   user:\[[0-9]+\] +$pid +ann "
	# A process that nobody has waited for is still in its user namespace.
	kill "$pid"
	wait "$pid" || true
	until_told " gone  user:\["
}

@test "hostile names do nothing to a terminal" {
	cp "$(command -v sleep)" "$dir/"$'\e[31m\n\xff'
	begin -n 1 -Q 'COMM =~ "31m"' -e new
	unshare -n "$dir/"$'\e[31m\n\xff' 0.1 &
	watchers+=($!)
	unshare -n "$dir/"$'\e[31m\n\xff' 1000 3>&- &
	local pid=$!
	watchers+=("$pid")
	until [ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$dir/"$'\e[31m\n\xff')" ]; do :; done
	nsenter -t "$pid" -n true
	kill "$watcher"
	begin --initial -t net --noheadings
	until_told " +$pid .*x1b\[31m"
	[[ $line == *'\x1b[31m\x0a\xff 1000' ]]
}

@test "wrong use is told" {
	run -2 --separate-stderr "$NSTOOL" watch -e nwe
	is "nstool: watch: option '-e': 'nwe' is not an event, did you mean 'new'?" "${stderr_lines[0]}"
	run -2 --separate-stderr "$NSTOOL" watch -e qqqqqq
	is "nstool: watch: option '-e': 'qqqqqq' is not an event" "${stderr_lines[0]}"
	is "hint: the events are new, join, leave, fork, exit, empty, gone, lost, is, or all" "${stderr_lines[1]}"
	run -2 --separate-stderr "$NSTOOL" watch -o NS,EVNT
	is "nstool: watch: option '-o': unknown column 'EVNT'" "${stderr_lines[0]}"
	is "hint: did you mean EVENT?" "${stderr_lines[1]}"
	run -2 --separate-stderr "$NSTOOL" watch -Q 'EVENT =='
	[[ ${stderr_lines[0]} == "nstool: watch: option '-Q': filter: "* ]]
	run -2 --separate-stderr "$NSTOOL" watch --timeout soon
	is "nstool: watch: option '--timeout': 'soon' is no length of time such as 90, 1.5h or 250ms" "${stderr_lines[0]}"
	run -2 --separate-stderr "$NSTOOL" watch --interval -1
	is "nstool: watch: option '--interval': '-1' is no length of time such as 90, 1.5h or 250ms" "${stderr_lines[0]}"
	run -1 --separate-stderr "$NSTOOL" watch --ready-fd 99
	is "nstool: watch: descriptor 99: Bad file descriptor" "$stderr"
	run -1 --separate-stderr "$NSTOOL" watch 4294967295
	[[ $stderr == *"no namespace"* ]]
}

# How often something is told of the uts namespaces that burst makes.
told() { # EVENT
	grep -c "\"event\":\"$1\".*\"comm\":\"burst\"" "$dir/told" || true
}

@test "a storm: each namespace is told once, memory stays small" {
	local kib
	# Where other programs leave it no time, the kernel has to throw something away: then once more.
	for _ in {1..5}; do
		begin -J -t uts -Q 'COMM == "burst" or EVENT == "lost"'
		"$BURST" 1500 uts &
		watchers+=($!)
		perl -ne 'print; last if /"event":"lost"/ || $. == 3000' <&"$from" >"$dir/told"
		! grep -q '"event":"lost"' "$dir/told" || continue
		break
	done
	kib=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$watcher/status")
	is "1500 1500 0" "$(told new) $(told gone) $(grep -c '"event":"lost"' "$dir/told")"
	[ "$kib" -gt 0 ]
	[ -n "${ASAN_OPTIONS-}" ] || [ "$kib" -lt 16384 ] || { echo "$kib KiB"; false; }
}

@test "what is lost is said, and then looked at" {
	local cpu pid
	cpu=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)
	begin -J -t uts
	hold proc
	local before=${made[uts]}
	until_told "\"new\".*:\[$before\]"
	kill -STOP "$watcher"
	taskset -c "$cpu" "$BURST" 5000
	release
	taskset -c "$cpu" unshare -u sleep 1000 3>&- &
	pid=$!
	watchers+=("$pid")
	until [ "$(inode uts "$pid")" != "$(inode uts)" ]; do :; done
	kill -CONT "$watcher"
	until_told '"event":"lost"'
	[ "$(member lost)" -gt 0 ]
	# Looking may have found them before the kernel said how much was lost.
	has_told "\"new\".*\"pid\":$pid,"
	is True "$(member late)"
	is "sleep 1000" "$(member command)"
	has_told "\"gone\".*:\[$before\]"
	valid "$dir/told"
}

@test "a program that gains privileges has not ended" {
	open=$(mktemp -d "${TMPDIR:-/tmp}/nstool-watch.XXXXXX") # bats' own is closed to others
	chmod 755 "$open"
	mkfifo -m 666 "$open/go"
	install -m 4755 "$(command -v sleep)" "$open/held"
	unshare -n setpriv --reuid 65534 --regid 65534 --clear-groups \
		sh -c 'read x <"$0"; exec "$1" 1000' "$open/go" "$open/held" 3>&- &
	local pid=$!
	watchers+=("$pid")
	begin -J --all -t net "$pid"
	echo >"$open/go"
	until [ "$(stat -c %u "/proc/$pid")$(cat "/proc/$pid/comm")" = 0held ]; do :; done
	nsenter -t "$pid" -n true
	until_told '"join"'
	is 0 "$(grep -c "\"exit\".*\"pid\":$pid," "$dir/told")"
	kill "$pid"
	until_told "\"exit\".*\"pid\":$pid,"
	is held "$(member comm)"
}

@test "what it cannot do is told" {
	run -1 --separate-stderr bash -c '"$0" watch --ready-fd 5 5>/dev/full' "$NSTOOL"
	is "nstool: watch: cannot tell descriptor 5: No space left on device" "${stderr_lines[-1]}"
	run -1 --separate-stderr traced -e trace=ppoll -e inject=ppoll:error=ENOMEM "$NSTOOL" watch
	is "nstool: watch: cannot wait for events: Cannot allocate memory" "${stderr_lines[-1]}"
	run -1 --separate-stderr traced -e trace=perf_event_open -e inject=perf_event_open:error=EMFILE:when=2+ \
		"$NSTOOL" watch -n 1 -Q false --timeout 10ms
	[[ $stderr == *"cannot be listened to (Too many open files): "* ]]
}

@test "in the shell: where one stands is what is watched" {
	hold proc
	mkfifo "$dir/out" "$dir/ready"
	exec {from}<>"$dir/out"
	"$NSTOOL" -c "cd net:[${made[net]}]; watch --ready-fd 5 --noheadings -n 1" \
		5>"$dir/ready" >"$dir/out" 2>"$dir/err" 3>&- &
	local shell=$!
	watchers+=("$shell")
	read -r <"$dir/ready"
	nsenter -t "${made[pid]}" -n true
	until_told .
	[[ $line == *" join  net:[${made[net]}] "* ]]
	wait "$shell"
}

@test "the examples of the manual" {
	local ready=$dir/ready
	hold proc
	run example 'nstool watch' watch='watch --timeout 10ms'
	is 0 "$status"
	run -0 example 'nstool watch -t net -e new,gone' gone='gone --timeout 10ms'
	run -0 example 'nstool watch --all -t pid container:3f2a' container:3f2a="self --timeout 10ms"
	run -1 example 'nstool watch -e gone -n 1 --timeout 1m netns:blue' 1m=10ms netns:blue="net:[${made[net]}]"
	is "nstool: watch: 0 of 1 events came in time" "${lines[-1]}"
	mkfifo "$ready"
	example 'nstool watch --json --ready-fd 3 3>ready >events' \
		' 3>ready'=" 3>$ready" ' >events'=" --timeout 10ms >$dir/events" &
	watchers+=($!)
	read -r <"$ready"
	wait $!
	run -0 example 'nstool watch -Q '"'"'COMM == "podman" or COMM =~ "^runc"'"'"' -o TIME,EVENT,NAMESPACE,COMMAND' NAMESPACE,COMMAND='NAMESPACE,COMMAND --timeout 10ms'
}
