#!/usr/bin/env bats
# enter: root and working directory, /etc, /proc and /sys, tools and environment of the command.

load lib/suite
load lib/enter

@test "root and working directory: the caller's, the target's, one inside" {
	mkdir -p "$dir/root/in" "$dir/wd"
	start_with env -C "$dir/wd" unshare --fork --kill-child --mount --
	run "$NSTOOL" enter -t "$target" pwd
	is /
	run "$NSTOOL" enter -t "$target" -w pwd
	is "$dir/wd"
	run "$NSTOOL" enter -t "$target" -W "$dir/root/in" pwd
	is "$dir/root/in"
	run -125 "$NSTOOL" enter -t "$target" -W /no/such/dir true
	is "nstool: enter: cannot change the working directory to '/no/such/dir': No such file or directory"
	run -125 "$NSTOOL" enter -t "$target" -w -W / true
	is "nstool: enter: -w and -W are two working directories: only one can be had"
	run -125 "$NSTOOL" enter -t "$target" -w/no/such/dir true
	is "nstool: enter: cannot open '/no/such/dir': No such file or directory"
	run -125 "$NSTOOL" enter -u=/proc/self/ns/uts -w true
	is "nstool: enter: without a target that is a process, say which directory"
	start_with chroot / env -C /etc
	run "$NSTOOL" enter -t "$target" --wd --root pwd
	is /etc
	cp --parents /bin/sh /lib64/ld-linux-x86-64.so.2 /lib/x86_64-linux-gnu/libc.so.6 "$dir/root"
	run "$NSTOOL" enter -t "$target" -r="$dir/root" -W in sh -c 'pwd; cd ..; pwd; cd ..; pwd'
	is $'/in\n/\n/'
}

@test "a working directory outside of the root is refused" {
	mkdir "$dir/root"
	start --mount
	run -125 "$NSTOOL" enter -t "$target" -r="$dir/root" -w/etc true
	is "nstool: enter: the working directory is outside of the root
hint: -w takes a directory of the caller, -W one that is looked up inside"
	# One of the caller's mount namespace is not within the target's.
	mkdir "$dir/mnt"
	start_with unshare --fork --kill-child --mount sh -c 'umount /tmp 2>/dev/null; exec "$@"' sh
	run -125 unshare --mount sh -c 'mount -t tmpfs none "$2" && exec "$0" enter -t "$1" -w"$2" true' \
		"$NSTOOL" "$target" "$dir/mnt"
	has "the working directory is outside of the root"
}

@test "the environment: the caller's, the target's, some of it, none" {
	start_with env -i A=1 "B=two words" PATH="$PATH" unshare --fork --kill-child --uts
	A=0 C=3 run "$NSTOOL" enter -t "$target" sh -c 'echo "$A,$B,$C"'
	is 0,,3
	A=0 C=3 run "$NSTOOL" enter -t "$target" --env sh -c 'echo "$A,$B,$C"'
	is "1,two words,3"
	A=0 C=3 run "$NSTOOL" enter -t "$target" --env=B,X sh -c 'echo "$A,$B,$C"'
	is "0,two words,3"
	C=3 run "$NSTOOL" enter -t "$target" --clear-env --env=A env
	is A=1
	C=3 run "$NSTOOL" enter -t "$target" --clear-env env
	is ""
	run -125 "$NSTOOL" enter -n=/proc/self/ns/net -e true
	is "nstool: enter: an environment has only a target that is a process"
}

# A network namespace with a file for /etc; $name is what `ip netns` calls it.
make_named() {
	name=nst-etc-$$
	mkdir -p "/etc/netns/$name"
	echo "nameserver inner" >"/etc/netns/$name/hostname"
	ip netns add "$name"
}

remove_named() {
	ip netns delete "$name"
	rm -r "/etc/netns/$name"
	rmdir /etc/netns 2>/dev/null || true
}

@test "/sys is the named network namespace's, cgroups and bpf stay mounted" {
	make_named
	run unshare --mount sh -c 'mount -t bpf none /sys/fs/bpf && mkdir /sys/fs/bpf/pinned &&
		"$1" enter -t "netns:$2" sh -c "for t in cgroup cgroup/pids bpf; do
			stat -fc %T /sys/fs/\$t; done; ls -d /sys/fs/bpf/pinned; ls /sys/class/net"' sh "$NSTOOL" "$name"
	local first=$output
	run traced -f -e inject=mount:error=EPERM:when=3 "$NSTOOL" enter -n="netns:$name" true
	local second=$output
	remove_named
	is "$(stat -fc %T /sys/fs/cgroup /sys/fs/cgroup/pids)
bpf_fs
/sys/fs/bpf/pinned
lo" "$first"
	is "nstool: enter: cannot mount a fresh /sys: Operation not permitted
hint: this needs CAP_SYS_ADMIN in the owners of the network and the mount namespace, and no /sys with hidden parts
hint: --no-etc leaves /etc and /sys as they are" "$second"
}

