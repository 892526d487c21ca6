#!/usr/bin/env bats
# mountpriv where the kernel is older, a filter refuses, or a step fails: no mount and no process
# stays.

load lib/suite
load lib/inject
load lib/mountpriv

setup() {
	need_root
	no_leak_check
	in_open_dir
	# shellcheck disable=SC2153 # not the same name
	nstool=$(realpath "$NSTOOL")
	deny=$dir/deny
}

teardown() {
	let_go
	rm -rf "$dir"
	leaves_nothing
}

# Kernels older than 6.15, 5.12, 5.2; and filters that refuse what they do not know.
older=(
	"open_tree_attr=ENOSYS"
	"open_tree_attr=EPERM"
	"open_tree_attr=ENOSYS mount_setattr=ENOSYS"
	"open_tree_attr=EPERM mount_setattr=EPERM"
	"open_tree_attr=ENOSYS mount_setattr=ENOSYS open_tree=ENOSYS move_mount=ENOSYS fsopen=ENOSYS"
	"open_tree_attr=EPERM mount_setattr=EPERM open_tree=EPERM move_mount=EPERM fsopen=EPERM"
)

@test "older kernels: a bind, with its flags, locked" {
	for calls in "${older[@]}"; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr "$deny" $calls -- "$NSTOOL" mountpriv -o ro,noexec,noatime src dst sh -c '
			cat dst/file; findmnt -nro OPTIONS,PROPAGATION dst; umount dst || echo locked'
		is $'secret\nlocked' "$(sed 2d <<<"$output")"
		[[ ${lines[1]} =~ ^ro,nosuid,nodev,noexec,noatime.*\ private$ ]]
		# shellcheck disable=SC2086
		run -0 --separate-stderr ordinary "$(realpath "$deny")" $calls -- sh -c 'mkdir s d; touch s/own; /mnt/nstool mountpriv s d ls d'
		is own
	done
}

@test "older kernels: flags that SRC has stay" {
	# shellcheck disable=SC2016
	run -0 --separate-stderr unshare -m sh -c '
		mount -t tmpfs -o noexec,ro none src
		"$@"' sh "$deny" open_tree_attr=ENOSYS mount_setattr=ENOSYS -- "$NSTOOL" mountpriv src dst findmnt -nro OPTIONS dst
	has ro,nosuid,nodev,noexec
}

@test "older kernels: a new file system" {
	for calls in "${older[@]}"; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr "$deny" $calls -- "$NSTOOL" mountpriv --fresh -o noexec,size=1m dst sh -c '
			touch dst/file; findmnt -nro FSTYPE,OPTIONS dst; umount dst || echo locked'
		has "tmpfs rw,nosuid,nodev,noexec,relatime,size=1024k"
		has locked
	done
}

@test "older kernels: a DST that is replaced meanwhile is an error" {
	local line traced
	mkdir elsewhere
	mkfifo calls
	# After the bind there is a while until the mount is looked for, to get its flags.
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -f -qq -o calls -e trace=mount \
		-e inject=mount:delay_exit=5000000:when=2 "$deny" open_tree_attr=ENOSYS open_tree=ENOSYS mount_setattr=ENOSYS -- \
		"$nstool" mountpriv -o ro src dst true >out 2>&1 3>&- &
	traced=$!
	{
		while read -r line; do
			[[ $line != *MS_BIND* ]] || break
		done
		mv dst was
		ln -s elsewhere dst
		cat >/dev/null
	} <calls
	run -125 wait $traced
	run -0 cat out
	has "cannot set the flags of the mount of 'src': Stale file handle"
}

