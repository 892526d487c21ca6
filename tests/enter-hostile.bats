#!/usr/bin/env bats
# enter: what a hostile target could use is kept from it.

load lib/suite
load lib/enter

LIB=$(realpath "${NSTOOL%/*}/tests/lib")

# Runs the tool as an ordinary user, or as root, and stops it at its last system call before the
# exec, inside.
stop_inside() { # [USER]
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -D -f -o "$dir/trace" \
		-e trace=close_range,prctl -e inject=close_range:signal=SIGSTOP \
		setpriv --reuid "${1-65534}" --regid "${1-65534}" --clear-groups -- \
		"$NSTOOL" enter -t "$target" sleep 1000 3>&- &
	tool=$!
	started+=("$tool")
	until grep -q 'stopped by SIGSTOP' "$dir/trace" 2>/dev/null; do pause; done
}

@test "nstool is not dumpable while it is inside" {
	start_with as_nobody unshare --fork --kill-child --user --map-root-user --uts
	stop_inside
	assert_same_ns "$target" "$tool" uts
	# It has the user of the target, who may look at what is dumpable.
	run -0 as_nobody cat "/proc/$target/environ"
	run -1 as_nobody cat "/proc/$tool/environ"
	has "Permission denied"
	is 0 "$(stat -c %u "/proc/$tool/environ")"
}

@test "the command has a session keyring of its own" {
	local own
	own=$("$LIB/keyring") || skip "no keyrings here"
	start --uts
	run -0 "$LIB/keyring"
	is "$own"
	run -0 "$NSTOOL" enter -t "$target" "$LIB/keyring"
	[ "$output" != "$own" ]
	local first=$output
	run -0 "$NSTOOL" enter -t "$target" "$LIB/keyring"
	[ "$output" != "$first" ]
}

@test "no descriptor of ours takes the place of a closed one of the command" {
	start --uts --mount
	local closed
	for closed in '<&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
		run -0 strace -f -o "$dir/trace" sh -c "exec \"\$0\" enter -t \"\$1\" true $closed" \
			"$(realpath "$NSTOOL")" "$target"
		grep -Eq 'setns\(([3-9]|[0-9]{2,}), ' "$dir/trace"
		# What the command finds open is what nstool has found open.
		run -0 sh -c "exec \"\$0\" enter -t \"\$1\" --preserve-fd 9 sh -c '
			for fd in 0 1 2; do [ ! -e /proc/self/fd/\$fd ] || printf %s \$fd >&9; done' 9>&1 $closed" \
			"$NSTOOL" "$target"
		is "$(sh -c "exec sh -c 'for fd in 0 1 2; do [ ! -e /proc/self/fd/\$fd ] || printf %s \$fd >&9; done' 9>&1 $closed")"
	done
}

@test "a /proc that is no procfs is refused" {
	start --uts
	run -125 unshare --mount sh -c 'mount -t tmpfs none /proc && mkdir "/proc/$2" &&
		exec "$1" enter -t "$2" true' sh "$NSTOOL" "$target"
	# A sanitizer misses /proc as well, and says so.
	is "nstool: enter: cannot open /proc: No such device" "$(grep '^nstool' <<<"$output")"
}

