#!/usr/bin/env bats
# mountpriv: a command with a mount that its user namespace alone can use.

load lib/suite
load lib/mountpriv

setup() {
	need_root
	no_leak_check
	in_open_dir
}

teardown() {
	let_go
	is "" "$(mounts_here)"
	rm -rf "$dir"
	leaves_nothing
}

# Mounts at or below this test's directory, in the tests' own mount namespace.
mounts_here() {
	awk -v dir="$dir/" 'index($5, dir) == 1' /proc/self/mountinfo
}

mountpriv() {
	"$NSTOOL" mountpriv "$@"
}

# Runs mountpriv with the words, and shows the flags of the mount at dst.
flags() { # OPTION...
	run -0 --separate-stderr mountpriv "$@" findmnt -nro FSTYPE,OPTIONS "$dir/dst"
}

@test "a command sees SRC at DST, in a user and a mount namespace of its own" {
	run -0 --separate-stderr mountpriv src dst -- sh -c 'cat dst/file; readlink /proc/self/ns/user /proc/self/ns/mnt'
	is secret "${lines[0]}"
	[ "${lines[1]}" != "$(readlink /proc/self/ns/user)" ]
	[ "${lines[2]}" != "$(readlink /proc/self/ns/mnt)" ]
	is "" "$(ls dst)"
}

@test "the exit status is the command's; ours is 125" {
	run -7 mountpriv src dst sh -c 'exit 7'
	run -127 mountpriv src dst nosuch
	run -126 mountpriv src dst /etc/passwd
	run -125 mountpriv src
	has "DST is missing"
	run -125 mountpriv
	has "SRC is missing"
}

@test "a file can be mounted over a file" {
	echo public >over
	run -0 --separate-stderr mountpriv src/file over cat over
	is secret
	run -125 mountpriv src/file dst
	has "'dst' is a directory, what is mounted there is not"
	run -125 mountpriv src over
	has "'over' is no directory, what is mounted there is one"
}

@test "its root can neither unmount it nor clear what is locked, nor can a bind of it" {
	options=ro,noexec,noatime
	for ids in "" --private-ids; do
		# shellcheck disable=SC2086 # none or one
		run -32 mountpriv $ids src dst umount dst
		for flag in rdonly nosuid nodev noexec atime; do
			for way in mount rebind; do
				# shellcheck disable=SC2086
				run -0 --separate-stderr mountpriv $ids -o $options src dst \
					"$dir/mountattr" dst "$way" "$flag"
				is EPERM
			done
		done
	done
	# The one flag that the kernel never locks.
	run -0 --separate-stderr mountpriv -o nosymfollow src dst "$dir/mountattr" dst mount nosymfollow
	is ok
	mkdir third
	# A bind of the whole mount that would have fewer flags.
	run -32 mountpriv -o $options src dst sh -c 'mount --bind dst third && mount -o remount,bind,suid third'
}

@test "its root cannot clear the id map, nor can a bind of it" {
	for way in mount rebind; do
		run -0 --separate-stderr mountpriv --private-ids src dst "$dir/mountattr" dst $way idmap
		[[ $output =~ ^(EPERM|EINVAL)$ ]]
	done
	mkdir third
	run -0 --separate-stderr mountpriv --private-ids src dst sh -c 'mount --bind dst third && stat -c %u:%g third/file'
	is 0:0
}

@test "-o: options of mount(8), nosuid and nodev by default" {
	flags src dst
	has rw,nosuid,nodev
	flags -o ro,noexec,nosymfollow -o noatime src dst
	has ro,nosuid,nodev,noexec,noatime
	has ,nosymfollow
	flags -o suid,dev src dst
	[[ $output != *nosuid* && $output != *nodev* ]]
	for option in user sync rshared remount; do
		run -125 mountpriv -o $option src dst
		has "mount option '$option' means nothing here"
	done
	run -125 mountpriv -o ro,size=1m src dst
	has "mount option 'size' is one of a file system, not of a bind"
	has "hint: --fresh"
}

