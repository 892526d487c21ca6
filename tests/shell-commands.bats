#!/usr/bin/env bats
# The shell's commands: every way to a place, and all that is said of what stands there.

load lib/suite
load lib/registry
load lib/shell

# Does the output have this line, but for the number of blanks?
says() { # LINE
	sed -E 's/ +/ /g' <<<"$output" | grep -Fxq -- "$1" && return
	printf 'no line "%s" in:\n%s\n' "$1" "$output"
	return 1
}

# Does it say that this holds it? Another nstool that looks at it in this moment does as well.
says_held_by() { # REGEX
	sed -E 's/ +/ /g' <<<"$output" | grep -Exq -- "held by $1" && return
	printf 'not held by %s in:\n%s\n' "$1" "$output"
	return 1
}

# … and none that begins like this?
says_nothing_of() { # REGEX
	! grep -E "^($1) " <<<"$output"
}

inode_of() { # PROCESS TYPE
	stat -Lc %i "/proc/$1/ns/$2"
}

# Makes a control group of this name, of version 1 or 2; its directory becomes $group.
make_group() { # NAME
	local root=/sys/fs/cgroup/pids
	[ -d "$root" ] || root=/sys/fs/cgroup
	group=$root/$1
	mkdir "$group" || skip "no cgroups to make"
}

initial_user="user:[4026531837]"

# --- to a place

@test "cd: each form of reference leads where the thing stands" {
	need_root
	local ref wanted
	hold container
	while read -r ref wanted; do
		run -0 "$NSTOOL" -c "cd $ref; pwd" 7<"/proc/${made[pid]}/ns/net"
		is "$wanted"
	done <<-EOF
		${made[pid]} /user:[${made[user]}]/${made[pid]}
		pid:${made[pid]} /user:[${made[user]}]/${made[pid]}
		tid:${made[pid]} /user:[${made[user]}]/${made[pid]}
		net:[${made[net]}] /user:[${made[user]}]/net:[${made[net]}]
		net:${made[net]} /user:[${made[user]}]/net:[${made[net]}]
		${made[net]} /user:[${made[user]}]/net:[${made[net]}]
		/proc/${made[pid]}/ns/net /user:[${made[user]}]/net:[${made[net]}]
		fd:7 /user:[${made[user]}]/net:[${made[net]}]
		/user:[${made[user]}]/net:[${made[net]}] /user:[${made[user]}]/net:[${made[net]}]
		/user:[${made[user]}]/net:[${made[net]}]/.. /user:[${made[user]}]
		$initial_user /
		host /host
		/host/uts:[4026531838] /host/uts:[4026531838]
	EOF
}

@test "cd: sets of bind-ns and names of ip-netns" {
	need_root
	local net blue
	place
	bind --new -un web
	here ip netns add blue
	net=$(here stat -c %i /run/nstool/ns/web/net)
	blue=$(here stat -c %i /run/netns/blue)
	run -0 here "$NSTOOL" -c "cd @web; pwd; ls; cd net:[$net]; pwd; cd ..; cd /@web/net:[$net]; pwd; cd netns:blue; pwd; back; cd -"
	complete=$(for ref in @w netns:bl; do here "$NSTOOL" __complete nstool enter -t "$ref"; done)
	unplace
	is $'@web\ta set of bind-ns\nnetns:blue\t' "$complete"
	is "/@web
uts:[$(sed -n 's/^uts:\[\(.*\)\]$/\1/p' <<<"$output")]
net:[$net]
/@web/net:[$net]
/@web/net:[$net]
/net:[$blue]
/@web/net:[$net]
/net:[$blue]"
}

@test "cd container:ID, and completion of such" {
	need_root
	local id=c0ffee${BATS_TEST_NUMBER}$$ group
	id+=$(printf '0%.0s' {1..64})
	id=${id:0:64}
	make_group "docker-$id.scope"
	hold proc
	echo "${made[pid]}" >"$group/cgroup.procs"
	run "$NSTOOL" -c "cd container:${id:0:12}; pwd"
	echo "$output"
	complete=$("$NSTOOL" __complete nstool enter -t container:c0ffee | cut -f 1)
	release
	until rmdir "$group"; do :; done
	is "/${made[pid]}"
	is "container:$id" "$(grep -x "container:$id" <<<"$complete")"
}

