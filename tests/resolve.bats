#!/usr/bin/env bats
# References, as every applet takes them, shown by `list REF`: what each form names, and what is
# said about one that names nothing.

load lib/suite

setup() {
	need_root
}

# The types of namespace that REF names, and for those of one type the inode.
named() { # TYPE REF
	"$NSTOOL" list -rno NS -t "$1" -- "$2"
}

# REF is refused with just this on stderr, and status 1.
refused() { # REF LINE...
	refuses 1 "$@"
}

# What cannot be a reference is a wrong use of the program.
misspelt() { # REF LINE...
	refuses 2 "$@" "Try 'nstool list --help'."
}

refuses() { # STATUS REF LINE...
	local status_wanted=$1 ref=$2 want
	shift 2
	printf -v want '%s\n' "$@"
	run "-$status_wanted" --separate-stderr "$NSTOOL" list -- "$ref"
	is "" "$output"
	# shellcheck disable=SC2154 # bats sets it
	is "nstool: list: ${want%$'\n'}" "$stderr"
}

@test "a process, a thread, the caller, its parent, the host" {
	hold thread
	is "${made[net]}" "$(named net "tid:${made[tid]}")"
	[ "$(named net "${made[pid]}")" != "${made[net]}" ]
	is "$(named net "${made[pid]}")" "$(named net "pid:${made[pid]}")"
	hold proc
	is "${made[uts]}" "$(named uts "${made[pid]}")"
	is "$(readlink /proc/self/ns/net | tr -dc 0-9)" "$(named net self)"
	is "$(readlink "/proc/$PPID/ns/net" | tr -dc 0-9)" "$(named net parent)"
	is 4026531837 "$(named user host)"
	is "" "$(nsenter -t "${made[pid]}" -n "$NSTOOL" list -rno NS -t net host | grep -x "${made[net]}")"
}

@test "a namespace by its inode, in three spellings" {
	hold proc
	for ref in "net:[${made[net]}]" "net:${made[net]}" "network:[${made[net]}]" "${made[net]}"; do
		is "${made[net]}" "$(named net "$ref")"
	done
	refused "net:[${made[uts]}]" "${made[uts]} is a uts namespace, not a net namespace"
}

@test "a namespace by its 64-bit id, and without those" {
	local id
	hold proc
	id=$("$NSTOOL" list -rno ID -t net -- "${made[net]}")
	if [ -n "$id" ]; then
		is "${made[net]}" "$(named net "id:$id")"
	fi
	run -1 "${NSTOOL%/nstool}/tests/lib/deny" ioctl:0x8008b70d=ENOTTY ioctl:0x8008b705=ENOTTY \
		-- "$NSTOOL" list id:4101
	is "nstool: list: this kernel gives namespaces no ids
hint: Linux 6.18 and later do; name it by its inode"
}

@test "a file, and what is none of a namespace" {
	hold mount "$BATS_TEST_TMPDIR/bound"
	is "${made[net]}" "$(named net "${made[path]}")"
	cd "$BATS_TEST_TMPDIR"
	is "${made[net]}" "$(named net ./bound)"
	mkfifo fifo
	refused ./fifo "'./fifo' is not a namespace"
	refused /dev/null "'/dev/null' is not a namespace"
	refused ./none "cannot open './none': No such file or directory"
}

@test "names of ip netns" {
	unshare -m --propagation private sh -c '
		mount -t tmpfs none /run && ip netns add blue && touch /run/netns/stale &&
		"$1" list -rno NS -t net netns:blue 2>/dev/null && stat -c %i /run/netns/blue &&
		"$1" list -rno NS -t net /run/netns/blue 2>/dev/null
		for ref in netns:blu netns:stale /run/netns/stale netns:../netns/blue; do
			"$1" list "$ref"
		done' sh "$NSTOOL" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || true
	is 1 "$(sort -u "$BATS_TEST_TMPDIR/out" | wc -l)"
	is "nstool: list: there is no network namespace named 'blu'
hint: did you mean 'blue'?
nstool: list: the name 'stale' is stale: /run/netns has a file of that name, but no namespace is bound to it
hint: its namespace has gone, or was bound in another mount namespace; 'ip netns delete' removes the name
nstool: list: '/run/netns/stale' is not a namespace
hint: no namespace is bound there (any more): 'ip netns delete' removes such a name
nstool: list: '../netns/blue' cannot be the name of a network namespace" "$(<"$BATS_TEST_TMPDIR/err")"
}

