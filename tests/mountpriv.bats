#!/usr/bin/env bats
# mountpriv: mounts that one user namespace alone can use.

load lib/nstool
load lib/ordinary

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	mkdir src dst
	echo secret >src/file
}

# Whether a mount stands at or below this test's directory, in the tests' own mount namespace.
nothing_mounted() {
	! grep -qF " $BATS_TEST_TMPDIR" /proc/self/mountinfo
}

@test "a command sees SRC at DST, in a user and a mount namespace of its own" {
	run -0 --separate-stderr "$NSTOOL" mountpriv src dst -- sh -c 'cat dst/file; readlink /proc/self/ns/user /proc/self/ns/mnt'
	is secret "${lines[0]}"
	[ "${lines[1]}" != "$(readlink /proc/self/ns/user)" ]
	[ "${lines[2]}" != "$(readlink /proc/self/ns/mnt)" ]
	is "" "$(ls dst)"
	nothing_mounted
}

@test "its root can neither unmount it nor clear its flags" {
	run -32 "$NSTOOL" mountpriv src dst umount dst
	run -0 "$NSTOOL" mountpriv src dst findmnt -nro OPTIONS "$PWD/dst"
	has ,nosuid,nodev
	for flag in suid dev; do
		run -32 "$NSTOOL" mountpriv src dst mount -o "remount,bind,$flag" dst
		has "permission denied"
	done
}

@test "an ordinary user has one too" {
	mkdir -m 755 data
	run -0 --separate-stderr ordinary sh -c 'mkdir s d; echo own >s/file
		/mnt/nstool mountpriv s d -- sh -c "cat d/file; id -u; umount d"; echo $?; ls d'
	is $'own\n4242\n32' "$output"
}

@test "the examples of the manual" {
	run -0 --separate-stderr example 'nstool mountpriv /srv/vault /mnt -- ls /mnt' /srv/vault=src /mnt=dst
	is file
}
