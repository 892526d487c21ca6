# shellcheck shell=bash
# Makes each step of a command fail, one after the other, and looks for what stays behind.

# What tells its processes from all others, in their environment.
mark=nstool-test-$$-$BATS_TEST_NUMBER

# One run of COMMAND in which the NTH call of SYSCALL of each process fails, in a mount namespace
# of its own where keep/ is a private tmpfs and the line $INJECT_AFTER has been run. Prints what is left behind, and "done" when there was
# no such call. `run` returns when the pipe on stdout has closed.
inject() { # SYSCALL NTH COMMAND...
	# shellcheck disable=SC2016
	MARK=$mark timeout -s KILL 120 unshare -m sh -c '
		mount -t tmpfs none keep && mount --make-private keep
		mounts() { cut -d " " -f 4- /proc/self/mountinfo | sort; }
		sh -c "${INJECT_AFTER:-:}"
		mounts >mounts # those of others may go meanwhile
		call=$1 nth=$2
		shift 2
		strace -f -q -o log -e "trace=$call" -e "inject=$call:error=EIO:when=$nth" "$@" \
			2>errors 3>/dev/null 4>/dev/null
		status=$?
		grep -q INJECTED log || { echo "done"; exit; }
		[ "$status" != 0 ] || exit 0
		[ -s errors ] || [ "$call" = write ] || echo "$call $nth: failed in silence"
		[ -z "$(mounts | comm -13 mounts -)" ] || echo "$call $nth: a mount stays"
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