@test "a named network namespace brings its files of /etc" {
	make_named
	run "$NSTOOL" enter -t "netns:$name" sh -c 'cat /etc/hostname; ls /sys/class/net; ls -d /sys/fs/cgroup/pids'
	local first=$output
	run "$NSTOOL" enter -n="netns:$name" --no-etc cat /etc/hostname
	local second=$output
	touch "/etc/netns/$name/no-such-file"
	run "$NSTOOL" enter -n="netns:$name" true
	local third=$output
	remove_named
	is $'nameserver inner\nlo\n/sys/fs/cgroup/pids' "$first"
	is "$(cat /etc/hostname)" "$second"
	is "nstool: enter: cannot put '/etc/netns/$name/no-such-file' over the one in /etc: No such file or directory
hint: --no-etc leaves /etc and /sys as they are" "$third"
}

@test "the caller's tools in a target that has none" {
	mkdir "$dir/empty"
	mkfifo "$dir/gate" "$dir/end"
	# It goes on in the empty root as a process that needs no file any more.
	unshare --fork --kill-child --mount --pid bash -c '
		exec 7<>"$0/end" 8<>"$0/gate"
		mount -t tmpfs none "$0/empty" && cd "$0/empty" && mkdir data old && touch top &&
			echo inner >data/file && ln -s data link && pivot_root . old && echo up >&8
		read -r x <&7' "$dir" 3>&- &
	read -r <"$dir/gate"
	find_sleeper $!
	target=${started[1]}
	run -127 "$NSTOOL" enter -t "$target" bash -c true
	run -0 "$NSTOOL" enter -t "$target" --host-tools bash -c \
		'cat /proc/self/mountinfo; ls /; cat /link/file; readlink /link'
	has " /usr "
	has inner
	has $'\ndata\n'
	run -0 "$NSTOOL" enter -t "$target" --host-tools sh -c 'echo more >/data/new; ls /'
	has top
	# What a link of /usr/bin leads to by way of /etc.
	if [ -d /etc/alternatives ]; then
		run -0 "$NSTOOL" enter -t "$target" --host-tools ls /etc/alternatives
		is "$(ls /etc/alternatives)"
	fi
	[ ! -e "/proc/$target/root/etc" ]
	# The target sees what was written into its files, and nothing of the tools.
	[ "$(cat "/proc/$target/root/data/new")" = more ]
	[ ! -e "/proc/$target/root/usr" ]
	run ! grep -q " /usr " "/proc/$target/mountinfo"
}

@test "the caller's tools: over an /etc of the target's, and only by who may" {
	[ -d /etc/alternatives ] || skip "no /etc/alternatives here"
	mkdir -p "$dir/etc/alternatives" "$dir/bare" && touch "$dir/etc/alternatives/inner"
	local etc
	for etc in etc bare; do
		start_with unshare --fork --kill-child --mount sh -c 'mount --bind "$0" /etc && exec "$@"' "$dir/$etc"
		run "$NSTOOL" enter -t "$target" --host-tools ls /etc /etc/alternatives
		[ "$etc" = bare ] || is $'/etc:\nalternatives\n\n/etc/alternatives:\n'"$(ls /etc/alternatives)"
		[ "$etc" = etc ] || has "cannot access '/etc/alternatives'"
		run ls "/proc/$target/root/etc/alternatives"
		[ "$etc" = bare ] || is inner
	done
	start_with as_nobody unshare --fork --kill-child --user --map-root-user --mount
	run -125 as_nobody "$NSTOOL" enter -t "$target" --host-tools true
	is "nstool: enter: cannot take the caller's /usr along: Operation not permitted
hint: this needs CAP_SYS_ADMIN where the caller is: run nstool as root"
}

