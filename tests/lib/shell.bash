# shellcheck shell=bash
# What the tests of the shell have in common.

# Runs LINES as a script from the standard input.
script() { # LINE...
	printf '%s\n' "$@" | "$NSTOOL"
}
