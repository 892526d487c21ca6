#!/usr/bin/env bats
# mountpriv --list: which mounts one user namespace alone can use, and whether they are locked.

load lib/suite
load lib/mountpriv

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	mkdir src dst
	echo secret >src/file
}

teardown() {
	let_go
	leaves_nothing
}

# The fields that jq's FILTER picks of the mounts of $pid.
fields() { # FILTER [COMMAND-IN-FRONT...]
	local filter=$1
	shift
	run -0 --separate-stderr "$@" "$NSTOOL" mountpriv --list -J "$pid"
	output=$(jq -r ".mounts[] | $filter" <<<"$output")
}

@test "--list shows a private mount: whose, where, locked, and where its files are besides" {
	keep "$NSTOOL" mountpriv src dst
	run -0 --separate-stderr "$NSTOOL" mountpriv --list "$pid"
	is "NS OWNER PID TARGET FSTYPE FLAGS IDMAP LOCKED ALSO-AT" "$(tr -s ' ' <<<"${lines[0]}" | sed 's/^ //')"
	local inode owner
	inode=$(stat -Lc %i "/proc/$pid/ns/mnt") owner=$(stat -Lc %i "/proc/$pid/ns/user")
	[[ ${lines[1]} == *"$inode $owner "*" $PWD/dst "*" rw,privuserns,nosuid,nodev"*" yes "*"$PWD/src"* ]]
	is 2 "${#lines[@]}"
}

@test "-J keeps to its schema" {
	keep "$NSTOOL" mountpriv src dst
	run -0 --separate-stderr "$NSTOOL" mountpriv --list -J
	valid mountpriv-list
	fields '[.target, .root[-4:], .flags_locked, .mount_locked, .also_at[0].path] | @tsv'
	is "$PWD/dst"$'\t'"/src"$'\t'true$'\t'true$'\t'"$PWD/src"
}

@test "what a user namespace has copied is not its own, what it mounts is, unlocked" {
	keep unshare -Urm sh -c 'mount -t tmpfs -o nosuid own dst && exec "$@"' sh
	fields '[.target, .fstype, .flags_locked, .mount_locked, (.also_at | length)] | @tsv'
	is "$PWD/dst"$'\t'tmpfs$'\t'false$'\t'false$'\t'0
}

@test "each lock is told apart: of the mount, of its flags, of both" {
	# The mount namespace in which the first is made goes with the exec; what the copies are allowed
	# to is up to the user namespace.
	keep unshare -m sh -c 'mount -t tmpfs -o nosuid,nodev t dst && exec unshare -Urm "$@"' sh sh -c '
		mkdir dst/flags dst/mount && mount --bind dst/flags dst/flags && exec "$@"' sh
	fields '[.target, .flags_locked, .mount_locked] | @tsv'
	is "$PWD/dst"$'\t'true$'\t'true$'\n'"$PWD/dst/flags"$'\t'true$'\t'false
	keep unshare -m sh -c 'mount -t tmpfs -o nosuid,nodev t dst && exec unshare -Urm "$@"' sh sh -c '
		mount -o remount,bind,noexec dst && exec "$@"' sh
	fields '[.target, .flags_locked, .mount_locked] | @tsv'
	is "$PWD/dst"$'\t'false$'\t'true
}

@test "what a nested user namespace has as well is not private" {
	keep unshare -Urm sh -c 'mount -t tmpfs own dst && unshare -Urm "$@"' sh
	fields .target
	is ""
}

@test "REF narrows it: a process, a mount namespace, a user namespace" {
	keep unshare -Urm sh -c 'mount -t tmpfs one dst && exec "$@"' sh
	local first=$pid ref
	keep unshare -Urm sh -c 'mount -t tmpfs two src && exec "$@"' sh
	for ref in "$first" "$(readlink "/proc/$first/ns/mnt")" "$(readlink "/proc/$first/ns/user")"; do
		run -0 --separate-stderr "$NSTOOL" mountpriv --list "$ref"
		has " $PWD/dst "
		is 2 "${#lines[@]}"
	done
	run -0 --separate-stderr "$NSTOOL" mountpriv --list
	has " $PWD/dst "
	has " $PWD/src "
	run -125 "$NSTOOL" mountpriv --list "$(readlink /proc/self/ns/net)"
	has "names neither a mount nor a user namespace"
	run -125 "$NSTOOL" mountpriv --list 1 2
	is "nstool: mountpriv: --list takes one REF"
	for wrong in "-t self" --fresh "-o ro" --recursive "--idmap none" --no-nested-userns "--name x" --private-ids -r; do
		# shellcheck disable=SC2086 # words
		run -125 "$NSTOOL" mountpriv --list $wrong
		is "nstool: mountpriv: beside --list there can be only -J"
	done
	run -125 "$NSTOOL" mountpriv -J src dst true
	is "nstool: mountpriv: -J is for --list and --verify"
}

