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

# Runs BODY as a test is run, where nobody else mounts.
alone() { # BODY [PATIENCE]
	printf 'source %q\n%s\n' "$BATS_TEST_DIRNAME/lib/nstool.bash" "$1" >"$BATS_TEST_TMPDIR/alone"
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount env -u BATS_TEST_TMPDIR bash -c 'export BATS_TEST_TMPDIR=$1 && _nstool_patience=$2 && source "$1/alone"' \
		bash "$BATS_TEST_TMPDIR" "${2-60}"
}

@test "assert_no_leaks: silent if there is nothing" {
	need_root
	run -0 alone assert_no_leaks
	is ""
}

# shellcheck disable=SC2016 # for the inner shell
@test "assert_no_leaks finds a process, a mount and a descriptor" {
	need_root
	sleep 1000 3>&- &
	started=$!
	until [[ $(readlink "/proc/$started/exe") == */sleep ]]; do :; done
	run -1 alone assert_no_leaks 1
	[[ $output == "process left behind: $started sleep 1000 " || $output == "process left behind: $started sleep 1000" ]]
	stop
	touch "$BATS_TEST_TMPDIR/ns"
	run -1 alone 'mount --bind /proc/self/ns/uts "$BATS_TEST_TMPDIR/ns"; assert_no_leaks' 1
	is "mount left behind: $BATS_TEST_TMPDIR/ns"
	run -1 alone 'exec 9</proc/self/ns/uts; assert_no_leaks' 1
	is "descriptor left open: 9 $(readlink /proc/self/ns/uts)"
	run -0 alone assert_no_leaks
}
