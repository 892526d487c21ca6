#!/usr/bin/env bats
# mountpriv --verify: what is private is found to be, and each leak gets its name.

load lib/suite
load lib/mountpriv

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	mkdir src dst
}

teardown() {
	let_go
	[ -z "${loop-}" ] || losetup -d "$loop"
	[ -z "${dir-}" ] || rm -rf "$dir"
	leaves_nothing
}

# Runs SCRIPT in a mount namespace of the host's, that of $host, and SCRIPT2 as root of a user
# namespace with a mount namespace made from that one, those of $pid. In SCRIPT2 `alone` forbids user
# namespaces inside.
container() { # SCRIPT SCRIPT2
	# shellcheck disable=SC2016 # for the inner shells
	keep unshare -m sh -ec 'script=$1; shift; eval "$script"; "$@"' sh "$1" \
		unshare -Urm --propagation unchanged sh -ec '
			alone() { echo 0 >/proc/sys/user/max_user_namespaces; }
			script=$1; shift; eval "$script"; exec "$@"' sh "$2"
	host=$(ps -o ppid= -p "$pid" | tr -d ' ')
}

verify() { # STATUS ARGUMENT...
	local status=$1
	shift
	run "-$status" --separate-stderr "$NSTOOL" mountpriv --verify "$@"
}

# The leaks of the only mount, as words.
leaks() { # ARGUMENT...
	run --separate-stderr "$NSTOOL" mountpriv --verify -J "$@"
	valid mountpriv-verify
	output=$(jq -r '.mounts[0].leaks[].kind' <<<"$output" | paste -sd ' ')
}

@test "a mount of its own is private, and the table says how each was refused" {
	container : 'mount -t tmpfs own dst; alone'
	verify 0 "$PWD/dst"
	has "'$PWD/dst' in mount namespace $(stat -Lc %i "/proc/$pid/ns/mnt") is private"
	[[ $output != *leak* ]]
	is "ACTOR WAY WHERE RESULT VERDICT" "$(tr -s ' ' <<<"${lines[0]}")"
	rows=$(sed -n 's/  */ /g; / refused$\| limit$/p' <<<"$output")
	is "unprivileged user proc-root EACCES refused
unprivileged user bind EPERM refused
unprivileged user open_tree EPERM refused
unprivileged user setns EPERM refused
unprivileged user listmount ENOENT refused
sibling root proc-root EACCES refused
sibling root bind EACCES refused
sibling root open_tree EACCES refused
sibling root setns EPERM refused
sibling root listmount ENOENT refused
nested user namespace proc-root ENOSPC refused
nested user namespace bind ENOSPC refused
nested user namespace open_tree ENOSPC refused
nested user namespace setns ENOSPC refused
nested user namespace listmount ENOSPC refused
initial root proc-root opened limit
initial root bind EINVAL refused
initial root open_tree EINVAL refused
initial root setns joined limit
initial root listmount listed limit" "$(grep -v ' path ' <<<"$rows")"
	grep -q "^nested user namespace path $PWD/dst in [0-9]* ENOSPC refused$" <<<"$rows"
	grep -q "^initial root path $PWD/dst something else refused$" <<<"$rows"
}

@test "DST, -t REF and both name it; -J keeps to its schema" {
	container : 'mount -t tmpfs own dst; alone'
	local all
	for all in "$PWD/dst" "dst/" "-t $pid" "-t $(readlink "/proc/$pid/ns/mnt")" \
		"-t $(readlink "/proc/$pid/ns/user")" "-t $pid $PWD/dst"; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr "$NSTOOL" mountpriv --verify -J $all
		valid mountpriv-verify
		is "$PWD/dst true" "$(jq -r '.mounts[] | "\(.target) \(.private)"' <<<"$output")"
	done
	is 0 "$(jq '.mounts[0].leaks | length' <<<"$output")"
	is '["EPERM","refused"]' "$(jq -c '.mounts[0].checks[] | select(.actor == "user" and .way == "setns") | [.errno, .verdict]' <<<"$output")"
}

@test "leak: propagation peer, both ways round" {
	# what the container has is a slave of what the host shares
	container 'mount -t tmpfs -o mode=700 own src; mount --make-shared src' 'alone'
	verify 1 -t "$pid" "$PWD/src"
	has "leak: propagation peer: '$PWD/src' in mount namespace $(stat -Lc %i "/proc/$host/ns/mnt") ("
	has "is not private"
	leaks -t "$pid" "$PWD/src"
	is peer
	# what was brought in is a peer
	"$(dirname "$NSTOOL")/tests/lib/mountinto" "$host" "$PWD/src" "$pid" "$PWD/dst"
	leaks -t "$pid" "$PWD/dst"
	is peer
}

