# shellcheck shell=bash
# A directory that looks like /proc, for `list --proc`: what is shown is the same on each machine.

# A process in these namespaces, "net:[5]" or "net:5": fake 12 PPID COMMAND NS...
fake() { # PID PPID COMMAND NS...
	local pid=$1 ppid=$2 command=$3 ns
	shift 3
	mkdir -p "$proc/$pid/task/$pid" "$proc/$pid/ns"
	for ns; do
		ln -s "${ns%%:*}:[${ns#*:}]" "$proc/$pid/ns/${ns%%:*}"
	done
	printf '%s\0' "$command" >"$proc/$pid/cmdline"
	echo "$pid (fake) S $ppid 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0" >"$proc/$pid/stat"
}

# The one that most tests look at: three processes, two containers' worth of namespaces.
fake_proc() {
	proc=$BATS_TEST_TMPDIR/proc
	fake 7 0 /sbin/init net:4026531840 uts:4026531838
	fake 9 7 'server --port 80' net:4026532100 uts:4026531838
	fake 12 9 worker net:4026532100 uts:4026531838
}