@test "without listmount and statmount mountinfo tells the same" {
	local call expected
	keep "$NSTOOL" mountpriv src dst
	fields '[.target, .root, .fstype, .flags, .idmapped, .flags_locked, .mount_locked, .also_at[0]]'
	[ -n "$output" ]
	expected=$output
	for call in listmount statmount; do
		fields '[.target, .root, .fstype, .flags, .idmapped, .flags_locked, .mount_locked, .also_at[0]]' \
			"$(dirname "$NSTOOL")/tests/lib/deny" "$call=ENOSYS" --
		is "$expected"
	done
}

@test "who may not join reads through a process; the lock is not known then" {
	keep "$NSTOOL" mountpriv src dst
	fields '[.target, .flags_locked, .mount_locked]' \
		"$(dirname "$NSTOOL")/tests/lib/deny" listmount=ENOSYS setns=EPERM --
	is "$(jq . <<<"[\"$PWD/dst\", null, null]")"
	run -0 --separate-stderr "$(dirname "$NSTOOL")/tests/lib/deny" setns=EPERM -- "$NSTOOL" mountpriv --list "$pid"
	has " ? "
}

@test "mount tables that cannot be read are counted" {
	# a mount namespace that a descriptor alone holds
	# shellcheck disable=SC2016 # for the inner shell
	keep unshare -m sh -c 'exec 9</proc/self/ns/mnt; exec nsenter -t "$0" -m "$@"' $$
	run -0 --separate-stderr "$(dirname "$NSTOOL")/tests/lib/deny" listmount=ENOSYS setns=EPERM -- "$NSTOOL" mountpriv --list
	[[ $stderr =~ "note: the mounts of "[1-9][0-9]*" mount namespace"s?" could not be read" ]]
	# Namespaces of other tests go while they are looked at: one moment of ten is quiet enough.
	for _ in {1..10}; do
		run -0 --separate-stderr "$(dirname "$NSTOOL")/tests/lib/deny" listmount=ENOSYS -- "$NSTOOL" mountpriv --list
		[[ $stderr == *"the mounts of"* ]] || return 0
	done
	is "" "$stderr"
}

@test "names of mount points do nothing to a terminal" {
	local odd=$'a\e[31m\n\\x b'
	mkdir "$odd"
	keep unshare -Urm sh -c 'mount -t tmpfs own "$0" && exec "$@"' "$odd"
	run -0 --separate-stderr "$NSTOOL" mountpriv --list "$pid"
	has "$PWD/"'a\x1b[31m\x0a\x5cx b'
	[[ $output != *$'\e'* ]]
	is 2 "${#lines[@]}"
	fields .target
	is "$PWD/$odd"
	run -0 --separate-stderr "$(dirname "$NSTOOL")/tests/lib/deny" listmount=ENOSYS -- "$NSTOOL" mountpriv --list "$pid"
	has "$PWD/"'a\x1b[31m\x0a\x5cx b'
}

@test "one that another mount hides is shown, its lock is not known" {
	keep unshare -Urm sh -c 'mount -t tmpfs below dst && mkdir dst/a && mount -t tmpfs a dst/a && mount -t tmpfs over dst && exec "$@"' sh
	fields '[.target, .mount_locked] | @tsv'
	is "$PWD/dst"$'\t\n'"$PWD/dst/a"$'\t\n'"$PWD/dst"$'\t'false
}

@test "from inside nothing is said of one's own: who else has it cannot be seen" {
	run -0 --separate-stderr unshare -Urm sh -c 'mount -t tmpfs own dst && "$0" mountpriv --list' "$NSTOOL"
	is ""
}

@test "completion: references behind --list, paths else" {
	run -0 "$NSTOOL" __complete nstool mountpriv --list se
	is $'self\tthe namespaces nstool was started in'
	run -0 "$NSTOOL" __complete nstool mountpriv --verify /
	is ":files"
}

@test "the example of the manual" {
	keep "$NSTOOL" mountpriv src dst
	run -0 --separate-stderr example 'nstool mountpriv --list'
	has "$PWD/dst"
}

@test "--list unmounts nothing where all is shared" {
	keep unshare -Urm sh -c 'mount -t tmpfs own dst && mount --make-rshared / && exec "$@"' sh
	local before
	before=$(mounts_of "$pid")
	fields '[.target, .mount_locked] | @tsv'
	is "$PWD/dst"$'\t'false
	is "$before" "$(mounts_of "$pid")"
}

@test "--list leaves no process and no mount behind" {
	keep "$NSTOOL" mountpriv src dst
	run -0 --separate-stderr "$NSTOOL" mountpriv --list "$pid"
	is 2 "${#lines[@]}"
	let_go
	nothing_left
}
