#!/usr/bin/env bats
# mountpriv and file systems that a process serves: an encrypted directory in a container alone, and
# servers that never answer, which hold nobody up.

load lib/suite
load lib/mountpriv

# A mount namespace in which everybody may open /dev/fuse, and a pid namespace, with which each server
# goes, however it went into the background.
setup() {
	need_root
	[ -c /dev/fuse ] || skip "needs /dev/fuse"
	no_leak_check
	nstool_sandbox mnt pid
	mount -t tmpfs -o mode=755 none /mnt
	TMPDIR=/mnt in_open_dir
	mkdir dev
	mount -t tmpfs none dev
	mknod -m 666 dev/fuse c 10 229
	mount --bind dev/fuse /dev/fuse
	mount -t tmpfs -o mode=755 none /run
	ln -s "$(realpath "$NSTOOL")" nstool
}

# An encrypted directory, cipher, which root alone may enter.
make_cipher() {
	echo word >word
	mkdir -m 700 cipher
	gocryptfs -q -init -passfile word cipher
}

in_vault() { # COMMAND...
	run -0 --separate-stderr ./nstool bind-ns -l vault -- "$@"
}

# The whole way: the caller has the ciphertext, those inside have the text.
open_vault() {
	make_cipher
	example 'nstool mountpriv --private-ids --no-nested-userns --name vault /srv/cipher /srv/cipher' /srv/cipher="$dir/cipher"
	example 'nstool bind-ns -l vault -- gocryptfs /srv/cipher /mnt' \
		/mnt="$dir/dst" /srv/cipher="$dir/cipher" gocryptfs="gocryptfs -q -nosyslog -passfile $dir/word"
	in_vault sh -c "echo 'the deep secret' >$dir/dst/diary"
	server=$(pgrep -x gocryptfs)
}

@test "an encrypted directory by FUSE: text inside, ciphertext outside, and root has no more" {
	open_vault
	in_vault cat "$dir/dst/diary"
	is "the deep secret"
	# The host has neither the mount nor the text; root may not even look through the server.
	run -1 grep -F "$dir/dst" /proc/self/mountinfo
	is "" "$(ls -A dst)"
	run -1 grep -r "the deep secret" cipher
	run -2 ls "/proc/$server/root$dir/dst"
	has "Permission denied"
	run -0 --separate-stderr example 'nstool mountpriv --verify -t @vault /mnt' /mnt="$dir/dst"
	has "is private"
	tr -s ' ' <<<"$output" | grep -q '^initial root proc-root EACCES refused$'
	# Neither does the ciphertext belong to anybody else inside.
	run -0 --separate-stderr ./nstool mountpriv --verify -t @vault "$dir/cipher"
	has "is private"
	run -0 --separate-stderr ./nstool mountpriv --list @vault
	tr -s ' ' <<<"$output" | grep -qE " $dir/cipher .*,idmapped 0:[0-9]+:65536 yes "
	tr -s ' ' <<<"$output" | grep -qE " $dir/dst fuse(.gocryptfs)? rw,privuserns,nosuid,nodev no"
	run -32 ./nstool bind-ns -l vault -- umount "$dir/cipher"
	# What the owner of the disk has tomorrow.
	in_vault umount "$dir/dst"
	./nstool bind-ns --remove vault
	mkdir later
	gocryptfs -q -nosyslog -passfile word cipher later
	is "the deep secret" "$(cat later/diary)"
}

# Is COMMAND done before anybody could have waited for a server? A minute is for slow machines.
at_once() { # STATUS COMMAND...
	local status=$1
	shift
	run "-$status" --separate-stderr timeout 60 "$@"
}

@test "a server that stops holds nobody up" {
	open_vault
	local mnt
	mnt=$(stat -Lc %i "/proc/$server/ns/mnt")
	kill -STOP "$server"
	at_once 0 ./nstool list -o +HOLDERS
	at_once 0 ./nstool enter -t "$server" true
	at_once 0 ./nstool shell -c "info mnt:[$mnt]"
	has "gocryptfs"
	at_once 0 ./nstool mountpriv --list @vault
	at_once 0 ./nstool mountpriv --verify -t @vault "$dir/dst"
	has "is private"
}

# A file system of a server that never says anything, here, at dst.
mount_deaf() {
	exec {deaf}<>/dev/fuse
	mount -i -t fuse -o "fd=$deaf,rootmode=40000,user_id=0,group_id=0" deaf dst
}

@test "a server that never answers: what is mounted over it, and what it serves itself" {
	mount_deaf
	mkdir third
	at_once 0 ./nstool mountpriv src dst cat dst/file
	is secret
	at_once 0 ./nstool mountpriv --fresh dst stat -f -c %T dst
	is tmpfs
	at_once 0 ./nstool mountpriv dst third findmnt -nro FSTYPE third
	is fuse
	at_once 0 "$dir/deny" open_tree_attr=ENOSYS mount_setattr=ENOSYS -- ./nstool mountpriv src dst cat dst/file
	is secret
	at_once 125 ./nstool mountpriv --private-ids dst third
	[[ $stderr == *"cannot map the ids of 'dst': its file system, fuse, allows it since Linux 6.12 if its server does"* ]]
	keep ./nstool unshare-ns -Um -r
	at_once 0 ./nstool mountpriv -t "$pid" src "$dir/dst"
	at_once 0 ./nstool mountpriv --remove -t "$pid" "$dir/dst"
	at_once 0 ./nstool list
	at_once 0 ./nstool enter -t "$pid" true
	let_go
}

@test "a server that never answers, inside: it is shown, and what cannot be tried is not proven" {
	# shellcheck disable=SC2016 # for the inner shell
	keep unshare -Urm sh -c 'exec 9<>/dev/fuse
		mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 deaf dst && echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' sh
	at_once 0 ./nstool mountpriv --list "$pid"
	has " fuse "
	has " no"
	at_once 0 ./nstool mountpriv --verify -t "$pid" "$dir/dst"
	has "is private"
	# Whoever could be let in waits for the answer, for a while.
	is "ETIMEDOUT limit" "$(tr -s ' ' <<<"$output" | sed -n 's/^initial root proc-root //p')"
	let_go
}

@test "what is served to its user alone is no place to mount for root, who is told why" {
	open_vault
	at_once 125 ./nstool mountpriv -t @vault src "$dir/dst"
	is "nstool: mountpriv: cannot look at '$dir/dst': Permission denied
hint: a FUSE file system is its user's alone, without the option allow_other" "$stderr"
}
