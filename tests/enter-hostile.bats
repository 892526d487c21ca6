#!/usr/bin/env bats
# enter: what a hostile target could use is kept from it.

load lib/nstool
load lib/enter

LIB=$(realpath "${NSTOOL%/*}/tests/lib")

# Runs the tool as an ordinary user and stops it at its last system call before the exec, inside.
stop_inside() { # OPTION...
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -D -o "$dir/trace" \
		-e trace=close_range,prctl -e inject=close_range:signal=SIGSTOP \
		setpriv --reuid 65534 --regid 65534 --clear-groups -- \
		"$NSTOOL" enter -t "$target" "$@" sleep 1000 3>&- &
	tool=$!
	started+=("$tool")
	until grep -q 'stopped by SIGSTOP' "$dir/trace" 2>/dev/null; do pause; done
}

@test "nstool is not dumpable while it is inside" {
	start_with as_nobody unshare --fork --kill-child --user --map-root-user --uts
	stop_inside
	is "$(readlink "/proc/$target/ns/uts")" "$(readlink "/proc/$tool/ns/uts")"
	# It has the user of the target, who may look at what is dumpable.
	run -0 as_nobody cat "/proc/$target/environ"
	run -1 as_nobody cat "/proc/$tool/environ"
	has "Permission denied"
	is 0 "$(stat -c %u "/proc/$tool/environ")"
}

@test "the command has a session keyring of its own" {
	local own
	own=$("$LIB/keyring") || skip "no keyrings here"
	start --uts
	run -0 "$LIB/keyring"
	is "$own"
	run -0 "$NSTOOL" enter -t "$target" "$LIB/keyring"
	[ "$output" != "$own" ]
	local first=$output
	run -0 "$NSTOOL" enter -t "$target" "$LIB/keyring"
	[ "$output" != "$first" ]
}

@test "a /proc that is no procfs is refused" {
	start --uts
	run -125 unshare --mount sh -c 'mount -t tmpfs none /proc && mkdir "/proc/$2" &&
		exec "$1" enter -t "$2" true' sh "$NSTOOL" "$target"
	is "nstool: enter: cannot open /proc: No such device"
}