@test "leak: the same mount also in another mount namespace" {
	container 'mount -t tmpfs -o mode=700 own dst' 'alone'
	verify 1 -t "$pid" "$PWD/dst"
	has "leak: same mount also in another mount namespace: '$PWD/dst' in mount namespace $(stat -Lc %i "/proc/$host/ns/mnt") ("
	leaks -t "$pid" "$PWD/dst"
	is same
}

@test "leak: a source that others reach" {
	container 'mount -t tmpfs -o mode=755 own /mnt; mkdir -m 755 /mnt/data' 'mount --bind /mnt/data dst; alone'
	verify 1 -t "$pid" "$PWD/dst"
	has "leak: reachable source: '/mnt/data' in mount namespace $(stat -Lc %i "/proc/$host/ns/mnt") ("
	leaks -t "$pid" "$PWD/dst"
	is source
	# it is not reached where permissions forbid that: names that are known, in a directory that can
	# be searched, are reached
	nsenter -t "$host" -m chmod 711 /mnt/data
	leaks -t "$pid" "$PWD/dst"
	is source
	nsenter -t "$host" -m chmod 700 /mnt/data
	leaks -t "$pid" "$PWD/dst"
	is ""
	# a part of it is enough
	nsenter -t "$host" -m sh -c 'mkdir -m 755 /mnt/data/part /mnt/open && mount --bind /mnt/data/part /mnt/open'
	verify 1 -t "$pid" "$PWD/dst"
	has "leak: reachable source: '/mnt/open' in "
}

@test "leak: the device that a file system is on, and the file behind that" {
	in_open_dir
	truncate -s 16M image
	mkfs.ext4 -q image
	chmod 600 image
	attach_loop image
	# shellcheck disable=SC2046 # two numbers
	mknod -m 600 node b $(stat -c '0x%t 0x%T' "$loop")
	keep "$NSTOOL" mountpriv --private-ids --no-nested-userns --fresh="ext4:$dir/node" /mnt
	verify 0 -t "$pid" /mnt
	for what in node image; do
		[ "$(tr -s ' ' <<<"$output" | grep -c "^sibling root.* path $dir/$what EACCES refused$")" = 2 ]
		tr -s ' ' <<<"$output" | grep -q "^initial root path $dir/$what opened limit$"
	done
	for what in node image; do
		chmod 644 $what
		verify 1 -t "$pid" /mnt
		has "leak: reachable source: '$dir/$what' in mount namespace $(stat -Lc %i /proc/self/ns/mnt) ("
		leaks -t "$pid" /mnt
		is source
		chmod 600 $what
	done
}

@test "the caller's groups are not those of the others" {
	container 'mount -t tmpfs -o mode=755 own /mnt; mkdir -m 750 /mnt/data; chgrp 7777 /mnt/data' 'mount --bind /mnt/data dst; alone'
	run -0 --separate-stderr setpriv --groups 7777 "$NSTOOL" mountpriv --verify -t "$pid" "$PWD/dst"
	for actor in "unprivileged user" "sibling root"; do
		tr -s ' ' <<<"$output" | grep -q "^$actor path /mnt/data in [0-9]* EACCES refused$"
	done
}

@test "leak: a source that only those with the same ids reach" {
	keep unshare -m sh -ec 'mount -t tmpfs -o mode=755 own /mnt; mkdir -m 700 /mnt/data; chown 70000:70000 /mnt/data; "$@"' sh \
		"$NSTOOL" unshare-ns -Um --map-users 0:70000:10 --map-groups 0:70000:10 -S 0 -G 0 -- \
		sh -ec 'mount --bind /mnt/data dst; echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' sh
	run -1 --separate-stderr "$NSTOOL" mountpriv --verify -J -t "$pid" "$PWD/dst"
	is '["twin"]' "$(jq -c '[.mounts[0].checks[] | select(.verdict == "leak") | .actor]' <<<"$output")"
	is '["source"]' "$(jq -c '[.mounts[0].leaks[].kind]' <<<"$output")"
}

@test "leak: a source in another container, whose root gets at it" {
	container 'mount -t tmpfs -o mode=700 own /mnt; mkdir -m 777 /mnt/data' 'mount --bind /mnt/data dst; alone'
	leaks -t "$pid" "$PWD/dst"
	is ""
	local private=$pid
	# a container of the same host, with the directory brought in by the host's root
	keep unshare -Urm
	"$(dirname "$NSTOOL")/tests/lib/mountinto" "$host" /mnt "$pid" "$PWD/src"
	verify 1 -t "$private" "$PWD/dst"
	has "leak: reachable source: '$PWD/src/data' in mount namespace $(stat -Lc %i "/proc/$pid/ns/mnt") ("
}

