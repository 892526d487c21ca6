#!/usr/bin/env bats
# Beside the tools that came before: under the name unshare nstool does what util-linux's and
# busybox's do, option by option; unshare-ns can all that too, and what lxc-unshare can.

load lib/suite
load lib/ordinary

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	chmod 755 .
	# shellcheck disable=SC2153 # not the same name
	nstool=$(realpath "$NSTOOL")
	ln -s "$nstool" unshare
	# All that a command can see of what was done to it. The outside's namespaces are in $OUTSIDE.
	probe=$(cat <<-'END'
		for type in mnt uts ipc net pid user cgroup time; do
			ns=$(readlink "/proc/self/ns/$type") || ns=unseen
			case $OUTSIDE in *"$ns"*) ;; *) echo "new $type" ;; esac
		done
		[ $$ != 1 ] || echo "is pid 1"
		[ "$(readlink /proc/self | wc -c)" -gt 3 ] || echo "fresh proc"
		echo "ids $(id -u) $(id -g) $(id -G)"
		sed 's/^/map/; s/  */ /g' /proc/self/uid_map /proc/self/gid_map
		echo "setgroups $(cat /proc/self/setgroups)"
		grep -E 'Cap(Prm|Eff|Amb)|NoNewPrivs' /proc/self/status
		echo "root mount $(sed -n 's/^[0-9]* [0-9]* [^ ]* [^ ]* \/ [^ ]* \(.*\)- .*/\1/p' /proc/self/mountinfo | tr -d 0-9)"
		echo "lo $(ip -o link show lo 2>&1 | grep -o '<.*>')"
		echo "in $(pwd)"
		tr -s ' ' </proc/self/timens_offsets
		echo "PROBED is $PROBED"
	END
	)
	OUTSIDE=$(readlink /proc/self/ns/*)
	export OUTSIDE PROBED=yes
}

# Does $1 with these options show its command just what $2 does?
same() { # THEIRS OURS OPTION...
	local theirs=$1 ours=$2 expected status=0
	shift 2
	# shellcheck disable=SC2086 # words
	expected=$($theirs "$@" sh -c "$probe" 2>errors) || status=$?
	[ "$status" = 0 ] || { echo "$theirs $*: $(cat errors)" && return 1; }
	# shellcheck disable=SC2086
	run -0 --separate-stderr $ours "$@" sh -c "$probe"
	is "$expected" || { echo "$ours $*: $stderr" && return 1; }
}

# Without what nstool does better under its own name.
plainly="$NSTOOL unshare-ns --no-init --no-proc --no-lo"

# The options of util-linux 2.38, on Debian 12; those that busybox has too.
common=(-m -u -i -n -U -r "-p -f" "-f -p -m --mount-proc" "-p -f --mount-proc=/proc" "-f -u"
	"-m --propagation=shared" "-m --propagation=slave" "-m --propagation=private"
	"-U --setgroups=deny" "-U --setgroups=allow" "-m -u -i -n -p -f -r")
more=("-m --propagation=unchanged" -C -T "-T -f" "-f -T --monotonic 100 --boottime 200" -c "--map-user 5" "--map-group=6" "--map-user=5 --map-group=6"
	"-c --keep-caps" "--map-user=7 --keep-caps" "-u -R / -w /usr" "-u -w /usr" "-u -S 4242 -G 4243" "-u -G 4243" "-u -S 4242"
	"-p --kill-child" "-u --kill-child=USR1" "-p -f --mount-proc -S 4242 --kill-child"
	"--mount --uts --ipc --net --pid --user --cgroup --time --fork --map-root-user"
	"-r -S 0" "-U" "--map-current-user" "-r -R /")

@test "util-linux's unshare, option by option" {
	for options in "${common[@]}" "${more[@]}"; do
		# shellcheck disable=SC2086
		{
			same unshare ./unshare $options
			case $options in
			*-T* | *--time*) ;; # 2.38 runs the command itself in it, unshare-ns a child
			*) same unshare "$plainly" $options ;;
			esac
		}
	done
}

@test "busybox unshare, option by option" {
	for options in "${common[@]}"; do
		# shellcheck disable=SC2086
		{
			same "busybox unshare" ./unshare $options
			same "busybox unshare" "$plainly" $options
		}
	done
}

@test "the same for an ordinary user" {
	for options in -r -c -U "-r -n" "-r -p -f --mount-proc" "-r -m -u -i -n" "--map-auto" "--map-user=5" "-c --keep-caps" "-U --setgroups=deny" \
		"--map-users=200000,0,10 --map-groups=200000,0,20" "--map-users=200000,0,10 --map-groups=200000,0,20 --map-user=3" \
		"--map-auto -r" "--map-users=auto --map-groups=auto -c"; do
		# shellcheck disable=SC2086
		{
			same "ordinary unshare" "ordinary /mnt/unshare" $options
			[[ "$options" == *auto* ]] || # all lines of /etc/subuid there
				same "ordinary unshare" "ordinary /mnt/nstool unshare-ns --no-init --no-proc --no-lo" $options
		}
	done
}

@test "namespaces kept in files, as util-linux and busybox do" {
	# On one CPU: elsewhere the new mount namespace can have a lower id, and cannot be bound then.
	mkdir keep
	for tool in unshare "busybox unshare" ./unshare "$plainly"; do
		# shellcheck disable=SC2016,SC2086
		run -0 taskset -c "$(taskset -cp $$ | sed "s/.*[ ,-]//")" unshare -m sh -c 'mount -t tmpfs none keep && mount --make-private keep && touch keep/uts keep/net keep/mnt || exit
			"$@" --uts=keep/uts --net=keep/net --mount=keep/mnt true && stat -f -c %T keep/*' sh $tool
		is $'nsfs\nnsfs\nnsfs'
	done
}

@test "statuses: util-linux's and busybox's" {
	for command in "sh -c exit\ 7" nosuch /etc/passwd; do
		for options in -u "-u -f"; do
			for tool in unshare "busybox unshare"; do
				status=0
				eval "$tool $options $command" 2>/dev/null || status=$?
				# busybox forgets what a child's status was on the way
				[ "$tool $options" != "busybox unshare -u -f" ] || continue
				run -"$status" eval "./unshare $options $command"
			done
		done
	done
}

@test "lxc-unshare, option by option, beside it where it is installed" {
	sees() { # EXPECTED LXC-OPTIONS OUR-OPTIONS SCRIPT
		# shellcheck disable=SC2086 # words
		run -0 "$NSTOOL" unshare-ns $3 sh -c "$4"
		is "$1"
		command -v lxc-unshare >/dev/null || return 0
		# It does not always see its child's end: what that printed counts.
		# shellcheck disable=SC2086
		is "$1" "$(lxc-unshare $2 -- sh -c "$4" 2>/dev/null || :)"
	}
	# shellcheck disable=SC2016
	new='for t in mnt uts ipc net pid user; do
		case $OUTSIDE in *"$(readlink /proc/self/ns/$t)"*) ;; *) echo new $t ;; esac; done; [ $$ != 1 ] || echo pid 1'
	sees "new mnt" "-s MOUNT" -m "$new"
	sees "new uts" "-s UTSNAME" -u "$new"
	sees "new ipc" "-s IPC" -i "$new"
	sees "new net" "-s NETWORK" -n "$new"
	sees $'new pid\npid 1' "-s PID" "-p --no-init" "$new"
	sees "new user" "-s USER" -U "$new"
	sees $'new mnt\nnew uts\nnew ipc\nnew net\nnew pid\npid 1' "-s MOUNT|UTSNAME|IPC|NETWORK|PID" "-muinp --no-proc --no-init" "$new"
	sees box "-s UTSNAME -H box" "--hostname box" "uname -n"
	sees $'0\n 0 0 1' "-s USER|UTSNAME -u 0" "-u --map-user 0 -S 0" "id -u; tr -s ' ' </proc/self/uid_map"
	sees "" "-s UTSNAME -d" "-u --detach" true
	# Its -i moves the interface at some time, perhaps after the command has looked.
	# shellcheck disable=SC2016
	run -0 unshare -n sh -c 'ip link add veth0 type veth peer name veth1
		"$1" unshare-ns -n --move-link veth0 ip -o link show veth0' sh "$NSTOOL"
	has veth0
	# Its -M mounts /proc, /dev/shm and /dev/mqueue anew.
	run -0 "$NSTOOL" unshare-ns -pim --tmpfs /dev/shm sh -c 'readlink /proc/self; ls -A /dev/shm; stat -f -c %T /dev/shm'
	[ "${lines[0]}" -lt 10 ]
	is tmpfs "${lines[1]}"
}
