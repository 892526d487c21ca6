#!/usr/bin/env bats
# mountpriv -t: mounts for a user namespace that is there, in its mounts and in a copy of them.

load lib/suite
load lib/mountpriv

setup() {
	need_root
	no_leak_check
	in_open_dir
}

teardown() {
	let_go
	rm -rf "$dir"
	leaves_nothing
}

mountpriv() {
	"$NSTOOL" mountpriv "$@"
}

# Keeps a process, $pid, in namespaces of its own with ids from 100000 on.
container() { # [OPTION...]
	keep "$NSTOOL" unshare-ns -Um --map-users 0:100000:1000 --map-groups 0:100000:1000 -S 0 -G 0 "$@"
}

inside() { # COMMAND...
	nsenter -t "$pid" -U -m -S 0 -G 0 "$@"
}

@test "-t attaches, with the ids of the target, and says that it is not locked" {
	container
	run -0 --separate-stderr mountpriv -t "$pid" src "$dir/dst"
	is "" "$output"
	is "nstool: mountpriv: note: a bind does not hide 'src' itself, which every user of the host can reach; --fresh leaves nothing outside
nstool: mountpriv: note: the mount is not locked: root of $pid can unmount it and clear its flags" "$stderr"
	is 0:0 "$(inside stat -c %u:%g "$dir/dst/file")"
	is "" "$(ls dst)"
	run -0 inside findmnt -nro OPTIONS,PROPAGATION "$dir/dst"
	has nosuid,nodev
	has idmapped
	has private
	inside mount -o remount,bind,suid,dev "$dir/dst"
	inside umount "$dir/dst"
}

@test "-t attaches a new file system as well" {
	container
	run -0 mountpriv -t "$pid" --fresh -o mode=700 "$dir/dst"
	is "tmpfs 0" "$(inside findmnt -nro FSTYPE "$dir/dst") $(inside stat -c %u "$dir/dst")"
	inside touch "$dir/dst/file"
}

@test "--remove takes it away; what is no mount, locked or not private stays" {
	container
	run -0 mountpriv -t "$pid" src "$dir/dst"
	run -0 --separate-stderr mountpriv --remove -t "$pid" "$dir/dst"
	is "" "$output$stderr"
	run -125 mountpriv --remove -t "$pid" "$dir/dst"
	is "nstool: mountpriv: '$dir/dst' is no mount point"
	run -125 mountpriv --remove -t "$pid" /nosuch
	is "nstool: mountpriv: cannot open '/nosuch': No such file or directory"
	run -125 mountpriv --remove dst
	has "is in a mount namespace of the host's user namespace: no mount there is private"
	run -125 mountpriv --remove
	has "DST is missing"
	run -125 mountpriv --remove dst more
	has "--remove takes DST and no more words"
	for wrong in --fresh "-o ro" --make-private "--name x" -J; do
		# shellcheck disable=SC2086 # words
		run -125 mountpriv --remove $wrong dst
		is "nstool: mountpriv: beside --remove there can be only -t"
	done
	keep mountpriv --private-ids src dst
	run -125 mountpriv --remove -t "$pid" "$dir/dst"
	has "'$dir/dst' is locked in its mount namespace and goes with it alone"
	has "hint: end the processes in it"
}

@test "--remove inside, by root of the user namespace" {
	container
	run -0 mountpriv -t "$pid" src "$dir/dst"
	cp "$NSTOOL" nstool
	run -0 inside "$dir/nstool" mountpriv --remove "$dir/dst"
	run -32 inside mountpoint "$dir/dst"
}

@test "a target without an own user namespace is refused" {
	run -125 mountpriv -t self src "$dir/dst"
	has "self is in the caller's own user namespace: a mount there is private to nobody"
	container
	run -125 mountpriv -t "user:[$(stat -Lc %i "/proc/$pid/ns/user")]" src "$dir/dst"
	has "names no mount namespace"
	run -125 mountpriv -t "$pid" src dst
	has "'dst' does not begin with a slash: it is a path of $pid"
	run -125 mountpriv -t "$pid" --private-ids src "$dir/dst"
	has "-t without a COMMAND has its ids"
}

@test "a target that has neither a user nor a mount namespace is refused" {
	run -125 mountpriv -t "net:[$(stat -Lc %i /proc/self/ns/net)]" src "$dir/dst"
	has "has neither a user nor a mount namespace that can be opened"
	run -125 mountpriv --remove -t "user:[$(stat -Lc %i /proc/self/ns/user)]" "$dir/dst"
	has "names no mount namespace"
}

@test "a user namespace without maps has no ids to map to" {
	keep unshare -Um
	run -125 mountpriv -t "$pid" src "$dir/dst"
	has "the user namespace has no uid map so far"
	has "hint: write it first, or mount with --idmap none"
	run -0 mountpriv -t "$pid" --idmap none src "$dir/dst"
	run -0 nsenter -t "$pid" -m cat "$dir/dst/file"
}