@test "what has come since the last look is found" {
	need_root
	local line shell input
	coproc ASKED { exec "$NSTOOL"; }
	shell=$ASKED_PID input=${ASKED[1]}
	echo 'ls > /dev/null; echo looked' >&"$input"
	read -r line <&"${ASKED[0]}"
	is looked "$line"
	hold proc
	echo "cd ${made[pid]}; pwd; cd net:[${made[net]}]; pwd" >&"$input"
	read -r line <&"${ASKED[0]}"
	is "/${made[pid]}" "$line"
	read -r line <&"${ASKED[0]}"
	is "/net:[${made[net]}]" "$line"
	exec {input}>&-
	wait "$shell"
}

@test "a target that has gone is said; another namespace with its inode is not taken for it" {
	need_root
	local id
	hold proc
	id=$("$NSTOOL" list -n -o ID -t net "net:[${made[net]}]" | tr -d ' ')
	[ -n "$id" ] || skip "no ids before Linux 6.18"
	run -0 "$NSTOOL" -c "cd net:[${made[net]}]; enter -n -- readlink /proc/self/ns/net"
	is "net:[${made[net]}]"
	run -125 "$NSTOOL" -k -c "cd net:[${made[net]}]
!kill -9 ${made[pid]}; while '$NSTOOL' -c 'find ID == $id' | grep -q .; do :; done
enter -- true"
	is "-c:3: enter: there is no namespace with id $id
-c:3: 'net:[${made[net]}]' has gone
hint: 'cd ..' leaves it, 'refresh' looks again" "$(grep -v '^hint: what ' <<<"$output")"
}

@test "a set that is removed under the user's feet is said" {
	need_root
	local net uts
	place
	bind --new -un web
	net=$(here stat -c %i /run/nstool/ns/web/net)
	uts=$(here stat -c %i /run/nstool/ns/web/uts)
	run -1 here "$NSTOOL" -k -c "cd @web
bind-ns --remove web; !while '$NSTOOL' -c 'find NS == $net or NS == $uts' | grep -q .; do :; done
ls
cd ..
pwd"
	unplace
	is "-c:3: ls: '@web' has gone
hint: 'cd ..' leaves it, 'refresh' looks again
/"
}

@test "bind-ns names what one stands on, where it names anything" {
	need_root
	place
	hold proc
	run -0 here "$NSTOOL" -c "cd ${made[pid]}; bind-ns -un mine; bind-ns --list -o NAME; info net:[${made[net]}]
cd /; bind-ns --rename mine yours; cd @yours; bind-ns --remove yours; bind-ns --list -o NAME"
	unplace
	says "name @mine"
	is $'NAME\nmine' "$(grep -x -e NAME -e mine <<<"$output")"
}

# --- info

@test "info of each type: owner, holders, processes, and what its inside tells" {
	need_root
	local type
	hold container
	for type in mnt uts ipc net cgroup time; do
		run -0 "$NSTOOL" -c "info $type:[${made[$type]}]"
		says "namespace $type:[${made[$type]}]"
		says "owner user:[${made[user]}]"
		says_held_by "proc( fd)?"
		says "path /proc/${made[pid]}/ns/$type"
		says "processes 1 ${made[pid]} (nsmake)"
		says_nothing_of 'creator|parent|uid map|init'
		"told_$type" "${made[pid]}"
	done
}

# What `info` says of the inside of the process's namespaces and of no other.
told_mnt() { # PID
	# Those of other tests may go meanwhile.
	for _ in {1..10}; do
		! says "mounts $(wc -l <"/proc/$1/mountinfo")" || return 0
		run -0 "$NSTOOL" -c "info mnt:[${made[mnt]}]"
	done
	return 1
}
told_uts() {
	says "host name $(nsenter -t "$1" -u uname -n)"
}
told_ipc() {
	says_nothing_of 'mounts|host name|interface|offset'
}
told_net() {
	says "interface lo down"
}
told_cgroup() {
	told_ipc
}
told_time() {
	says "offset monotonic 0 0"
	says "offset boottime 0 0"
}

