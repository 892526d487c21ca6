#!/usr/bin/env bats
# Under the name lsns, beside the lsns of util-linux on the same machine: what both say of
# namespaces that nobody else changes, column by column.

load lib/suite

# The columns that lsns has had since 2.38.
columns=NS,TYPE,PATH,NPROCS,PID,PPID,COMMAND,UID,USER,NETNSID,NSFS,PNS,ONS

setup() {
	need_root
	[[ $(lsns --version 2>&1) == "lsns from util-linux "* ]] || skip "no lsns of util-linux here"
	ln -s "$(realpath "$NSTOOL")" "$BATS_TEST_TMPDIR/lsns"
	hold many 40 4 "$BATS_TEST_TMPDIR/list"
	hold proc
	{
		cut -d ' ' -f 2 "$BATS_TEST_TMPDIR/list"
		printf '%s\n' "${made[net]}" "${made[uts]}"
	} >"$BATS_TEST_TMPDIR/inodes"
}

# Runs lsns of util-linux, again where it fails or hangs: it does when processes come and go.
theirs() { # OPTION...
	local text='' end=$((SECONDS + 120))
	while [ "$SECONDS" -lt "$end" ]; do
		text=$(timeout 20 lsns "$@" 2>"$BATS_TEST_TMPDIR/stderr") && [ -n "$text" ] && break
	done
	[ -n "$text" ] || cat "$BATS_TEST_TMPDIR/stderr" >&2
	printf '%s\n' "$text"
}

ours() { # OPTION...
	"$BATS_TEST_TMPDIR/lsns" "$@"
}

# Of rows that begin with an inode, those about the namespaces made here.
of_ours() {
	awk 'NR == FNR { made[$1]; next } $1 in made' "$BATS_TEST_TMPDIR/inodes" - | sort
}

# Without the blanks that fill a column up: lsns leaves room for pids of five digits.
words() {
	sed 's/^ *//; s/  */ /g'
}

# Each namespace of JSON as one line, wherever it hangs.
flat() {
	jq -r '.. | objects | select(has("ns")) | "\(.ns) \(.type) \(.nprocs) \(.pid) \(.user) \(.command)"'
}

@test "every column of every namespace" {
	local rows
	rows=$(theirs -rnl -o "$columns" | of_ours)
	is 34 "$(wc -l <<<"$rows")"
	is "$rows" "$(ours -rnl -o "$columns" | of_ours)"
}

@test "JSON" {
	local rows
	rows=$(theirs -J | flat | of_ours)
	is 34 "$(wc -l <<<"$rows")"
	is "$rows" "$(ours -J | flat | of_ours)"
	is "$(theirs -J -l | jq -c '.namespaces[0] | keys_unsorted')" \
		"$(ours -J -l | jq -c '.namespaces[0] | keys_unsorted')"
	is "$(theirs -J -t net | jq -c '.namespaces[0] | keys_unsorted')" \
		"$(ours -J -t net | jq -c '.namespaces[0] | keys_unsorted')"
}

@test "the namespaces that we are in ourselves" {
	local link rows
	rows=$(for link in /proc/self/ns/*; do
		[[ $link == *_for_children ]] || readlink "$link"
	done | sed 's/\(.*\):\[\(.*\)]/\2 \1/' | sort)
	is "$rows" "$(theirs -rnl -o NS,TYPE | sort -u | grep -Fx "$rows")"
	is "$rows" "$(ours -rnl -o NS,TYPE | sort -u | grep -Fx "$rows")"
}

@test "one process" {
	is "$(theirs -rnl -p "${made[pid]}" -o NS,TYPE | sort)" \
		"$(ours -rnl -p "${made[pid]}" -o NS,TYPE | sort)"
}

@test "some types" {
	is "$(theirs -rnl -t net -t pid | of_ours)" "$(ours -rnl -t net -t pid | of_ours)"
}

@test "the processes in a namespace" {
	local ino
	ino=$(awk '$1 == "pid" { print $2; exit }' "$BATS_TEST_TMPDIR/list")
	is "$(theirs "$ino" | words)" "$(ours "$ino" | words)"
	is "$(theirs -J "$ino" | jq -c .)" "$(ours -J "$ino" | jq -c .)"
}

@test "the tree of processes is one of namespaces alone" {
	is "$(theirs -rn -Tprocess -o NS,TYPE | of_ours)" "$(ours -rn -Tprocess -o NS,TYPE | of_ours)"
	is "" "$(ours -rn -Tprocess -o NS | grep -vx '[0-9]*')"
}