@test "what another mount namespace has, and what is the target's own user namespace" {
	keep "$NSTOOL" unshare-ns -Um --map-users 0:100000:1000 --map-groups 0:100000:1000 -S 0 -G 0 \
		sh -c 'mount -t tmpfs own dst && exec "$@"' sh
	run -125 mountpriv -t "$pid" "/proc/$pid/root$dir/dst" "$dir/src"
	has "cannot bind '/proc/$pid/root$dir/dst': it is in another mount namespace"
	has "hint: 'nstool enter' goes there"
	# From inside, for itself: the caller's own user namespace is never a target.
	cp "$NSTOOL" nstool
	run -125 inside "$dir/nstool" mountpriv -t "$pid" "$dir/dst" "$dir/src"
	has "private to nobody"
}

@test "a shared mount is refused with the peer's name; --make-private takes it out" {
	mkdir peer
	keep "$NSTOOL" unshare-ns -Um --map-users 0:100000:1000 --map-groups 0:100000:1000 -S 0 -G 0 \
		sh -c 'mount -t tmpfs own dst && mount --make-shared dst && mkdir dst/below && mount --bind dst peer && exec "$@"' sh
	local inode
	inode=$(stat -Lc %i "/proc/$pid/ns/mnt")
	run -125 mountpriv -t "$pid" src "$dir/dst/below"
	has "'$dir/dst/below' is in the shared mount '$dir/dst': what is mounted there appears at '$dir/peer' of mount namespace $inode, too"
	has "hint: --make-private takes '$dir/dst' out of its peer group first"
	run -32 inside mountpoint "$dir/dst/below"
	run -0 mountpriv -t "$pid" --make-private src "$dir/dst/below"
	is secret "$(inside cat "$dir/dst/below/file")"
	run -32 inside mountpoint "$dir/peer/below"
}

@test "a shared mount without peers is refused, too" {
	keep "$NSTOOL" unshare-ns -Um --map-users 0:100000:1000 --map-groups 0:100000:1000 -S 0 -G 0 \
		sh -c 'mount --make-shared / && exec "$@"' sh
	run -125 mountpriv -t "$pid" src "$dir/dst"
	has "'$dir/dst' is in the shared mount '/': what is mounted there is shared as well"
}

@test "a link of the target leads nowhere but below its root" {
	keep "$NSTOOL" unshare-ns -Um --map-users 0:100000:1000 --map-groups 0:100000:1000 -S 0 -G 0 \
		sh -c 'mount -t tmpfs own dst && mkdir dst/real && ln -s real dst/link && ln -s /proc/self/cwd dst/magic && exec "$@"' sh
	run -125 mountpriv -t "$pid" src "$dir/dst/link"
	has "'$dir/dst/link' is a symbolic link"
	run -125 mountpriv -t "$pid" src "$dir/dst/magic/src"
	has "cannot open '$dir/dst/magic/src': Too many levels of symbolic links"
	run -0 mountpriv -t "$pid" src "$dir/dst/real"
}

@test "-t with a command: a copy of the mounts, locked, which the target does not see" {
	container
	# shellcheck disable=SC2016
	run -0 --separate-stderr mountpriv -t "$pid" src "$dir/dst" -- sh -c '
		cat "$0/file"; stat -c %u "$0/file"; readlink /proc/self/ns/user /proc/self/ns/mnt
		umount "$0" || echo locked' "$dir/dst"
	is secret "${lines[0]}"
	is 0 "${lines[1]}"
	is "$(readlink "/proc/$pid/ns/user")" "${lines[2]}"
	[ "${lines[3]}" != "$(readlink "/proc/$pid/ns/mnt")" ]
	is locked "${lines[4]}"
	is "" "$(inside ls "$dir/dst")"
	run -7 mountpriv -t "$pid" src "$dir/dst" -- sh -c 'exit 7'
}

@test "-t with a command: it is in the other namespaces of the target" {
	container -pun
	read -r first _ <"/proc/${kept[0]}/task/${kept[0]}/children" || true # no newline ends it
	run -0 --separate-stderr mountpriv -t "$first" src "$dir/dst" -- sh -c 'readlink /proc/self/ns/pid /proc/self/ns/uts /proc/self/ns/net; test -e /proc/1'
	is "$(readlink "/proc/$first/ns/pid" "/proc/$first/ns/uts" "/proc/$first/ns/net")" "$(head -n 3 <<<"$output")"
}

@test "-t with a command: its root can mount and unmount what is its own" {
	mkdir own
	container
	for target in "$pid" self; do
		run -0 --separate-stderr mountpriv -t "$target" src "$dir/dst" -- \
			sh -c "mount -t tmpfs none $dir/own && touch $dir/own/it && umount $dir/own && echo good"
		is good
	done
}