@test "--recursive and rec bind what is mounted below SRC, with the same flags" {
	mkdir src/below
	for option in "--recursive -o ro" "-o rec,ro"; do
		# shellcheck disable=SC2016,SC2086 # words; for the inner shell
		run -0 --separate-stderr unshare -m sh -c '
			mount -t tmpfs none src/below && touch src/below/it
			"$@" ls dst/below
			"$@" touch dst/below/other' sh "$NSTOOL" mountpriv $option src dst || true
		is it
		[[ $stderr == *"Read-only file system"* ]]
	done
	# shellcheck disable=SC2016
	run -0 --separate-stderr unshare -m sh -c 'mount -t tmpfs none src/below && touch src/below/it
		"$@" ls dst/below' sh "$NSTOOL" mountpriv src dst
	is ""
}

@test "--fresh: a tmpfs to which nothing outside has a path" {
	run -0 --separate-stderr mountpriv --fresh dst sh -c 'echo secret >dst/file; findmnt -nro FSTYPE,OPTIONS dst; cat dst/file; umount dst || echo locked'
	is $'tmpfs rw,nosuid,nodev,relatime\nsecret\nlocked'
	[[ $stderr != *"does not hide"* ]]
	flags --fresh -o size=1m,mode=700,ro dst
	has "tmpfs ro,nosuid,nodev"
	has size=1024k,mode=700
	run -125 mountpriv --fresh -o nosuch=1 dst
	has "cannot make a file system of type 'tmpfs': Invalid argument"
	has "hint: the kernel says 'tmpfs: Unknown parameter 'nosuch''"
	run -125 mountpriv --fresh=ext4:src/file dst
	has "hint: losetup(8) makes a device of a file"
	run -125 mountpriv --fresh=nosuch dst
	has "cannot make a file system of type 'nosuch': No such device"
}

@test "--private-ids: 65536 ids of its own, and the files are its root's" {
	chmod 700 src
	chmod 600 src/file
	# shellcheck disable=SC2016
	run -0 --separate-stderr mountpriv --private-ids src dst sh -c 'cat dst/file; id -u; stat -c %u:%g dst/file; touch dst/new; read -r _ base n </proc/self/uid_map; echo $base $n'
	is secret "${lines[0]}"
	is 0 "${lines[1]}"
	is 0:0 "${lines[2]}"
	is 0:0 "$(stat -c %u:%g src/new)"
	read -r base n <<<"${lines[3]}"
	is 65536 "$n"
	[ "$base" -gt 600100000 ]
	[[ $stderr != *"root inside is root outside"* ]]
	run -125 mountpriv --private-ids --map-auto src dst
	has "exclude each other"
}

@test "initial root can read there, but creates nothing; others come nowhere near" {
	chmod 755 src
	keep mountpriv --private-ids --fresh dst
	nsenter -t "$pid" -U -m sh -c "umask 077; echo secret >$dir/dst/file"
	is secret "$(cat "/proc/$pid/root$dir/dst/file")"
	run -1 touch "/proc/$pid/root$dir/dst/new"
	has "Value too large for defined data type"
	run -32 mount -c --bind "/proc/$pid/root$dir/dst" src
	run -1 ordinary cat "/proc/$pid/root$dir/dst/file"
	has "Permission denied"
	run -1 "$NSTOOL" unshare-ns -Um --map-users 0:300000:10 --map-groups 0:300000:10 -S 0 cat "/proc/$pid/root$dir/dst/file"
	has "Permission denied"
}