@test "info: interfaces with their addresses, offsets of clocks, names of hosts" {
	need_root
	local pid
	mkfifo "$BATS_TEST_TMPDIR/ready"
	"$NSTOOL" unshare-ns -unT --hostname web --monotonic 3600 --boottime=-2 -- sh -c 'ip address add 192.0.2.7/24 dev lo
		ip tuntap add dev tap0 mode tap; echo $$ >"$0"; exec sleep 1000' "$BATS_TEST_TMPDIR/ready" 3>&- &
	read -r pid <"$BATS_TEST_TMPDIR/ready"
	run -0 "$NSTOOL" -c "info net:[$(inode_of "$pid" net)]; info uts:[$(inode_of "$pid" uts)]; info time:[$(inode_of "$pid" time)]"
	kill "$pid"
	says "interface lo up 127.0.0.1/8 192.0.2.7/24 ::1/128"
	says "interface tap0 down"
	says "host name web"
	says "offset monotonic 3600 0"
	says "offset boottime -2 0"
}

@test "info of user and pid namespaces: parent, creator, maps, init" {
	need_root
	hold container
	run -0 "$NSTOOL" -c "info user:[${made[user]}]"
	says "parent $initial_user"
	says "creator uid 0"
	says "uid map 0 0 4294967295"
	says "gid map 0 0 4294967295"
	says_held_by "proc( fd)? owner"
	run -0 "$NSTOOL" -c "info pid:[${made[pid_ns]}]"
	says "parent pid:[4026531836]"
	says "init ${made[pid]} (nsmake)"
	run -0 "$NSTOOL" -c "info pid:[4026531836]"
	says "namespace pid:[4026531836] (initial)"
	grep -Eq '^init +1 ' <<<"$output"
}

@test "info: names, and who holds it without a process" {
	need_root
	local net
	place
	bind --new -n web
	net=$(here stat -c %i /run/nstool/ns/web/net)
	run -0 here "$NSTOOL" -c "info net:[$net]; find NS == $net"
	unplace
	says " NS TYPE NPROCS NAMES"
	says "$net net 0 @web"
	says "name @web"
	says_held_by "(fd )?mount"
	says "holder mount /run/nstool/ns/web/net"
	says "processes 0"
	hold fd
	run -0 "$NSTOOL" -c "info net:[${made[net]}]"
	says "held by fd"
	says "holder ${made[pid]} fd ${made[fd]}"
}

@test "info: the 64-bit id, where the kernel has one" {
	need_root
	local id
	id=$("$NSTOOL" list -n -o ID -t net self | tr -d ' ')
	[ -n "$id" ] || skip "no ids before Linux 6.18"
	run -0 "$NSTOOL" -c "info net:[$(inode_of self net)]"
	says "id $id"
}

@test "info: members by container" {
	need_root
	local group
	make_group "nst$$.service"
	hold proc
	echo "${made[pid]}" >"$group/cgroup.procs"
	run "$NSTOOL" -c "info net:[${made[net]}]; info ${made[pid]}; ps ${made[pid]}"
	release
	until rmdir "$group"; do :; done
	says "container nst$$.service: 1"
	says "container nst$$.service"
	grep -Eq '^ *PID INSIDE USER +CONTAINER +COMMAND$' <<<"$output"
	grep -Eq "^ *${made[pid]} +[0-9]+ root nst$$.service +.*nsmake" <<<"$output"
}

@test "info of a process: also its pid inside, command, user, and its namespaces" {
	need_root
	hold container
	run -0 "$NSTOOL" -c "info ${made[pid]}"
	says "process ${made[pid]}, inside 1"
	grep -q '^command .*nsmake container$' <<<"$output"
	says "parent $(ps -o ppid= "${made[pid]}" | tr -d ' ') (nsmake)"
	says "user root"
	says "threads 1"
	for type in mnt uts ipc net user cgroup time; do
		says "$type $type:[${made[$type]}]"
	done
	says "pid pid:[${made[pid_ns]}]"
}

