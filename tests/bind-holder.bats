#!/usr/bin/env bats
# bind-ns: sets that a process holds, of ordinary users and of root.

# shellcheck disable=SC2030,SC2031 # a test and what it calls are one process

load lib/suite
load lib/placed
load lib/ordinary

@test "an ordinary user has sets, which a process holds" {
	local name=ann-$$ # no other test's
	# shellcheck disable=SC2016 # for the inner shell
	run -0 ordinary sh -c '
		mkdir -m 700 run && export XDG_RUNTIME_DIR=$PWD/run || exit
		setsid sh -c "/mnt/nstool bind-ns --new -a -r $0"
		/mnt/nstool bind-ns --list | sed "s/  */ /g" | cut -d" " -f1-4,6
		/mnt/nstool bind-ns -l "$0" sh -c "id -u; echo \$\$; ip -o link show lo | grep -o ,UP"
		/mnt/nstool enter -t "@$0" -Un id -u
		keepers() { ps -u 4242 -o args= | grep "^nstool: .*@$0" | sort; }
		keepers
		/mnt/nstool bind-ns --drop mnt,pid "$0" && keepers
		/mnt/nstool bind-ns --rename "$0" "$0-2" && /mnt/nstool bind-ns -l "$0-2" id -u
		kill -KILL "$(/mnt/nstool bind-ns --list -J | sed -n "s/.*\"holder\": \([0-9]*\).*/\1/p")"
		until [ -z "$(keepers)" ]; do :; done
		/mnt/nstool bind-ns -l "$0-2" true
		/mnt/nstool bind-ns --remove --dead
		keepers; ls -A run/nstool/ns' "$name"
	is "$name empty mnt,uts,ipc,net,pid,user,cgroup,time 0 ann" "${lines[1]}"
	is $'0\n2\n,UP\n0' "$(printf '%s\n' "${lines[@]:2:4}")"
	has "nstool: holding @$name"$'\n'"nstool: init of @$name"$'\n'"nstool: holding @$name"$'\n'0
	has "'$name-2' is stale: the process that held it has ended"
}

@test "a process holds the set where it is asked to" {
	local holder
	sleeper --net
	bind --holder -t "$sleeper" -un web
	holder=$(bind --list -J | sed -n 's/.*"holder": \([0-9]*\).*/\1/p')
	is "nstool: holding @web" "$(tr -d '\0' <"/proc/$holder/cmdline")"
	kill "$sleeper"
	wait "$sleeper" || true
	run -0 bind -l web ip -o link
	is "$(readlink /proc/"$holder"/fd/*)" "$(bind -l web readlink /proc/self/ns/uts /proc/self/ns/net)"
	run -0 bind --export web
	has "NSTOOL_NET=/proc/$holder/fd/6"
	is empty "$(sets 2)"
	bind --remove web
	until [ ! -e "/proc/$holder" ]; do :; done
	is "" "$(here ls -A /run/nstool/ns)"
}

@test "the process that holds a set is none of its members" {
	run -0 here unshare -u "$NSTOOL" bind-ns --holder -u web
	is "empty 0" "$(sets 2) $(sets 4)"
	is "" "$(bind --pids web)"
}

# shellcheck disable=SC2016 # for the inner shell
@test "an ordinary user's sets are his in a user namespace too, and nothing is removed there by mistake" {
	run -0 ordinary sh -c '
		mkdir -m 700 run && export XDG_RUNTIME_DIR=$PWD/run || exit
		/mnt/nstool bind-ns --new -Un outer
		unshare -r sh -c "
			/mnt/nstool bind-ns --new -u inner
			/mnt/nstool bind-ns -l inner echo joined
			/mnt/nstool bind-ns --list | awk \"NR > 1 {print \\\$1, \\\$2, \\\$6}\"
			/mnt/nstool bind-ns -l outer true
			/mnt/nstool bind-ns --remove --dead"
		unshare -rpf --mount-proc sh -c "
			/mnt/nstool bind-ns -l outer true
			/mnt/nstool bind-ns --remove outer
			/mnt/nstool bind-ns --remove --dead"
		/mnt/nstool bind-ns --list | awk "NR > 1 {print \$1, \$2, \$6}"
		/mnt/nstool bind-ns -l outer echo outside
		/mnt/nstool bind-ns --remove inner outer' 2>&1
	echo "$output"
	has $'joined\ninner empty root\nouter stale root'
	has ", which holds it, cannot be looked into
hint: it can be entered in the user namespace in which it was made, or in one above that
nstool: bind-ns: the set 'outer' is stale here: process "
	has ", which holds it, is in another pid namespace
hint: it can be entered in the pid namespace in which it was made
nstool: bind-ns: cannot remove the set 'outer': its process "
	has " is in another pid namespace
hint: it can be removed in the pid namespace in which it was made
inner"
	has $'inner empty ann\nouter empty ann\noutside'
}

@test "an init is not left behind by who cannot see it" {
	local init
	bind --new -pu web
	init=$(bind --list -J | jq '.sets[0].init')
	run -125 --separate-stderr here unshare -pf --mount-proc "$NSTOOL" bind-ns --remove web
	[[ $stderr == *"cannot remove the set 'web': its process $init is in another pid namespace"* ]]
	is "web empty" "$(sets) $(sets 2)"
	bind --remove web
	until [ ! -e "/proc/$init" ]; do :; done
}

