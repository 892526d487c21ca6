#!/usr/bin/env bats
# enter --like: the command runs as the target itself runs.

load lib/suite
load lib/enter

# How a process runs, in words.
how='grep -E "^(Uid|Gid|Groups|Cap...|NoNewPrivs|Umask):" /proc/self/status
	cat /proc/self/oom_score_adj /proc/self/cgroup; pwd; env -u PWD -u SHLVL -u OLDPWD -u _ | sort'

how_is() { # PID
	grep -E "^(Uid|Gid|Groups|Cap...|NoNewPrivs|Umask):" "/proc/$1/status"
	cat "/proc/$1/oom_score_adj" "/proc/$1/cgroup"
	readlink "/proc/$1/cwd"
	tr '\0' '\n' <"/proc/$1/environ" | grep -vE '^(PWD|SHLVL|OLDPWD|_)=' | sort
}

alike() {
	local expected
	expected=$(how_is "$target")
	run -0 "$NSTOOL" enter -t "$target" --like sh -c "$how"
	is "$expected"
}

@test "a target with everything set" {
	mkdir -m 777 "$dir/wd"
	cd "$dir/wd"
	start_with env -i A=1 "B=two words" PATH="$PATH" bash -c 'umask 027; echo 345 >/proc/self/oom_score_adj
		exec "$@"' sh unshare --fork --kill-child --mount --uts --net \
		setpriv --reuid 1234 --regid 2345 --groups 7,2345,9 --no-new-privs \
		--bounding-set -sys_admin,-net_raw --inh-caps +chown
	cd /
	alike
	has $'Uid:\t1234\t1234\t1234\t1234'
	has $'NoNewPrivs:\t1'
	has $'Umask:\t0027'
	has $'\n345\n'
	has "B=two words"
}

@test "ambient capabilities, and a root with fewer" {
	start_with setpriv --reuid 1234 --clear-groups --inh-caps +net_admin,+chown --ambient-caps +net_admin
	alike
	start_with setpriv --bounding-set -sys_admin,-net_raw --inh-caps -sys_admin,-net_raw
	alike
}

@test "cgroup, root" {
	local group=/sys/fs/cgroup/pids/nst-like-$$
	mkdir "$group" || skip "no cgroups to make"
	mkdir -p "$dir/root"/{bin,lib64,proc,lib/x86_64-linux-gnu}
	cp --parents -L /bin/sh /bin/sleep /lib64/ld-linux-x86-64.so.2 \
		/lib/x86_64-linux-gnu/libc.so.6 "$dir/root"
	mkdir -p "$dir/root$dir"
	start_with sh -c 'echo 0 >"$0/cgroup.procs"; exec unshare --uts --fork --kill-child "$@"' "$group" --
	local cgroup
	cgroup=$(<"/proc/$target/cgroup")
	run -0 "$NSTOOL" enter -t "$target" --like cat /proc/self/cgroup
	is "$cgroup"
	kill -KILL "$target"
	until rmdir "$group" 2>/dev/null; do pause; done
	# A target that has changed its root.
	mkfifo "$dir/root/up"
	chroot "$dir/root" /bin/sh -c 'echo >/up; exec sleep 1000' 3>&- &
	started+=($!)
	read -r <"$dir/root/up"
	run -0 "$NSTOOL" enter -t $! --like /bin/sh -c 'echo /*'
	is "/bin /lib /lib64 /proc /tmp /up"
}

# Whatever the tool says, exactly, and that the command ran if it was to.
left_out() { # NOTE COMMAND...
	local note=$1
	shift
	run -0 "$@"
	is "nstool: enter: note: $note
in"
}

@test "what cannot be taken over is named, or left out with a note" {
	start --uts
	# Nothing of the bounding set can be had back.
	local refusal="cannot take over the bounding set: the caller lacks CAP_NET_RAW"
	run -125 setpriv --bounding-set -net_raw -- "$NSTOOL" enter -t "$target" --like true
	is "nstool: enter: $refusal"
	left_out "$refusal" setpriv --bounding-set -net_raw -- \
		"$NSTOOL" enter -t "$target" --like=best-effort echo in
	refusal="cannot take over no_new_privs: the target lacks it, the caller has it for good"
	run -125 setpriv --no-new-privs -- "$NSTOOL" enter -t "$target" --like true
	is "nstool: enter: $refusal"
	left_out "$refusal" setpriv --no-new-privs -- \
		"$NSTOOL" enter -t "$target" --like=best-effort echo in
	refusal="cannot take over the oom_score_adj of $(<"/proc/$target/oom_score_adj"): Read-only file system"
	local read_only=(unshare --mount sh -c 'mount -o remount,bind,ro /proc && exec "$@"' sh)
	run -125 "${read_only[@]}" "$NSTOOL" enter -t "$target" --like echo in
	is "nstool: enter: $refusal"
	left_out "$refusal" "${read_only[@]}" "$NSTOOL" enter -t "$target" --like=best-effort echo in
	run -125 "$NSTOOL" enter -n=/proc/self/ns/net --like true
	is "nstool: enter: --like needs a target that is a process"
	run -125 "$NSTOOL" enter -t "$target" --like=so true
	has "'so' is not 'best-effort'"
}