@test "more containers than descriptors: each of them is tried" {
	# shellcheck disable=SC2016 # for the inner shells
	keep unshare -m sh -ec 'mount -t tmpfs -o mode=700 own src; mkdir src/data
		mkfifo ready && exec 4<>ready 5<&0
		for i in $(seq 60); do
			unshare -Urm sh -c "echo >&4; read -r _" <&5 &
			read -r _ <&4
		done
		"$@"' sh unshare -Urm --propagation unchanged sh -ec '
		mount --bind src/data dst; echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' sh
	run -1 --separate-stderr sh -c 'ulimit -n 110; "$@"' sh "$NSTOOL" mountpriv --verify -J -t "$pid" "$PWD/dst"
	is 60 "$(jq '[.mounts[0].checks[] | select(.actor == "other") | .tries] | add' <<<"$output")"
}

@test "leak: a shared directory above" {
	container : 'mount -t tmpfs top dst; mkdir dst/a; mount -t tmpfs own dst/a; mount --make-shared dst; alone'
	leaks -t "$pid" "$PWD/dst/a"
	is ""
	"$(dirname "$NSTOOL")/tests/lib/mountinto" "$pid" "$PWD/dst" "$host" "$PWD/src"
	verify 1 -t "$pid" "$PWD/dst/a"
	has "leak: shared directory above: '$PWD/dst' with mount namespace $(stat -Lc %i "/proc/$host/ns/mnt") ("
	leaks -t "$pid" "$PWD/dst/a"
	is shared
	# and so it is: what is mounted there appears outside
	nsenter -t "$pid" -U -m --preserve-credentials sh -c "mkdir $PWD/dst/b && mount --bind $PWD/dst/a $PWD/dst/b"
	run -0 nsenter -t "$host" -m findmnt -no TARGET "$PWD/src/b"
	leaks -t "$pid" "$PWD/dst/a"
	is "same shared"
}

@test "leak: user namespaces inside" {
	container : 'mount -t tmpfs own dst'
	verify 1 -t "$pid" "$PWD/dst"
	has "leak: nested user namespace (allow none inside: --no-nested-userns)"
	leaks -t "$pid" "$PWD/dst"
	is nested
	# one that is there already has a copy
	container : 'mount -t tmpfs own dst; unshare -Urm "$@"; exit'
	local inner=$pid outer=$host
	nsenter -t "$outer" -U --preserve-credentials sh -c 'echo 0 >/proc/sys/user/max_user_namespaces'
	leaks -t "$outer" "$PWD/dst"
	is same
	[ "$inner" != "$outer" ]
}

@test "leak: a process of another user namespace inside" {
	container : 'mount -t tmpfs own dst; alone'
	local member=$pid
	keep nsenter -t "$member" -m
	verify 1 -t "$member" "$PWD/dst"
	has "leak: a process of another user namespace is inside: pid $pid ("
	leaks -t "$member" "$PWD/dst"
	is stranger
}

@test "leak: what a process of another user namespace has open" {
	container : 'mount -t tmpfs own dst; echo secret >dst/file; alone'
	local member=$pid
	# root of the host has joined, opened a file, and left
	# shellcheck disable=SC2016 # for the inner shells
	keep nsenter -t "$member" -m sh -c 'exec 9<"$0" && exec nsenter -t "$PPID" -m "$@"' "$PWD/dst/file"
	is secret "$(cat "/proc/$pid/fd/9")"
	verify 1 -t "$member" "$PWD/dst"
	has "leak: open in a process of another user namespace: '/proc/$pid/fd/9' ("
	leaks -t "$member" "$PWD/dst"
	is open
	let_go
	# or went in through /proc, which it may, and stays
	container : 'mount -t tmpfs own dst; alone'
	member=$pid
	# shellcheck disable=SC2016
	keep sh -c 'cd "/proc/$0/root$1" && shift && exec "$@"' "$member" "$PWD/dst"
	verify 1 -t "$member" "$PWD/dst"
	has "leak: open in a process of another user namespace: '/proc/$pid/cwd' ("
}

