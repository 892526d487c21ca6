#!/usr/bin/env bats
# enter: run a command in namespaces of a target.

load lib/suite
load lib/enter

@test "a target alone: every namespace in which it differs" {
	start --mount --uts --ipc --net --pid --cgroup --time --mount-proc
	run "$NSTOOL" enter -t "$target" sh -c "$namespaces"
	is "$(namespaces_of "$target")"
	run "$NSTOOL" ns_enter -a --target "pid:$target" sh -c "$namespaces"
	is "$(namespaces_of "$target")"
}

@test "types by letter, by name, together, and all but some" {
	start --mount --uts --net
	local mnt uts net
	mnt=$(readlink "/proc/$target/ns/mnt") uts=$(readlink "/proc/$target/ns/uts")
	net=$(readlink "/proc/$target/ns/net")
	check() { # EXPECTED OPTION...
		local expected=$1
		shift
		run "$NSTOOL" enter -t "$target" "$@" \
			sh -c 'for t in mnt uts net; do readlink /proc/self/ns/$t; done'
		is "$expected"
	}
	local own_mnt own_uts own_net
	own_mnt=$(readlink /proc/self/ns/mnt) own_uts=$(readlink /proc/self/ns/uts)
	own_net=$(readlink /proc/self/ns/net)
	check "$own_mnt"$'\n'"$own_uts"$'\n'"$net" -n
	check "$own_mnt"$'\n'"$uts"$'\n'"$own_net" --uts
	check "$mnt"$'\n'"$own_uts"$'\n'"$net" -mn
	check "$mnt"$'\n'"$own_uts"$'\n'"$net" -m --net
	check "$mnt"$'\n'"$uts"$'\n'"$own_net" --except net
	check "$own_mnt"$'\n'"$uts"$'\n'"$own_net" -a --except n,mnt
}

@test "namespaces of several targets" {
	start --uts --net
	local first=$target
	start --uts --ipc
	ip netns add "nst-$$"
	run "$NSTOOL" enter -t "$first" -u --ipc="$target" -n="netns:nst-$$" \
		sh -c 'for t in uts ipc net; do stat -L -c %i /proc/self/ns/$t; done'
	local blue
	blue=$(stat -c %i "/run/netns/nst-$$")
	ip netns delete "nst-$$"
	is "$(stat -L -c %i "/proc/$first/ns/uts" "/proc/$target/ns/ipc"; echo "$blue")"
}

@test "a namespace by inode, path and descriptor" {
	start --uts
	local uts
	uts=$(readlink "/proc/$target/ns/uts")
	for ref in "$uts" "${uts//[!0-9]/}" "/proc/$target/ns/uts" fd:7; do
		run "$NSTOOL" enter --uts="$ref" readlink /proc/self/ns/uts 7<"/proc/$target/ns/uts"
		is "$uts"
		run "$NSTOOL" enter -t "$ref" readlink /proc/self/ns/uts 7<"/proc/$target/ns/uts"
		is "$uts"
	done
}

@test "one setns on the pidfd, and nothing of /proc/PID/ns is opened" {
	start --mount --uts --ipc --net --pid --cgroup
	run -0 strace -f -o "$dir/trace" "$NSTOOL" enter -t "$target" true
	is 1 "$(grep -c 'setns(' "$dir/trace")"
	grep -q 'setns([0-9]*, CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWPID|CLONE_NEWNET) = 0' "$dir/trace"
	run ! grep -E 'open.*/ns(/|")' "$dir/trace"
}

@test "fewer system calls than nsenter, and no library that is not needed" {
	start --mount --uts --ipc --net --pid --cgroup
	strace -f -o "$dir/ours" "$NSTOOL" enter -t "$target" true
	strace -f -o "$dir/theirs" nsenter -a -t "$target" true
	# A sanitizer's own calls are not ours.
	grep -q __asan_init "$NSTOOL" || [ "$(wc -l <"$dir/ours")" -lt "$(wc -l <"$dir/theirs")" ]
	run ! grep -E 'libreadline|libmount|libsmartcols|libjson-c' "$dir/ours"
}

