#!/usr/bin/env bats
# unshare-ns: namespaces that are ready to use.

load lib/suite
load lib/ordinary

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	# shellcheck disable=SC2153 # not the same name
	nstool=$(realpath "$NSTOOL")
}

teardown() {
	local point
	while read -r point; do umount -l "$point" || true; done < <(mounts_here | tac)
	leaves_nothing
}

# Mounts below this test's directory.
mounts_here() {
	awk -v dir="$BATS_TEST_TMPDIR/" 'index($5, dir) == 1 {print $5}' /proc/self/mountinfo
}

@test "each type, alone and all of them" {
	for type in m:mnt u:uts i:ipc n:net p:pid U:user C:cgroup T:time; do
		run -0 "$NSTOOL" unshare-ns "-${type%:*}" readlink "/proc/self/ns/${type#*:}"
		[ "$output" != "$(readlink "/proc/self/ns/${type#*:}")" ]
	done
	run -0 "$NSTOOL" unshare-ns -a sh -c 'readlink /proc/self/ns/*'
	for type in mnt uts ipc net pid user cgroup time; do
		has "$type:["
		[[ $output != *"$(readlink /proc/self/ns/$type)"* ]]
	done
}

@test "one unshare(2) with all flags" {
	run -0 strace -f -qq -e trace=unshare,clone3 -e signal=none "$NSTOOL" unshare-ns -a true
	is 1 "$(grep -c 'unshare(CLONE' <<<"$output")"
	has "CLONE_NEWTIME|CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET"
}

@test "what only runs a command reads no locale and loads no library" {
	for command in "unshare-ns -u true" "unshare -u true" "enter -t $$ true" "nsenter -t $$ true"; do
		# shellcheck disable=SC2086 # words
		run -0 strace -f -qq -e trace=open,openat -e signal=none "$NSTOOL" $command
		has libc.so
		[[ $output != *locale* && $output != *gconv* ]]
		run ! grep -E 'libreadline|libmount|libsmartcols|libjson-c' <<<"$output"
	done
	run -0 strace -f -qq -e trace=open,openat -e signal=none "$NSTOOL" list "$$"
	has locale
}

@test "the search along PATH: no execve(2) where nothing is, and what cannot be run is not the end" {
	mkdir a b
	touch a/tool
	printf '#!/bin/sh\necho found\n' >b/tool
	chmod +x b/tool
	run -0 env PATH="/nosuch:/etc/passwd:$PWD/a:$PWD/b:/nosuch/too" \
		"$(command -v strace)" -qq -e trace=execve -e signal=none "$nstool" unshare-ns -u tool
	is 3 "$(grep -c 'execve(' <<<"$output")" # nstool, a/tool, b/tool
	has found
	PATH=/nosuch:$PWD/a run -126 "$nstool" unshare-ns -u tool
	has "cannot run 'tool': Permission denied"
	PATH=/nosuch:/etc/passwd run -127 "$nstool" unshare-ns -u tool
}

@test "no type at all is an error, as for the first unsharens" {
	for name in unshare-ns unsharens ns_exec; do
		run -125 --separate-stderr "$NSTOOL" "$name" true
		is "nstool: unshare-ns: no namespace is asked for" "${stderr_lines[0]}"
	done
}

@test "unsharens -muin, as the first one was called" {
	ln -s "$(realpath "$NSTOOL")" unsharens
	run -0 ./unsharens -muin readlink /proc/self/ns/uts
	[ "$output" != "$(readlink /proc/self/ns/uts)" ]
}

@test "the exit status is the command's, its signal too" {
	for options in -u "-p -m" "-p --no-init" "-u --fork"; do
		# shellcheck disable=SC2086 # words
		{
			run -7 "$NSTOOL" unshare-ns $options sh -c 'exit 7'
			run -127 --separate-stderr "$NSTOOL" unshare-ns $options /nosuch
			is "nstool: unshare-ns: cannot run '/nosuch': No such file or directory" "$stderr"
			run -126 "$NSTOOL" unshare-ns $options /etc/passwd
		}
	done
	for options in -u "-p -m" "-u --fork"; do
		# shellcheck disable=SC2016,SC2086
		run -0 bash -c '"$@"; true' bash "$NSTOOL" unshare-ns $options sh -c 'kill -USR1 $$'
		has "User defined signal 1"
	done
	run -125 "$NSTOOL" unshare-ns --nosuch
}

@test "-p forks, has an init, and with -m a fresh /proc" {
	run -0 "$NSTOOL" unshare-ns -pm sh -c 'echo $$; cat /proc/1/comm; readlink /proc/self'
	is 2 "${lines[0]}"
	[ "${lines[1]}" = nstool ] || [ "${lines[1]}" = "$(cut -c-15 <<<"${NSTOOL##*/}")" ]
	[ "${lines[2]}" -lt 10 ]
}

@test "--no-init, and commands that are inits themselves, are the first process" {
	run -0 "$NSTOOL" unshare-ns -p --no-init sh -c 'echo $$'
	is 1
	printf '#!/bin/sh\necho $$\n' >tini
	chmod +x tini
	run -0 "$NSTOOL" unshare-ns -p ./tini
	is 1
	run -0 "$NSTOOL" unshare-ns -p --init ./tini
	is 2
}

@test "--init buries 1,000 orphans, of root and of an ordinary user" {
	# The first process is the parent of the orphans; zombies would never go away.
	for as in "$NSTOOL" "ordinary /mnt/nstool"; do
		# shellcheck disable=SC2016,SC2086
		run -0 --separate-stderr $as unshare-ns -pm timeout 300 bash -c '
			for ((i = 0; i < 1000; i++)); do (true &); done
			until ! grep -qs "^State:.Z" /proc/[0-9]*/status; do :; done
			ps -o pid= -A | wc -l'
		[ "$output" -le 5 ]
	done
}

@test "--no-proc leaves /proc alone" {
	run -0 "$NSTOOL" unshare-ns -pm --no-proc readlink /proc/self
	[ "$output" -gt 10 ]
}

@test "-n brings lo up, --no-lo does not" {
	run -0 "$NSTOOL" unshare-ns -n cat /sys/class/net/lo/flags /proc/net/if_inet6
	run -0 "$NSTOOL" unshare-ns -n ip -o link show lo
	has "LOOPBACK,UP"
	run -0 "$NSTOOL" unshare-ns -n --no-lo ip -o link show lo
	[[ $output != *UP* ]]
}

# Runs the script in a network namespace with the interfaces veth0 and veth1. $1 is nstool.
with_veth() { # SCRIPT
	unshare -n sh -c "ip link add veth0 type veth peer name veth1 && $1" sh "$NSTOOL"
}

@test "--move-link moves interfaces in, after all else and before the command" {
	run -0 with_veth '"$1" unshare-ns --move-link veth0 --move-link veth1 ip -o link show && ip -o link'
	is 4 "${#lines[@]}"
	[[ ${lines[0]} == *" lo: <LOOPBACK,UP"* && ${lines[3]} == *" lo: <LOOPBACK> "* ]]
	has "veth0@veth1"
	# In a user namespace too. With the network namespace both ends of a pair go, some time later.
	mkfifo seen gate
	run -0 with_veth '{
		"$1" unshare-ns -a -r --move-link veth1 sh -c "ip -o link; echo >seen; read -r _ <gate" &
		read -r _ <seen && ip -o link && echo >gate && wait $!
	}'
	is 4 "${#lines[@]}"
	[[ ${lines[1]} == *" veth1@"* && ${lines[3]} == *" veth0@"* ]]
	run -0 with_veth '"$1" unshare-ns -n --no-lo --move-link veth1 ip link set veth1 up'
}

@test "--move-link: what cannot be moved, and why" {
	refused() { # SENTENCE HINT OPTION...
		local sentence=$1 hint=$2
		shift 2
		# shellcheck disable=SC2016
		run -0 --separate-stderr with_veth 'ip -o link >before; "$1" unshare-ns --move-link veth0 '"$*"' || echo $?
			ip -o link | diff before - >&2'
		is 125
		[[ ${stderr_lines[0]} == *"$sentence"* ]]
		[[ -z $hint || ${stderr_lines[1]} == "hint: "*"$hint"* ]]
	}
	refused "there is no network interface 'veth7' to move" "'ip link' lists" --move-link veth7 true
	refused "there is no network interface 'much-too-long-for-a-name'" "" --move-link much-too-long-for-a-name true
	refused "cannot move the network interface 'lo': " "cannot leave their namespace" --move-link lo true
	refused "cannot set the host name" "" --hostname "$(printf 'x%.0s' {1..65})" true
	run -127 with_veth '"$1" unshare-ns --move-link veth0 nosuch; status=$?; ip link show veth0 >&2 && exit $status'
	run -125 --separate-stderr ordinary /mnt/nstool unshare-ns -r --move-link lo true
	is "hint: this takes CAP_NET_ADMIN in the network namespace that it leaves: run it as root, a user namespace does not help" \
		"${stderr_lines[1]}"
	run -125 --separate-stderr with_veth 'ip link set lo name lo9 && ip link set veth0 name lo && "$1" unshare-ns --move-link lo true'
	is "nstool: unshare-ns: cannot move the network interface 'lo': File exists" "${stderr_lines[0]}"
	is "hint: the new namespace has one of that name already" "${stderr_lines[1]}"
}

@test "--move-link: the names of interfaces are completed" {
	run -0 with_veth '"$1" __complete unshare-ns --move-link ""'
	is $'lo\t\nveth0\t\nveth1\t' "$(sort <<<"$output")"
}

@test "an ordinary user gets a user namespace with its own ids, and is told so" {
	run -0 --separate-stderr ordinary /mnt/nstool unshare-ns -n id
	is "uid=4242(ann) gid=4242(ann) groups=4242(ann)"
	[[ $stderr == *"note: the caller lacks CAP_SYS_ADMIN, so a user namespace was made too"* ]]
	run -0 --separate-stderr ordinary /mnt/nstool unshare-ns -a -r id -u
	is 0
	is "" "$stderr"
}

@test "maps: -r, -c, single ids, ranges, holes" {
	map() { # EXPECTED OPTION...
		local expected=$1
		shift
		run -0 "$NSTOOL" unshare-ns "$@" sh -c 'cat /proc/self/uid_map /proc/self/gid_map'
		is "$expected" "$(sed 's/^ *//; s/  */ /g' <<<"$output")"
	}
	map $'0 0 1\n0 0 1' -r
	map $'0 0 1\n0 0 1' -c
	map $'5 0 1\n6 0 1' --map-user 5 --map-group=6
	map $'0 1000 10\n0 2000 10' --map-users 0:1000:10 --map-groups 2000,0,10
	map $'0 1000 10\n10 3000 10\n0 0 4294967295' --map-users 0:1000:10 --map-users 10:3000:10 --map-groups all
	map $'3 0 1\n0 1000 3\n4 1003 6\n0 0 1' --map-users 0:1000:10 --map-user 3 --map-group 0
}

@test "maps: an ordinary user, newuidmap and every line of /etc/subuid" {
	run -0 ordinary /mnt/nstool unshare-ns --map-auto -r cat /proc/self/uid_map
	is $'0 4242 1\n1 200000 999\n1000 300000 500' "$(sed 's/^ *//; s/  */ /g' <<<"$output")"
	run -0 ordinary /mnt/nstool unshare-ns --map-subids -c cat /proc/self/gid_map
	is $'4242 4242 1\n200000 200000 1000\n300000 300000 500' "$(sed 's/^ *//; s/  */ /g' <<<"$output")"
	run -0 ordinary /mnt/nstool unshare-ns --map-users=0:200000:5 --map-groups=0:300000:5 -S 4 -G 3 id
	is "uid=4(sync) gid=3(sys) groups=3(sys)"
}

@test "--setgroups" {
	run -0 "$NSTOOL" unshare-ns -r cat /proc/self/setgroups
	is deny
	run -0 "$NSTOOL" unshare-ns --map-groups all --setgroups=deny cat /proc/self/setgroups
	is deny
	run -0 "$NSTOOL" unshare-ns --map-groups all cat /proc/self/setgroups
	is allow
	run -125 --separate-stderr "$NSTOOL" unshare-ns -r --setgroups=allow true
	[[ $stderr == *--setgroups=deny* ]]
}

@test "--owner makes the namespace another user's" {
	run -0 "$NSTOOL" unshare-ns --owner 4242:4243 -r -u sh -c 'cat /proc/self/uid_map; id -u'
	is $'0 0 1\n65534' "$(sed 's/^ *//; s/  */ /g' <<<"$output")"
	run -0 "$NSTOOL" unshare-ns --owner 4242:4243 --map-users 0:4242:1 --map-groups 0:4243:1 id
	is "uid=0(root) gid=0(root) groups=0(root)"
}

@test "--keep-caps, --cap-drop, --no-new-privs" {
	run -0 "$NSTOOL" unshare-ns -U --map-users 7:0:1 --keep-caps grep CapEff /proc/self/status
	[[ $output != *0000000000000000* ]]
	run -0 "$NSTOOL" unshare-ns -U --map-users 7:0:1 grep CapEff /proc/self/status
	has 0000000000000000
	# The user namespace may have been asked for otherwise, or not at all.
	run -0 --separate-stderr ordinary /mnt/nstool unshare-ns -n --keep-caps ip link set lo down
	run -0 ordinary /mnt/nstool unshare-ns -a --keep-caps ip link set lo down
	run -125 "$NSTOOL" unshare-ns -u --keep-caps true
	is "nstool: unshare-ns: a new user namespace (-U) is needed for --keep-caps"
	run -0 "$NSTOOL" unshare-ns -u --cap-drop=all --no-new-privs grep -E 'CapBnd|NoNewPrivs' /proc/self/status
	has 0000000000000000
	has $'NoNewPrivs:\t1'
	run -0 "$NSTOOL" unshare-ns -u --cap-drop=net_admin,CAP_SYS_ADMIN -n --no-lo sh -c 'ip link set lo up || echo refused'
	has refused
}

@test "clocks: offsets with signs, fractions and units" {
	run -0 "$NSTOOL" unshare-ns --monotonic 1.5h --boottime=+3d cat /proc/self/timens_offsets
	is $'monotonic 5400 0\nboottime 259200 0' "$(tr -s ' ' <<<"$output")"
	run -0 "$NSTOOL" unshare-ns -T --monotonic -0.5 cat /proc/self/timens_offsets
	is $'monotonic -1 500000000\nboottime 0 0' "$(tr -s ' ' <<<"$output")"
	run -125 "$NSTOOL" unshare-ns -T --monotonic 5x true
	has "'5x' is no offset"
	run -125 "$NSTOOL" unshare-ns -T --boottime -900000d true
	has "cannot be set back"
}

@test "names: --hostname, --domainname" {
	run -0 "$NSTOOL" unshare-ns --hostname box --domainname dom sh -c 'uname -n; cat /proc/sys/kernel/domainname'
	is $'box\ndom'
	[ "$(uname -n)" != box ]
}

@test "mounts: --tmpfs and --bind, read-only, in order, for us alone" {
	mkdir a b
	echo inside >a/file
	run -0 "$NSTOOL" unshare-ns --bind "$PWD/a:$PWD/b:ro" sh -c 'cat b/file; touch b/x || echo refused'
	has inside
	has refused
	run -0 "$NSTOOL" unshare-ns --tmpfs "$PWD/b" sh -c 'touch b/x; ls b'
	is x
	run -0 "$NSTOOL" unshare-ns --tmpfs "$PWD/a" --bind "$PWD/a:$PWD/b" ls b
	is file
	run -0 "$NSTOOL" unshare-ns --bind "$PWD/a:$PWD/b:rw" cat b/file
	is inside
	run -125 "$NSTOOL" unshare-ns --bind "$PWD/a:$PWD/nosuch" true
	has "cannot bind over '$PWD/nosuch': No such file or directory"
	run -0 mounts_here
	is ""
}

@test "mounts: read-only where the kernel lacks mount_setattr(2)" {
	mkdir a b
	run -0 "${NSTOOL%/*}/tests/lib/deny" mount_setattr=ENOSYS -- \
		"$NSTOOL" unshare-ns --bind "$PWD/a:$PWD/b:ro" sh -c 'touch b/x || echo refused'
	has refused
}

# A root directory with a shell in it.
make_root() {
	mkdir -p "root/proc" root/mnt root/bin root/usr root/lib root/lib64 root/etc
	binds=(--bind "/usr:/usr:ro" --bind "/bin:/bin" --bind "/lib:/lib")
	[ ! -e /lib64 ] || binds+=(--bind "/lib64:/lib64")
}

@test "--root and --pivot change the root, binds lead into it" {
	make_root
	for how in --root --pivot; do
		run -0 "$NSTOOL" unshare-ns -pm "$how" "$PWD/root" "${binds[@]}" --tmpfs /mnt \
			-w /usr sh -c 'pwd; ls -d /mnt /root /proc/2 2>&1 || :'
		is $'/usr\nls: cannot access \'/root\': No such file or directory\n/mnt\n/proc/2'
	done
	run -0 "$NSTOOL" unshare-ns -pm --pivot "$PWD/root" "${binds[@]}" cut -d " " -f 5 /proc/self/mountinfo
	has /usr
	[[ $output != *"$BATS_TEST_TMPDIR"* && $output != */sys* ]]
	run -0 ordinary sh -c "mkdir -p root/proc root/mnt root/bin root/usr root/lib root/lib64
		/mnt/nstool unshare-ns -r -pm --pivot /mnt/root ${binds[*]} --tmpfs /mnt sh -c 'ls -d /mnt/* /sys /proc/2 || :'"
	has /proc/2
	has "'/mnt/*': No such file"
	has "'/sys': No such file"
	run -125 "$NSTOOL" unshare-ns --root / --pivot / true
	has "exclude each other"
}

@test "an implied /proc may be missing in the root, one that is asked for may not" {
	make_root
	rmdir root/proc
	run -0 "$NSTOOL" unshare-ns -pm --root "$PWD/root" "${binds[@]}" true
	run -125 "$NSTOOL" unshare-ns -pm --mount-proc --root "$PWD/root" "${binds[@]}" true
	has "cannot mount a fresh proc on '/proc': No such file or directory"
}

@test "--propagation" {
	propagation() {
		"$NSTOOL" unshare-ns -m sh -c "
			mount --make-rshared / && \"$NSTOOL\" unshare-ns -m $1 sed -n 's/.* \/proc [^ ]* \(.*\) - .*/\1/p' /proc/self/mountinfo"
	}
	run -0 propagation ""
	is ""
	run -0 propagation "--propagation shared"
	has shared:
	run -0 propagation "--propagation slave"
	has master:
	run -0 propagation "--propagation unchanged"
	has shared:
}

@test "--rlimit" {
	run -0 "$NSTOOL" unshare-ns -u --rlimit nofile=100:200 --rlimit core=0 bash -c 'ulimit -Sn; ulimit -Hn; ulimit -Hc'
	is $'100\n200\n0'
	for bad in nofile nofile= nosuch=1 nofile=2:1 nofile=1:2:3 nofile=x; do
		run -125 "$NSTOOL" unshare-ns -u --rlimit "$bad" true
	done
	run -125 "$NSTOOL" unshare-ns -u --rlimit nofiles=1 true
	has "'nofiles' is none of cpu, fsize, data, stack, core, rss, nproc, nofile, "
}

@test "--cgroup-join comes before the cgroup namespace, whose root it is" {
	local mounted=/sys/fs/cgroup/unified
	[ -e "$mounted/cgroup.procs" ] || mounted=/sys/fs/cgroup
	[ -w "$mounted/cgroup.procs" ] || skip "no cgroup2 to write to"
	mkdir "$mounted/nstool.$$"
	run -0 "$NSTOOL" unshare-ns -C --cgroup-join "$mounted/nstool.$$" \
		sh -c "cat /proc/self/cgroup; cat $mounted/nstool.$$/cgroup.procs"
	rmdir "$mounted/nstool.$$"
	has "0::/"
	[[ $output != *"0::/nstool"* ]]
	run -125 "$NSTOOL" unshare-ns -C --cgroup-join "$PWD" true
	has "cannot join the cgroup '$PWD'"
}

@test "--clear-env, --whitelist-env" {
	run -0 env A=1 B=2 C=3 "$NSTOOL" unshare-ns -u --clear-env env
	is ""
	run -0 env A=1 B=2 C=3 "$NSTOOL" unshare-ns -u --whitelist-env=A,C env
	is $'A=1\nC=3'
	run -0 env A=1 B=2 C=3 "$NSTOOL" unshare-ns -u --whitelist-env A --whitelist-env B,D env
	is $'A=1\nB=2'
}

@test "=FILE keeps each namespace, and makes the file" {
	mkdir keep
	mount --bind keep keep
	mount --make-private keep
	run -0 "$NSTOOL" unshare-ns --mount=keep/mnt --uts=keep/uts --net=keep/net --pid=keep/pid \
		--user=keep/user --time=keep/time --ipc=keep/ipc --cgroup=keep/cgroup --map-users all sh -c 'readlink /proc/self/ns/uts'
	for type in mnt uts net pid user time ipc cgroup; do
		is nsfs "$(stat -f -c %T "keep/$type")"
	done
	is "$output" "uts:[$(stat -c %i keep/uts)]"
}

@test "--info-fd, --ready-fd, --pid-file tell what was made, and close" {
	run -0 "$NSTOOL" unshare-ns -upm --info-fd 3 --ready-fd 4 --pid-file pid \
		sh -c 'exec 2>/dev/null; ls /proc/self/fd | wc -l; readlink /proc/self/ns/uts; (: >&3) || echo closed' 3>info 4>ready
	has closed
	is "$(cat pid)" "$(sed 's/^{"pid":\([0-9]*\),.*/\1/' info)"
	[[ $(cat info) == *'"type":"uts","ns":'"$(sed -n 's/uts:\[\(.*\)\]/\1/p' <<<"$output")"',"id":'* ]]
	is 3 "$(grep -o '"type":' info | wc -l)"
	is 1 "$(stat -c %s ready)"
	output=$(<info) valid unshare-info
	run -125 "$NSTOOL" unshare-ns -u --info-fd 77 true
	has "descriptor 77: Bad file descriptor"
}

@test "--ready-fd speaks only when all is set up" {
	run -125 "$NSTOOL" unshare-ns -m --ready-fd 4 --tmpfs /nosuch true 4>ready
	is 0 "$(stat -c %s ready)"
}

@test "the examples of the manual" {
	run -0 example 'nstool unshare-ns -n ip -brief link'
	has LOOPBACK,UP
	run -0 unshare -n bash -c "ip link add veth0 type veth peer name veth1
		$(declare -f example)
		example 'nstool unshare-ns --move-link veth1 ip -brief link'"
	has veth1@
	run -0 ordinary sh -c 'PATH=/mnt:$PATH; nstool unshare-ns -a -r --map-auto id'
	has "uid=0(root) gid=0(root)"
	run -125 example 'nstool unshare-ns -a -r --map-auto id'
	has "/etc/subuid has no line for user"
	run -0 example 'nstool unshare-ns --boottime +3d cat /proc/uptime'
	[ "${output%%.*}" -ge 259200 ]
	run -0 example 'nstool unshare-ns --tmpfs /tmp ls -A /tmp'
	is ""
	run -0 example 'nstool unshare-ns --net=/run/netns/blue true' /run/netns/blue="$PWD/blue"
	is nsfs "$(stat -f -c %T blue)"
}

@test "every new namespace shows in nstool list, with its owner" {
	# shellcheck disable=SC2016
	script='set -e
		mkfifo info block
		"$1" unshare-ns -a -r --info-fd 4 --kill-child sh -c "read -r _ <&6" 4>info 6<>block 3>&- &
		read -r line <info
		"$1" list -n -o NS,TYPE,ONS 2>/dev/null >listed
		echo "$line"
		readlink /proc/self/ns/user
		cat listed
		kill -KILL "$!"'
	for as in "env $NSTOOL" "ordinary /mnt/nstool"; do
		# shellcheck disable=SC2086
		run -0 ${as% *} bash -c "$script" bash "${as#* }"
		new() { # TYPE
			grep -o "\"type\":\"$1\",\"ns\":[0-9]*" <<<"${lines[0]}" | grep -o '[0-9]*$'
		}
		for type in mnt uts ipc net pid cgroup time; do
			grep -qxE " *$(new $type) +$type +$(new user)" <<<"$output"
		done
		grep -qxE " *$(new user) +user +$(grep -o '[0-9]*' <<<"${lines[1]}")" <<<"$output"
	done
}

@test "--detach leaves the command running, and fails as ever if it cannot be run" {
	mkfifo block
	for options in -u -pm; do
		# shellcheck disable=SC2086 # words
		run -0 "$NSTOOL" unshare-ns $options --detach --pid-file pid sh -c 'exec >&- 2>&-; read -r _ <&6' 6<>block
		grep -q '^State:.[SR]' "/proc/$(cat pid)/status"
		is "$(cat pid)" "$(ps -o sid= -p "$(cat pid)" | tr -d ' ')"
		kill -KILL "$(cat pid)"
	done
	run -127 "$NSTOOL" unshare-ns -pm --detach nosuch
	run -125 "$NSTOOL" unshare-ns -u --detach --kill-child true
}

@test "-i with -m shows the new namespace's message queues" {
	# shellcheck disable=SC2016
	run -0 unshare -m sh -c '
		mount -t tmpfs none /mnt && mkdir /mnt/mqueue && mount --bind /mnt /dev || exit
		mount -t mqueue none /dev/mqueue && touch /dev/mqueue/nstool-test || exit
		"$1" unshare-ns -u -m ls /dev/mqueue
		"$1" unshare-ns -i -m ls -A /dev/mqueue
		rm /dev/mqueue/nstool-test' sh "$NSTOOL"
	is nstool-test
}
