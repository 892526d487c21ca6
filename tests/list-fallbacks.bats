#!/usr/bin/env bats
# What `list` does where the kernel is older, or a filter refuses what it knows: a seccomp filter
# makes the newer call fail.

load lib/suite

setup() {
	need_root
	tools=$(dirname "$NSTOOL")/tests/lib
}

# Columns of one namespace where system calls fail, or nothing: row INODE COLUMNS [RULE...] [-- OPTION...]
row() {
	local ino=$1 columns=$2 rules=()
	shift 2
	while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
		rules+=("$1")
		shift
	done
	shift "$(($# > 0))"
	"$tools/deny" "${rules[@]}" -- "$NSTOOL" list --list -n -r -o "NS,$columns" "$@" 2>/dev/null |
		sed -n "s/^$ino //p"
}

# The two directions of NS_MNT_GET_…, and NS_GET_ID.
no_walk="ioctl:0x8010b70b=ENOTTY ioctl:0x8010b70c=ENOTTY"
no_ids=ioctl:0x8008b70d=ENOTTY

@test "without kcmp(2) a thread's private descriptors are found" {
	hold thread-fd
	for error in ENOSYS EPERM; do
		settles "${made[pid]}\x20thread\x20${made[tid]}\x20fd\x20${made[fd]}" row "${made[net]}" HOLDERS "kcmp=$error" bpf=EPERM
	done
}

@test "without kcmp(2) a descriptor that threads share is one holder" {
	hold thread-fd-shared
	for rules in kcmp=ENOSYS kcmp=EPERM bpf=EPERM "kcmp=ENOSYS bpf=EPERM"; do
		# shellcheck disable=SC2086 # the rules are words
		settles "${made[pid]}\x20fd\x20${made[fd]}" row "${made[net]}" HOLDERS $rules
	done
}

@test "without openat2(2) what a bind mount holds is asked all the same" {
	hold mount "$BATS_TEST_TMPDIR/bound"
	for rule in openat2=ENOSYS openat2=EPERM; do
		settles "mount 4026531837" row "${made[net]}" HELD,ONS "$rule"
	done
	# a kernel that knows openat2(2) but refuses all of it: not asked, but listed
	settles mount row "${made[net]}" HELD openat2=EINVAL
}

@test "without NS_GET_ID nothing has an id but mount namespaces, and the first ones are known" {
	hold proc
	settles " net" row "${made[net]}" ID,TYPE "$no_ids"
	settles "proc 4026531837" row "${made[net]}" HELD,ONS "$no_ids"
	run -0 --separate-stderr "$NSTOOL" list -l -n -r -o NS,TYPE host
	host=$output
	run -0 --separate-stderr "$tools/deny" "$no_ids" ioctl:0x8008b705=ENOTTY -- \
		"$NSTOOL" list -l -n -r -o NS,TYPE host
	is "$host"
	is 8 "${#lines[@]}"
}

@test "without a walk over mount namespaces they are read where something else leads to them" {
	for situation in mount-elsewhere mount-fdonly mount-noproc; do
		hold $situation
		# shellcheck disable=SC2086 # the rules are words
		settles "mount mount\x20${made[path]}\x20in\x20mnt:[${made[mnt]}]" row "${made[net]}" HELD,HOLDERS $no_walk
		release
	done
}

@test "without listmount(2) or statmount(2) mounts are read from mountinfo" {
	for situation in mount-elsewhere mount-chroot mount-noproc; do
		hold $situation
		for rule in listmount=ENOSYS listmount=EPERM statmount=ENOSYS statmount=EINVAL; do
			settles "mount mount\x20${made[path]}\x20in\x20mnt:[${made[mnt]}]" \
				row "${made[net]}" HELD,HOLDERS "$rule"
		done
		release
	done
}

@test "without setns(2) mount namespaces that processes are in are read, and no others" {
	hold mount-elsewhere
	settles mount row "${made[net]}" HELD setns=EPERM
	release
	hold mount-fdonly
	settles fd row "${made[mnt]}" HELD setns=EPERM
	settles "" row "${made[net]}" HELD setns=EPERM
	run -0 "$tools/deny" setns=EPERM -- "$NSTOOL" list
}