# Each older kernel is acted by a filter that refuses what it does not have.
older() { # RULE... -- OPTION...
	local rules=()
	while [ "$1" != -- ]; do rules+=("$1") && shift; done
	shift
	run "$DENY" "${rules[@]}" -- "$NSTOOL" enter -t "$target" "$@" sh -c "$namespaces"
	is "$(namespaces_of "$target")"
}

@test "kernels without setns on pidfds, pidfd ioctls, pidfds" {
	start --mount --uts --ipc --net --pid --cgroup --mount-proc
	local ioctls=() i
	for i in 1 2 3 4 5 7 9 a; do ioctls+=("ioctl:0xff0$i=ENOTTY"); done
	older setns:0x6e020000=EINVAL --
	older "${ioctls[@]}" --
	older "${ioctls[@]//ENOTTY/EPERM}" setns:0x6e020000=EPERM --
	older pidfd_open=ENOSYS --
	older pidfd_open=EPERM "${ioctls[@]}" --
	older close_range=ENOSYS --
}

@test "step by step: all is open before the first namespace is joined" {
	start --mount --uts --net --pid
	local rules
	for rules in setns:0x64020000=EINVAL "pidfd_open=ENOSYS"; do
		run -0 strace -f -o "$dir/trace" "$DENY" "$rules" -- "$NSTOOL" enter -t "$target" true
		is 4 "$(grep -c 'setns(.* = 0$' "$dir/trace")"
		[ "$(sed '/setns(.* = 0$/,$d' "$dir/trace" | grep -cE '(openat\(.*ns/|ioctl\([0-9]+, PIDFD_GET|ioctl\([0-9]+, _IOC\(_IOC_NONE, 0xff).* = [0-9]')" -ge 4 ]
		run ! grep -E '"(self/)?ns/|PIDFD_GET|_IOC_NONE, 0xff' <(sed '1,/setns(.* = 0$/d' "$dir/trace")
	done
}

@test "a target that dies while it is entered: in it, or refused with the reason" {
	mkfifo "$dir/up"
	local i status
	for ((i = 0; i < 60; i++)); do
		unshare --uts sh -c 'echo >"$0"; exec sleep 1000' "$dir/up" 3>&- &
		target=$!
		read -r <"$dir/up"
		# Each round the kill comes a little later.
		sh -c 'n=$1; while [ "$n" -gt 0 ]; do n=$((n - 1)); done; kill -KILL "$0"' "$target" $((i * 400)) &
		status=0
		"$NSTOOL" enter -t "$target" readlink /proc/self/ns/uts >"$dir/out" 2>"$dir/err" || status=$?
		wait "$!" "$target" || true
		if [ "$status" = 0 ]; then
			[ "$(<"$dir/out")" != "$(readlink /proc/self/ns/uts)" ]
			is "" "$(<"$dir/err")"
		else
			is "125 " "$status $(<"$dir/out")"
			grep -Eq "^nstool: enter: (there is no process $target|(process )?$target (has ended|is about to end))$" "$dir/err"
		fi
	done 2>/dev/null
}

@test "a target that is in no namespace any more, though it has not quite ended" {
	start --uts
	run -125 "$DENY" ioctl=ESRCH -- "$NSTOOL" enter -t "$target" true
	is "nstool: enter: $target is about to end"
}

# What `bubblewrap --dev` makes: the target's user namespace is not the one that owns the rest.
start_two_levels() {
	start_with as_nobody bwrap --dev-bind / / --dev /dev --unshare-user --unshare-net \
		--unshare-uts --
}

check_two_levels() { # CALLER...
	start_two_levels
	cp "$NSTOOL" "$DENY" "$dir" # where an ordinary user can go
	run "$@" "$dir/nstool" enter -t "$target" sh -c "$namespaces"
	is "$(namespaces_of "$target")"
	# The order that fails: the target's user namespace first.
	run ! "$@" nsenter -t "$target" -U --preserve-credentials nsenter -t "$target" -m true
	# Step by step, as on kernels before 5.8 and from several targets.
	run "$@" "$dir/deny" setns:0x54020000=EINVAL -- "$dir/nstool" enter -t "$target" sh -c "$namespaces"
	is "$(namespaces_of "$target")"
	run "$@" "$dir/nstool" enter -U="$target" -m="$target" -u="$target" -n="$target" \
		sh -c "$namespaces"
	is "$(namespaces_of "$target")"
}