@test "info of a process that has ended, which its parent has not noticed" {
	local parent zombie told=$BATS_TEST_TMPDIR/told end=$BATS_TEST_TMPDIR/end
	mkfifo "$told" "$end"
	sh -c 'read _ <"$1" & echo $! >"$0"; exec sleep 1000' "$told" "$end" 3>&- &
	parent=$!
	read -r zombie <"$told"
	until [ "$(cat "/proc/$parent/comm")" = sleep ]; do :; done
	echo >"$end"
	until grep -q '^State:.Z' "/proc/$zombie/status"; do :; done
	run "$NSTOOL" -c "info $zombie"
	kill "$parent"
	wait "$parent" || true
	is 0 "$status"
	says "state has ended, its parent has not taken notice yet"
	grep -q "^parent *$parent " <<<"$output"
}

@test "info of a set" {
	run -0 "$NSTOOL" -c "cd host; info"
	says "set host"
	says "uts uts:[4026531838]"
}

@test "info: a stranger's words do nothing to the terminal" {
	need_root
	hold hostile-name
	run -0 "$NSTOOL" -c "info ${made[pid]}; info uts:[${made[uts]}]; who uts:[${made[uts]}]; ps uts:[${made[uts]}]"
	run ! grep -q $'\e' <<<"$output"
}

# --- others

@test "ps: the pids outside and inside" {
	need_root
	hold container
	run -0 "$NSTOOL" -c "ps pid:[${made[pid_ns]}]"
	[[ ${lines[0]} =~ ^\ *PID\ +INSIDE\ +USER\ +(CONTAINER\ +)?COMMAND ]]
	[[ ${lines[1]} =~ ^\ *${made[pid]}\ +1\ +root\ .*nsmake ]]
	is 2 "${#lines[@]}"
}

@test "who: what a process shares with whom, type by type" {
	need_root
	hold container
	run -0 "$NSTOOL" -c "who ${made[pid]}"
	is 16 "${#lines[@]}"
	says "net net:[${made[net]}]"
	says "processes 1 ${made[pid]} (nsmake)"
	run -0 "$NSTOOL" -c "cd user:[${made[user]}]; who net:[${made[net]}]"
	is 2 "${#lines[@]}"
}

@test "path: where they stand and meet, what they share, which is below which" {
	need_root
	hold container
	run -0 "$NSTOOL" -c "path ${made[pid]} net:[${made[net]}]"
	says "from /user:[${made[user]}]/${made[pid]}"
	says "to /user:[${made[user]}]/net:[${made[net]}]"
	says "meet in /user:[${made[user]}]"
	says "shared net:[${made[net]}]"
	run -0 "$NSTOOL" -c "cd host; path ${made[pid]}"
	says "to /host"
	says "meet in /"
	says "nested pid:[${made[pid_ns]}] is 1 level below pid:[4026531836]"
	says "nested user:[${made[user]}] is 1 level below $initial_user"
	hold ancestor
	run -0 "$NSTOOL" -c "path $initial_user user:[${made[user]}]"
	says "nested user:[${made[user]}] is 2 levels below $initial_user"
}

@test "tree: of a process what it is in; of types also those deeper down" {
	need_root
	hold container
	run -0 "$NSTOOL" -c "cd ${made[pid]}; tree -o NS,TYPE"
	is 10 "${#lines[@]}"
	[[ ${lines[1]} == "pid:${made[pid]}"* ]]
	[[ ${lines[2]} == "├─${made[mnt]} mnt" ]]
	run -0 "$NSTOOL" -c "tree -t net -o NS,TYPE"
	grep -q "[├└]─${made[net]} net" <<<"$output"
	run ! grep -e " mnt" -e "${made[user]}" <<<"$output"
	run -0 "$NSTOOL" -c "cd user:[${made[user]}]; tree -p -t net -o NS,TYPE"
	is "${made[user]} user
├─${made[net]} net
│ └─pid:${made[pid]}
└─pid:${made[pid]}" "$(sed -E '1d; s/ +/ /; s/ *$//' <<<"$output")"
}

@test "find: an expression, quoted or not, in the columns that are wanted" {
	need_root
	hold proc
	run -0 "$NSTOOL" -c "find -o NS,TYPE 'TYPE == \"net\" and NS == ${made[net]}'"
	says " NS TYPE"
	says "${made[net]} net"
	run -0 "$NSTOOL" -c "find -o TYPE NS == ${made[net]}"
	is $'TYPE\nnet'
}