@test "inherited descriptors" {
	hold proc
	exec {fd}<"/proc/${made[pid]}/ns/net"
	is "${made[net]}" "$(named net "fd:$fd")"
	exec {fd}<&-
	refused "fd:$fd" "descriptor $fd is not open"
	exec {fd}</dev/null
	refused "fd:$fd" "descriptor $fd is not a namespace, nor a pidfd or a socket"
}

@test "a container, by the beginning of its id" {
	local id group
	hold proc
	id=$(printf '%064d' "${made[pid]}")
	group="$BATS_TEST_TMPDIR/cgroup/docker-${id/0/f}.scope"
	# shellcheck disable=SC2016 # for the inner shell
	run -0 --separate-stderr unshare -m --propagation private sh -c '
		mkdir "$1" && mount -t cgroup2 none "$1" && mkdir "$2" || exit
		echo "$3" >"$2/cgroup.procs" && "$4" list -rno NS -t net "container:$5"
		status=$?
		echo "$3" >"$1/cgroup.procs" && rmdir "$2" && exit $status' \
		sh "${group%/*}" "$group" "${made[pid]}" "$NSTOOL" "docker:f${id:1:62}"
	is "${made[net]}"
	refused container:nosuch "no process is in a container, pod or unit 'nosuch'"
}

@test "what has ended, and what is another one by now" {
	hold zombie
	refused "${made[pid]}" "process ${made[pid]} has ended" \
		"hint: it is a zombie, which ps(1) shows until its parent, process $(awk '/^PPid:/ { print $2 }' "/proc/${made[pid]}/status"), takes notice"
	hold dead-leader
	refused "${made[pid]}" "the main thread of process ${made[pid]} has ended" \
		"hint: its other threads, in /proc/${made[pid]}/task, are named by 'tid:NUMBER'"
	is "${made[net]}" "$(named net "tid:${made[tid]}")"
	refused "${made[tid]}" "${made[tid]} is not a process, but a thread of process ${made[pid]}" \
		"hint: a thread is named by 'tid:${made[tid]}'"
	refused 2147483647 "there is no process 2147483647"
	run -1 --separate-stderr "$NSTOOL" list "pid:$$:1"
	[[ ${stderr_lines[0]} == "nstool: list: pid:$$:1 is stale: process $$ is another one by now" ]]
	[[ ${stderr_lines[1]} =~ "hint: the process that has the pid now is '"(pid:$$:[0-9]+)"'" ]]
	run -0 "$NSTOOL" list "${BASH_REMATCH[1]}"
}

@test "without pidfds, and without their ioctls" {
	hold proc
	for rules in pidfd_open=ENOSYS pidfd_open=EPERM ioctl:0xff04=ENOTTY; do
		run -0 --separate-stderr "${NSTOOL%/nstool}/tests/lib/deny" $rules -- \
			"$NSTOOL" list -rno NS -t net "${made[pid]}"
		is "${made[net]}"
	done
}

@test "what is no reference" {
	misspelt slef "'slef' is not a reference" "hint: did you mean 'self'?"
	misspelt "nett:[1]" "reference 'nett:[1]': unknown prefix 'nett:'" "hint: did you mean 'net:'?"
	misspelt $'\e[2J' "'\\x1b[2J' is not a reference" \
		"hint: a path needs a slash, a name of 'ip netns' the prefix 'netns:'"
}