@test "two levels of user namespaces, as root" {
	check_two_levels env
}

@test "two levels of user namespaces, as an ordinary user" {
	check_two_levels as_nobody
}

@test "a user namespace: as its root where it has one, else as before" {
	start --user --map-root-user --net
	run "$NSTOOL" enter -t "$target" id -u
	is 0
	start_with as_nobody unshare --fork --kill-child --user --map-root-user --uts
	run as_nobody "$NSTOOL" enter -t "$target" sh -c 'id -u; id -g; hostname made; hostname'
	is $'0\n0\nmade'
	run as_nobody "$NSTOOL" enter -t "$target" --preserve-credentials id -u
	is 0
	start_with as_nobody unshare --fork --kill-child --user --map-user=5 --map-group=6
	run as_nobody "$NSTOOL" enter -t "$target" sh -c 'id -u; id -g'
	is $'5\n6'
}

@test "the command's exit status is passed on" {
	start --pid
	for status in 0 1 2 125 126 127 128 255; do
		run -"$status" "$NSTOOL" enter -t "$target" sh -c "exit $status"
		run -"$status" "$NSTOOL" enter -t "$target" --no-fork sh -c "exit $status"
	done
}

@test "the command's signal is died of" {
	start --pid
	run -143 "$NSTOOL" enter -t "$target" sh -c 'kill -TERM $$'
	run bash -c '"$1" enter -t "$2" sh -c "kill -SEGV \$\$"; echo $?' sh "$NSTOOL" "$target"
	[ "${lines[-1]}" = 139 ]
}

@test "SIGTERM reaches the command: nothing is orphaned" {
	start --pid
	tool_in_background
	kill -TERM "$tool"
	local status=0
	wait "$tool" || status=$?
	is 143 "$status"
	command_has_ended
}

@test "every signal that can be caught reaches the command" {
	start --pid
	mkfifo "$dir/said"
	exec {said}<>"$dir/said"
	# perl's names stand in the order of their numbers.
	"$NSTOOL" enter -t "$target" perl -e '
		use Config;
		my $n = 0;
		for my $name (split " ", $Config{sig_name}) {
			my $number = $n++;
			next if $name =~ /^(ZERO|KILL|STOP|NUM32|NUM33|IOT|CLD|POLL|UNUSED)$/;
			$SIG{$name} = sub { syswrite STDOUT, "$number\n" };
		}
		syswrite STDOUT, "ready\n";
		sleep 1000 while 1' >&"$said" 3>&- &
	tool=$!
	find_sleeper "$tool"
	local got sig
	read -r -t 60 got <&"$said"
	is ready "$got"
	for sig in {1..31} {34..64}; do
		case $sig in 9 | 19) continue ;; esac
		kill -"$sig" "$tool"
		read -r -t 60 got <&"$said" || got=nothing
		is "$sig" "$got"
	done
	exec {said}<&-
}

@test "SIGKILL takes the command along" {
	start --pid
	tool_in_background
	kill -KILL "$tool"
	wait "$tool" || true
	command_has_ended
}

@test "a command that is not there: 127; that cannot run: 126; each with the reason" {
	start --mount --pid
	run -127 "$NSTOOL" enter -t "$target" no-such-command
	is "nstool: enter: cannot run 'no-such-command': No such file or directory
hint: commands are looked for in the mount namespace of the target; --host-tools brings the caller's"
	run -127 "$NSTOOL" enter -t "$target" -F no-such-command
	run -126 "$NSTOOL" enter -t "$target" /etc
	is "nstool: enter: cannot run '/etc': Permission denied
hint: '/etc' is a directory"
	run -126 "$NSTOOL" enter -t "$target" /etc/passwd
	is "nstool: enter: cannot run '/etc/passwd': Permission denied
hint: '/etc/passwd' is not marked as executable"
	mkdir "$dir/root"
	run -127 "$NSTOOL" enter -t "$target" -r="$dir/root" no-such-command
	is "nstool: enter: cannot run 'no-such-command': No such file or directory
hint: commands are looked for below the root directory of -r"
	run -127 "$NSTOOL" enter -t "$target" -n no-such-command
	is "nstool: enter: cannot run 'no-such-command': No such file or directory"
}

