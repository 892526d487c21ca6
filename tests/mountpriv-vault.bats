#!/usr/bin/env bats
# What the patches of 2006 were for: an encrypted directory that is open in a container alone.

load lib/suite
load lib/mountpriv

setup() {
	need_root
	[ -e /sys/fs/ext4/features/encryption ] || skip "this kernel's ext4 does not encrypt"
	no_leak_check
	in_open_dir
	name=vault-$$
	truncate -s 16M image
	mkfs.ext4 -q -O encrypt image
	chmod 600 image # not all that is in it is encrypted
	attach_loop image
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount "$1" dst && mkdir -m 700 dst/vault && "$0" make dst/vault' "$dir/fscrypt" "$loop"
}

teardown() {
	"$NSTOOL" bind-ns --remove "$name" 2>/dev/null || true
	losetup -d "$loop" 2>/dev/null || true
	rm -rf "$dir"
	leaves_nothing
}

in_vault() { # COMMAND...
	run -0 --separate-stderr "$NSTOOL" bind-ns -l "$name" -- "$@"
}

@test "an encrypted directory: opened inside, unknown outside, ciphertext when the last has gone" {
	run -0 "$NSTOOL" mountpriv --private-ids --no-nested-userns --name "$name" --fresh="ext4:$loop" "$dir/dst"
	run -1 "$NSTOOL" bind-ns -l "$name" -- mkdir "$dir/dst/vault/diary"
	has "Required key not available"
	in_vault "$dir/fscrypt" open "$dir/dst/vault"
	in_vault sh -c "echo 'the deep secret' >$dir/dst/vault/diary && sync"
	# One joins after the other, and each finds it open.
	in_vault cat "$dir/dst/vault/diary"
	is "the deep secret"
	# The host has neither the mount, nor a path to it, nor the text on the disk.
	run -1 grep -F "$dir/dst" /proc/self/mountinfo
	is "" "$(ls -A dst)"
	run -1 grep -c "the deep secret" image
	run -0 --separate-stderr "$NSTOOL" mountpriv --verify -t "@$name" "$dir/dst"
	has "is private"
	# Its root cannot let it out: not by an unmount, not by other flags, not by a mount that escapes.
	run -32 "$NSTOOL" bind-ns -l "$name" -- umount "$dir/dst"
	run -32 "$NSTOOL" bind-ns -l "$name" -- mount -o remount,bind,suid "$dir/dst"
	in_vault sh -c "mount --bind $dir/dst/vault /mnt && cat /mnt/diary"
	[ ! -e /mnt/diary ]
	"$NSTOOL" bind-ns --remove "$name"
	# The namespaces were the last to hold the file system: it is closed, and so is the key.
	detach_loop image
	mkdir later
	# shellcheck disable=SC2016
	run -0 unshare -m sh -c 'mount -o loop image later && find later -mindepth 1 -ls' sh
	[[ $output == *vault* && $output != *diary* ]]
	run -2 unshare -m sh -c 'mount -o loop image later && grep -r "the deep secret" later'
	has "Required key not available"
}
