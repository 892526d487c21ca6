#!/usr/bin/env bats
# Refusals of the kernel and what unshare-ns makes of them. Produced for real where any machine
# can; the others with a seccomp filter that refuses and a made /proc/sys that is to blame.

load lib/suite
load lib/ordinary

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	# shellcheck disable=SC2153 # not the same name
	nstool=$(realpath "$NSTOOL")
	deny=${nstool%/*}/tests/lib/deny
}

# The command fails with 125 (or what is said) and its first hint has the text.
hints() { # TEXT COMMAND...
	local text=$1
	shift
	run -125 --separate-stderr "$@"
	[[ $stderr == *$'\n'"hint: "*"$text"* ]] || { echo "$stderr"; return 1; }
}

@test "no CAP_SYS_ADMIN" {
	run -1 --separate-stderr ordinary /mnt/unshare -n true
	is "hint: this needs CAP_SYS_ADMIN, which the caller lacks: run it as root, or add a user namespace (-U, -r or -c)" "${stderr_lines[1]}"
}

@test "a limit of 0, with its value and the user namespace where it stands" {
	# shellcheck disable=SC2016
	hints "user.max_net_namespaces is 0 in user:[" "$NSTOOL" unshare-ns -r sh -c '
		echo 0 >/proc/sys/user/max_net_namespaces
		ls -iL /proc/self/ns/user >&2
		exec "$1" unshare-ns -n true' sh "$nstool"
	[[ ${stderr_lines[0]} =~ ^([0-9]+)\  ]]
	[[ $stderr == *"user:[${BASH_REMATCH[1]}]"*"'sysctl -w user.max_net_namespaces="* ]]
	is "nstool: unshare-ns: cannot make new namespaces: No space left on device" "${stderr_lines[1]}"
}

@test "a limit that is used up" {
	# shellcheck disable=SC2016
	hints "user.max_uts_namespaces is 1 in user:[" "$NSTOOL" unshare-ns -r sh -c '
		echo 1 >/proc/sys/user/max_uts_namespaces
		exec "$1" unshare-ns -u "$1" unshare-ns -u true' sh "$nstool"
}

@test "a limit of the user namespace above" {
	# shellcheck disable=SC2016
	hints "a user namespace above this one has reached its own" "$NSTOOL" unshare-ns -r sh -c '
		echo 0 >/proc/sys/user/max_ipc_namespaces
		exec "$1" unshare-ns -r "$1" unshare-ns -i true' sh "$nstool"
}

@test "32 levels of user namespaces" {
	cat >deeper <<-'END'
		#!/bin/sh
		[ "$2" = 0 ] && exec "$1" unshare-ns -r true
		exec "$1" unshare-ns -r "$0" "$1" $(($2 - 1))
	END
	chmod +x deeper
	hints "user namespaces nest at most 32 deep" ./deeper "$nstool" 40
	run -0 ./deeper "$nstool" 31
}

@test "32 levels of pid namespaces" {
	cat >deeper <<-'END'
		#!/bin/sh
		[ "$2" = 0 ] && exec "$1" unshare-ns -p --no-init true
		exec "$1" unshare-ns -p --no-init "$0" "$1" $(($2 - 1))
	END
	chmod +x deeper
	hints "pid namespaces nest at most 32 deep" ./deeper "$nstool" 40
}

@test "a caller in a chroot" {
	mkdir -p root/bin root/usr root/lib root/lib64 root/mnt root/proc
	touch root/mnt/nstool
	binds=(--bind /usr:/usr --bind /bin:/bin --bind /lib:/lib --bind "$nstool:/mnt/nstool")
	[ ! -e /lib64 ] || binds+=(--bind /lib64:/lib64)
	hints "the caller is in a chroot" "$NSTOOL" unshare-ns -pm --root "$PWD/root" "${binds[@]}" \
		/mnt/nstool unshare-ns -U true
	run -0 "$NSTOOL" unshare-ns -pm --pivot "$PWD/root" "${binds[@]}" /mnt/nstool unshare-ns -r true
}

@test "a caller in a chroot whose root is a mount, on old kernels and without privilege too" {
	mkdir -p root/bin root/usr root/lib root/lib64 root/mnt root/proc
	touch root/mnt/nstool
	chmod 755 "$BATS_TEST_TMPDIR"
	binds=(--bind /usr:/usr --bind /bin:/bin --bind /lib:/lib --bind "$nstool:/mnt/nstool")
	[ ! -e /lib64 ] || binds+=(--bind /lib64:/lib64)
	in_mount() {
		# shellcheck disable=SC2016
		unshare -m sh -c 'mount --bind root root && exec "$@"' sh "$@"
	}
	inside=(unshare-ns -pm --root "$PWD/root" "${binds[@]}")
	hints "the caller is in a chroot" in_mount "$nstool" "${inside[@]}" /mnt/nstool unshare-ns -U true
	hints "the caller is in a chroot" in_mount "$nstool" "${inside[@]}" -S 4242 -G 4242 /mnt/nstool unshare-ns -U true
	# 0x8010b70a is NS_MNT_GET_INFO.
	hints "the caller is in a chroot" in_mount "$deny" ioctl:0x8010b70a=ENOTTY -- \
		"$nstool" "${inside[@]}" /mnt/nstool unshare-ns -U true
	# None of its own, though there is a mount.
	hints "a seccomp filter is on the caller" in_mount "$deny" unshare=EPERM -- "$nstool" unshare-ns -U true
}

@test "a seccomp filter" {
	for error in EPERM EACCES ENOSYS; do
		hints "a seccomp filter is on the caller ('Seccomp: 2'" \
			"$deny" unshare=$error -- "$nstool" unshare-ns -n true
	done
}

@test "a type that the kernel lacks; -a does not ask for it" {
	# Of its file in /proc nothing is there.
	hidden() { traced -f -P "$1" -e inject=access,faccessat2,newfstatat:error=ENOENT "${@:2}"; }
	hints "this kernel has no time namespaces" \
		hidden self/ns/time "$deny" unshare=EINVAL -- "$nstool" unshare-ns -T true
	run -0 hidden /proc/self/ns/time "$nstool" unshare-ns -a sh -c 'readlink /proc/self/ns/time /proc/self/ns/net'
	is "$(readlink /proc/self/ns/time)" "${lines[0]}"
	[ "${lines[1]}" != "$(readlink /proc/self/ns/net)" ]
}

@test "the caller's own id is unmapped" {
	hints "the caller's own group id has no mapping" \
		"$NSTOOL" unshare-ns --map-users 0:0:1 --keep-caps "$nstool" unshare-ns -U true
	hints "the caller's own user id has no mapping" "$NSTOOL" unshare-ns -U "$nstool" unshare-ns -U true
}

@test "setgroups was denied" {
	hints "setgroups is denied in this user namespace" \
		"$NSTOOL" unshare-ns -r "$nstool" unshare-ns -U --setgroups=allow true
}

@test "ids that are not the caller's" {
	run -125 ordinary /mnt/nstool unshare-ns --map-users 0:1:5 true
	has "newuidmap: uid range [0-5) -> [1-6) not allowed"
	has "hint: newuidmap maps what lines of /etc/subuid give to the caller"
	run -125 ordinary env PATH=/nosuch /mnt/nstool unshare-ns --map-users 0:200000:5 /bin/true
	has "newuidmap, which maps more than one's own id, is not installed"
	has "package uidmap"
}

@test "maps that contradict themselves" {
	run -125 "$NSTOOL" unshare-ns --map-users 0:1:5 --map-users 4:10:1 true
	has "uid ranges 0:1:5 and 4:10:1 overlap inside"
	# An outer id that does not exist above.
	hints "every outer id must be mapped in the caller's own user namespace" \
		"$NSTOOL" unshare-ns --map-users 0:0:10 --map-groups all "$nstool" unshare-ns --map-users 0:5:20 true
}

@test "a covered /proc: mount too revealing" {
	# shellcheck disable=SC2016
	run -125 --separate-stderr "$NSTOOL" unshare-ns -m sh -c '
		mount -t tmpfs none /proc/tty && mount --bind /dev/null /proc/version &&
		exec "$1" unshare-ns -r -pm true' sh "$nstool"
	[[ $stderr == *"hint: \"mount too revealing\""* && $stderr == *"'/proc/tty, /proc/version'"* ]]
	[[ $stderr == *"hint: --no-proc goes without one"* ]]
	# shellcheck disable=SC2016
	run -0 "$NSTOOL" unshare-ns -m sh -c '
		mount -t tmpfs none /proc/tty && exec "$1" unshare-ns -r -pm --no-proc true' sh "$nstool"
}

@test "--bind-proc: the old proc where a fresh one is refused" {
	tool=("$nstool")
	masked() { # OPTION...
		# shellcheck disable=SC2016
		"$NSTOOL" unshare-ns -m sh -c '
			mount --bind /dev/null /proc/version && exec "$@"' sh "${tool[@]}" unshare-ns -r -pm --bind-proc "$@"
	}
	run -0 masked sh -c 'readlink /proc/self; cat /proc/version; [ -e /proc/1 ]'
	[ "$output" -gt 10 ]
	mkdir -p dir root/proc root/usr root/bin root/lib root/lib64
	run -0 masked --mount-proc="$PWD/dir" sh -c 'readlink dir/self; cat dir/version'
	[ "$output" -gt 10 ]
	binds=(--bind /usr:/usr --bind /bin:/bin --bind /lib:/lib)
	[ ! -e /lib64 ] || binds+=(--bind /lib64:/lib64)
	for how in --root --pivot; do
		run -0 masked "$how" "$PWD/root" "${binds[@]}" sh -c 'readlink /proc/self; cat /proc/version'
		[ "$output" -gt 10 ]
	done
	run -125 masked --mount-proc="$PWD/nosuch" true
	has "cannot mount a fresh proc on '$PWD/nosuch': No such file or directory"
	tool=("$deny" move_mount=EIO -- "$nstool")
	run -125 masked --mount-proc="$PWD/dir" true
	has "cannot bind the old proc over '$PWD/dir': Input/output error"
	# Where a fresh one can be had, it is.
	run -0 "$NSTOOL" unshare-ns -r -pm --bind-proc readlink /proc/self
	[ "$output" -lt 10 ]
}

@test "a fresh proc without a pid namespace of its own" {
	hints "and the pid namespace is its own too (-p)" "$NSTOOL" unshare-ns -r --mount-proc true
}

@test "the first process of the pid namespace has died" {
	ln -s "$nstool" unshare
	# shellcheck disable=SC2016
	run -125 --separate-stderr ./unshare -p sh -c '/bin/true; exec "$1" unshare-ns -u -f true' sh "$nstool"
	is "nstool: unshare-ns: cannot fork: Cannot allocate memory" "${stderr_lines[0]}"
	is "hint: the first process of the pid namespace has died, and nothing can be born in it any more: make a new one" "${stderr_lines[1]}"
}

# Runs nstool as ann where unshare(2) fails with EPERM and /proc/sys/kernel/NAME is VALUE.
blamed() { # NAME VALUE
	# shellcheck disable=SC2016
	"$NSTOOL" unshare-ns -m sh -c '
		mount -t tmpfs none /proc/sys/kernel && echo "$2" >"/proc/sys/kernel/$1" &&
		exec setpriv --reuid 4242 --regid 4242 --clear-groups "$3" unshare=EPERM -- "$4" unshare-ns -U true' \
		sh "$1" "$2" /proc/self/fd/3 /proc/self/fd/4 3<"$deny" 4<"$nstool"
}

@test "sysctls that forbid it" {
	hints "'sysctl -w kernel.unprivileged_userns_clone=1'" blamed unprivileged_userns_clone 0
	hints "kernel.apparmor_restrict_unprivileged_userns is 1 and the caller's AppArmor profile is '" \
		blamed apparmor_restrict_unprivileged_userns 1
	hints "Seccomp: 2" blamed unprivileged_userns_clone 1
	[[ $stderr != *unprivileged_userns_clone* ]]
}

@test "EUSERS, as kernels before 4.9 say it" {
	hints "user namespaces nest at most 32 deep" "$deny" unshare=EUSERS -- "$nstool" unshare-ns -U true
}

@test "a mount that is shared cannot keep a mount namespace" {
	hints "below a mount that is not shared" "$NSTOOL" unshare-ns -m --propagation shared \
		"$nstool" unshare-ns --mount="$PWD/file" --propagation unchanged true
	[ ! -e file ]
}

@test "what --owner, =FILE, --hostname and --rlimit are refused for" {
	hints "this takes CAP_SETUID and CAP_SETGID" ordinary /mnt/nstool unshare-ns --owner 0:0 true
	hints "that id is not mapped" "$NSTOOL" unshare-ns --map-users 0:0:2 --map-groups 0:0:2 "$nstool" unshare-ns --owner 7:7 true
	hints "setgroups(2) is denied in this user namespace" "$NSTOOL" unshare-ns -r "$nstool" unshare-ns --owner 0:0 true
	hints "this takes CAP_SYS_ADMIN in the caller's mount namespace" ordinary /mnt/nstool unshare-ns -r --uts=/mnt/file true
	for option in --hostname --domainname; do
		hints "it has 65 bytes, and there is room for 64" "$NSTOOL" unshare-ns "$option" "$(printf 'x%.0s' {1..65})" true
		run -0 "$NSTOOL" unshare-ns "$option" "$(printf 'x%.0s' {1..64})" true
	done
	hints "fs.nr_open, which is $(cat /proc/sys/fs/nr_open)" "$NSTOOL" unshare-ns -u --rlimit nofile=unlimited true
	hints "only CAP_SYS_RESOURCE of the initial user namespace" ordinary sh -c 'ulimit -c 0; /mnt/nstool unshare-ns -r --rlimit core=1 true'
}

@test "mounts that cannot be" {
	mkdir dir
	touch file
	for pair in "$PWD/dir:$PWD/file" "$PWD/file:$PWD/dir"; do
		hints "one of them is a directory and the other is not" "$NSTOOL" unshare-ns --bind "$pair" true
	done
	for options in "--tmpfs /" "--bind $PWD/dir:/" "--tmpfs $PWD/../../../../../../.." "--root $PWD/dir --tmpfs /"; do
		# shellcheck disable=SC2086 # words
		hints "--root DIR and --pivot DIR change the root directory" "$NSTOOL" unshare-ns -m $options true
		is "nstool: unshare-ns: a mount over the root directory would not be seen" "${stderr_lines[0]}"
	done
	hints "that is the root directory already" "$NSTOOL" unshare-ns --pivot / true
}

@test "a cgroup that cannot be joined" {
	hints "a directory with a file cgroup.procs" "$NSTOOL" unshare-ns -C --cgroup-join "$PWD" true
	hints "write access to cgroup.procs" ordinary sh -c 'touch cgroup.procs && chmod 0 cgroup.procs && /mnt/nstool unshare-ns -r --cgroup-join /mnt true'
	mkdir cgroup
	touch cgroup/cgroup.procs
	refuses() { strace -qq -o log -P "$PWD/cgroup/cgroup.procs" -e inject=write:error="$1" "$nstool" unshare-ns -C --cgroup-join cgroup true; }
	hints "hands controllers on to those below it" refuses EBUSY
	hints "is threaded" refuses EOPNOTSUPP
}

@test "--setgroups without a user namespace" {
	run -125 "$NSTOOL" unshare-ns -u --setgroups deny true
	is "nstool: unshare-ns: a new user namespace (-U) is needed for --setgroups"
}

@test "a second pid namespace before a child is in the first" {
	ln -s "$nstool" unshare
	hints "the caller has a new pid namespace for its children already" ./unshare -p "$nstool" unshare-ns -p true
	# Once its first child is there the link can be read, and differs.
	# shellcheck disable=SC2016 # for the inner shell
	hints "the caller has a new pid namespace for its children already" ./unshare -p sh -c '/bin/true & exec "$1" unshare-ns -p true' sh "$nstool"
	run -0 ./unshare -p -f "$nstool" unshare-ns -p true
}

@test "no memory, no proc" {
	hints "memory.max of the caller's cgroup" "$deny" unshare=ENOMEM -- "$nstool" unshare-ns -n true
	# shellcheck disable=SC2016 # for the inner shell
	hints "'mount -t proc proc /proc'" unshare -m sh -c 'umount -l /proc && exec "$1" unshare-ns -r true' sh "$nstool"
	# shellcheck disable=SC2016
	run -0 unshare -m sh -c 'umount -l /proc && exec "$1" unshare-ns -u -n true' sh "$nstool"
}