@test "a command without a name is none" {
	start --uts
	run -127 "$NSTOOL" enter -t "$target" ""
	is "nstool: enter: cannot run '': No such file or directory"
}

@test "without a command: a shell" {
	start --pid
	SHELL=/bin/echo run -0 "$NSTOOL" enter -t "$target"
	is ""
	SHELL=/no/such/shell run -7 "$NSTOOL" enter -t "$target" <<<'exit 7'
}

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

@test "descriptors above 2 do not reach the command" {
	start --uts
	run "$NSTOOL" enter -t "$target" ls /proc/self/fd 9</dev/null
	is $'0\n1\n2\n3' # ls has the directory itself open
}

@test "-S and -G: numbers, names of the target, follow" {
	local ids='id -u; id -g; id -G'
	start --mount
	run "$NSTOOL" enter -t "$target" -S 12 -G 34 sh -c "$ids"
	is $'12\n34\n34'
	"$NSTOOL" enter -t "$target" sh -c 'mount -t tmpfs none /etc && echo inner:x:5: >/etc/group &&
		echo inner:x:7:8::/:/bin/sh >/etc/passwd'
	run "$NSTOOL" enter -t "$target" --setuid=inner --setgid inner sh -c "$ids"
	is $'7\n5\n5'
	run -125 "$NSTOOL" enter -t "$target" -S nobody true
	is "nstool: enter: there is no 'nobody' in the /etc/passwd of the target"
	run -125 "$NSTOOL" enter -t "$target" -S 4294967295 true
	has "option '-S': '4294967295' is not a number of 0 to 4294967294, a name or 'follow'"
}

@test "follow: the target's ids and groups, as its user namespace numbers them" {
	start_with setpriv --reuid 1234 --regid 2345 --groups 7,2345,9 --
	run "$NSTOOL" enter -t "$target" -S follow -G follow sh -c 'id -u; id -g; id -G'
	is $'1234\n2345\n2345 7 9'
	start_with as_nobody unshare --fork --kill-child --user --map-user=5 --map-group=6
	run as_nobody "$NSTOOL" enter -t "$target" -S follow -G follow sh -c 'id -u; id -g'
	is $'5\n6'
	run -125 "$NSTOOL" enter -n=/proc/self/ns/net -S follow true
	is "nstool: enter: 'follow' needs a target that is a process"
}

@test "an id that the user namespace does not map" {
	start_with as_nobody unshare --fork --kill-child --user --map-root-user
	run -125 as_nobody "$NSTOOL" enter -t "$target" -S 5 true
	is "nstool: enter: cannot become uid 5: Invalid argument
hint: uid 5 is not mapped in this user namespace"
}

@test "capabilities: kept, dropped, no new ones" {
	start --net
	local caps='grep -E "^(CapEff|CapBnd|CapAmb|NoNewPrivs)" /proc/self/status'
	run "$NSTOOL" enter -t "$target" -S 1234 --keep-caps --cap-drop sys_admin,CAP_NET_RAW sh -c "$caps"
	local eff bnd amb
	eff=$(awk '/CapEff/ { print $2 }' <<<"$output") bnd=$(awk '/CapBnd/ { print $2 }' <<<"$output")
	amb=$(awk '/CapAmb/ { print $2 }' <<<"$output")
	is "$eff" "$amb"
	[ $((0x$eff & (1 << 12))) != 0 ]           # CAP_NET_ADMIN
	[ $((0x$eff & (1 << 21 | 1 << 13))) = 0 ] # CAP_SYS_ADMIN, CAP_NET_RAW
	[ $((0x$bnd & (1 << 21 | 1 << 13))) = 0 ]
	run "$NSTOOL" enter -t "$target" --cap-drop all --no-new-privs sh -c "$caps"
	has $'CapEff:\t0000000000000000'
	has $'CapBnd:\t0000000000000000'
	has $'NoNewPrivs:\t1'
	run -125 "$NSTOOL" enter -t "$target" --cap-drop cap_none true
	has "option '--cap-drop': 'cap_none' is not a capability"
}

