#!/usr/bin/env bats
# Whatever fails: no process, mount or file stays, and a pipe on stdout closes.

load lib/nstool
load lib/ordinary

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	mark=nstool-test-$$-$BATS_TEST_NUMBER
	# shellcheck disable=SC2153 # not the same name
	nstool=$(realpath "$NSTOOL")
}

# One run of COMMAND in which the NTH call of SYSCALL of each process fails, in a mount namespace
# of its own where keep/ is a private tmpfs. Prints what is left behind, and "done" when there was
# no such call. `run` returns when the pipe on stdout has closed.
inject() { # SYSCALL NTH COMMAND...
	# shellcheck disable=SC2016
	MARK=$mark timeout -s KILL 20 unshare -m sh -c '
		mount -t tmpfs none keep && mount --make-private keep
		mounts() { cut -d " " -f 4- /proc/self/mountinfo | sort; }
		before=$(mounts)
		call=$1 nth=$2
		shift 2
		strace -f -q -o log -e "trace=$call" -e "inject=$call:error=EIO:when=$nth" "$@" \
			2>errors 3>/dev/null 4>/dev/null
		status=$?
		grep -q INJECTED log || { echo "done"; exit; }
		[ "$status" != 0 ] || exit 0
		[ -s errors ] || [ "$call" = write ] || echo "$call $nth: failed in silence"
		[ "$(mounts)" = "$before" ] || echo "$call $nth: a mount stays"
		[ -z "$(ls -A keep)" ] || echo "$call $nth: a file stays"' sh "$@" ||
		echo "$1 $2: hangs"
	! grep -lsz "MARK=$mark" /proc/[0-9]*/environ || echo "$1 $2: a process stays"
}

# Fails every call, one after the other, that SYSCALLs make in COMMAND.
inject_all() { # SYSCALL... -- COMMAND...
	local calls=() call nth
	for ((; $# > 0; )); do
		[ "$1" != -- ] || break
		calls+=("$1")
		shift
	done
	shift
	mkdir -p keep
	for call in "${calls[@]}"; do
		for ((nth = 1; nth < 70; nth++)); do
			run -0 inject "$call" "$nth" "$@"
			[ "$output" != "done" ] || break
			is "" "$output"
		done
	done
}

@test "namespaces, maps, offsets, names, files: each step of the parent" {
	inject_all unshare pipe2 fork,vfork,clone write mount rename capget readlinkat fcntl -- \
		"$nstool" unshare-ns -a --map-users 0:0:10 --map-groups 0:0:10 --net=keep/net --mount=keep/mnt \
		--pid-file keep/pid --info-fd 3 --ready-fd 4 --monotonic 1 true
}

@test "root, mounts, limits, credentials: each step of the command" {
	mkdir -p root/proc root/usr root/bin root/lib root/lib64 root/mnt
	inject_all mount umount2 pivot_root chdir open_tree move_mount sethostname setdomainname \
		socket socketpair ioctl prctl setgroups setresgid setresuid capset prlimit64 sendto execve -- \
		"$nstool" unshare-ns -a -r --net=keep/net --hostname x --domainname y \
		--bind /usr:/usr:ro --bind /bin:/bin --bind /lib:/lib --bind /lib64:/lib64 --tmpfs /mnt \
		--pivot "$PWD/root" --rlimit nofile=100 -S 0 -G 0 --cap-drop net_raw --no-new-privs --kill-child true
}

@test "without a fork" {
	inject_all unshare write mount chroot chdir -- \
		"$nstool" unshare-ns -mu --map-users 0:0:10 --map-groups 0:0:10 -R / --tmpfs /mnt true
}

@test "a wrong command leaves nothing either" {
	mkdir keep
	run -127 "$NSTOOL" unshare-ns -np --net=keep/net --pid-file keep/pid nosuch
	run -126 "$NSTOOL" unshare-ns -np --net=keep/net --pid-file keep/pid /etc/passwd
	is "" "$(ls -A keep)"
}