@test "leak: an open door, by each way that goes through it" {
	# The user of the tries is a stranger no more: it has made the user namespace, and is privileged there.
	keep setpriv --reuid 4000000000 --clear-groups unshare -Um
	echo 0 100000 1000 | tee "/proc/$pid/uid_map" >"/proc/$pid/gid_map"
	nsenter -t "$pid" -U -m -S 0 -G 0 sh -ec '
		mount -t tmpfs own "$0"; echo 0 >/proc/sys/user/max_user_namespaces' /mnt
	verify 1 -t "$pid" /mnt
	is "leak: open door: proc-root by unprivileged user (who made the user namespace is privileged there: have another make it)
leak: open door: setns by unprivileged user (who made the user namespace is privileged there: have another make it)
leak: open door: listmount by unprivileged user (who made the user namespace is privileged there: have another make it)" "$(grep '^leak' <<<"$output")"
	leaks -t "$pid" /mnt
	is "way way way"
}

@test "leak: what is open in other ways than by a descriptor of the mount" {
	local member way found holder
	container : 'mount -t tmpfs own dst; echo secret >dst/file; alone'
	member=$pid
	while read -r way found; do
		keep "$BATS_TEST_DIRNAME/lib/keepopen" "$way" "$member" "$PWD/dst/file"
		holder=$(ps -o ppid= -p "$pid" | tr -d ' ')
		verify 1 -t "$member" "$PWD/dst"
		grep -qE "^leak: open in a process of another user namespace: '/proc/$holder/$found' \\(" <<<"$output"
		leaks -t "$member" "$PWD/dst"
		is open
		let_go_of_last
	done <<-'END'
		fd fd/[0-9]+
		map map_files/[0-9a-f]+-[0-9a-f]+
		thread task/[0-9]+/fd/[0-9]+
		tree fd/[0-9]+
	END
	leaks -t "$member" "$PWD/dst"
	is ""
}

@test "a mount of the caller's own user namespace is not private" {
	keep unshare -m sh -c 'mount -t tmpfs own dst && exec "$@"' sh
	verify 1 -t "$pid" "$PWD/dst"
	has "leak: it belongs to the caller's own user namespace: '$PWD/dst'"
	leaks -t "$pid" "$PWD/dst"
	is own
}

@test "an ordinary user proves nothing: he cannot be another one" {
	chmod 755 .
	run -0 --separate-stderr ordinary sh -c 'mkdir d && mkfifo in out &&
		{ unshare -Urm sh -c "mount -t tmpfs own d && echo 0 >/proc/sys/user/max_user_namespaces && echo \$\$ && read _" <in >out & } &&
		exec 9>in && read pid <out && { ./nstool mountpriv --verify -t "$pid" /mnt/d; echo $?; ./nstool mountpriv --verify -J -t "$pid" /mnt/d; exec 9>&-; wait; }'
	has $'unprivileged user'
	has $'untried\n'
	has "'/mnt/d' in mount namespace"
	has $'not proven private: not everything could be tried\n1\n'
	has '"private": null'
}

@test "older kernels: without listmount, open_tree, statmount it is the same" {
	local deny
	deny=$(dirname "$NSTOOL")/tests/lib/deny
	container : 'mount -t tmpfs own dst; alone'
	run -0 --separate-stderr "$deny" listmount=ENOSYS statmount=ENOSYS open_tree=ENOSYS -- "$NSTOOL" mountpriv --verify -t "$pid" "$PWD/dst"
	has "is private"
	is "ENOSYS refused" "$(sed -n 's/  */ /g; s/^unprivileged user listmount //p' <<<"$output")"
	is "ENOSYS refused" "$(sed -n 's/  */ /g; s/^initial root open_tree //p' <<<"$output")"
}

@test "what failed for lack of room was not refused: nothing is proven" {
	container : 'mount -t tmpfs own dst; alone'
	run -1 --separate-stderr "$(dirname "$NSTOOL")/tests/lib/deny" unshare=ENOMEM -- "$NSTOOL" mountpriv --verify -t "$pid" "$PWD/dst"
	tr -s ' ' <<<"$output" | grep -q "^nested user namespace path $PWD/dst in [0-9]* ENOMEM untried$"
	[[ $output != *leak* ]]
	has "is not proven private: not everything could be tried"
}

