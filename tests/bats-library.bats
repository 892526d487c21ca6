#!/usr/bin/env bats
# The library for the bats tests of others: share/nstool/bats.

load lib/suite

setup() {
	[[ $BATS_TEST_DESCRIPTION != "sandbox, from setup:"* ]] || nstool_sandbox net uts
}

# Runs a test file of its own, that has the library and BODY.
inner() { # BODY
	printf 'load %s\n@test "it" {\n%s\n}\n' "$BATS_TEST_DIRNAME/lib/nstool" "$1" >"$BATS_TEST_TMPDIR/inner.bats"
	env -u BATS_TEST_TMPDIR -u BATS_TEST_TIMEOUT NSTOOL="$NSTOOL" bats --tap "$BATS_TEST_TMPDIR/inner.bats"
}

# A process in new namespaces; its pid becomes $target.
start() { # TYPE...
	mkfifo "$BATS_TEST_TMPDIR/up"
	"$NSTOOL" unshare-ns "$@" -- sh -c 'echo $$ >"$0"; exec sleep 1000' "$BATS_TEST_TMPDIR/up" 3>&- &
	started=$!
	read -r target <"$BATS_TEST_TMPDIR/up"
}

stop() {
	[ -z "${started-}" ] || ! kill "$started" || wait "$started" || started=
}

teardown() {
	stop
	release
	leaves_nothing
}

@test "sandbox, from setup: namespaces of its own, in which nothing of the host is changed" {
	[ "$NSTOOL_SANDBOX" ]
	hostname sandboxed
	is sandboxed "$(hostname)"
	is 1 "$(grep -c : /proc/net/dev)"
	sleep 1000 3>&- &
	mount -t tmpfs none /mnt
}

@test "sandbox, from the test: only the types that are asked for, and a pid namespace" {
	need_root
	net=$(readlink /proc/self/ns/net) uts=$(readlink /proc/self/ns/uts)
	[ "${NSTOOL_SANDBOX-}" ] || printf '%s\n' "$net" "$uts" >"$BATS_TEST_TMPDIR/outside"
	nstool_sandbox uts
	is "$net" "$(sed -n 1p "$BATS_TEST_TMPDIR/outside")"
	[ "$uts" != "$(sed -n 2p "$BATS_TEST_TMPDIR/outside")" ]
	[ "$(find /proc -maxdepth 1 -name '[0-9]*' | wc -l)" -lt 20 ]
}

@test "sandbox: a test that fails in it fails, and says where" {
	run -1 inner $'nstool_sandbox\nfalse'
	has "not ok 1 it"
	has "in the sandbox: status 1 of: false"
	run -1 inner $'nstool_sandbox\nexit 3'
	has "not ok 1 it"
}

@test "another project has the library by bats_load_library, as nstool-bats(7) says" {
	local lib=$BATS_TEST_TMPDIR/bats project=$BATS_TEST_TMPDIR/project
	mkdir "$lib" "$project" "$project/bin"
	cp "$BATS_TEST_DIRNAME/lib/nstool.bash" "$lib/nstool.bash"
	ln -s "$(realpath "$NSTOOL")" "$project/bin/nstool"
	sed -n '/^\.Bd -literal/,/^\.Ed/{/^\.[BE]d/d; s/^\\&//; p}' "$BATS_TEST_DIRNAME/../man/nstool-bats.7.in" \
		>"$project/it.bats"
	run -0 env -u NSTOOL -u BATS_TEST_TMPDIR -u BATS_TEST_TIMEOUT BATS_LIB_PATH="$lib" \
		PATH="$project/bin:$PATH" bats --tap "$project/it.bats"
	is $'1..1\nok 1 a host name of our own'
}

@test "sandbox: skip skips, functions and variables are there" {
	run -0 inner $'nstool_sandbox\nskip "no moon"'
	has "ok 1 it # skip no moon"
	run -0 inner $'word="two\nlines"\nnstool_sandbox\nrun echo "$word"\n[ "$output" = "two\nlines" ]'
	is "ok 1 it" "${lines[1]}"
}

@test "sandbox: no process and no mount outlives it" {
	run -0 inner $'nstool_sandbox\nsleep 4242.'$$$' 3>&- &\nmount -t tmpfs none /mnt'
	run ! pgrep -f "^sleep 4242.$$\$"
}

@test "in_ns runs in the namespaces of a reference; assert_isolated and assert_same_ns tell" {
	need_root
	start --net --uts
	is "$(readlink "/proc/$target/ns/net")" "$(in_ns "$target" readlink /proc/self/ns/net)"
	run -7 in_ns "$target" sh -c 'exit 7'
	assert_isolated "$target" net
	assert_same_ns "$target" self mnt
	assert_same_ns "$target" "pid:$target" net
	run -1 --separate-stderr assert_isolated "$target" ipc
	has "$target is in the ipc namespace of the test: "
	run -1 --separate-stderr assert_same_ns "$target" self net
	has "net namespaces differ: $target has "
	run -1 --separate-stderr assert_isolated 4194999 net
	is ""
}