@test "--idmap: given ranges, of one kind, none" {
	chown 1000:1000 src/file
	ids() { # OPTION...
		run -0 --separate-stderr mountpriv "$@" src dst stat -c %u:%g dst/file
	}
	ids --idmap 1000:0:1
	is 0:0
	ids --idmap u:1000:5:1
	is 5:1000
	ids --private-ids --idmap u:1000:5:1 --idmap g:1000:6:1
	is 5:6
	ids --private-ids --idmap none
	is 65534:65534
	run -125 mountpriv --idmap 1:2 src dst
	has "'1:2' is not ON-DISK:IN-MOUNT:COUNT"
	run -125 mountpriv --private-ids --idmap 0:70000:1 src dst
	has "uid 70000 has no place in the user namespace"
}

@test "why ids cannot be mapped" {
	run -125 mountpriv --private-ids /proc dst
	has "cannot map the ids of '/proc': its file system, proc, does not allow it"
	has "hint: --idmap none"
	run -0 --separate-stderr mountpriv --private-ids --idmap none /proc dst test -e dst/self
	run -125 unshare -Ur "$NSTOOL" mountpriv --idmap 0:0:1 src dst
	has "cannot map the ids of 'src': that needs CAP_SYS_ADMIN in the user namespace that its file system belongs to"
}

@test "--propagation: what is mounted outside later arrives with slave alone" {
	mkdir late
	for mode in private slave; do
		# A shared tmpfs around all; what is mounted there while the command waits.
		# shellcheck disable=SC2016
		run -0 --separate-stderr unshare -m sh -c '
			mount -t tmpfs none late && mount --make-shared late && mkdir late/s late/d late/m late/s/m
			mkfifo late/ready late/go
			"$@" late/s late/d sh -c "echo >late/ready; read -r _ <late/go; findmnt -nro TARGET | grep -c -e late/m -e late/d/m" &
			read -r _ <late/ready
			mount -t tmpfs none late/m; mount -t tmpfs none late/s/m
			echo >late/go
			wait $! || true' sh "$NSTOOL" mountpriv --propagation "$mode"
		case $mode in
		private) is 0 ;;
		slave) is 2 ;;
		esac
	done
	run -125 mountpriv --propagation shared src dst
	has "'shared' is neither private nor slave"
}

@test "nothing that is mounted inside comes out" {
	mkdir all
	# shellcheck disable=SC2016
	run -0 --separate-stderr unshare -m sh -c '
		mount -t tmpfs none all && mount --make-shared all && mkdir all/s all/s/m all/d
		"$@" all/s all/d sh -c "mount -t tmpfs none all/d/m && mount -t tmpfs none all/s/m"
		findmnt -nro TARGET | grep -c /all/' sh "$NSTOOL" mountpriv --private-ids || true
	is 0
}

@test "--no-nested-userns" {
	run -0 --separate-stderr mountpriv src dst unshare -U true
	run -1 mountpriv --no-nested-userns src dst unshare -U true
	has "No space left on device"
	run -2 mountpriv --no-nested-userns src dst sh -c 'echo 9 >/proc/sys/user/max_user_namespaces'
	run -0 mountpriv --no-nested-userns --private-ids src dst sh -c 'sed -n "s/^CapBnd:.//p" /proc/self/status'
	[ $((0x${lines[-1]} & 1 << 24)) = 0 ]
}

@test "--name keeps the namespaces, with and without a command" {
	name=mountpriv-$$
	run -0 mountpriv --private-ids --name $name src dst
	run -0 --separate-stderr "$NSTOOL" bind-ns -l $name -- cat "$dir/dst/file"
	is secret
	run -32 "$NSTOOL" bind-ns -l $name -- umount "$dir/dst"
	run -125 mountpriv --name $name src dst
	has "$name"
	"$NSTOOL" bind-ns --remove $name
	run -0 --separate-stderr mountpriv --name $name src dst cat dst/file
	is secret
	run -0 --separate-stderr "$NSTOOL" bind-ns --remove $name
	run -125 mountpriv --name bad/name src dst true
}