@test "a root that cannot be changed to, cgroups that cannot be joined" {
	mkdir "$dir/root"
	mount --rbind / "$dir/root"
	mount --make-rprivate "$dir/root"
	mkfifo "$dir/up"
	chroot "$dir/root" sh -c 'echo >"$0/up"; exec sleep 1000' "$dir" 3>&- &
	target=$!
	started+=("$target")
	read -r <"$dir/up"
	local tool=("$NSTOOL" enter -t "$target")
	run -125 traced -f -e inject=chroot:error=EPERM "${tool[@]}" --like true
	local same=$output
	run traced -f -e inject=chroot:error=EPERM "${tool[@]}" --like=best-effort sh -c 'echo in; pwd'
	local loose=$output
	kill -KILL "$target"
	wait "$target" || true
	umount -R "$dir/root"
	is "nstool: enter: cannot change the root directory: Operation not permitted
hint: this needs CAP_SYS_CHROOT in the user namespace where the command runs" "$same"
	is "nstool: enter: note: cannot change the root directory: Operation not permitted
in
/" "$loose"
	# Each hierarchy for itself: what one refuses does not keep it from the others.
	local v1=/sys/fs/cgroup/pids/nst-like-$$ v2=/sys/fs/cgroup/unified/nst-like-$$
	mkdir "$v1" "$v2" || skip "no cgroups to make"
	start --uts
	echo "$target" >"$v1/cgroup.procs"
	echo "$target" >"$v2/cgroup.procs"
	run -125 traced -f -P "$v1/cgroup.procs" -e inject=write:error=ENOSPC \
		"$NSTOOL" enter -t "$target" --like true
	local refused=$output
	left_out "cannot join the target's cgroup, '$v1': No space left on device" \
		traced -f -P "$v1/cgroup.procs" -e inject=write:error=ENOSPC \
		"$NSTOOL" enter -t "$target" --like=best-effort sh -c 'grep -q "$0" /proc/self/cgroup && echo in' \
		"^0::.*nst-like-$$" || echo "$output" >"$dir/failed"
	kill -KILL "$target"
	until rmdir "$v1" 2>/dev/null; do pause; done
	until rmdir "$v2" 2>/dev/null; do pause; done
	is "nstool: enter: cannot join the target's cgroup, '$v1': No space left on device" "$refused"
	[ ! -e "$dir/failed" ] || { cat "$dir/failed" && return 1; }
}

@test "an ordinary user: what is alike needs no privilege, what differs is left out" {
	start_with as_nobody env -i A=1 PATH="$PATH" bash -c 'umask 027; exec "$@"' sh
	expected=$(how_is "$target")
	cp "$NSTOOL" "$dir"
	run -0 as_nobody "$dir/nstool" enter -t "$target" --like sh -c "$how"
	is "$expected"
	start_with setpriv --reuid 65534 --regid 65534 --groups 7 --
	local refusal="cannot take over the groups: the caller lacks CAP_SETGID"
	run -125 as_nobody "$NSTOOL" enter -t "$target" --like true
	is "nstool: enter: $refusal"
	left_out "$refusal" as_nobody "$NSTOOL" enter -t "$target" --like=best-effort echo in
	run -125 as_nobody "$NSTOOL" enter -t "$target" --like -S 5 -G 65534 true
	has "the caller lacks CAP_SET"
}

# A target with these real, effective and saved ids; a shell would not keep them apart.
start_as() { # RUID EUID SUID [SETPRIV-OPTION...]
	rm -f "$dir/up"
	mkfifo -m 666 "$dir/up"
	setpriv "${@:4}" -- perl -e '
		my ($up, @ids) = @ARGV;
		syscall(119, @ids = map { $_ + 0 } @ids) == 0 && syscall(117, @ids) == 0 or die;
		open(my $f, ">", $up) or die;
		print $f "up\n";
		close($f);
		sleep 1000' "$dir/up" "${@:1:3}" 3>&- &
	target=$!
	started+=("$target")
	read -r <"$dir/up"
}