@test "--preserve-fd keeps what is named" {
	start --uts
	run "$NSTOOL" enter -t "$target" --preserve-fd 9 --preserve-fd=7 ls /proc/self/fd \
		9</dev/null 8</dev/null 7</dev/null
	is $'0\n1\n2\n3\n7\n9'
	run -125 "$NSTOOL" enter -t "$target" --preserve-fd 99 true
	is "nstool: enter: cannot keep descriptor 99 open: Bad file descriptor"
}

@test "--detach: the command outlives nstool" {
	start --pid
	mkfifo "$dir/go" "$dir/done"
	"$NSTOOL" enter -t "$target" --detach \
		sh -c 'read x <"$0/go"; echo "$x" >"$0/done"' "$dir" >/dev/null 2>&1
	echo on >"$dir/go"
	is on "$(cat "$dir/done")"
	run -127 "$NSTOOL" enter -t "$target" --detach no-such-command
}

@test "it stops with the command and continues it" {
	start --pid
	mkfifo "$dir/up"
	"$NSTOOL" enter -t "$target" sh -c 'echo >"$0"; kill -STOP $$; exit 5' "$dir/up" 3>&- &
	local tool=$! status=0
	read -r <"$dir/up"
	until grep -q '^State:.*T' "/proc/$tool/status"; do :; done
	kill -CONT "$tool"
	wait "$tool" || status=$?
	is 5 "$status"
}

# A cgroup of version 1 and one of version 2, as systemd would call them.
make_cgroups() {
	v1=/sys/fs/cgroup/pids/nst$$.slice v2=/sys/fs/cgroup/unified/nst$$.slice
	scope='machine-lxc\x2dweb\x2d1.scope'
	mkdir -p "$v1/$scope" "$v2/$scope" || skip "no cgroups to make"
}

# Once the processes in them have gone: a cgroup is busy for a moment longer.
remove_cgroups() {
	local group
	for group in "$v1/$scope" "$v1" "$v2/$scope" "$v2"; do
		until [ ! -e "$group" ] || rmdir "$group" 2>/dev/null; do pause; done
	done
}

@test "the target's cgroups, of versions 1 and 2" {
	make_cgroups
	start --uts
	echo "$target" >"$v1/$scope/cgroup.procs"
	echo "$target" >"$v2/$scope/cgroup.procs"
	run "$NSTOOL" enter -t "$target" sh -c 'grep -cF "$0" /proc/self/cgroup' "$scope"
	is 0
	run "$NSTOOL" enter -t "$target" -c sh -c 'grep -cF "$0" /proc/self/cgroup' "$scope"
	is 2
	run "$NSTOOL" enter -t "$target" -c sh -c 'diff /proc/self/cgroup "/proc/$0/cgroup" && echo same' "$target"
	is same
	kill -KILL "$target"
	remove_cgroups
}

@test "cgroups that may not be joined" {
	make_cgroups
	start_with as_nobody
	echo "$target" >"$v1/$scope/cgroup.procs"
	run -125 as_nobody "$NSTOOL" enter -t "$target" -c true
	local first=$output
	# A file that may be written to is not enough.
	chown 65534 "$v1/$scope/cgroup.procs"
	echo "$target" >/sys/fs/cgroup/pids/cgroup.procs
	echo "$target" >"$v2/$scope/cgroup.procs"
	chown 65534 "$v2/$scope/cgroup.procs"
	run -125 as_nobody "$NSTOOL" enter -t "$target" -c true
	local second=$output
	kill -KILL "$target"
	remove_cgroups
	local hint="hint: this needs write access to that cgroup and to the nearest one above it and the caller's, cgroups(7)"
	is "nstool: enter: cannot open '$v1/${scope//\\/\\x5c}/cgroup.procs': Permission denied
$hint" "$first"
	is "nstool: enter: cannot join the target's cgroup, '$v2/${scope//\\/\\x5c}': Permission denied
$hint" "$second"
}

