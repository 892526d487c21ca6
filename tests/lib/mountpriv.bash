# shellcheck shell=bash
# What the tests of mountpriv share: a place to work in, commands that stay while they are
# looked at.

load "$BATS_TEST_DIRNAME/lib/ordinary"

# A directory to work in, with something to mount and a place for it. bats' own is closed to the ids
# of other user namespaces.
in_open_dir() {
	dir=$(mktemp -d "${TMPDIR:-/tmp}/nstool-mountpriv.XXXXXX")
	chmod 755 "$dir"
	cd "$dir" || return
	mkdir src dst
	echo secret >src/file
	# For those who may not get to where the tests are.
	install -m 755 "$BATS_TEST_DIRNAME"/lib/{mountattr,fscrypt} "${NSTOOL%/*}/tests/lib/deny" "$dir"
}

# A file system image that the caller has made becomes a device: $loop.
# shellcheck disable=SC2034 # the tests use it
attach_loop() { # IMAGE
	loop=$(losetup -f --show "$1") || skip "needs a loop device"
}

# Frees it again. Another nstool that looks around may have the last file system on it open a moment
# longer: returns when that is closed.
detach_loop() { # IMAGE
	losetup -d "$loop"
	while losetup -j "$1" | grep -q .; do :; done
}

kept=() kept_inputs=()

# Runs COMMAND with a small program behind it that stays until the test ends: $pid is that one.
keep() { # COMMAND...
	local pipe="$BATS_TEST_TMPDIR/keep.${#kept[@]}" input
	mkfifo "$pipe.in" "$pipe.out"
	# shellcheck disable=SC2016 # for the inner shell
	"$@" sh -c 'echo "$$"; read -r _' <"$pipe.in" >"$pipe.out" 3>&- &
	kept+=($!)
	exec {input}>"$pipe.in"
	kept_inputs+=("$input")
	read -r pid <"$pipe.out"
	rm "$pipe.in" "$pipe.out"
	[ -n "$pid" ]
}

# Ends the last one that is kept.
let_go_of_last() {
	local input=${kept_inputs[-1]}
	exec {input}>&-
	wait "${kept[-1]}" || true
	unset 'kept[-1]' 'kept_inputs[-1]'
}

let_go() {
	local input
	for input in "${kept_inputs[@]}"; do
		exec {input}>&-
	done
	[ "${#kept[@]}" = 0 ] || wait "${kept[@]}" || true
	kept=() kept_inputs=()
}

# The mounts of processes, but for those of other tests, which come and go.
mounts_of() { # PID...
	local pid
	for pid; do
		awk -v own="${dir:-$BATS_TEST_TMPDIR}/" -v all="${BATS_RUN_TMPDIR%/*}/" \
			'index($5, own) == 1 || (index($5, all) != 1 && $5 !~ "^/(run|tmp)/")' "/proc/$pid/mountinfo"
	done
}

# Is no process of this test left, and no mount in its directory? What other tests do at the same
# time does not count.
nothing_left() {
	is "" "$(_nstool_processes)"
	is "" "$(grep -F " $BATS_TEST_TMPDIR/" /proc/self/mountinfo)"
}