@test "what cannot be looked at is an error, with its remedy" {
	container : 'mount -t tmpfs own dst; alone'
	run -125 --separate-stderr "$(dirname "$NSTOOL")/tests/lib/deny" setns=EPERM -- "$NSTOOL" mountpriv --verify -t "$pid" "$PWD/dst"
	is "nstool: mountpriv: cannot look at '$PWD/dst' in its mount namespace: Operation not permitted
hint: that needs CAP_SYS_ADMIN in its user namespace: root of the host has it" "$stderr"
	verify 125
	is "nstool: mountpriv: --verify needs DST or -t REF" "$stderr"
	verify 125 a b
	is "nstool: mountpriv: --verify takes one DST" "$stderr"
	verify 125 --fresh dst
	is "nstool: mountpriv: beside --verify there can be only -t and -J" "$stderr"
	verify 125 --list
	is "nstool: mountpriv: --list, --verify and --remove exclude each other" "$stderr"
	verify 125 -t "$pid" "$PWD/nothing"
	is "nstool: mountpriv: nothing is mounted at '$PWD/nothing' in mount namespace $(stat -Lc %i "/proc/$pid/ns/mnt")" "$stderr"
	verify 125 -t "$(readlink "/proc/$pid/ns/user")" "$PWD/dst"
	[[ $stderr == *"is no mount namespace: leave DST out" ]]
	verify 125 -t "$host"
	is "nstool: mountpriv: there is no private mount
hint: name the mount that should be one: --verify -t REF DST" "$stderr"
}

@test "two private mounts at one place: which is meant has to be said" {
	container : 'mount -t tmpfs own dst; alone'
	local first=$pid
	container : 'mount -t tmpfs own dst; alone'
	verify 125 "$PWD/dst"
	is "nstool: mountpriv: several mount namespaces have a mount at '$PWD/dst'" "$(head -n 1 <<<"$stderr")"
	[[ $stderr == *"hint: -t $(readlink "/proc/$first/ns/mnt" | tr -d '[]')"* ]]
	verify 0 -t "$first" "$PWD/dst"
}

@test "of copies of one mount the uppermost is meant" {
	container : 'mount -t tmpfs own dst; unshare -Urm "$@"; exit'
	verify 1 "$PWD/dst"
	has "'$PWD/dst' in mount namespace $(stat -Lc %i "/proc/$host/ns/mnt") is not private"
	has "leak: same mount also in another mount namespace: '$PWD/dst' in mount namespace $(stat -Lc %i "/proc/$pid/ns/mnt") ("
}

@test "names of mount points do nothing to a terminal" {
	local odd=$'a\e[31m\n\\x b'
	mkdir "$odd"
	# shellcheck disable=SC2016
	keep unshare -Urm sh -c 'mount -t tmpfs own "$0" && echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' "$odd"
	verify 0 -t "$pid"
	has "$PWD/"'a\x1b[31m\x0a\x5cx b'
	[[ $output != *$'\e'* ]]
}

@test "what mountpriv makes passes: a file system of its own, one on a device, a bind with ids of its own" {
	local kind
	truncate -s 16M image
	mkfs.ext4 -q image
	loop=$(losetup -f --show image)
	for kind in tmpfs "ext4:$loop"; do
		keep "$NSTOOL" mountpriv --private-ids --no-nested-userns --fresh="$kind" /mnt
		verify 0 -t "$pid" /mnt
		has "'/mnt' in mount namespace $(stat -Lc %i "/proc/$pid/ns/mnt") is private"
		[[ $output == *"sibling root, same ids"* ]]
	done
	let_go
	losetup -d "$loop"
	loop=
	# The source is where other tests' containers have no copy: to some, root outside is root inside.
	# shellcheck disable=SC2016 # for the inner shell
	keep unshare -m sh -ec 'mount -t tmpfs -o mode=755 own "$1"; mkdir -m 700 src/data; shift; "$@"' sh src \
		"$NSTOOL" mountpriv --private-ids --no-nested-userns src/data /mnt
	verify 0 -t "$pid" /mnt
	has "is private"
	for actor in "unprivileged user" "sibling root" "sibling root, same ids"; do
		tr -s ' ' <<<"$output" | grep -q "^$actor path $PWD/src/data in [0-9]* EACCES refused$"
	done
	run -0 --separate-stderr "$NSTOOL" mountpriv --list -J "$pid"
	is "/mnt true true true 65536" "$(jq -r '.mounts[] | "\(.target) \(.idmapped) \(.flags_locked) \(.mount_locked) \(.uid_map[0] | split(" ")[2])"' <<<"$output")"
}

@test "the example of the manual" {
	container : 'mount -t tmpfs own dst; alone'
	run -0 --separate-stderr example 'nstool mountpriv --verify -t 4711 /mnt' 4711="$pid" /mnt="$PWD/dst"
	has "is private"
}

@test "--verify changes nothing and leaves nothing" {
	container : 'mount -t tmpfs own dst'
	local before
	before=$(mounts_of "$pid" self)
	verify 1 -t "$pid" "$PWD/dst"
	is "$before" "$(mounts_of "$pid" self)"
	let_go
	nothing_left
}
