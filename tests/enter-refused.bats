#!/usr/bin/env bats
# enter: what is refused, and what is said then.

load lib/suite
load lib/enter

@test "no target, or one that is gone" {
	run -125 "$NSTOOL" enter true
	is "nstool: enter: no target
hint: name one with -t, for example the pid of a process in it"
	run -125 "$NSTOOL" enter -n true
	is "nstool: enter: no target: whose net namespace is meant?"
	run -125 "$NSTOOL" enter -a -n=self true
	is "nstool: enter: no target: all namespaces of whom?"
	sleep 0 &
	wait $!
	run -125 "$NSTOOL" enter -t $! true
	is "nstool: enter: there is no process $!"
}

@test "a zombie" {
	# Its parent must be one that never reaps: bash would, until it has become sleep.
	mkfifo "$dir/go"
	bash -c 'read x <"$0/go" & echo $! >"$0/pid"; exec sleep 1000' "$dir" 3>&- &
	started+=($!)
	until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done
	echo >"$dir/go"
	until grep -q 'State:.*Z' "/proc/$(<"$dir/pid")/status"; do :; done
	run -125 "$NSTOOL" enter -t "$(<"$dir/pid")" true
	is "nstool: enter: process $(<"$dir/pid") has ended
hint: it is a zombie, which ps(1) shows until its parent, process $!, takes notice"
}

@test "a pid namespace whose first process has died" {
	start --pid --uts
	exec {ns}<"/proc/$target/ns/pid"
	kill -KILL "$target"
	while [ -e "/proc/$target" ]; do :; done
	run -125 "$NSTOOL" enter -p=fd:"$ns" true
	is "nstool: enter: fd:$ns is dead: the first process of its pid namespace has ended
hint: the kernel lets no process into it any more; the other namespaces can be entered by naming their types"
	exec {ns}<&-
}

@test "a pid that means another process by now" {
	start --uts
	run -125 "$NSTOOL" enter -t "pid:$target:1" true
	has "pid:$target:1"
	run "$NSTOOL" enter -t "pid:$target" hostname
	is "$(hostname)"
}

@test "refused: the type, the target, the owner, the reason" {
	start --net --uts
	local init
	init=$(stat -L -c %i /proc/self/ns/user)
	# Another's process may not even be looked at.
	run -125 as_nobody "$NSTOOL" enter -t "$target" true
	is "nstool: enter: cannot open the mnt namespace of $target: Permission denied
hint: whose namespaces are looked at must be one's own process with no more capabilities than oneself, else it needs CAP_SYS_PTRACE in the user namespace of $target"
	# One can be held and still not be joined.
	exec {ns}<"/proc/$target/ns/net"
	run -125 as_nobody "$NSTOOL" enter -n=fd:"$ns" true
	is "nstool: enter: cannot join the net namespace of fd:$ns, owned by user:[$init]: Operation not permitted
hint: this needs CAP_SYS_ADMIN in its owner, user:[$init], which the caller lacks: run nstool as root"
	exec {ns}<&-
}

@test "refused: each lack of a capability by its name" {
	start --net
	local may='this needs CAP_SYS_ADMIN' where='in the user namespace where the command runs'
	run -125 as_nobody "$NSTOOL" enter -n="/proc/$target/ns/net" true
	is "nstool: enter: cannot open '/proc/$target/ns/net': Permission denied
hint: whose namespaces are looked at must be one's own process with no more capabilities than oneself, else it needs CAP_SYS_PTRACE in its user namespace"
	run -125 as_nobody "$NSTOOL" enter -t self -S 5 true
	is "nstool: enter: cannot become uid 5: Operation not permitted
hint: this needs CAP_SETUID $where"
	run -125 as_nobody "$NSTOOL" enter -t self -G 5 true
	is "nstool: enter: cannot set the supplementary groups: Operation not permitted
hint: this needs CAP_SETGID $where"
	run -125 as_nobody "$NSTOOL" enter -t self -r/tmp true
	is "nstool: enter: cannot change the root directory: Operation not permitted
hint: this needs CAP_SYS_CHROOT $where"
	run -125 as_nobody "$NSTOOL" enter -t self --cap-drop chown true
	is "nstool: enter: cannot drop CAP_CHOWN from the bounding set: Operation not permitted
hint: this needs CAP_SETPCAP $where"
	run -125 as_nobody "$NSTOOL" enter -t self --mount-proc true
	is "nstool: enter: cannot make a mount namespace for what only the command shall see: Operation not permitted
hint: $may in the user namespace that is joined, or else in the caller's"
	run -125 "$NSTOOL" enter -t "$target" --user-parent true
	is "nstool: enter: cannot open the owner of the user namespace of $target: Operation not permitted
hint: it is neither the caller's user namespace nor below that; the host's own has none"
}