@test "real and effective ids that differ" {
	local wanted='^(Uid|Gid|Groups|Cap...|NoNewPrivs|Umask):' ids
	for ids in "1234 2345 2345" "0 2345 2345"; do
		# shellcheck disable=SC2086
		start_as $ids --groups 7
		run -0 "$NSTOOL" enter -t "$target" --like grep -E "$wanted" /proc/self/status
		is "$(grep -E "$wanted" "/proc/$target/status")"
		has $'Uid:\t'"${ids// /$'\t'}"
	done
	start_as 1234 2345 2345 --no-new-privs
	local refusal="cannot take over the ids: real and effective ones differ, and no_new_privs does not go with that"
	run -125 "$NSTOOL" enter -t "$target" --like true
	is "nstool: enter: $refusal"
	left_out "$refusal" "$NSTOOL" enter -t "$target" --like=best-effort echo in
	start_as 1234 2345 3456
	refusal="cannot take over the ids: an exec makes the saved and file system ones the effective ones"
	run -125 "$NSTOOL" enter -t "$target" --like true
	is "nstool: enter: $refusal"
	run -0 "$NSTOOL" enter -t "$target" --like=best-effort grep ^Uid: /proc/self/status
	is "nstool: enter: note: $refusal"$'\nUid:\t1234\t2345\t2345\t2345'
}

@test "the processor that uname tells" {
	[ "$(getconf LONG_BIT)" = 64 ] || skip "a kernel of 32 bits has one processor to tell"
	local wide narrow
	wide=$(uname -m) narrow=$(setarch linux32 uname -m)
	start_with unshare --uts setarch linux32
	run -0 "$NSTOOL" enter -t "$target" uname -m
	is "$wide"
	run -0 "$NSTOOL" enter -t "$target" --arch=follow uname -m
	is "$narrow"
	run -0 "$NSTOOL" enter -t "$target" --like uname -m
	is "$narrow"
	run -0 "$NSTOOL" enter -t "$target" --like --arch linux64 uname -m
	is "$wide"
	run -0 setarch linux32 "$NSTOOL" enter -t $$ --like uname -m
	is "$wide"
	run -0 "$NSTOOL" enter -t "$target" --arch "$wide" uname -m
	is "$wide"
	# The target's flags stay its own.
	start_with unshare --uts setarch linux32 --addr-no-randomize
	run -0 "$NSTOOL" enter -t "$target" --arch=follow cat /proc/self/personality
	is 00000008
	run -0 setarch --addr-no-randomize "$NSTOOL" enter -t "$target" --arch=linux32 cat /proc/self/personality
	is 00040008
	run -125 "$NSTOOL" enter -t "$target" --arch=z80 true
	is "nstool: enter: option '--arch': 'z80' is no processor, nor 'linux32', 'linux64' or 'follow'
Try 'nstool enter --help'."
	[ "$wide" = ppc64 ] || run -125 "$NSTOOL" enter -t "$target" --arch=ppc true
	[ "$wide" = ppc64 ] || has "'ppc' is another processor than this, $wide"
	run -125 "$NSTOOL" enter -u=/proc/self/ns/uts --arch=follow true
	is "nstool: enter: --arch=follow needs a target that is a process"
	run -125 "$DENY" personality=EPERM -- "$NSTOOL" enter -t "$target" --arch=linux32 true
	is "nstool: enter: cannot let uname tell a processor of 32 bits: Operation not permitted"
	run -0 "$DENY" personality=EPERM -- "$NSTOOL" enter -t "$target" true
}

@test "a security label of one's own choice" {
	start --uts
	run -125 "$NSTOOL" enter -t "$target" -Z --context a true
	is "nstool: enter: -Z and --context are two labels: only one can be had"
	run -125 "$NSTOOL" enter -t "$target" --context= true
	is "nstool: enter: option '--context': a label is not empty
Try 'nstool enter --help'."
	! grep -q . /proc/self/attr/current 2>/dev/null || skip "there are security labels here"
	run -125 "$NSTOOL" enter -t "$target" --context a true
	is "nstool: enter: there are no security labels: neither SELinux nor AppArmor is here"
	# Each module wants it written in its own way; which one is here its text tells.
	local here
	for here in "lxc-web (enforce)=exec other" "a:b:c:s0=other" "unconfined=exec other"; do
		echo "${here%=*}" >"$dir/label"
		run -125 unshare --mount sh -c 'mount --bind "$0/label" /proc/$$/attr/current && exec "$@"' "$dir" \
			"$NSTOOL" enter -t "$target" --context other true
		is "nstool: enter: cannot take on the security label '${here#*=}': Invalid argument"
	done
}
