#!/usr/bin/env bats
# The name unshare: util-linux's options, defaults, exit statuses.

load lib/suite
load lib/ordinary

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	ln -s "$(realpath "$NSTOOL")" unshare
}

@test "nothing is implied" {
	run -0 ./unshare readlink /proc/self/ns/uts
	is "$(readlink /proc/self/ns/uts)"
	run -0 ./unshare -n ip -o link show lo
	[[ $output != *UP* ]]
	run -0 ./unshare -mpf sh -c 'echo $$; readlink /proc/self'
	is 1 "${lines[0]}"
	[ "${lines[1]}" -gt 10 ]
}

@test "-l is not an id, and options that are not util-linux's are not there" {
	for option in --info-fd=1 --init --hostname=x --all; do
		run -1 --separate-stderr ./unshare "$option" true
		[[ $stderr == "unshare: unknown option"* ]]
	done
	run -1 ./unshare -l
	has "option '-l' needs a value"
}

@test "failures begin with the name, and exit 1, 126, 127" {
	run -1 --separate-stderr ordinary /mnt/unshare -n true
	is "unshare: cannot make new namespaces: Operation not permitted" "${stderr_lines[0]}"
	run -127 ./unshare -u nosuch
	is "unshare: cannot run 'nosuch': No such file or directory"
	run -126 ./unshare -u /etc/passwd
	run -5 ./unshare -u sh -c 'exit 5'
	run -5 ./unshare -uf sh -c 'exit 5'
}

@test "an ordinary user: -r, -c and maps" {
	run -0 --separate-stderr ordinary /mnt/unshare -r id -u
	is 0
	is "" "$stderr"
	run -0 ordinary /mnt/unshare -c id -un
	is ann
	run -0 ordinary /mnt/unshare --map-auto cat /proc/self/uid_map
	is "0 200000 1000" "$(xargs <<<"$output")"
	run -0 ordinary /mnt/unshare --map-users=subids --map-groups subids cat /proc/self/gid_map
	is "200000 200000 1000" "$(xargs <<<"$output")"
}

@test "--mount-proc, --root, --wd" {
	run -0 ./unshare --mount-proc -pf readlink /proc/self
	[ "$output" -lt 10 ]
	mkdir -p here
	run -0 ./unshare -m -w here sh -c 'basename "$PWD"'
	is here
	run -0 ./unshare -R / -w /usr pwd
	is /usr
	run -1 ./unshare -R /nosuch true
	has "cannot change the root to '/nosuch'"
}

@test "=FILE binds over a file that exists" {
	run -1 ./unshare --uts=file true
	has "cannot bind the uts namespace over 'file': No such file or directory"
	[ ! -e file ]
	touch file
	run -0 ./unshare --uts=file readlink /proc/self/ns/uts
	is "uts:[$(stat -c %i file)]"
	umount file
	run -127 ./unshare --uts=file nosuch
	[ "$(stat -f -c %T file)" != nsfs ]
	run -1 ./unshare --pid=file true
	has "needs --fork"
	run -0 ./unshare --pid=file -f true
	umount file
}

@test "-l and --mount-binfmt: an interpreter in a user namespace" {
	grep -q binfmt_misc /proc/filesystems || skip "no binfmt_misc"
	printf 'nstoolXXrest\n' >script
	chmod +x script
	run -0 ./unshare -r -pf -l ":nstool:M::nstoolXX::/bin/cat:" ./script
	is nstoolXXrest
	run -0 ./unshare -r -pf --mount-binfmt ls /proc/sys/fs/binfmt_misc
	has register
	run -1 ./unshare -r -pf -l "nonsense" true
	has "cannot register the interpreter 'nonsense'"
}

@test "--kill-child: signals as util-linux spells them" {
	for signal in TERM SIGTERM term sigterm 15 64 CLD IOT POLL SIGRTMIN RTMIN+1 RTMAX SIGRTMAX-30; do
		run -0 ./unshare -u "--kill-child=$signal" true
	done
	for signal in "" SIG NOSUCH 0 65 RTMIN-1 RTMAX+1 RTMIN+31 RTMIN1 SIG9 "RTMIN+ 1"; do
		run -1 ./unshare -u "--kill-child=$signal" true
		has "'$signal' is not a signal"
	done
	# The right one.
	for signal in cld:17 SIGIOT:6 RTMIN:34 RTMAX-1:63; do
		run -0 strace -f -qq -X raw -e trace=prctl -e signal=none ./unshare -u "--kill-child=${signal%:*}" true
		has "(0x1, ${signal#*:})"
	done
}

@test "a child's end is noticed, and the command's children's, where SIGCHLD is ignored" {
	# shellcheck disable=SC2016 # for the inner shell
	for options in -u "-u -f"; do
		run -0 bash -c 'trap "" CHLD; exec ./unshare $1 grep SigIgn /proc/self/status' bash "$options"
		is 0 "$((16#${output#*$'\t'} & 1 << 16))" # whatever else is ignored here
		run -7 bash -c 'trap "" CHLD; exec ./unshare $1 sh -c "exit 7"' bash "$options"
	done
}

@test "--setgroups needs a user namespace, --keep-caps without one means nothing" {
	run -1 ./unshare -u --setgroups deny true
	is "unshare: a new user namespace (-U) is needed for --setgroups"
	run -0 ./unshare -u --keep-caps true
}

@test "the example of the manual" {
	# shellcheck disable=SC2317 # example calls it
	PATH=$PWD:$PATH run -0 example 'unshare -r -m -p -f --mount-proc id -u'
	is 0
}
