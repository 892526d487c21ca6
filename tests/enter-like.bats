#!/usr/bin/env bats
# enter --like: the command runs as the target itself runs.

load lib/nstool
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

@test "what cannot be taken over is named, or left with best-effort" {
	start --uts
	# Nothing of the bounding set can be had back.
	run -125 setpriv --bounding-set -net_raw -- "$NSTOOL" enter -t "$target" --like true
	is "nstool: enter: cannot take over the bounding set: the caller lacks CAP_NET_RAW"
	run -0 setpriv --bounding-set -net_raw -- "$NSTOOL" enter -t "$target" --like=best-effort true
	run -125 setpriv --no-new-privs -- "$NSTOOL" enter -t "$target" --like true
	is "nstool: enter: cannot take over no_new_privs: the target lacks it, the caller has it for good"
	run -0 setpriv --no-new-privs -- "$NSTOOL" enter -t "$target" --like=best-effort true
	run -125 strace -f -o /dev/null -e inject=chroot:error=EPERM "$NSTOOL" enter -t "$target" --like true
	is "nstool: enter: cannot change the root directory: Operation not permitted"
	local how
	for how in like like=best-effort; do
		run unshare --mount sh -c 'mount -o remount,bind,ro /proc && exec "$1" enter -t "$2" "--$3" echo in' \
			sh "$NSTOOL" "$target" "$how"
		[ "$how" = like ] || is in
		[ "$how" != like ] || is "nstool: enter: cannot take over the oom_score_adj of $(<"/proc/$target/oom_score_adj"): Read-only file system"
	done
	run -0 strace -f -o /dev/null -e inject=chroot:error=EPERM "$NSTOOL" enter -t "$target" --like=best-effort pwd
	is /
	run -125 "$NSTOOL" enter -n=/proc/self/ns/net --like true
	is "nstool: enter: --like needs a target that is a process"
	run -125 "$NSTOOL" enter -t "$target" --like=so true
	has "'so' is not 'best-effort'"
	# An ordinary user may neither change the root nor set groups.
	start_with as_nobody
	run -125 as_nobody "$NSTOOL" enter -t "$target" --like true
	is "nstool: enter: cannot change the root directory: Operation not permitted"
	run -0 as_nobody "$NSTOOL" enter -t "$target" --like=best-effort id -u
	is 65534
}
