# shellcheck shell=bash
# A registry of sets for one test: `place` makes a mount namespace with a /run of its own, `here`
# runs a command in it, `bind` runs bind-ns there.

place() {
	mkfifo "$BATS_TEST_TMPDIR/ready"
	# What is mounted below the machine's /run, its registry say, goes: tests count mounts.
	unshare -m sh -c 'awk "\$5 ~ \"^/run/\" {print \$5}" /proc/self/mountinfo | xargs -rn 1 umount -l 2>/dev/null
		mount -t tmpfs -o mode=755 none /run && echo >"$0" && exec sleep infinity' \
		"$BATS_TEST_TMPDIR/ready" 3>&- &
	place=$!
	read -r _ <"$BATS_TEST_TMPDIR/ready"
}

here() { # COMMAND...
	nsenter -t "$place" -m -- "$@"
}

bind() { # ARGUMENT...
	here "$NSTOOL" bind-ns "$@"
}

# As example() of suite.bash, there.
here_example() { # LINE [WORD=REPLACEMENT...]
	# shellcheck disable=SC2034 # example() reads it
	local within=(here)
	example "$@"
}

# The sets there are: names, or with the column's number of --list something else.
# shellcheck disable=SC2120 # the tests give one
sets() { # [COLUMN]
	bind --list | awk -v column="${1-1}" 'NR > 1 {print $column}' | xargs
}

# The inode of a namespace of the process that prints it.
inode() { # TYPE COMMAND...
	local type=$1
	shift
	"$@" readlink "/proc/self/ns/$type"
}

# A process in new namespaces of these types, else in those of the place; sets $sleeper.
sleeper() { # UNSHARE-OPTION...
	local own
	own=$(readlink /proc/self/ns/uts)
	nsenter -t "$place" -m -- unshare --uts "$@" sleep infinity 3>&- &
	sleeper=$!
	until [ "$(readlink "/proc/$sleeper/ns/uts")" != "$own" ]; do :; done
}

# Takes the place down; whatever the test did, no process and no mount is left.
unplace() {
	local names
	names=$(sets 1 2>/dev/null) || names=
	# shellcheck disable=SC2086 # names
	[ -z "$names" ] || bind --remove $names 2>/dev/null || true
	kill "$place"
	wait "$place" || true
}

# The text, one object or one a line with LINES, keeps to tests/schema/NAME.json.
valid_json() { # NAME TEXT [LINES]
	python3 -c '
import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
text = sys.stdin.read()
for part in text.splitlines() if sys.argv[2:] else [text]:
	jsonschema.Draft7Validator(schema).validate(json.loads(part))' \
		"$BATS_TEST_DIRNAME/schema/$1.json" "${@:3}" <<<"$2"
}
