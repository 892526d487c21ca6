# shellcheck shell=bash
# What every bats file loads first: `load lib/suite`. Runs alone as well: `bats tests/cli.bats`.

bats_require_minimum_version 1.5.0

# What is expected has characters beyond ASCII, on a machine without a locale too.
export LC_ALL=C.UTF-8

# What one user makes another one looks at.
umask 022

# Where tmux has its sockets, which it leaves there.
export TMUX_TMPDIR=${BATS_TEST_TMPDIR-}

# The program under test; `make check` says which.
NSTOOL=${NSTOOL:-${BASH_SOURCE[0]%/*}/../../build/nstool}

need_root() {
	[ "$(id -u)" = 0 ] || skip "needs root"
}

# The library that others have too: nstool_sandbox, in_ns, assert_isolated … On a machine under load what
# was killed needs longer to go.
NSTOOL_PATIENCE=60
# shellcheck source=tests/lib/nstool.bash
source "${BASH_SOURCE[0]%/*}/nstool.bash"

# Is $output, or the text given second, exactly this? Shows the difference if not.
is() { # EXPECTED [ACTUAL]
	diff -u --label expected --label actual <(printf '%s\n' "$1") <(printf '%s\n' "${2-$output}")
}

# Is the text somewhere in $output?
has() { # TEXT
	[[ $output == *"$1"* ]] && return
	printf 'no "%s" in the output\n' "$1"
	return 1
}

# Runs a command until its output is this, ten times at most: another nstool, of another test say,
# that looks at namespaces in this very moment holds them open for that long and is shown.
settles() { # EXPECTED COMMAND...
	local expected=$1
	shift
	for _ in {1..10}; do
		run -0 --separate-stderr "$@"
		[ "$output" != "$expected" ] || return 0
	done
	is "$expected"
}

# Is $output JSON, one value or several, each as tests/schema/NAME.json says?
valid() { # NAME
	python3 -c '
import json, jsonschema, sys
sys.setrecursionlimit(100000) # the validator goes down by many calls a level
schema = json.load(open(sys.argv[1]))
check = jsonschema.Draft7Validator
check.check_schema(schema)
resolver = jsonschema.RefResolver("file://" + sys.argv[1], schema)
text, number = sys.stdin.read().lstrip(), 0
while text:
    value, end = json.JSONDecoder().raw_decode(text)
    check(schema, resolver=resolver).validate(value)
    text, number = text[end:].lstrip(), number + 1
sys.exit(number == 0)' "$(realpath "$BATS_TEST_DIRNAME/schema/$1.json")" <<<"$output"
}

# strace, silent itself, for the system calls that it makes fail. The leak sanitizer cannot work
# below it.
traced() { # STRACE-OPTION... COMMAND...
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -qq -o /dev/null "$@"
}

# Runs a line of a manual page's EXAMPLES as it stands there, but for words that only the test
# can know: example 'nstool list 1234' 1234="$pid". Each such line must be run by a test. With
# within=(COMMAND...) it is run by that.
within=()
example() { # LINE [WORD=REPLACEMENT...]
	local line=$1 bin=$BATS_TEST_TMPDIR/bin change
	shift
	for change; do
		line=${line//"${change%%=*}"/"${change#*=}"}
	done
	mkdir -p "$bin"
	ln -sf "$(realpath "$NSTOOL")" "$bin/nstool"
	"${within[@]}" env PATH="$bin:$PATH" bash -c "$line"
}

# Situations for discovery, made by the program nsmake, which has the list: `hold proc` fills
# ${made[pid]}, ${made[net]} … when everything stands. Each lasts until `release`, which returns
# when all of it is gone, or until the test ends.
# shellcheck disable=SC2034 # the tests read it
declare -gA made=()
held_inputs=() held_pids=()

hold() { # SITUATION [ARGUMENT...]
	local pipe="$BATS_TEST_TMPDIR/hold.${#held_pids[@]}" input line
	mkfifo "$pipe.in" "$pipe.out"
	"$(dirname "$NSTOOL")/tests/lib/nsmake" "$@" <"$pipe.in" >"$pipe.out" 3>&- &
	held_pids+=($!)
	exec {input}>"$pipe.in"
	held_inputs+=("$input")
	made=()
	while IFS= read -r line; do
		[ "$line" != ready=1 ] || break
		# shellcheck disable=SC2034
		made[${line%%=*}]=${line#*=}
	done <"$pipe.out"
	rm "$pipe.in" "$pipe.out"
	[ "$line" = ready=1 ] || { echo "nsmake $* failed" && return 1; }
}

release() {
	local input
	for input in "${held_inputs[@]}"; do
		exec {input}>&-
	done
	[ "${#held_pids[@]}" = 0 ] || wait "${held_pids[@]}"
	held_inputs=() held_pids=()
}

teardown() {
	release
	leaves_nothing
}

# Tests run side by side: only what is mounted in the test's own directory is its own.
leaves_nothing() {
	assert_no_leaks "$BATS_TEST_TMPDIR"
}