@test "list has the names of sets that a process holds" {
	local holder net
	sleeper --net
	net=$(readlink "/proc/$sleeper/ns/net")
	bind --holder -t "$sleeper" -un web
	bind --alias -t "$sleeper" -n mounted
	is $'net @mounted,@web\nuts @web' "$(here "$NSTOOL" list -r --noheadings -t net,uts -o TYPE,NAMES @web | sort)"
	bind --rename web www
	is "@mounted,@www" "$(here "$NSTOOL" list -r --noheadings -o NAMES "$net")"
	holder=$(bind --list -J | jq '.sets[] | select(.name == "www").holder')
	kill -9 "$holder"
	until [ ! -e "/proc/$holder" ]; do :; done
	is "@mounted" "$(here "$NSTOOL" list -r --noheadings -o NAMES "$net")"
	kill "$sleeper"
}

# shellcheck disable=SC2016 # for the inner shell
@test "list has the names of an ordinary user's sets" {
	run -0 ordinary sh -c '
		mkdir -m 700 run && export XDG_RUNTIME_DIR=$PWD/run || exit
		/mnt/nstool bind-ns --new -Un web
		/mnt/nstool list -r --noheadings -o TYPE,NAMES @web
		/mnt/nstool bind-ns --remove web'
	has $'net @web'
	has $'user @web'
}

title() { # PID
	tr -d '\0' <"/proc/$1/cmdline"
}

# Waits until the title of PID is this.
titled() { # PID TITLE
	timeout 60 bash -c 'until [ "$(tr -d "\0" <"/proc/$0/cmdline")" = "$1" ]; do :; done' "$1" "$2" ||
		{ echo "still '$(title "$1")'" && return 1; }
}

@test "the title of a process is the name that its set has now" {
	local long holder init
	long=$(printf 'x%.0s' {1..64})
	sleeper
	bind --holder -t "$sleeper" -u web
	holder=$(bind --list -J | jq '.sets[0].holder')
	for name in www "$long" w.+-_1; do
		bind --rename "$(sets)" "$name"
		titled "$holder" "nstool: holding @$name"
	done
	bind --remove "$name"
	bind --new -mp web
	init=$(bind --list -J | jq '.sets[0].init')
	is "nstool: init of @web" "$(title "$init")"
	for name in www "$long" w; do
		bind --rename "$(sets)" "$name"
		titled "$init" "nstool: init of @$name"
	done
	kill "$sleeper"
}

# shellcheck disable=SC2016 # for the inner shell
@test "a title stays within the memory that there is for it" {
	local init long
	long=$(printf 'x%.0s' {1..64})
	run -0 here env -i "$NSTOOL" bind-ns --new -p w
	init=$(bind --list -J | jq '.sets[0].init')
	bind --rename w "$long"
	timeout 60 bash -c 'until tr -d "\0" <"/proc/$0/cmdline" | grep -q "^nstool: init of @xx"; do :; done' "$init"
	is empty "$(sets 2)"
	run -0 bind -l "$long" true
}

# shellcheck disable=SC2016 # for the inner shell
@test "an init that still has a command hears of the new name when it stays alone" {
	local init
	mkfifo "$BATS_TEST_TMPDIR/go"
	nsenter -t "$place" -m "$NSTOOL" unshare-ns -l web -p --init cat "$BATS_TEST_TMPDIR/go" 3>&- &
	exec 7>"$BATS_TEST_TMPDIR/go"
	init=$(bind --list -J | jq '.sets[0].init')
	bind --rename web www
	exec 7>&-
	wait $!
	titled "$init" "nstool: init of @www"
	run -0 bind -l www true
}

# shellcheck disable=SC2016 # for the inner shell
@test "a holder survives the session in which it was made, and is found from another one" {
	run -0 ordinary sh -c '
		mkdir -m 700 run && export XDG_RUNTIME_DIR=$PWD/run TMUX_TMPDIR=$PWD || exit
		unset TMUX
		export TERM=xterm
		tmux -L first -f /dev/null new-session -d \
			"/mnt/nstool bind-ns --new -Unp web; tmux -L first wait-for -S made; sleep infinity"
		tmux -L first wait-for made
		tmux -L first list-panes -F "#{pane_pid}" >pane
		tmux -L first kill-server
		until [ ! -e "/proc/$(cat pane)" ]; do :; done
		tmux -L second -f /dev/null new-session -d \
			"/mnt/nstool bind-ns --list >list; /mnt/nstool bind-ns -l web echo inside >joined;
			tmux -L second wait-for -S seen; sleep infinity"
		tmux -L second wait-for seen
		tmux -L second kill-server
		grep -o "^web *empty" list
		cat joined
		holder=$(/mnt/nstool bind-ns --list -J | sed -n "s/.*\"holder\": \([0-9]*\).*/\1/p")
		/mnt/nstool bind-ns --remove web
		while kill -0 "$holder" 2>/dev/null; do :; done'
	is $'web  empty\ninside'
}