@test "older kernels: what they cannot do says so" {
	run -0 --separate-stderr "$deny" open_tree_attr=ENOSYS -- "$NSTOOL" mountpriv --private-ids src dst stat -c %u dst/file
	is 0
	run -125 "$deny" open_tree_attr=ENOSYS mount_setattr=ENOSYS -- "$NSTOOL" mountpriv --private-ids src dst
	has "cannot set the flags of the mount of 'src': Function not implemented"
	has "hint: a mount with an id map needs Linux 5.12; --idmap none goes without"
	run -125 "$deny" open_tree_attr=ENOSYS mount_setattr=ENOSYS -- "$NSTOOL" mountpriv --recursive src dst
	has "cannot set the flags of all that is mounted below 'src'"
	has "hint: --recursive needs mount_setattr(2), which Linux has since 5.12"
	keep unshare -Urm
	run -125 "$deny" open_tree_attr=ENOSYS mount_setattr=ENOSYS -- "$NSTOOL" mountpriv -t "$pid" src "$dir/dst"
	has "hint: to mount from one namespace in another needs Linux 5.12"
}

@test "a file system whose ids are mapped already, before Linux 6.15" {
	mkdir mapped
	keep "$NSTOOL" mountpriv --map-users 0:100000:1000 --map-groups 0:100000:1000 src mapped
	run -125 nsenter -t "$pid" -m "$deny" open_tree_attr=ENOSYS -- "$nstool" mountpriv --map-users 0:200000:10 --map-groups 0:200000:10 "$dir/mapped" "$dir/dst"
	has "cannot map the ids of '$dir/mapped': they are mapped already, which stays so before Linux 6.15"
}

# shellcheck disable=SC2054 # some are several calls, for strace
calls=(unshare setns open_tree move_mount mount_setattr fsopen fsconfig fsmount mount pipe2
	fork,vfork,clone write readlinkat fcntl setgroups setresgid setresuid execve getrandom)

@test "each step of a bind in a new user namespace" {
	inject_all "${calls[@]}" -- "$deny" open_tree_attr=ENOSYS -- \
		"$nstool" mountpriv --private-ids --no-nested-userns "$dir/src" "$dir/dst" true
}

@test "each step of a bind by older calls" {
	inject_all unshare setns mount statfs,fstatfs,fsync -- "$deny" open_tree_attr=ENOSYS mount_setattr=ENOSYS -- \
		"$nstool" mountpriv -o ro "$dir/src" "$dir/dst" true
}

@test "each step of a new file system" {
	inject_all "${calls[@]}" -- "$nstool" mountpriv --private-ids --fresh "$dir/dst" true
}

@test "each step of a mount that is kept under a name" {
	# The mount of the registry itself stays, from the first name on.
	export INJECT_AFTER="'$nstool' bind-ns --new -u mountpriv-$$ && '$nstool' bind-ns --remove mountpriv-$$"
	inject_all unshare setns open_tree move_mount mount_setattr mount pipe2 fork,vfork,clone write renameat,renameat2 mkdirat -- \
		"$deny" open_tree_attr=ENOSYS -- sh -c '"$@" && "$1" bind-ns --remove mountpriv-'$$ sh \
		"$nstool" mountpriv --private-ids --name mountpriv-$$ "$dir/src" "$dir/dst"
	[ ! -e /run/nstool/ns/mountpriv-$$ ]
}

@test "each step for a target: nothing in its mounts, nor in a copy of them" {
	keep "$nstool" unshare-ns -Um --map-users 0:100000:1000 --map-groups 0:100000:1000 -S 0 -G 0
	before=$(mounts_of "$pid")
	inject_all "${calls[@]}" openat2 -- "$deny" open_tree_attr=ENOSYS -- \
		"$nstool" mountpriv -t "$pid" "$dir/src" "$dir/dst" -- true
	is "$before" "$(mounts_of "$pid")"
	# Without a command: the last step is the one that attaches.
	for call in setns open_tree mount_setattr move_mount pipe2 fork,vfork,clone openat2; do
		run -125 "$deny" open_tree_attr=ENOSYS -- strace -f -qq -o /dev/null -e "trace=$call" -e "inject=$call:error=EIO" \
			"$nstool" mountpriv -t "$pid" "$dir/src" "$dir/dst"
		is "$before" "$(mounts_of "$pid")"
	done
}

@test "a command that cannot be run leaves no set" {
	run -127 "$NSTOOL" mountpriv --name mountpriv-$$ src dst /nosuch
	run -126 "$NSTOOL" mountpriv --name mountpriv-$$ src dst /etc/passwd
	[ ! -e /run/nstool/ns/mountpriv-$$ ]
}
