#!/usr/bin/env bats
# list where processes are many: BPF iterators and the walk through /proc say the same.

load lib/suite

# All sources of the default set but bpf.
readonly WALK=proc,thread,pending,fd,mount,ancestor,listns

setup() {
	need_root
	# More processes than make BPF worth it.
	hold many 300 3 "$BATS_TEST_TMPDIR/many"
	cut -d ' ' -f 2 "$BATS_TEST_TMPDIR/many" >"$BATS_TEST_TMPDIR/made"
	[ "$(iterators "$NSTOOL" list)" = 2 ] || skip "no BPF iterators here"
}

# How many BPF iterators a command starts.
iterators() { # COMMAND...
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -qq -e trace=bpf -e signal=none \
		-o "$BATS_TEST_TMPDIR/calls" "$@" >"$BATS_TEST_TMPDIR/output"
	grep -c 'BPF_ITER_CREATE.* = [0-9]' "$BATS_TEST_TMPDIR/calls" || true
}

# Every column that does not change by itself, of the namespaces that the test made: the machine's
# own have members that come and go.
rows() { # COMMAND... (to which the columns are added)
	"$@" --raw --noheadings --output "NS,TYPE,NPROCS,PID,PPID,UID,USER,NSFS,PNS,ONS,ID,NTHREADS,$(:
	)HELD,HOLDERS,CONTAINER,LEVEL,UIDMAP,CREATOR,COMMAND" 2>/dev/null |
		awk 'NR == FNR { made[$1]; next } $1 in made' "$BATS_TEST_TMPDIR/made" -
}

# Both ways show the same. Whoever looks at namespaces in this very moment, another test say, holds
# them open for that long and is shown: one quiet moment in ten is enough.
alike() { # COMMAND... (the other way)
	for _ in {1..10}; do
		rows "$NSTOOL" list >"$BATS_TEST_TMPDIR/bpf"
		rows "$@" >"$BATS_TEST_TMPDIR/other"
		! cmp -s "$BATS_TEST_TMPDIR/bpf" "$BATS_TEST_TMPDIR/other" || return 0
	done
	is "$(cat "$BATS_TEST_TMPDIR/bpf")" "$(cat "$BATS_TEST_TMPDIR/other")"
}

@test "every situation looks the same" {
	local situation
	for situation in proc thread fd thread-fd thread-fd-copy mount-elsewhere mount-chroot mount-fdonly \
		ancestor owner pending-pid pending-pid-dead pending-time dead-leader zombie; do
		hold "$situation"
		printf '%s\n' "${made[@]}" >>"$BATS_TEST_TMPDIR/made"
	done
	alike "$NSTOOL" list --source "$WALK"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/other")" -ge 41 ]
}

@test "without BPF the walk does it, silently" {
	local rule note
	run -0 --separate-stderr "$NSTOOL" list --source "$WALK"
	note=$stderr
	for rule in bpf=EPERM bpf=ENOSYS; do
		run -0 --separate-stderr "$(dirname "$NSTOOL")/tests/lib/deny" "$rule" -- \
			"$NSTOOL" list
		is "$note" "$stderr"
		alike "$(dirname "$NSTOOL")/tests/lib/deny" "$rule" -- "$NSTOOL" list
		[ -s "$BATS_TEST_TMPDIR/other" ]
	done
}

@test "no BPF for sources without it, nor in another pid namespace" {
	is 0 "$(iterators "$NSTOOL" list --source "$WALK")"
	is 0 "$(iterators "$NSTOOL" list --source all)"
	is 0 "$(iterators -f "$NSTOOL" unshare-ns -p "$NSTOOL" list)"
	is 0 "$(iterators -f "$NSTOOL" unshare-ns -p --no-proc "$NSTOOL" list)"
}

# Runs a command where FILE stands for what the kernel says of its own structures.
with_btf() { # FILE COMMAND...
	unshare --mount sh -c 'mount --bind "$0" /sys/kernel/btf/vmlinux && exec "$@"' "$@"
}

# The kernel's BTF with names exchanged: it says where members lie, and is wrong.
lying_btf() { # EXPRESSION
	perl -0777 -pe "$1" /sys/kernel/btf/vmlinux >"$BATS_TEST_TMPDIR/btf"
	! cmp -s "$BATS_TEST_TMPDIR/btf" /sys/kernel/btf/vmlinux
}

@test "a kernel that tells other things than we know is not believed" {
	local lie
	# nothing; a member renamed; members exchanged, which the verifier refuses, and which it does
	# not: the depth of a pid becomes a count; what programs attach to renamed
	for lie in '$_ = ""' \
		's/\0nsproxy\0/\0nsprOxy\0/g' \
		's/\0ns_id\0/\0Ns_id\0/g' \
		's/\0(uts|ipc)_ns\0/"\0" . ($1 eq "uts" ? "ipc" : "uts") . "_ns\0"/ge' \
		's/\0(count|level)\0/"\0" . ($1 eq "count" ? "level" : "count") . "\0"/ge' \
		's/\0bpf_iter_task\0/\0bpf_iter_tusk\0/g'; do
		lying_btf "$lie"
		alike with_btf "$BATS_TEST_TMPDIR/btf" "$NSTOOL" list
		[ -s "$BATS_TEST_TMPDIR/other" ]
	done
}

@test "before bpf_rdonly_cast (6.2) it works as well" {
	lying_btf 's/\0bpf_rdonly_cast\0/\0bpf_rdonly_kast\0/'
	is 2 "$(iterators -f unshare --mount sh -c 'mount --bind "$0" "$1" && exec "$2" list' \
		"$BATS_TEST_TMPDIR/btf" /sys/kernel/btf/vmlinux "$NSTOOL")"
	alike with_btf "$BATS_TEST_TMPDIR/btf" "$NSTOOL" list
	[ -s "$BATS_TEST_TMPDIR/other" ]
}

@test "BPF only for who may: otherwise it is not even tried" {
	is 2 "$(iterators -f setpriv --bounding-set -sys_admin "$NSTOOL" list)"
	is 0 "$(iterators -f setpriv --bounding-set -sys_admin,-bpf "$NSTOOL" list)"
	run -1 grep 'bpf(' "$BATS_TEST_TMPDIR/calls"
}

@test "a look at many processes leaves one thread, that may enter a user namespace" {
	hold container
	# the other thread takes its time to end
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -f -qq -e trace=clone,clone3,setns,exit \
		-e inject=exit:delay_enter=300000 -e signal=none -o "$BATS_TEST_TMPDIR/calls" \
		"$NSTOOL" enter -t "user:[${made[user]}]" true
	grep -q CLONE_THREAD "$BATS_TEST_TMPDIR/calls"
	grep -q 'setns(.*CLONE_NEWUSER.* = 0' "$BATS_TEST_TMPDIR/calls"
}

@test "a process that ends or changes meanwhile harms nobody" {
	hold storm
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		run -0 "$NSTOOL" list
		[ "${#lines[@]}" -gt 24 ]
	done
}
