#!/usr/bin/env bats
# The name nsenter: options, defaults and exit statuses are util-linux's.

load lib/suite
load lib/enter

setup() {
	enter_setup
	ln -s "$(realpath "$NSTOOL")" "$dir/nsenter"
}

# Runs ours and, where there is one, util-linux's: same output, same status.
both() { # ARGUMENT...
	local theirs their_status=0
	theirs=$(nsenter "$@" 2>/dev/null) || their_status=$?
	run -"$their_status" --separate-stderr "$dir/nsenter" "$@"
	is "$theirs"
}

@test "types, files, root and working directory, as util-linux" {
	start --mount --uts --ipc --net --pid --mount-proc
	local ns='for t in mnt uts ipc net pid; do readlink /proc/self/ns/$t; done; pwd'
	both -t "$target" -a sh -c "$ns"
	both -t "$target" -m -u -i -n -p sh -c "$ns"
	both -t "$target" --net sh -c "$ns"
	both -n"/proc/$target/ns/net" sh -c "$ns"
	both --uts="/proc/$target/ns/uts" --mount="/proc/$target/ns/mnt" sh -c "$ns"
	both -t "$target" -m -w sh -c "$ns"
	both -t "$target" -m -r -w/ sh -c "$ns"
	both -t "$target" -m -W /etc pwd
	both -t "$target" sh -c "$ns"
	both sh -c "$ns"
	cd "$dir"
	both -r/ pwd
	both -t "$target" -m -r pwd
	mkdir root && cp --parents -L /bin/sh /lib64/ld-linux-x86-64.so.2 /lib/x86_64-linux-gnu/libc.so.6 root
	echo given >given
	both -r"$dir/root" /bin/sh -c 'read -r line <given && echo "$line"'
	is given
	cd "/proc/$target/ns"
	both --net=net sh -c "readlink /proc/self/ns/net"
}

@test "exit statuses, as util-linux" {
	start --pid --mount
	local status
	for status in 0 1 125 255; do both -t "$target" -p sh -c "exit $status"; done
	both -t "$target" -m no-such-command
	both -t "$target" -m /etc
	both -n true
	both --no-such-option
	both -t x true
	both -t 999999999 -n true
	both -n/etc/passwd true
	both -a true
	both -t "$target" -m ''
	both -t "$target" -m -w/ -W/etc pwd
	run -1 "$dir/nsenter" -t "$target" -t "$target" -m true
	[ "${lines[0]}" = "nsenter: option '-t': it may be given only once" ]
	run -1 "$dir/nsenter" -t 0 -n true
	[[ ${lines[0]} = nsenter:* ]]
	both -t "$target" -p sh -c 'kill -TERM $$'
}

@test "users, groups, user namespaces, as util-linux" {
	start --user --map-root-user --uts
	both -t "$target" -U id -u
	both -t "$target" -U --preserve-credentials id -u
	start --uts
	both -t "$target" -u -S 12 -G 34 id
	both -t "$target" -u -S 12 id -u
}

@test "descriptors stay open, -F does not fork, -mu is a file called u" {
	start --uts
	run "$dir/nsenter" -t "$target" -u ls /proc/self/fd 9</dev/null
	has 9
	both -t "$target" -u -F sh -c 'exit 4'
	grep -q . /proc/self/attr/current 2>/dev/null || both -t "$target" -u -Z readlink /proc/self/ns/uts
	run -1 "$dir/nsenter" -t "$target" -mu true
	has "nsenter: cannot open 'u': No such file or directory"
	run "$dir/nsenter" --target="$target:1" -u true
	[ "$status" = 1 ]
}

@test "what newer versions have: follow, env, cgroups" {
	start_with setpriv --reuid 1234 --clear-groups -- env X=inner unshare --user --map-user=1234 --fork --kill-child
	Y=outer run "$dir/nsenter" -t "$target" --setuid follow -e sh -c 'id -u; echo "$X" "$Y"'
	is $'1234\ninner '
	run -0 "$dir/nsenter" -t "$target" -c -U --user-parent true
}

@test "a namespace by its 64-bit id" {
	start --uts --net
	local id
	id=$("$NSTOOL" list -nro NS,ID "$target" 2>/dev/null |
		awk -v ns="$(stat -L -c %i "/proc/$target/ns/net")" '$1 == ns { print $2 }')
	[ "$id" ] || skip "this kernel has no ids"
	run -0 "$dir/nsenter" "--net=:$id" readlink /proc/self/ns/net
	is "$(readlink "/proc/$target/ns/net")"
	run -0 "$dir/nsenter" -n=:"$id" -u="/proc/$target/ns/uts" readlink /proc/self/ns/net /proc/self/ns/uts
	is "$(readlink "/proc/$target/ns/net" "/proc/$target/ns/uts")"
	run -1 "$dir/nsenter" --uts=":$id" true
	run -1 "$dir/nsenter" --net=:x true
	[ "${lines[0]}" = "nsenter: option '--net': failed to parse nsid: 'x'" ]
}

@test "the example of the manual" {
	start --mount --net
	assert_isolated "$target" net
	PATH=$dir:$PATH SHELL=/bin/sh run -0 example 'nsenter -t 1234 -m -n' 1234="$target" <<<'readlink /proc/self/ns/mnt /proc/self/ns/net'
	is "$(readlink "/proc/$target/ns/mnt" "/proc/$target/ns/net")"
}
