# shellcheck shell=bash
# For files whose every test has a place of its own (registry.bash): loaded instead of that.

load lib/registry

setup() {
	need_root
	place
}

teardown() {
	unplace
	release
	leaves_nothing
}