# shellcheck disable=SC2016 # for the inner shell
@test "--name: mount namespaces are bound, whichever processor made the caller's" {
	local all cpus cpu name=mountpriv-$$
	all=$(taskset -pc $$ | sed 's/.*: //')
	cpus=${all//[,-]/ }
	for cpu in $cpus $cpus $cpus; do
		# A mount namespace of that processor, and nstool free to run on all.
		run -0 --separate-stderr taskset -c "$cpu" unshare -m taskset -c "$all" sh -c '
			mount -t tmpfs -o mode=755 none /run && "$0" mountpriv --name "$1" src dst &&
			"$0" bind-ns -l "$1" cat "$PWD/dst/file" && "$0" bind-ns --remove "$1"' "$NSTOOL" "$name"
		is secret
	done
}

@test "a note says who can reach SRC, and what root inside is" {
	mkdir -m 700 closed
	mkdir -m 750 group
	mkdir -m 700 user
	chgrp 4242 group
	chown 4242:0 user
	while IFS=: read -r what who; do
		run -0 --separate-stderr mountpriv "$what" dst true
		[[ $stderr == *"note: a bind does not hide '$what' itself, which $who of the host can reach; --fresh"* ]]
		[[ $stderr == *"note: root inside is root outside to files and processes; --private-ids"* ]]
	done <<-END
		src:every user
		closed:only root
		group:every member of group 4242
		user:user 4242
	END
	# What is mounted over SRC itself has other ids.
	run -0 --separate-stderr mountpriv --private-ids closed closed true
	[[ $stderr == *"does not hide 'closed' itself, which only root of the host can reach"* ]]
	mkdir -p closed/point
	run -0 --separate-stderr mountpriv --private-ids src closed/point true
	[[ $stderr == *"may not pass all directories above 'closed/point'"* ]]
}

@test "what is not there, and what is a symbolic link, is refused" {
	run -125 mountpriv nosuch dst
	has "cannot open 'nosuch': No such file or directory"
	run -125 mountpriv src nosuch
	has "cannot open 'nosuch': No such file or directory"
	has "hint: what is mounted over must be there"
	ln -s dst link
	run -125 mountpriv src link
	has "'link' is a symbolic link"
}

@test "a DST that is replaced by a link while it is mounted over is not followed" {
	local line traced
	mkdir elsewhere
	mkfifo calls
	# The call that attaches waits; in the meantime dst becomes a link to elsewhere.
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -qq -o calls -e trace=openat,move_mount \
		-e inject=move_mount:delay_enter=5000000 "$NSTOOL" mountpriv src dst sh -c 'ls elsewhere was' >out 2>&1 3>&- &
	traced=$!
	{
		while read -r line; do
			[[ $line != *'"dst", O_RDONLY|O_NOFOLLOW|O_CLOEXEC|O_PATH'* ]] || break
		done
		mv dst was
		ln -s elsewhere dst
		cat >/dev/null
	} <calls
	wait $traced
	rm dst
	mkdir dst
	is $'elsewhere:\n\nwas:\nfile' "$(grep -v note: out)"
}

@test "options that mean nothing together" {
	while IFS=: read -r words sentence; do
		# shellcheck disable=SC2086
		run -125 mountpriv $words src dst true
		has "$sentence"
	done <<-END
		--make-private:--make-private is for -t without a COMMAND
		--name x -t self:--name and -t exclude each other
		--no-nested-userns -t self:--no-nested-userns is for a new user namespace
		--fresh --recursive:--fresh has nothing below it
	END
}

@test "an ordinary user has private mounts too, locked" {
	# shellcheck disable=SC2016
	run -0 --separate-stderr ordinary sh -c '
		mkdir s d; echo own >s/file
		/mnt/nstool mountpriv s d -- sh -c "cat d/file; id -u; umount d"; echo $?
		ls d
		/mnt/nstool mountpriv -r s d -- sh -c "cat d/file; id -u; umount d; mount -o remount,bind,suid d; touch d/new"
		/mnt/nstool mountpriv -r --fresh d -- sh -c "echo fresh >d/file; cat d/file; stat -c %u d/file; umount d"
		/mnt/nstool mountpriv --map-auto --fresh d -- sh -c "touch d/file; chown 7:7 d/file; stat -c %u:%g d/file"
		stat -c %U s/new'
	is $'own\n4242\n32\nown\n0\nfresh\n0\n7:7\nann' "$output"
}

@test "an ordinary user's namespaces are kept, too" {
	# shellcheck disable=SC2016
	run -0 --separate-stderr ordinary sh -c '
		mkdir -m 700 run s d; echo own >s/file; export XDG_RUNTIME_DIR=/mnt/run
		/mnt/nstool mountpriv -r --name vault s d
		/mnt/nstool bind-ns -l vault -- sh -c "cat /mnt/d/file; umount /mnt/d || echo locked"
		/mnt/nstool bind-ns --remove vault'
	is $'own\nlocked'
}

@test "a refusal to make a user namespace says why" {
	run -125 unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; "$0" mountpriv src dst' "$NSTOOL"
	has "nstool: mountpriv: cannot make a new user namespace: No space left on device"
	has "hint: "
	has max_user_namespaces
}

@test "what an ordinary user cannot do says why" {
	run -125 --separate-stderr ordinary sh -c 'mkdir d; /mnt/nstool mountpriv --private-ids /usr d'
	[[ $stderr == *"--private-ids needs CAP_SETUID, CAP_SETGID and CAP_SYS_ADMIN"* ]]
	run -125 --separate-stderr ordinary sh -c 'mkdir d; /mnt/nstool mountpriv --idmap 0:4242:1 /usr d'
	[[ $stderr == *"cannot map the ids of '/usr': that needs CAP_SYS_ADMIN in the user namespace"* ]]
	run -125 --separate-stderr ordinary sh -c 'mkdir d; /mnt/nstool mountpriv / d'
	[[ $stderr == *"cannot bind '/' without what is mounted below it"* ]]
	[[ $stderr == *"hint: "*--recursive* ]]
	run -125 --separate-stderr ordinary sh -c 'mkdir d; /mnt/nstool mountpriv --fresh=ext4:/dev/loop0 d'
	is "nstool: mountpriv: cannot make a file system of type 'ext4': Operation not permitted
hint: a user namespace may make some: tmpfs, ramfs, overlay, fuse; others, as on a device, are for root of the host" "$stderr"
	# What is nobody's inside is root's outside.
	mkdir -m 700 closed
	run -0 --separate-stderr ordinary sh -c "mkdir d; /mnt/nstool mountpriv $dir/closed d true"
	is "nstool: mountpriv: note: a bind does not hide '$dir/closed' itself, which only root of the host can reach; --fresh leaves nothing outside" "$stderr"
}

@test "completion of its words" {
	while IFS=: read -r words found; do
		# shellcheck disable=SC2086
		run -0 "$NSTOOL" __complete nstool mountpriv ${words//%/:}
		has "${found//%/:}"
	done <<-END
		/m:%files
		/src /d:%files
		src dst l:%command 4
		--fresh dst l:%command 4
		--fresh /d:%files
		--fresh=ext4%/dev/x -o ro dst ls -:%command 6
		-o ro,no:ro,noexec
		--fresh=t:--fresh=tmpfs
		--fresh=ext4%/dev/lo:%files
		--propagation s:slave
		--idmap n:none
		--priv:--private-ids
	END
}

@test "the examples of the manual" {
	run -0 --separate-stderr example 'nstool mountpriv /srv/vault /mnt -- ls /mnt' /srv/vault=src /mnt=dst
	is file
	run -0 --separate-stderr example 'nstool mountpriv --private-ids --no-nested-userns --fresh /mnt -- sh' /mnt=dst '-- sh=-- sh -c "findmnt -nro FSTYPE dst"'
	is tmpfs
}
