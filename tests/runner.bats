#!/usr/bin/env bats
# The runner of the tests: it counts what happened, and nothing that went wrong passes it by.

load lib/suite

setup() {
	unset NSTOOL_MUST_RUN
	export TMPDIR=$BATS_TEST_TMPDIR
}

# A test program that prints the given lines and ends with STATUS.
program() { # STATUS LINE...
	local status=$1 file=$BATS_TEST_TMPDIR/program
	shift
	printf '%s\n' '#!/bin/bash' "printf '%s\n' ${*@Q}" "exit $status" >"$file"
	chmod +x "$file"
}

# Runs it; the sum must be SUM.
sums_to() { # STATUS SUM
	run "-$1" "$BATS_TEST_DIRNAME/run" "$BATS_TEST_TMPDIR/program"
	is "$2" "${lines[-1]}"
}

@test "what passes is counted" {
	program 0 1..2 'ok 1 - a' 'ok 2 - b'
	sums_to 0 "2 passed, 0 failed, 0 skipped"
}

@test "what fails is counted and shown" {
	program 1 1..2 'ok 1 - a' 'not ok 2 - b' '# because'
	sums_to 1 "1 passed, 1 failed, 0 skipped"
	has "not ok 2 - b"
	has "# because"
}

@test "what failed is said once more at the end, in short" {
	program 1 1..3 'not ok 1 - a' '# one' '# two' '# three' '# four' '# five' 'ok 2 - b' 'not ok 3 - c'
	sums_to 1 "1 passed, 2 failed, 0 skipped"
	is "What failed:
FAILED  $BATS_TEST_TMPDIR/program: not ok 1 - a
      | one
      | two
      | three
      | four
FAILED  $BATS_TEST_TMPDIR/program: not ok 3 - c" "$(printf '%s\n' "${lines[@]: -8:7}")"
}

@test "what failed in tests that a test has run is said at the end as well" {
	program 1 1..2 'not ok 1 - a' '# because' 'ok 2 - b'
	mv "$BATS_TEST_TMPDIR/program" "$BATS_TEST_TMPDIR/inner"
	program 1 1..1 'not ok 1 - c'
	sed -i "\$i '$BATS_TEST_DIRNAME/run' '$BATS_TEST_TMPDIR/inner' | sed 's/^/# /'" "$BATS_TEST_TMPDIR/program"
	sums_to 1 "0 passed, 1 failed, 0 skipped"
	[[ $output == *$'\nWhat failed:\nFAILED '*"program: not ok 1 - c"$'\n'*"      | FAILED  $BATS_TEST_TMPDIR/inner: not ok 1 - a"$'\n'*" | because"$'\n'* ]]
}

@test "a skip is told, and fails where everything must run" {
	program 0 1..3 'ok 1 a # skip needs root' 'not ok 2 # SKIP b' 'ok 3 - c'
	sums_to 0 "1 passed, 0 failed, 2 skipped"
	has "a # skip needs root"
	export NSTOOL_MUST_RUN=1
	sums_to 1 "1 passed, 2 failed, 0 skipped"
}

@test "a program that stops halfway has failed" {
	program 0 1..3 'ok 1 - a'
	sums_to 1 "1 passed, 1 failed, 0 skipped"
	has "ran 1 tests of 3"
}

@test "a program that runs nothing has failed" {
	program 0
	sums_to 1 "0 passed, 1 failed, 0 skipped"
}

@test "a bad status is a failure of its own" {
	program 7 1..1 'ok 1 - a'
	sums_to 1 "1 passed, 1 failed, 0 skipped"
	has "status 7"
}

@test "a missing program has failed" {
	sums_to 1 "0 passed, 1 failed, 0 skipped"
}

@test "what a failed test has printed is not counted" {
	program 1 1..1 'not ok 1 - a' '#  not ok 7 - b # SKIP' '# ok 8 c # skip'
	sums_to 1 "0 passed, 1 failed, 0 skipped"
}

@test "what tests leave at home is gone afterwards" {
	HOME=$BATS_TEST_TMPDIR/home
	mkdir "$HOME"
	program 0 1..1 'ok 1 - a'
	# shellcheck disable=SC2016 # for the program
	sed -i '2i touch "$HOME/file"' "$BATS_TEST_TMPDIR/program"
	sums_to 0 "1 passed, 0 failed, 0 skipped"
	is "" "$(ls "$HOME")"
}

@test "a bats file is run and summed up too" {
	printf '%s\n' '@test "a" { true; }' '@test "b" { skip "no reason"; }' '@test "c" { false; }' \
		>"$BATS_TEST_TMPDIR/x.bats"
	run -1 "$BATS_TEST_DIRNAME/run" "$BATS_TEST_TMPDIR/x.bats"
	is "1 passed, 1 failed, 1 skipped" "${lines[-1]}"
}

@test "a process left behind is a failure, and is ended" {
	program 0 1..1 'ok 1 - a'
	sed -i '2i exec 9>"$0.lock"; flock 9; sleep 1000 >/dev/null 2>&1 &' "$BATS_TEST_TMPDIR/program"
	NSTOOL_PATIENCE=1 sums_to 1 "1 passed, 1 failed, 0 skipped"
	has "sleep 1000"
	flock -w 60 "$BATS_TEST_TMPDIR/program.lock" true
}

@test "a watch of bats left behind is none, and is ended" {
	program 0 1..1 'ok 1 - a'
	sed -i '2i exec 9>"$0.lock"; flock 9; sleep 997 >/dev/null 2>&1 &' "$BATS_TEST_TMPDIR/program"
	BATS_TEST_TIMEOUT=997 sums_to 0 "1 passed, 0 failed, 0 skipped"
	flock -w 60 "$BATS_TEST_TMPDIR/program.lock" true
}

@test "a mount left behind is a failure" {
	need_root
	program 0 1..1 'ok 1 - a'
	sed -i '2i mount -t tmpfs left "$TMPDIR" >&2' "$BATS_TEST_TMPDIR/program"
	run -1 unshare -m "$BATS_TEST_DIRNAME/run" "$BATS_TEST_TMPDIR/program"
	is "1 passed, 1 failed, 0 skipped" "${lines[-1]}"
	has "mount left behind"
}

@test "the run's own directory is gone afterwards" {
	program 0 1..1 'ok 1 - a'
	sed -i '2i touch "$TMPDIR/file"' "$BATS_TEST_TMPDIR/program"
	sums_to 0 "1 passed, 0 failed, 0 skipped"
	is "$BATS_TEST_TMPDIR/program" "$(find "$BATS_TEST_TMPDIR" -mindepth 1)"
}
