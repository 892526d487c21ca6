#!/usr/bin/env bats
# enter: what a hostile target could use is kept from it.

load lib/nstool
load lib/enter

LIB=$(realpath "${NSTOOL%/*}/tests/lib")

# Runs the tool as an ordinary user and stops it at its last system call before the exec, inside.
stop_inside() {
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -D -o "$dir/trace" \
		-e trace=close_range,prctl -e inject=close_range:signal=SIGSTOP \
		setpriv --reuid 65534 --regid 65534 --clear-groups -- \
		"$NSTOOL" enter -t "$target" sleep 1000 3>&- &
	tool=$!
	started+=("$tool")
	until grep -q 'stopped by SIGSTOP' "$dir/trace" 2>/dev/null; do pause; done
}

@test "nstool is not dumpable while it is inside" {
	start_with as_nobody unshare --fork --kill-child --user --map-root-user --uts
	stop_inside
	is "$(readlink "/proc/$target/ns/uts")" "$(readlink "/proc/$tool/ns/uts")"
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

@test "what binfmt_misc runs: under the name nsenter only" {
	mkdir "$dir/misc"
	echo nstmagic >"$dir/file.nst"
	chmod +x "$dir/file.nst"
	ln -s "$(realpath "$NSTOOL")" "$dir/nsenter"
	# A user namespace has a binfmt_misc of its own since Linux 6.7.
	run unshare --user --map-root-user --mount bash -c 'cd "$1"
		mount -t binfmt_misc none misc && echo ":nst:M::nstmagic::/bin/echo:" >misc/register || exit 9
		exec {out}< <(exec unshare --mount sh -c "echo; exec sleep 1000")
		target=$! && read -r -u "$out"
		./nsenter -t "$target" -m "$1/file.nst"; echo "$?"
		"$2" enter -t "$target" "$1/file.nst"; echo "$?"
		kill "$target"' sh "$dir" "$(realpath "$NSTOOL")"
	[ "$status" != 9 ] || skip "no binfmt_misc in user namespaces here"
	is "$dir/file.nst
0
nstool: enter: cannot run '$dir/file.nst': No such file or directory
hint: '$dir/file.nst' is there, but the interpreter or loader that it names is not
hint: commands are looked for in the mount namespace of the target; --host-tools brings the caller's
127"
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
