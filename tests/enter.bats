#!/usr/bin/env bats
# enter: which namespaces are joined, of which targets.

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
