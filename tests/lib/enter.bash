# shellcheck shell=bash
# Targets for the tests of enter and nsenter: processes in namespaces of their own.

DENY=${DENY:-${NSTOOL%/*}/tests/lib/deny}
types="mnt uts ipc net pid user cgroup time"

setup() {
	enter_setup
}

enter_setup() {
	need_root
	dir=$(mktemp -d "${TMPDIR:-/tmp}/nstool-enter.XXXXXX") # bats' own is closed to others
	chmod 755 "$dir"
	started=()
}

teardown() {
	enter_teardown
}

enter_teardown() {
	if [ "${#started[@]}" != 0 ]; then
		kill -KILL "${started[@]}" 2>/dev/null || true
		wait "${started[@]}" || true
	fi 2>/dev/null
	rm -rf "${dir-}"
	leaves_nothing
}

# A moment, for loops that wait for what tells nobody.
pause() {
	[ -p "$dir/never" ] || mkfifo "$dir/never"
	read -r -t 0.02 <>"$dir/never" || true
}

# Starts a process in new namespaces: start OPTION-OF-UNSHARE... Its pid becomes $target.
start() {
	start_with unshare --fork --kill-child "$@" --
}

# The same in whatever WRAPPER... makes of its child.
start_with() {
	rm -f "$dir/ready"
	mkfifo -m 666 "$dir/ready"
	"$@" sh -c 'echo >"$0"; exec sleep 1000' "$dir/ready" 3>&- &
	read -r <"$dir/ready"
	find_sleeper $!
	target=$sleeper
}

# The last descendant of a process becomes $sleeper; all on the way end with the test.
find_sleeper() {
	local children=$1
	while [ "$children" ]; do
		sleeper=${children%% *}
		started+=("$sleeper")
		children=$(<"/proc/$sleeper/task/$sleeper/children")
	done
}

# The namespaces of the process that asks: "mnt:[…] uts:[…] …"
# shellcheck disable=SC2034
namespaces='for t in mnt uts ipc net pid user cgroup time; do readlink /proc/self/ns/$t; done'

namespaces_of() {
	local t
	for t in $types; do readlink "/proc/$1/ns/$t"; done
}

as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"
}

# Starts the tool with a command that says "up" and then sleeps; $tool is its pid.
tool_in_background() { # OPTION...
	mkfifo "$dir/up"
	"$NSTOOL" enter -t "$target" "$@" sh -c 'echo >"$0"; exec sleep 1000' "$dir/up" 3>&- &
	tool=$!
	read -r <"$dir/up"
	find_sleeper "$tool"
	command=$sleeper
	exec {command_dir}<"/proc/$command"
}

command_has_ended() { # waits up to a minute for it
	local end=$((SECONDS + 60))
	while [ "$SECONDS" -lt "$end" ]; do
		[ -e "/proc/self/fd/$command_dir/stat" ] || return 0
		grep -q '^State:.*Z' "/proc/self/fd/$command_dir/status" 2>/dev/null && return 0
		pause
	done
	return 1
}