@test "sandbox: assert_no_leaks sees namespaces there, whatever hides the process" {
	run -1 inner 'nstool_sandbox uts
		NSTOOL_PATIENCE=0
		unshare -n sh -c "exec 3>&- 4>&- >/dev/null 2>&1; cd /; : >\$0/up; exec env -i sleep 1000" "$BATS_TEST_TMPDIR" &
		until [ -e "$BATS_TEST_TMPDIR/up" ]; do :; done
		assert_no_leaks'
	[[ $output == *"namespace left behind: net "[0-9]* ]]
	run -0 inner $'nstool_sandbox\nassert_no_leaks\nunshare -n true\nassert_no_leaks'
}

# The tests of the library itself have no time to lose: what they leave does not go.
leaks() { # [DIR...]
	NSTOOL_PATIENCE=0 run -1 assert_no_leaks "${@-$BATS_TEST_TMPDIR}"
}

@test "assert_no_leaks: silent if there is nothing" {
	cd "$BATS_TEST_TMPDIR"
	assert_no_leaks "$BATS_TEST_TMPDIR"
	assert_no_leaks "$(dirname "$BATS_TEST_TMPDIR")/a b"
}

@test "assert_no_leaks finds a process" {
	sleep 1000 3>&- &
	started=$!
	until [[ $(readlink "/proc/$started/exe") == */sleep ]]; do :; done
	leaks
	is "process left behind: $started sleep 1000 "
	stop
	assert_no_leaks "$BATS_TEST_TMPDIR"
}

@test "assert_no_leaks finds a process without environment, by what it writes to or where it is" {
	env -i setsid sleep 1000 &
	started=$!
	until [[ $(readlink "/proc/$started/exe") == */sleep ]]; do :; done
	leaks
	is "process left behind: $started sleep 1000 "
	stop
	cd "$BATS_TEST_TMPDIR"
	env -i setsid sh -c 'exec 3>&- 4>&- >/dev/null 2>&1; exec sleep 1001' &
	started=$!
	until [[ $(readlink "/proc/$started/exe") == */sleep ]]; do :; done
	leaks
	is "process left behind: $started sleep 1001 "
}

@test "assert_no_leaks finds mounts: of namespaces, one over another, on the directory itself" {
	need_root
	local dir
	touch "$BATS_TEST_TMPDIR/ns"
	mount --bind /proc/self/ns/uts "$BATS_TEST_TMPDIR/ns"
	leaks
	umount "$BATS_TEST_TMPDIR/ns"
	is "mount left behind: $BATS_TEST_TMPDIR/ns"
	dir="$BATS_TEST_TMPDIR/a b"
	mkdir "$dir"
	mount -t tmpfs none "$dir"
	NSTOOL_PATIENCE=0 _nstool_look
	assert_no_leaks "$dir"
	mount -t tmpfs none "$dir"
	leaks "$dir"
	umount "$dir" "$dir"
	is "mount left behind: $dir"
	mount -t tmpfs none "$BATS_TEST_TMPDIR"
	leaks /nothing
	umount "$BATS_TEST_TMPDIR"
	is "mount left behind: $BATS_TEST_TMPDIR"
	assert_no_leaks "$BATS_TEST_TMPDIR"
}

@test "assert_no_leaks finds a descriptor, also of a file that a namespace is mounted on" {
	need_root
	exec {fd}</proc/self/ns/uts
	leaks
	is "descriptor left open: $fd $(readlink /proc/self/ns/uts)"
	_nstool_look
	assert_no_leaks "$BATS_TEST_TMPDIR"
	exec {fd}<&-
	touch "$BATS_TEST_TMPDIR/ns"
	mount --bind /proc/self/ns/uts "$BATS_TEST_TMPDIR/ns"
	exec {fd}<"$BATS_TEST_TMPDIR/ns"
	umount -l "$BATS_TEST_TMPDIR/ns"
	leaks
	exec {fd}<&-
	is "descriptor left open: $fd /"
	assert_no_leaks "$BATS_TEST_TMPDIR"
}

@test "assert_no_leaks finds a namespace anywhere on a machine that the test has for itself" {
	need_root
	NSTOOL_ALONE=1 _nstool_look
	start --net
	NSTOOL_ALONE=1 leaks
	has "namespace left behind: net $(stat -L -c %i "/proc/$target/ns/net")"
}