has_labels() {
	grep -q . /proc/self/attr/current 2>/dev/null
}

@test "a security label where there is none; cgroup and label of no process" {
	start --uts
	! has_labels || skip "there are security labels here"
	run -125 "$NSTOOL" enter -t "$target" -Z true
	is "nstool: enter: there are no security labels: neither SELinux nor AppArmor is here"
	run -125 "$NSTOOL" enter -n=/proc/self/ns/net -c true
	is "nstool: enter: a cgroup has only a target that is a process"
	run -125 "$NSTOOL" enter -n=/proc/self/ns/net -Z true
	is "nstool: enter: a label has only a target that is a process"
}

# Where no module gives labels the kernel answers EINVAL to who may write, EACCES to who may not:
# that is anybody but the process itself.
@test "a security label is written by the process that becomes the command, for itself" {
	start --uts --pid
	echo "lxc-web (enforce)" >"$dir/label"
	local with_label=(unshare --mount sh -c
		'mount --bind "$0/label" "/proc/$1/attr/current" && shift && exec "$@"' "$dir" "$target")
	if has_labels; then
		run -0 "$NSTOOL" enter -t "$target" -Z cat /proc/self/attr/current
		is "$(<"/proc/$target/attr/current")"
		return
	fi
	local fork
	for fork in --no-pty --no-fork; do
		run -125 "${with_label[@]}" "$NSTOOL" enter -t "$target" -Z "$fork" true
		is "nstool: enter: cannot take on the security label 'exec lxc-web': Invalid argument"
		# As if it had been taken.
		run -0 "${with_label[@]}" strace -f -y -o "$dir/trace" -e trace=openat,write \
			-e inject=write:retval=12:when=1 "$NSTOOL" enter -t "$target" -Z "$fork" true
		local writer
		writer=$(sed -n 's/^\([0-9]*\) .*write(.*"exec lxc-web", 12).*INJECTED.*/\1/p' "$dir/trace")
		grep -Eq "^$writer +write\\([0-9]+</proc/$writer/attr/exec>" "$dir/trace"
	done
}

@test "the network namespace of a socket of the target" {
	start_with unshare --net bash -c 'ip link set lo up; exec 9<>/dev/udp/127.0.0.1/9
		readlink /proc/self/ns/net >"$0"; exec unshare --net -- "$@"' "$dir/net"
	[ "$(readlink "/proc/$target/ns/net")" != "$(<"$dir/net")" ]
	run "$NSTOOL" enter -t "$target" --net-socket 9 readlink /proc/self/ns/net
	is "$(<"$dir/net")"
	run -125 "$NSTOOL" enter -t "$target" --net-socket 1 true
	has "cannot open the network namespace of descriptor 1 of $target"
	run -125 "$NSTOOL" enter -n=/proc/self/ns/net --net-socket 1 true
	is "nstool: enter: --net-socket needs a target that is a process"
}

@test "the user namespace that owns the others" {
	start_two_levels
	local user
	user=$("$NSTOOL" enter -t "$target" -n --user-parent readlink /proc/self/ns/user)
	[ "$user" != "$(readlink "/proc/$target/ns/user")" ]
	[ "$user" != "$(readlink /proc/self/ns/user)" ]
	run "$NSTOOL" enter -t "$target" -U --user-parent readlink /proc/self/ns/user
	is "$user"
	run -125 "$NSTOOL" enter -t "$target" -n --except net --user-parent true
	is "nstool: enter: --user-parent needs another namespace, whose owner it is"
}