@test "refused: the owner is another user namespace" {
	start_with as_nobody unshare --fork --kill-child --user --map-root-user --net
	local owner
	owner=$(stat -L -c %i "/proc/$target/ns/user")
	run -125 as_nobody "$NSTOOL" enter -t "$target" -n true
	is "nstool: enter: cannot join the net namespace of $target, owned by user:[$owner]: Operation not permitted
hint: this needs CAP_SYS_ADMIN in its owner, user:[$owner], and in the caller's own user namespace: join the owner too (-U), or run nstool as root"
	# Another user's.
	exec {ns}<"/proc/$target/ns/user"
	run -125 setpriv --reuid 65533 --clear-groups -- "$NSTOOL" enter -U=fd:"$ns" true
	is "nstool: enter: cannot join the user namespace of fd:$ns: Operation not permitted
hint: the caller lacks CAP_SYS_ADMIN in user:[$owner]: only who made it, or has that capability above it, can join"
	exec {ns}<&-
}

@test "refused: a pid namespace above, a user namespace above" {
	exec {pid}</proc/self/ns/pid {user}</proc/self/ns/user {net}</proc/self/ns/net
	run -125 unshare --fork --pid --mount-proc "$NSTOOL" enter -p=fd:"$pid" true
	is "nstool: enter: cannot join the pid namespace of fd:$pid, owned by user:[$(stat -L -c %i /proc/self/ns/user)]: Invalid argument
hint: a pid namespace can be joined only from itself or from one above it"
	run -125 unshare --user --map-root-user "$NSTOOL" enter -U=fd:"$user" true
	[[ ${lines[0]} = "nstool: enter: cannot join the user namespace of fd:$user: Operation not permitted" ]]
	[[ ${lines[1]} =~ ^"hint: user:["[0-9]+"] is not below the caller's user namespace user:["[0-9]+"]: nobody can go up or aside"$ ]]
	run -125 unshare --user --map-root-user --net "$NSTOOL" enter -n=fd:"$net" true
	[[ ${lines[0]} = "nstool: enter: cannot join the net namespace of fd:$net: Operation not permitted" ]]
	[[ ${lines[1]} =~ "it is owned by a user namespace above that of the caller" ]]
	exec {pid}<&- {user}<&- {net}<&-
}

@test "refused: by a seccomp filter, by a lack of CAP_SYS_CHROOT" {
	start --mount
	local init
	init=$(stat -L -c %i /proc/self/ns/user)
	run -125 "$DENY" setns=EPERM -- "$NSTOOL" enter -t "$target" true
	is "nstool: enter: cannot join the mnt namespace of $target, owned by user:[$init]: Operation not permitted
hint: a seccomp filter is on the caller ('Seccomp: 2' in /proc/self/status) and may refuse setns(2)"
	run -125 capsh --drop=cap_sys_chroot -- -c '"$0" enter -t "$1" true' "$NSTOOL" "$target"
	is "nstool: enter: cannot join the mnt namespace of $target, owned by user:[$init]: Operation not permitted
hint: a mount namespace needs CAP_SYS_CHROOT as well, which the caller lacks"
}

@test "refused: by a security module" {
	start --uts
	local init
	init=$(stat -L -c %i /proc/self/ns/user)
	# With all capabilities and no filter nobody else is left to do it.
	run -125 traced -e inject=setns:error=EACCES "$NSTOOL" enter -t "$target" true
	is "nstool: enter: cannot join the uts namespace of $target, owned by user:[$init]: Permission denied
hint: the capabilities are there, so a security module (SELinux, AppArmor …) may refuse it: look at the kernel's log"
}

@test "a caller that shares its working directory with another process" {
	start --mount --user --map-root-user
	# clone(CLONE_FS | SIGCHLD), of which an exec leaves the sharing.
	local shared=(perl -e '
		my $pid = syscall(56, 0x200 | 17, 0, 0, 0, 0);
		if ($pid == 0) { exec @ARGV; die }
		waitpid($pid, 0);
		exit($? >> 8)')
	run "${shared[@]}" nsenter -t "$target" -m true
	has "Invalid argument"
	run -0 "${shared[@]}" "$NSTOOL" enter -t "$target" readlink /proc/self/ns/mnt /proc/self/ns/user
	is "$(readlink "/proc/$target/ns/mnt" "/proc/$target/ns/user")"
	run -125 "${shared[@]}" "$DENY" unshare=EPERM -- "$NSTOOL" enter -t "$target" -m true
	[ "${lines[1]}" = "hint: the caller shares its root and working directory with another process (CLONE_FS of clone(2)); start nstool from a process of its own" ]
}

@test "nothing runs when a part is refused" {
	start --mount --uts --net
	run -125 "$DENY" setns:0x40000000=EPERM setns:0x44020000=EPERM -- \
		"$NSTOOL" enter -t "$target" touch "$dir/ran"
	has "cannot join the net namespace of $target"
	[ ! -e "$dir/ran" ]
}
