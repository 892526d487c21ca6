#!/usr/bin/env bats
# Whatever fails: no process, mount, file or change of a network stays, and a pipe on stdout closes.

load lib/suite
load lib/ordinary

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	mkdir keep
	mark=nstool-test-$$-$BATS_TEST_NUMBER
	# shellcheck disable=SC2153 # not the same name
	nstool=$(realpath "$NSTOOL")
	deny=${nstool%/*}/tests/lib/deny
	# Runs a command where keep/ is a private tmpfs and veth0 an interface, with 3, 4 and 9 open.
	# If it fails before the command of its own runs, all is as before, or it is said what is not;
	# "did not happen" if the log does not show the fault.
	cat >once <<-'END'
		ip link add veth0 type veth peer name veth1 &&
		mount -t tmpfs none keep && mount --make-private keep || exit
		mounts() { cut -d " " -f 4- /proc/self/mountinfo | sort; }
		mounts >mounts # those of others may go meanwhile
		links=$(ip -o link)
		"$@" 2>errors 3>/dev/null 4>/dev/null 9>ran </dev/null | cat >/dev/null
		status=${PIPESTATUS[0]}
		grep -qE 'INJECTED|killed by SIGKILL|^deny' log || { echo "did not happen"; exit; }
		# What has begun to be the command may be killed before strace sees the end of its exec.
		[ "$(sed 1d log | grep -c "execve(")" = "$(grep -c "execve.* = -1 " log)" ] && [ ! -s ran ] || exit 0
		[ "$status" = 0 ] || [ "$status" -gt 128 ] || [ -s errors ] || grep -q 'write(.*INJECTED' log || echo "fails in silence"
		[ "$status" != 0 ] || exit 0
		mounts | comm -13 mounts -
		ls -A keep
		[ "$(ip -o link)" = "$links" ] || ip -o link
	END
}

# What `once` has to say of COMMAND, with this before it, and whether a process stays. `cat` there
# and `run` here return when the pipe has closed.
with_fault() { # WORD... -- COMMAND...
	: >ran
	MARK=$mark timeout -s KILL 120 unshare -mn bash once "$@" || echo "hangs"
	! grep -qsz "MARK=$mark" /proc/[0-9]*/environ || echo "a process stays"
}

# Tries COMMAND with the fault at the 1st, 2nd … CALL until that does not happen any more. Not
# every run makes the same calls: $tries counts.
each_time() { # CALL FAULT STRACE-OPTION... -- COMMAND...
	local call=$1 fault=$2 nth
	shift 2
	for ((nth = 1; nth < 100; nth++)); do
		run -0 with_fault strace -q -o log -e "inject=$call:$fault:when=$nth" "$@"
		[ "$output" != "did not happen" ] || break
		[ -z "$output" ] || { echo "$call, time $nth: $output" && return 1; }
	done
	tries=$((tries + nth - 1))
}

# The system calls that COMMAND makes from its first own (capget) to those of what it then runs.
# Left out: what cannot fail, as brk(2) does not; close(2), of which nobody wants to know; and
# memory and sigaltstack(2), without which a sanitizer comes to no end.
calls_of() { # COMMAND...
	: >ran
	unshare -mn bash once strace -f -q -o log "$@" >/dev/null
	awk '$2 ~ /^capget/ { on = 1 }
		on && !gone[$1] && $2 ~ /^[a-z]/ { sub(/\(.*/, "", $2); print $2 }
		on && $2 ~ /^execve/ && / = 0$/ { gone[$1] = 1 }' log | sort -u |
		grep -vxE 'brk|mmap|munmap|mprotect|madvise|close|close_range|exit|exit_group|get(e?[ug]id|p?pid|pgrp)|rt_sig(return|action|procmask)|set_robust_list|prlimit64|sigaltstack'
}

# Fails each call, one after the other, of all processes of COMMAND.
fails_everywhere() { # COMMAND...
	local call tries=0
	for call in $(calls_of "$@"); do
		each_time "$call" error=EIO -f -e "trace=$call,execve" "$@"
	done
	[ "$tries" -gt 20 ]
}

# Kills the tool itself at each call.
dies_everywhere() { # COMMAND...
	local call tries=0
	for call in $(calls_of "$@" | grep -vx execve); do
		run -0 with_fault strace -q -o log -e "trace=$call" "$@"
		grep -q "^$call(" log || continue # of another process only
		each_time "$call" signal=KILL -e "trace=$call" "$@"
	done
	[ "$tries" -gt 20 ]
}

# Namespaces, maps, offsets, names, files: the steps of the parent.
parent=(unshare-ns -a --map-users 0:0:10 --map-groups 0:0:10 --net=keep/net --mount=keep/mnt --move-link veth0
	--pid-file keep/pid --info-fd 3 --ready-fd 4 --monotonic 1)

# Root, mounts, limits, credentials: those of the command.
make_child() {
	mkdir -p root/proc root/usr root/bin root/lib root/lib64 root/mnt
	child=(unshare-ns -a -r --net=keep/net --hostname x --domainname y
		--bind /usr:/usr:ro --bind /bin:/bin --bind /lib:/lib --bind /lib64:/lib64 --tmpfs /mnt
		--pivot "$PWD/root" --rlimit nofile=100 -S 0 -G 0 --cap-drop net_raw --no-new-privs)
}

@test "each system call of the parent fails" {
	fails_everywhere "$nstool" "${parent[@]}" true
}

@test "each system call of the command fails" {
	make_child
	fails_everywhere "$nstool" "${child[@]}" --kill-child true
}

@test "each system call fails, without a fork" {
	fails_everywhere "$nstool" unshare-ns -mu --map-users 0:0:10 --map-groups 0:0:10 -R / --tmpfs /mnt true
}

@test "the limits cannot be set" {
	# A sanitizer reads others than this one.
	echo "deny" >log
	run -0 with_fault "$deny" prlimit64:7=EIO -- "$nstool" unshare-ns -np --net=keep/net --rlimit nofile=100 true
	is ""
	run -125 "$deny" prlimit64:7=EIO -- "$nstool" unshare-ns -u --rlimit nofile=100 true
	is "nstool: unshare-ns: cannot set the limit nofile: Input/output error"
}

@test "the tool is killed at each of its system calls" {
	dies_everywhere "$nstool" "${parent[@]}" sh -c 'echo ran >&9'
}

@test "the tool is killed at each of its system calls, with steps of the command" {
	make_child
	dies_everywhere "$nstool" "${child[@]}" sh -c 'echo ran >&9'
}

@test "a wrong command leaves nothing either" {
	run -127 "$NSTOOL" unshare-ns -np --net=keep/net --pid-file keep/pid nosuch
	run -126 "$NSTOOL" unshare-ns -np --net=keep/net --pid-file keep/pid /etc/passwd
	is "" "$(ls -A keep)"
}

@test "nor where a symbolic link leads to the file, or two are bound over one" {
	# shellcheck disable=SC2016 # for the inner shell
	run -0 unshare -m sh -c '
		mount -t tmpfs none keep && mount --make-private keep && touch keep/file && ln -s file keep/link || exit
		"$1" unshare-ns --uts=keep/link nosuch
		"$1" unshare-ns --uts=keep/both --net=keep/both --pid-file keep/pid nosuch
		grep -o "$PWD/keep/.*" /proc/self/mountinfo
		ls -A keep' sh "$nstool"
	is $'file\nlink' "$(grep -v "cannot run 'nosuch'" <<<"$output")"
}