@test "without pidfd_getfd(2) sockets are not looked at" {
	hold socket
	settles socket row "${made[net]}" HELD -- --source all
	for rule in pidfd_getfd=ENOSYS pidfd_getfd=EPERM pidfd_open=ENOSYS; do
		settles "" row "${made[net]}" HELD "$rule" -- --source all
		run -0 "$tools/deny" "$rule" -- "$NSTOOL" list --source all
	done
}

@test "without netlink sockets there are no netns ids" {
	hold proc
	settles "unassigned net" row "${made[net]}" NETNSID,TYPE
	settles " net" row "${made[net]}" NETNSID,TYPE socket=EPERM
}

@test "without file handles a namespace is opened through what holds it" {
	hold fd
	settles unassigned row "${made[net]}" NETNSID open_by_handle_at=EPERM
}

# COMMAND... where these libraries are not there.
without_library() { # LIBRARY COMMAND...
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c '
		for file in $(ldconfig -p | sed -n "s/.*$1 .*=> //p"); do
			mount --bind /dev/null "$(realpath "$file")" || exit
		done
		shift
		exec "$@"' sh "$@"
}

@test "a missing library is a sentence with its package" {
	hold mount "$BATS_TEST_TMPDIR/bound"
	for library in libmount.so.1:libmount1 libsmartcols.so.1:libsmartcols1; do
		run -1 --separate-stderr without_library "${library%:*}" "$NSTOOL" list
		[[ $stderr == "nstool: list: "*"${library%:*}"*"hint: "*"${library#*:}"* ]]
		is "" "$output"
	done
	run -1 --separate-stderr without_library libjson-c.so.5 "$NSTOOL" list -J
	[[ $stderr == *libjson-c5* ]]
	# what does not need one does without
	run -0 without_library libmount.so.1 "$NSTOOL" list --source proc -n
	run -0 without_library 'lib\(smartcols\|json-c\).so.[0-9]' "$NSTOOL" list --dot
}

@test "listns(2): all pages, each id opened, what has gone is passed over" {
	hold proc
	run -0 --separate-stderr "$tools/fakelistns" "/proc/${made[pid]}/ns/net" \
		"/proc/${made[pid]}/ns/uts" /proc/self/ns/mnt /proc/self/ns/ipc /proc/self/ns/cgroup -- \
		"$NSTOOL" list --source listns -n -r -o NS,TYPE
	is "$(for ns in net:${made[net]} uts:${made[uts]} {mnt,ipc,cgroup}:; do
		ino=${ns#*:}
		echo "${ino:-$(stat -Lc %i "/proc/self/ns/${ns%:*}")} ${ns%:*}"
	done | sort)" "$(sort <<<"$output")"
}

@test "listns(2): what another source has found is not opened again" {
	hold proc
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" \
		run -0 --separate-stderr strace -f -qq -e trace=open_by_handle_at -e signal=none \
		-o "$BATS_TEST_TMPDIR/calls" "$tools/fakelistns" "/proc/${made[pid]}/ns/net" "/proc/${made[pid]}/ns/uts" -- \
		"$NSTOOL" list --source proc,listns -n -Q "NS == ${made[net]}"
	[[ $output =~ ^\ *${made[net]}\ net\ +1\ +${made[pid]}\  ]]
	is 1 "$(grep -c open_by_handle_at "$BATS_TEST_TMPDIR/calls")" # the one that has gone
}

@test "listns(2): its namespaces have owners and parents" {
	hold owner
	run -0 --separate-stderr "$tools/fakelistns" "/proc/${made[pid]}/ns/net" -- \
		"$NSTOOL" list --source listns,ancestor --tree -n -o NS,TYPE
	is "4026531837     user
└─${made[user]}   user
  └─${made[net]} net"
}

@test "listns(2): a kernel that does not advance does not hang us" {
	run -0 --separate-stderr timeout 60 "$tools/fakelistns" --stuck /proc/self/ns/net /proc/self/ns/uts -- \
		"$NSTOOL" list --source listns -n -o TYPE
	is 2 "${#lines[@]}"
}