@test "-t: nothing that is mounted below DST comes out at SRC; with slave the other way is open" {
	mkdir all
	container
	for mode in private slave; do
		# A shared tmpfs holds SRC; one mount is made inside, one outside.
		# shellcheck disable=SC2016
		run -0 --separate-stderr unshare -m sh -c '
			mount -t tmpfs none all && mount --make-shared all && mkdir -p all/s/in all/s/out
			"$@" all/s "$PWD/dst" || exit
			mount -t tmpfs none all/s/out
			nsenter -t "$0" -U -m mount -t tmpfs none "$PWD/dst/in"
			findmnt -nro TARGET | grep -c /all/s
			nsenter -t "$0" -m findmnt -nro TARGET | grep -c /dst/' "$pid" "$NSTOOL" mountpriv -t "$pid" --propagation $mode
		case $mode in
		private) is $'1\n1' ;;
		slave) is $'1\n2' ;;
		esac
		inside umount "$dir/dst/in"
		run -0 mountpriv --remove -t "$pid" "$dir/dst"
	done
}

@test "-t with a command: flags and id map are locked" {
	container
	for flag in rdonly nosuid nodev noexec; do
		for way in mount rebind; do
			run -0 --separate-stderr mountpriv -t "$pid" -o ro,noexec src "$dir/dst" \
				"$dir/mountattr" "$dir/dst" "$way" "$flag"
			is EPERM
		done
	done
}

@test "-t with a command: a user namespace alone gets a copy of the caller's mounts" {
	container
	run -0 --separate-stderr mountpriv -t "user:[$(stat -Lc %i "/proc/$pid/ns/user")]" src dst -- sh -c 'cat dst/file; readlink /proc/self/ns/user'
	is $'secret\n'"$(readlink "/proc/$pid/ns/user")"
}

@test "-t with a command: a target of the caller's own user namespace gets a new one" {
	keep unshare -m sh -c 'mount -t tmpfs own dst && mkdir dst/below && exec "$@"' sh
	run -0 --separate-stderr mountpriv -t "$pid" src "$dir/dst/below" -- sh -c "cat $dir/dst/below/file; umount $dir/dst/below || echo locked; id -u"
	is $'secret\nlocked\n0' "$output"
	[[ $stderr == *"note: root inside is root outside"* ]]
	run -0 --separate-stderr mountpriv -t "$pid" --private-ids src "$dir/dst/below" -- stat -c %u "$dir/dst/below/file"
	is 0
	is "" "$(nsenter -t "$pid" -m ls "$dir/dst/below")"
}

@test "who lacks privilege is told what -t needs" {
	keep ordinary unshare -Urm
	run -125 --separate-stderr ordinary sh -c "mkdir s; /mnt/nstool mountpriv -t $pid s /mnt"
	[[ $stderr == *"hint: -t needs CAP_SYS_ADMIN over the caller's mount namespace and over the user namespace of the target"* ]]
	# nor may ann look at what is root's
	for words in "--remove -t $BASHPID /mnt" "-t $BASHPID s /mnt" "-t $pid --remove /mnt"; do
		run -125 --separate-stderr ordinary sh -c "mkdir s; /mnt/nstool mountpriv $words"
		[[ $stderr == *"hint: -t needs CAP_SYS_ADMIN over the caller's mount namespace"* ]]
	done
}

@test "the examples of the manual" {
	container
	run -0 example 'nstool mountpriv -t 1234 -o ro /srv/data /mnt' 1234="$pid" /srv/data=src /mnt="$dir/dst"
	is secret "$(inside cat "$dir/dst/file")"
	run -1 inside touch "$dir/dst/file"
	run -0 example 'nstool mountpriv --remove -t 1234 /mnt' 1234="$pid" /mnt="$dir/dst"
	is "" "$(inside ls "$dir/dst")"
}

@test "an encrypted or other file system on a device: in the namespace alone, kept, and gone" {
	local loop name=vault-$$
	truncate -s 16M image
	mkfs.ext4 -q image
	attach_loop image
	run -0 example 'nstool mountpriv --private-ids --name vault --fresh=ext4:/dev/loop0 /mnt' \
		/dev/loop0="$loop" /mnt="$dir/dst" vault="$name"
	has "nstool: mountpriv: note: what is in the file system is on '$loop', which "
	run -0 "$NSTOOL" bind-ns -l "$name" -- sh -c "umask 077; echo deep >$dir/dst/file"
	run -0 example 'nstool bind-ns -l vault -- ls -l /mnt' /mnt="$dir/dst" vault="$name"
	has "root"
	has "file"
	run -32 "$NSTOOL" bind-ns -l "$name" -- umount "$dir/dst"
	run -1 grep -F "$dir/dst" /proc/self/mountinfo
	run -0 example 'nstool bind-ns --remove vault' vault="$name"
	# The file system has gone with the namespace: the device is free, and has root's file.
	detach_loop image
	run -0 debugfs -R 'stat /file' image
	has "User:     0"
}