@test "a copy of the mounts keeps the working directory" {
	mkdir "$dir/wd"
	start_with env -C "$dir/wd" unshare --fork --kill-child --mount --pid --
	run -0 "$NSTOOL" enter -t "$target" --host-tools -w pwd
	is "$dir/wd"
	run -0 "$NSTOOL" enter -t "$target" --host-tools --like sh -c 'pwd; stat -fc %T /'
	is "$dir/wd"$'\ntmpfs'
	run -125 "$NSTOOL" enter -t "$target" --host-tools -r true
	is "nstool: enter: --host-tools makes a root of its own: no -r goes with it"
	run -0 "$NSTOOL" enter -t "$target" --mount-proc -w pwd
	is "$dir/wd"
	make_named
	cd "$dir"
	run "$NSTOOL" enter -n="netns:$name" sh -c 'pwd; cat /etc/hostname'
	local first=$output
	run "$NSTOOL" enter -n="netns:$name" -w=wd sh -c 'pwd; cat /etc/hostname'
	local second=$output
	cd /
	remove_named
	is "$dir"$'\nnameserver inner' "$first"
	is "$dir/wd"$'\nnameserver inner' "$second"
}

@test "--mount-proc: the processes of the pid namespace, for the command alone" {
	start --pid --mount
	local list='cd /proc; echo [0-9]*; readlink self/ns/mnt'
	run -0 "$NSTOOL" enter -t "$target" --except mnt --mount-proc bash -c "$list; stat -fc %T /"
	[[ ${lines[0]} =~ ^1\ [0-9]+$ ]]
	[ "${lines[1]}" != "$(readlink /proc/self/ns/mnt)" ]
	run -0 "$NSTOOL" enter -t "$target" --mount-proc bash -c "$list"
	[[ ${lines[0]} =~ ^1\ [0-9]+$ ]]
	[ "${lines[1]}" != "$(readlink "/proc/$target/ns/mnt")" ]
	# Neither the target nor the caller sees it.
	is 1 "$(grep -c ' /proc rw.* - proc ' "/proc/$target/mountinfo")"
	is 1 "$(grep -c ' /proc rw.* - proc ' /proc/self/mountinfo)"
	run -125 traced -f -e inject=mount:error=EPERM:when=2 "$NSTOOL" enter -t "$target" --mount-proc true
	is "nstool: enter: cannot mount a fresh /proc: Operation not permitted
hint: this needs CAP_SYS_ADMIN in the owners of the pid and the mount namespace, and no /proc with hidden parts"
	run -125 "$NSTOOL" enter -t "$target" --mount-proc -r="$dir" true
	is "nstool: enter: cannot make a mount namespace for what only the command shall see: Invalid argument
hint: the root directory is no mount, as in a chroot"
}

@test "--mount-sys: the devices of the network namespace, for the command alone" {
	start --net
	run -0 "$NSTOOL" enter -t "$target" --mount-sys --mount-proc sh -c 'ls /sys/class/net; stat -fc %T /sys/fs/cgroup; stat -fc %T /proc'
	is $'lo\n'"$(stat -fc %T /sys/fs/cgroup)"$'\nproc'
	is 1 "$(grep -c ' /sys r[wo].* - sysfs ' /proc/self/mountinfo)"
	# A name without files of its own has its devices, too.
	name=nst-sys-$$
	ip netns add "$name"
	run "$NSTOOL" enter -t "netns:$name" ls /sys/class/net
	local named=$output
	run "$NSTOOL" enter -t "netns:$name" --no-etc readlink /proc/self/ns/mnt
	ip netns delete "$name"
	is lo "$named"
	is "$(readlink /proc/self/ns/mnt)"
	# Where a user namespace may not see it writable it is read-only.
	run -0 unshare --mount sh -c 'mount -o remount,bind,ro /sys && "$@"' sh \
		unshare --user --map-root-user --mount --net "$NSTOOL" enter -n=self --mount-sys ls /sys/class/net
	is lo
	run -125 traced -f -e inject=unshare:error=EPERM "$NSTOOL" enter -t "$target" --mount-sys true
	is "nstool: enter: cannot make a mount namespace for what only the command shall see: Operation not permitted
hint: this needs CAP_SYS_ADMIN in the user namespace that is joined, or else in the caller's"
}

@test "--set-env: over all others, or what the caller has" {
	start_with env -i A=1 PATH="$PATH" unshare --fork --kill-child --uts
	A=0 B=2 run -0 "$NSTOOL" enter -t "$target" --env --set-env A=x=y --set-env C= sh -c 'echo "$A,$B,${C-none}"'
	is "x=y,2,"
	B=2 run -0 "$NSTOOL" enter -t "$target" --clear-env --set-env B --set-env NST_NOT_THERE --set-env=A=3 env
	is $'B=2\nA=3'
	run -125 "$NSTOOL" enter -t "$target" --set-env =x true
	has "option '--set-env': '=x' is not NAME=VALUE or NAME"
}