@test "500 targets with one pid: never the wrong one" {
	cat >"$dir/recycle" <<'EOT'
		for ((i = 0; i < 500; i++)); do
			echo 99 >/proc/sys/kernel/ns_last_pid
			unshare --uts sh -c 'hostname "$0"; echo >"$1"; exec sleep 1000' "t$i" "$1/up" &
			read -r <"$1/up"
			[ $! = 100 ] || { echo "pid $!"; exit 1; }
			[ "$("$2" enter -t 100 hostname)" = "t$i" ] || { echo "wrong one"; exit 1; }
			if [ $((i % 25)) = 0 ]; then
				birth=$("$2" enter -t pid:100:1 true 2>&1 | sed -n "s/^hint.*pid:100:\([0-9]*\)'$/\1/p")
				"$2" enter -t "pid:100:$birth" true || { echo "refused"; exit 1; }
				if [ "${first=$birth}" != "$birth" ]; then
					"$2" enter -t "pid:100:$first" true 2>/dev/null && { echo "entered"; exit 1; }
				fi
			fi
			kill -KILL 100
			wait 100
		done
		echo "all right"
EOT
	mkfifo "$dir/up"
	run unshare --fork --kill-child --pid --mount-proc bash "$dir/recycle" "$dir" "$(realpath "$NSTOOL")"
	is "all right" "${lines[-1]}"
}

# What container engines make: namespaces, and a root of its own by pivot_root(2).
@test "a container with a root of its own" {
	mkdir -p "$dir/root/"{old,proc,etc} && echo inner >"$dir/root/etc/hostname"
	cp --parents -L /bin/sh /bin/sleep /bin/cat /lib64/ld-linux-x86-64.so.2 \
		/lib/x86_64-linux-gnu/libc.so.6 "$dir/root"
	start_with unshare --fork --kill-child --mount --pid --net --uts --ipc --cgroup sh -c '
		cd "$0/root" && mount --bind . . && cd "$0/root" && mount -t proc proc proc &&
		mkdir -p ".$0" && mount --bind "$0" ".$0" && pivot_root . old && umount -l /old 2>/dev/null
		exec "$@"' "$dir"
	run "$NSTOOL" enter -t "$target" cat /etc/hostname
	is inner
	run "$NSTOOL" enter -t "$target" sh -c 'echo $$; pwd; cat /no/such 2>/dev/null || echo none'
	[ "${lines[1]}" = / ]
	run -127 "$NSTOOL" enter -t "$target" awk
}

@test "a thread with namespaces of its own" {
	hold thread
	[ "${made[tid]}" != "${made[pid]}" ]
	run "$NSTOOL" enter -t "tid:${made[tid]}" stat -L -c %i /proc/self/ns/uts /proc/self/ns/net
	local inside=$output
	run "$NSTOOL" enter -t "${made[pid]}" stat -L -c %i /proc/self/ns/uts
	local leader=$output
	release
	is "${made[uts]}"$'\n'"${made[net]}" "$inside"
	is "$(stat -L -c %i /proc/self/ns/uts)" "$leader"
}

@test "a target that ends meanwhile" {
	start --uts
	# It ends between being opened and being joined.
	strace -f -o /dev/null -e trace=setns -e inject=setns:error=ESRCH "$NSTOOL" enter -t "$target" true \
		2>"$dir/stderr" && return 1
	is "nstool: enter: $target is about to end" "$(<"$dir/stderr")"
}

@test "the manual's examples" {
	start --mount --uts --net --pid --mount-proc
	"$NSTOOL" enter -t "$target" -n ip link set lo up
	example 'nstool enter -t 1234' 1234="$target" </dev/null
	run -0 example 'nstool enter -t 1234 -n ip address' 1234="$target"
	has "lo: <LOOPBACK,UP"
	ip netns add "nst-$$"
	run -0 example 'nstool enter -n=netns:blue ss -tlnp' blue="nst-$$" ss=true
	ip netns delete "nst-$$"
	run -0 example 'nstool enter -m=1234 -n=5678 ip route' 1234="$target" 5678="$target"
	run -0 example 'nstool enter -t 1234 --except mnt --mount-proc ps aux' 1234="$target"
	[ "${#lines[@]}" = 3 ] # with the heading, the target and ps
	run -0 example 'nstool enter -t 1234 --host-tools bash' 1234="$target" </dev/null
	run -0 example 'nstool enter -t 1234 -S nobody -G nogroup id' 1234="$target"
	is "uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)"
}