@test "columns: besides those that are set, or on top of them" {
	need_root
	hold proc
	run -0 "$NSTOOL" -c "set columns NS; find -o +TYPE NS == ${made[net]}; set columns +NPROCS; set columns; find NS == ${made[net]}"
	says " NS TYPE"
	says "${made[net]} net"
	says "columns NS,NPROCS"
	says " NS NPROCS"
	says "${made[net]} 1"
}

@test "set: each setting is shown, and changes what it is about" {
	run -0 "$NSTOOL" -c set
	is "columns  NS,TYPE,NPROCS,PID,USER,NAMES,CONTAINER,COMMAND
color    auto
pager    on
source   proc,thread,pending,fd,mount,ancestor,listns,bpf"
	run -0 "$NSTOOL" -c 'set columns TYPE; set pager off; set color on; set source proc; set'
	is "columns  TYPE
color    on
pager    off
source   proc"
	run -0 "$NSTOOL" -c 'set pager'
	is "pager    on"
	run -1 "$NSTOOL" -c 'set pagre'
	is $'-c:1: set: there is no setting \'pagre\'\nhint: did you mean \'pager\'?'
	run -0 "$NSTOOL" -c 'cd self; set columns TYPE; ls -l'
	is TYPE "${lines[0]}"
	run -0 "$NSTOOL" -c 'cd self; set color on; ls -l'
	has $'\e['
	run -0 "$NSTOOL" -c 'cd self; set color on; set color off; ls -l'
	run ! grep -q $'\e' <<<"$output"
}

@test "set source: what is not looked for is not there" {
	need_root
	hold fd
	run -0 "$NSTOOL" -c "find -o NS NS == ${made[net]}"
	has "${made[net]}"
	run -0 "$NSTOOL" -c "set source proc; find -o NS NS == ${made[net]}"
	is ""
	run -1 "$NSTOOL" -c "set source proc,nowhere"
	has "'nowhere' is not a source"
}

@test "exit and quit: with the status given, or the last" {
	run -3 "$NSTOOL" -c 'quit 3; echo never'
	is ""
	run -4 "$NSTOOL" -c 'exit 4; echo never'
	is ""
	run -1 "$NSTOOL" -k -c 'false; sh -- false; quit'
	run -0 "$NSTOOL" -c quit
	is ""
}

@test "alias: arguments and what follows a command are put behind it" {
	run -0 "$NSTOOL" -c "alias ll='ls -o TYPE'; cd self; ll -t net; ll -t uts | tr a-z A-Z; alias"
	is $'TYPE\nnet\nTYPE\nUTS\nll=ls -o TYPE'
}

@test "history of a script is empty; jobs are none" {
	run -0 "$NSTOOL" -c 'echo a; history; jobs'
	is a
}

# --- what cannot be

@test "a process that may not be looked at is no place: it is said why" {
	need_root
	hold unreadable
	run -1 setpriv --bounding-set -sys_ptrace --inh-caps -sys_ptrace "$NSTOOL" -c "set source proc; cd ${made[pid]}"
	is "-c:1: cd: cannot open the user namespace of ${made[pid]}: Permission denied
hint: whose namespaces are looked at must be one's own process with no more capabilities than oneself, else it needs CAP_SYS_PTRACE in the user namespace of ${made[pid]}"
}

@test "what the sources do not find is no place either" {
	need_root
	hold fd
	run -1 "$NSTOOL" -c "set source proc; cd fd:7" 7<"/proc/${made[pid]}/fd/${made[fd]}"
	is "-c:1: cd: fd:7 was not found when the machine was looked at
hint: 'set source' shows in which places namespaces are looked for"
}

@test "a script with a byte 0 is no text" {
	printf 'echo a\necho b\0c\necho d\n' >"$BATS_TEST_TMPDIR/f"
	run -2 "$NSTOOL" -k -f "$BATS_TEST_TMPDIR/f"
	is "a
$BATS_TEST_TMPDIR/f:2: this is no text: a byte of the line is 0"
}