@test "a command that leads back to nstool is refused" {
	start --mount
	mkdir "$dir/bin"
	ln -s /proc/self/exe "$dir/bin/sh"
	ln -s sh "$dir/bin/link"
	printf '#!/proc/self/exe\n' >"$dir/bin/script"
	printf '#! %s an argument\n' "$dir/bin/script" >"$dir/bin/deeper"
	chmod +x "$dir"/bin/*
	local name
	for name in link script deeper; do
		run -126 "$NSTOOL" enter -t "$target" "$dir/bin/$name"
		is "nstool: enter: will not run '$dir/bin/$name': it leads back to nstool itself
hint: the target would get hold of the program through /proc (CVE-2019-5736)"
		PATH=$dir/bin:$PATH run -126 "$NSTOOL" enter -t "$target" "$name"
	done
	# Its shell, as a file of /etc/passwd, as /bin/sh, and as the shell of a file without "#!".
	"$NSTOOL" enter -t "$target" mount --bind "$dir/bin/script" "$(realpath /bin/sh)"
	run -126 "$NSTOOL" enter -t "$target" sh
	SHELL=/bin/sh run -126 "$NSTOOL" enter -t "$target"
	echo true >"$dir/bin/plain"
	chmod +x "$dir/bin/plain"
	run -126 "$NSTOOL" enter -t "$target" "$dir/bin/plain"
	ln -s "$(realpath "$NSTOOL")" "$dir/nsenter"
	run -126 "$dir/nsenter" -t "$target" -m "$dir/bin/link"
	run -126 "$NSTOOL" enter -t "$target" --uts -r "$dir/bin/link"
}

@test "nstool where the target has it itself runs" {
	start --mount
	run -0 "$NSTOOL" enter -t "$target" "$(realpath "$NSTOOL")" --version
	is "$("$NSTOOL" --version)"
}

@test "scripts run as execve runs them" {
	start --mount
	cat >"$dir/show" <<'END'
#!/bin/sh
echo "$0 $#" "$@"
END
	printf '#!  %s  two words \t\nrest\n' "$dir/show" >"$dir/outer"
	printf '#!%s' "$dir/show" >"$dir/unended"
	printf 'echo plain "$0" "$@"\n' >"$dir/plain"
	printf '#!%s\n' "$dir/endless" >"$dir/endless"
	chmod +x "$dir"/{show,outer,unended,plain,endless}
	local name
	for name in show outer unended plain; do
		run -0 "$NSTOOL" enter -t "$target" "$dir/$name" a 'b c'
		is "$("$dir/$name" a 'b c')"
	done
	run -126 "$NSTOOL" enter -t "$target" "$dir/endless"
	is "nstool: enter: cannot run '$dir/endless': Too many levels of symbolic links"
	mkfifo "$dir/pipe"
	chmod +x "$dir/pipe"
	run -126 "$NSTOOL" enter -t "$target" "$dir/pipe"
	run -0 "$NSTOOL" enter -t "$target" sleep 0
	# An ordinary user may run what he may not read.
	cp /bin/true "$dir/true"
	chmod 711 "$dir/true"
	run -0 "$NSTOOL" enter -t "$target" -S 65534 -G 65534 "$dir/true"
}

# A user namespace has a binfmt_misc of its own since Linux 6.7. The commands are run there, with
# $target a process in another mount namespace of it.
with_misc() { # COMMANDS
	mkdir -p "$dir/misc"
	echo nstmagic >"$dir/file.nst"
	chmod +x "$dir/file.nst"
	ln -sf "$(realpath "$NSTOOL")" "$dir/nsenter"
	ln -sf "$(realpath "$NSTOOL")" "$dir/nstool"
	ln -sf /bin/echo "$dir/interpreter"
	ln -sf "$(realpath "$DENY")" "$dir/deny"
	run unshare --user --map-root-user --mount bash -c 'cd "$1"
		mount -t binfmt_misc none misc && echo ":nst:M::nstmagic::$1/interpreter:" >misc/register || exit 99
		exec {out}< <(exec unshare --mount sh -c "echo; exec sleep 1000")
		target=$! && read -r -u "$out"
		eval "$2"
		kill "$target"' sh "$dir" "$1"
	[ "$status" != 99 ] || skip "no binfmt_misc in user namespaces here"
}

@test "what binfmt_misc runs is run by a program that is not nstool" {
	with_misc './nsenter -t "$target" -m "$1/file.nst" "a b"; echo "$?"
		./nstool enter -t "$target" "$1/file.nst" "a b" c; echo "$?"
		PATH=$1:$PATH ./nstool enter -t "$target" file.nst
		strace -f -s 200 -o trace ./nstool enter -t "$target" "$1/file.nst" d'
	is "$dir/file.nst a b
0
$dir/file.nst a b c
0
$dir/file.nst
$dir/file.nst d"
	# The kernel gets the name from the sealed program only.
	run grep -Eo 'F_ADD_SEALS.*|execve(at)?\((|[0-9]+, )".*\.nst".*\]' "$dir/trace"
	[ "${#lines[@]}" = 5 ]
	is "F_ADD_SEALS, F_SEAL_SEAL|F_SEAL_SHRINK|F_SEAL_GROW|F_SEAL_WRITE) = 0" "${lines[2]}"
	[[ ${lines[3]} =~ ^'execveat('[0-9]+', "", ["nstool-exec", "nstool: enter: cannot run ' ]]
	is "execve(\"$dir/file.nst\", [\"$dir/file.nst\", \"d\"]" "${lines[4]}"
}

@test "an interpreter of binfmt_misc that is missing, no program, or leads back" {
	with_misc 'rm interpreter; ./nstool enter -t "$target" "$1/file.nst"; echo "$?"
		touch interpreter; ./nsenter -t "$target" -m "$1/file.nst"; echo "$?"
		ln -sf /proc/self/exe interpreter
		./nstool enter -t "$target" "$1/file.nst"; echo "$?"
		./nstool enter -t "$target" "$1/file.nst" --version no-such-file; echo "$?"'
	local complaint="cannot run '$dir/file.nst': binfmt_misc has an interpreter for it, but that is not there or cannot be run"
	is "nstool: enter: $complaint
127
nsenter: $complaint
126
126
$dir/file.nst127"
}

@test "where no program can be made in memory nothing is run by its name, but by nsenter" {
	with_misc './deny memfd_create=ENOSYS -- ./nstool enter -t "$target" "$1/file.nst"; echo "$?"
		./deny memfd_create=EPERM -- ./nsenter -t "$target" -m "$1/file.nst"; echo "$?"
		./deny memfd_create:0x13=EINVAL -- ./nstool enter -t "$target" "$1/file.nst"; echo "$?"'
	is "nstool: enter: cannot run '$dir/file.nst': Function not implemented
126
$dir/file.nst
0
$dir/file.nst
0"
}

@test "our /proc/PID/exe cannot be opened for writing while we are inside" {
	cp "$NSTOOL" "$dir/copy"
	chown 65534 "$dir/copy"
	start_with as_nobody unshare --fork --kill-child --user --map-root-user --uts
	NSTOOL=$dir/copy stop_inside
	run as_nobody sh -c ': >>"/proc/$0/exe"' "$tool"
	has "Permission denied"
	run as_nobody sh -c ': >>"/proc/$0/exe"' "$target"
	has "Permission denied" # sh is root's
	run ! as_nobody readlink "/proc/$tool/exe"
}

@test "root of a container without CAP_SYS_PTRACE does not get at our /proc/PID/exe" {
	local jailed=(setpriv --bounding-set -sys_ptrace --inh-caps -sys_ptrace --)
	start_with "${jailed[@]}" unshare --fork --kill-child --mount --pid --mount-proc
	stop_inside 0
	find_sleeper "$tool"
	# The process that is inside, by its number there and by the caller's.
	[ "$(readlink "/proc/$sleeper/ns/pid")" = "$(readlink "/proc/$target/ns/pid")" ]
	run -1 "${jailed[@]}" readlink "/proc/$sleeper/exe"
	run -2 "${jailed[@]}" sh -c ': <"/proc/$0/exe"' "$sleeper"
	has "Permission denied"
	run -0 "${jailed[@]}" readlink "/proc/$target/exe"
}

# A file system of a server that never says anything, in the target.
start_deaf() {
	mkdir "$dir/deaf"
	# shellcheck disable=SC2016 # for the inner shell
	start_with unshare --fork --kill-child --mount --pid sh -c 'exec 9<>/dev/fuse &&
		mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 deaf "$0" && exec "$@"' "$dir/deaf"
}

# Starts the tool with a command that waits for that server; $tool and $command are the pids.
wait_for_deaf() { # NAME
	"$NSTOOL" enter -t "$target" -W "$dir/deaf/$1" true 3>&- &
	tool=$!
	started+=("$tool")
	until command=$(<"/proc/$tool/task/$tool/children") && command=${command% } && [ "$command" ] &&
		grep -q '^State:.*D' "/proc/$command/status"; do
		pause
	done
	# shellcheck disable=SC2034 # command_has_ended reads it
	exec {command_dir}<"/proc/$command"
}

@test "a command that waits for a server that never answers can be ended" {
	[ -c /dev/fuse ] || skip "needs /dev/fuse"
	start_deaf
	local status=0
	wait_for_deaf one
	kill -TERM "$tool"
	wait "$tool" || status=$?
	is 143 "$status"
	command_has_ended
	wait_for_deaf two
	kill -KILL "$tool"
	command_has_ended
}
