#!/usr/bin/env bats
# enter: how the command runs: status, signals, credentials, descriptors, cgroups and labels.

load lib/suite
load lib/enter

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
