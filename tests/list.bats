#!/usr/bin/env bats
# What a user of `list` sees. Where it looks is tested by list-sources.bats.

load lib/suite
load lib/fixture
load lib/ordinary

bats_require_minimum_version 1.5.0

setup() {
	fake_proc
	user=$(id -un)
}

# `list` of the made-up machine.
list() {
	"$NSTOOL" list --proc "$proc" "$@"
}

# What a python expression about the JSON in $output gives; rows() has all rows, also nested ones.
json() { # EXPRESSION
	python3 -c '
import json, sys
o = json.load(sys.stdin)
def rows(l=o["namespaces"]):
    return [r for x in l for r in [x] + rows(x.get("children", []))]
print(eval(sys.argv[1]))' "$1" <<<"$output"
}

# The inode of a namespace of this process, or of another.
inode() { # TYPE [PID]
	stat -Lc %i "/proc/${2:-self}/ns/$1"
}

# Is standard error these two lines, and nothing on standard output? usage_error SENTENCE COMMAND...
usage_error() {
	local sentence=$1
	shift
	run -2 --separate-stderr "$@"
	is "" "$output"
	is "nstool: list: $sentence"$'\n'"Try 'nstool list --help'." "$stderr"
}

# Hostile names: no control character but the ends of lines, valid UTF-8, as many lines as rows.
harmless() { # LINES
	is "$1" "${#lines[@]}"
	iconv -f utf-8 -t utf-8 <<<"$output" >/dev/null
	run -1 grep -P '[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae' <<<"${output//$'\t"'/}"
}

# What a terminal of 60 columns gets: on_terminal COMMAND...
on_terminal() {
	TERM=${TERM_TYPE-xterm} run -0 script -qec "stty cols 60; $(printf '%q ' "$@")" /dev/null </dev/null
}

# The same under the name of util-linux.
lsns() {
	ln -sf "$(realpath "$NSTOOL")" "$BATS_TEST_TMPDIR/lsns"
	"$BATS_TEST_TMPDIR/lsns" "$@"
}

@test "a table without the columns that are empty throughout" {
	run -0 --separate-stderr list
	[[ ${lines[0]} =~ ^\ +NS\ TYPE\ NPROCS\ PID\ USER\ +HELD\ COMMAND$ ]]
	[ "${#lines[@]}" = 4 ]
	[[ ${lines[1]} =~ ^4026531838\ uts\ +3\ +7\ $user\ +proc\ /sbin/init$ ]]
	[[ ${lines[2]} =~ ^4026531840\ net\ +1\ +7\ $user\ +proc\ /sbin/init$ ]]
	[[ ${lines[3]} =~ ^4026532100\ net\ +2\ +9\ $user\ +proc\ server\ --port\ 80$ ]]
	is "" "$stderr"
}

@test "a column that one namespace fills is shown" {
	echo "0::/system.slice/nginx.service" >"$proc/9/cgroup"
	run -0 list
	[[ ${lines[0]} =~ HELD\ +CONTAINER\ +COMMAND ]]
	[[ ${lines[3]} =~ proc\ +nginx.service\ +server ]]
}

@test "-o: these columns, in this order, in any case of letters" {
	run -0 list -o pid,Ns
	is "PID         NS
  7 4026531838
  7 4026531840
  9 4026532100"
}

@test "-o +LIST: besides the default ones, also empty ones" {
	run -0 list --output +PPID,NTHREADS
	[[ ${lines[0]} =~ ^\ +NS\ TYPE\ NPROCS\ PID\ USER\ +HELD\ CONTAINER\ COMMAND\ +PPID\ NTHREADS$ ]]
	[[ ${lines[3]} =~ \ 7\ +2$ ]]
}

@test "--output-all and --list-columns know the same columns" {
	run -0 list --output-all
	columns=$(xargs -n 1 <<<"${lines[0]}")
	run -0 "$NSTOOL" list --list-columns
	is "$columns" "$(cut -d' ' -f1 <<<"$output")"
	run -0 grep -c . <<<"$columns"
	is 23
	run -0 "$NSTOOL" list -H
	has "NETNSID    its id in the caller's network namespace"
}

@test "an unknown column is a usage error that names the nearest" {
	run -2 --separate-stderr list -o NS,NPROC
	is "nstool: list: option '-o': unknown column 'NPROC'
hint: did you mean NPROCS?
Try 'nstool list --help'." "$stderr"
	usage_error "option '-o': unknown column 'bananas'" list -o bananas
}

@test "-n: no headings; -r: words for scripts" {
	run -0 list -n -o NS,PID
	is "4026531838   7
4026531840   7
4026532100   9"
	run -0 list --raw --noheadings -o NS,NAMES,COMMAND
	is "4026531838  /sbin/init
4026531840  /sbin/init
4026532100  server\x20--port\x2080"
}

@test "-t: only these types, repeated or as a list" {
	run -0 list -t uts -n -o NS
	is 4026531838
	run -0 list -t uts -t net -n -o NS
	[ "${#lines[@]}" = 3 ]
	run -0 list --type net,uts -n -o NS
	[ "${#lines[@]}" = 3 ]
	run -0 list -t mnt
	is ""
	usage_error "option '-t': 'nett' is not a type of namespace, did you mean 'net'?" list -t nett
}

@test "of network namespaces alone the names are shown" {
	ln -s 'mnt:[1]' "$proc/7/ns/mnt"
	mkdir -p "$proc/self/ns"
	ln -s 'mnt:[1]' "$proc/self/ns/mnt"
	echo '36 1 0:4 net:[4026532100] /run/netns/blue rw - nsfs nsfs rw' >"$proc/7/mountinfo"
	run -0 list -t net
	[[ ${lines[0]} =~ HELD\ +NAMES\ COMMAND ]]
	[[ ${lines[2]} =~ proc,mount\ blue\ +server ]]
}

@test "-W: what is mounted twice is one line all the same" {
	ln -s 'mnt:[1]' "$proc/7/ns/mnt"
	mkdir -p "$proc/self/ns"
	ln -s 'mnt:[1]' "$proc/self/ns/mnt"
	printf '3%s 1 0:4 net:[4026532100] %s rw - nsfs nsfs rw\n' 1 /a 2 /b >"$proc/7/mountinfo"
	run -0 list -t net -Q NSFS -n -o NS,NSFS
	is "4026532100 /a
           /b"
	run -0 list -t net -Q NSFS -n -o NS,NSFS --nowrap
	is "4026532100 /a,/b"
}

@test "-P: only namespaces without processes" {
	mkdir "$proc/12/fd"
	ln -s 'net:[4026532200]' "$proc/12/fd/5"
	run -0 list --persistent -o NS,HELD,HOLDERS
	is "        NS HELD HOLDERS
4026532200 fd   12 fd 5"
}

@test "-p: only the namespaces of this process" {
	sleep 1000 3>&- &
	run -0 --separate-stderr "$NSTOOL" list -p $! -n -r -o NS,TYPE
	kill $!
	is 8 "${#lines[@]}"
	has "$(inode net) net"
	has "$(inode user) user"
	run -0 --separate-stderr "$NSTOOL" list --task $$ -t net -n -o NS
	is "$(inode net)"
}

@test "-p: a process that is not there, or may not be looked at, is an error" {
	need_root
	run -1 --separate-stderr "$NSTOOL" list -p 2147483647
	is "nstool: list: there is no process 2147483647" "$stderr"
	hold unreadable
	run -1 --separate-stderr setpriv --bounding-set -sys_ptrace "$NSTOOL" list -p "${made[pid]}"
	[[ $stderr == "nstool: list: cannot open the mnt namespace of pid:${made[pid]}: Permission denied"* ]]
	is "" "$output"
	usage_error "option '-p': '0' is not a process id: it must be 1 to 2147483647" list -p 0
}

@test "-Q: an expression chooses" {
	run -0 list -Q 'TYPE == "net" and NPROCS > 1' -n -o NS
	is 4026532100
	run -0 list --filter 'command =~ "^server"' -n -o NS
	is 4026532100
	run -0 list -Q 'NPROCS > 99'
	is ""
}

@test "-Q: a mistake is shown where it stands" {
	run -2 --separate-stderr list -Q 'TYPE == "net" and NPROC > 1'
	is "nstool: list: option '-Q': filter: unknown column 'NPROC' at column 19
hint: TYPE == \"net\" and NPROC > 1
hint:                   ^
hint: did you mean 'NPROCS'?
Try 'nstool list --help'." "$stderr"
	run -2 --separate-stderr list -Q '(TYPE == "net"'
	[[ $stderr == *"hint: (TYPE == \"net\""* ]]
}

@test "used wrongly: two lines" {
	usage_error "unknown option '--jason', did you mean '--json'?" list --jason
	usage_error "option '--source': 'fdd' is not a source, did you mean 'fd'?" list --source fdd
	usage_error "option '--tree': 'owned' is not a kind of tree: owner, parent or process" \
		list --tree=owned
	usage_error "option '-o' needs a value: LIST" list -o
}

@test "--tree=process: below each namespace its processes by their parents" {
	run -0 list --tree=process -t net -o NS,PID,COMMAND
	is "NS         PID COMMAND
4026531840   7 /sbin/init
└─pid:7      7 /sbin/init
4026532100   9 server --port 80
└─pid:9      9 server --port 80
  └─pid:12  12 worker"
}

@test "--procs: below each namespace its processes; -l: no tree" {
	run -0 list --procs -t net -o NS,PID
	is "NS         PID
4026531840   7
└─pid:7      7
4026532100   9
├─pid:9      9
└─pid:12    12"
	run -0 list --list --procs -t net -o NS,PID
	is "        NS PID
4026531840   7
     pid:7   7
4026532100   9
     pid:9   9
    pid:12  12"
}

@test "--tree: user namespaces by parent, what they own below them" {
	need_root
	hold owner
	# What holds the first of all is up to the machine.
	settles "4026531837 user
└─${made[user]} user owner
  └─${made[net]} net proc" sh -c '"$0" list --tree -n -o NS,TYPE,HELD "$1" | sed "s/  *\([^ ]\)/ \1/g; s/\(837 user\).*/\1/; s/^ └/  └/"' \
		"$NSTOOL" "${made[net]}"
	run -0 --separate-stderr "$NSTOOL" list -T=owner -n -o NS "net:[${made[net]}]"
	is "${made[net]}" "${lines[2]#*─}"
}

@test "--tree=parent: pid and user namespaces only, by parent" {
	need_root
	hold ancestor
	run -0 --separate-stderr "$NSTOOL" list --tree=parent -n -o NS,TYPE "${made[user]}"
	is "4026531837     user
└─${made[parent]}   user
  └─${made[user]} user"
	run -0 --separate-stderr "$NSTOOL" list --tree=parent --raw -n -o TYPE
	is "pid
user" "$(sort -u <<<"$output")"
}

@test "references narrow every view to what they name and its ancestors" {
	need_root
	hold proc
	run -0 --separate-stderr "$NSTOOL" list -n -r -o NS "net:${made[net]}" "uts:[${made[uts]}]"
	is "$(printf '%s\n' "${made[uts]}" "${made[net]}" 4026531837)"
	run -0 --separate-stderr "$NSTOOL" list -n -r -o NS,TYPE "${made[pid]}"
	has "${made[net]} net"
	is 8 "${#lines[@]}"
	run -0 --separate-stderr "$NSTOOL" list -J -o ns "${made[net]}"
	is "[4026531837, ${made[net]}]" "$(json 'sorted(r["ns"] for r in rows())')"
	run -0 --separate-stderr "$NSTOOL" list --dot "${made[net]}"
	is 2 "$(grep -c '^	"ns[0-9]*" \[' <<<"$output")"
}

@test "--procs: of ancestors of what is named the processes are not shown" {
	need_root
	hold owner
	run -0 --separate-stderr "$NSTOOL" list --tree --procs -n -o NS "${made[net]}"
	is "4026531837
└─${made[user]}
  └─${made[net]}
    └─pid:${made[pid]}"
	run -0 --separate-stderr "$NSTOOL" list --dot "${made[net]}"
	is "pid${made[pid]}" "$(sed -n 's/^\t"\(pid[0-9]*\)" \[.*/\1/p' <<<"$output")"
}

@test "a reference to nothing is an error" {
	run -1 --separate-stderr "$NSTOOL" list 'net:[4026530000]'
	[[ $stderr == "nstool: list: "* ]]
	run -1 --separate-stderr "$NSTOOL" list "$BATS_TEST_TMPDIR/none"
	[[ $stderr == "nstool: list: "*"No such file or directory"* ]]
	run -2 --separate-stderr "$NSTOOL" list nett:4026531840
	is "nstool: list: reference 'nett:4026531840': unknown prefix 'nett:'
hint: did you mean 'net:'?
Try 'nstool list --help'." "$stderr"
}

@test "-J: valid against the schema, flat, as trees and with processes" {
	for view in --list --tree --tree=parent --tree=process --procs "--tree --procs --output-all" \
		"--list --output-all" "-P --output-all"; do
		# shellcheck disable=SC2086 # the options are words
		run -0 --separate-stderr "$NSTOOL" list -J $view
		valid list
	done
	run -0 --separate-stderr list -J -t mnt
	valid list
	is 0 "$(json 'len(rows())')"
}

@test "lsns -J: valid against its schema, which is without the header" {
	ln -s "$(realpath "$NSTOOL")" "$BATS_TEST_TMPDIR/lsns"
	for view in -t\ mnt -l --output-all "-T --output-all" "$(stat -L -c %i /proc/self/ns/net)"; do
		# shellcheck disable=SC2086 # the options are words
		run -0 --separate-stderr "$BATS_TEST_TMPDIR/lsns" -J $view
		valid lsns
	done
	run ! valid list
}

@test "-J: names and values as lsns has them; the header says of which machine it is" {
	need_root
	hold proc
	run -0 --separate-stderr "$NSTOOL" list -J
	valid list
	# Another nstool that looks at it in this moment holds a descriptor.
	is "${made[pid]} 1 net proc" \
		"$(json "' '.join(str(r[k]) for r in rows() if r['ns'] == ${made[net]} for k in ('pid', 'nprocs', 'type', 'held'))" | sed 's/,fd$//')"
	is "$(hostname)" "$(json 'o["header"]["hostname"]')"
	is "$(uname -r)" "$(json 'o["header"]["kernel"]')"
	is "$(cat /proc/sys/kernel/random/boot_id)" "$(json 'o["header"]["boot_id"]')"
	is "ns type nprocs pid user held container command" "$(json '" ".join(rows()[0])')"
}

@test "-J: a process among namespaces has a pid, but no inode and no type" {
	run -0 list -J --tree=process -o NS,TYPE,PID
	valid list
	is "[7, 9, 12]" "$(json '[r["pid"] for r in rows() if r["ns"] == r["type"] == None][:3]')"
	is "[(4026531838, 'uts', 7), (4026531840, 'net', 7), (4026532100, 'net', 9)]" \
		"$(json '[(r["ns"], r["type"], r["pid"]) for r in o["namespaces"]]')"
}

@test "-J: what is deeply nested is not nested deeper than readers can read" {
	for i in $(seq 1000 1400); do
		fake "$i" $((i - 1)) x net:4026532300
	done
	run -0 list -J --tree=process -Q 'NS == 4026532300'
	valid list
	is 402 "$(json 'len(rows())')"
	run -0 list --tree=process -n -o PID -Q 'NS == 4026532300'
	is 402 "${#lines[@]}"
}

@test "--dot: dot(1) draws it" {
	need_root
	hold owner
	run -0 --separate-stderr "$NSTOOL" list --dot
	has "\"ns4026531837\" -> \"ns${made[user]}\" [style=bold,label=parent];"
	has "\"ns${made[user]}\" -> \"ns${made[net]}\" [style=dashed,label=owner];"
	has "\"ns${made[net]}\" -> \"pid${made[pid]}\" ["
	dot -Tsvg <<<"$output" >"$BATS_TEST_TMPDIR/graph.svg"
	grep -q "<title>ns${made[net]}</title>" "$BATS_TEST_TMPDIR/graph.svg"
}

@test "one format at a time" {
	for formats in "-J -r" "-r --dot" "--dot -J"; do
		# shellcheck disable=SC2086 # two options
		run -2 --separate-stderr "$NSTOOL" list --proc "$proc" $formats
		is "nstool: list: only one of --json, --raw and --dot can be chosen" "$stderr"
		is "" "$output"
	done
	run -1 lsns -J -r
	is "lsns: only one of --json and --raw can be chosen" "$output"
}

@test "with too few descriptors nothing is shown rather than a part" {
	run -1 --separate-stderr bash -c 'ulimit -n 16; exec "$@"' - "$NSTOOL" list
	is "" "$output"
	is "nstool: list: cannot open the 80 descriptors that a look at all processes may take: \
Too many open files
hint: 'ulimit -n' shows and sets how many there may be" "$stderr"
}

@test "output that cannot be written is a failure" {
	for view in --list --tree -J --dot -H -r; do
		run -1 --separate-stderr bash -c '"$@" >/dev/full' - \
			"$NSTOOL" list --proc "$proc" "$view"
		is "nstool: list: cannot write the output: No space left on device" "$stderr"
	done
}

@test "unreadable processes are counted on standard error and in JSON" {
	need_root
	hold unreadable
	# not through BPF, which asks nobody, should processes be many
	run -0 --separate-stderr setpriv --bounding-set -sys_ptrace "$NSTOOL" list -J \
		--source proc,thread,pending,fd,mount,ancestor
	valid list
	[[ $stderr =~ ^note:\ ([0-9]+)\ processes?\ unreadable ]]
	is "${BASH_REMATCH[1]}" "$(json 'o["header"]["unreadable"]')"
	is "[]" "$(json "[r for r in rows() if r['ns'] == ${made[uts]}]")"
}

@test "an ordinary user sees his own processes; the others are counted" {
	need_root
	# shellcheck disable=SC2034 # ordinary() reads it; nobody else is this user
	ann=$((100000 + $$))
	run -0 --separate-stderr ordinary /mnt/nstool list -r -n -o NS,TYPE,NPROCS,USER,COMMAND
	has "$(inode net) net 1 ann /mnt/nstool\x20list"
	[[ $stderr =~ ^note:\ [0-9]+\ process(es)?\ of\ other\ users\ hidden\;\ root\ sees\ them$ ]]
	run -0 --separate-stderr ordinary /mnt/nstool list -J
	valid list
	is True "$(json 'o["header"]["hidden"] > 0')"
	is 0 "$(json 'o["header"]["unreadable"]')"
}

@test "hostile names stay within their cell, and within the terminal" {
	need_root
	hold hostile-name
	export LC_ALL=C.UTF-8
	only=(-Q "NS == ${made[uts]}")
	run -0 --separate-stderr "$NSTOOL" list "${only[@]}"
	has '\x1b]0;owned\x07\x1b[2J\x0d\x0a'
	harmless 2
	run -0 --separate-stderr "$NSTOOL" list --procs "${only[@]}"
	harmless 3
	run -0 --separate-stderr "$NSTOOL" list --tree=process "${only[@]}"
	harmless 3
	run -0 --separate-stderr "$NSTOOL" list --raw "${only[@]}"
	is 8 "$(tail -n 1 <<<"$output" | tr ' ' '\n' | wc -l)"
	harmless 2
	run -0 --separate-stderr "$NSTOOL" list -J "${only[@]}"
	valid list
	is True "$(json '"\x1b]0;owned\x07\x1b[2J\r\n\t\"\\\ufffd" in rows()[0]["command"]')"
	harmless "${#lines[@]}"
	run -0 --separate-stderr "$NSTOOL" list --dot "${only[@]}"
	dot -Tsvg <<<"$output" >/dev/null
	harmless 5
}

@test "colours on a terminal that has them, unless NO_COLOR" {
	on_terminal "$NSTOOL" list --proc "$proc"
	has $'\033[32m4026532100'
	run -0 list
	[[ $output != *$'\033'* ]]
	NO_COLOR=1 on_terminal "$NSTOOL" list --proc "$proc"
	has 4026532100
	[[ $output != *$'\033'* ]]
	NO_COLOR='' on_terminal "$NSTOOL" list --proc "$proc"
	has $'\033'
	TERM_TYPE=dumb on_terminal "$NSTOOL" list --proc "$proc"
	has 4026532100
	[[ $output != *$'\033'* ]]
}

@test "on a terminal commands are cut to fit, unless -u" {
	fake 20 9 "begin$(printf '%0100d' 0)end" net:4026532400
	NO_COLOR=1 on_terminal "$NSTOOL" list --proc "$proc" -t net
	has begin000
	[[ $output != *end* ]]
	for line in "${lines[@]}"; do
		[ "${#line}" -le 61 ] # with the carriage return
	done
	NO_COLOR=1 on_terminal "$NSTOOL" list --proc "$proc" -t net -u
	has 000end
	NO_COLOR=1 on_terminal "$NSTOOL" list --proc "$proc" -t net --notruncate
	has 000end
}

@test "lsns has the options of util-linux, and its own exit status for mistakes" {
	run -0 lsns --help
	for option in --json --list --noheadings --output --output-all --task --persistent --raw \
		--notruncate --nowrap --type --tree --filter --list-columns; do
		has " $option"
	done
	[[ $output != *--dot* && $output != *--source* && $output != *--procs* ]]
	run -1 --separate-stderr lsns --jason
	is "lsns: unknown option '--jason', did you mean '--json'?
Try 'lsns --help'." "$stderr"
	run -1 lsns -p 2147483647
}

@test "lsns: each option" {
	need_root
	hold proc
	only=(-Q "NS == ${made[net]}")
	run -0 lsns "${only[@]}"
	[[ ${lines[0]} =~ ^\ +NS\ TYPE\ NPROCS\ +PID\ USER\ COMMAND$ ]]
	run -0 lsns -n -o NS,TYPE "${only[@]}"
	is "${made[net]} net"
	run -0 lsns --list -n -r -o NS,COMMAND --filter "PID == ${made[pid]}"
	has "${made[net]} "
	run -0 lsns --json "${only[@]}"
	is "['namespaces']" "$(json 'list(o)')"
	is "${made[net]}" "$(json 'rows()[0]["ns"]')"
	run -0 lsns -t net -n -o PID "${only[@]}"
	is "${made[pid]}" "${output// /}"
	run -0 lsns -p "${made[pid]}" -n -o NS
	has "${made[net]}"
	run -0 lsns -P -n -o NS
	[[ $output != *"${made[net]}"* ]]
	run -0 lsns --tree=owner -u -W -n -o NS "${only[@]}"
	is "${made[net]}"
	run -0 lsns --output-all "${only[@]}"
	has NETNSID
	run -0 lsns -H
	has NETNSID
	run -0 lsns -n "${made[net]}" -o PID,COMMAND
	has "${made[pid]}"
	run -1 --separate-stderr lsns 12345
	is "lsns: not found namespace: 12345" "$stderr"
}

@test "the examples of the manual" {
	need_root
	hold fd
	run -0 example 'nstool list --tree'
	has "└─"
	run -0 example 'nstool list --procs 4026532178' 4026532178="${made[net]}"
	has "${made[net]}"
	run -0 example 'nstool list -p 1234' 1234="$$"
	has "$(inode net)"
	run -0 example 'nstool list -P -o +HOLDERS'
	has "${made[pid]} fd ${made[fd]}"
	run -0 example 'nstool list -t net -o NS,NAMES,NETNSID,PID,CONTAINER,COMMAND'
	has NETNSID
	run -0 example 'nstool list -Q '"'"'CONTAINER=~"^docker:3f2a"'"'"''
	run -0 --separate-stderr example 'nstool list -t user -T -o NS,CREATOR,UIDMAP,PID,COMMAND'
	has "4026531837"
	run -0 --separate-stderr example 'nstool list -t net -n -r -o PATH'
	has "/proc/${made[pid]}/fd/${made[fd]}"
	cd "$BATS_TEST_TMPDIR"
	run -0 example 'nstool list --dot | dot -Tsvg -o namespaces.svg'
	grep -q "${made[net]}" namespaces.svg
}

@test "the manual and the schema know each word of HELD" {
	man=$BATS_TEST_DIRNAME/../man/nstool-list.1.in
	for word in $(sed -n 's/.*"pattern": "^(\(proc[^)]*\)).*/\1/p' "$BATS_TEST_DIRNAME/schema/list.json" | tr '|' ' '); do
		grep -qx "\.It Cm $word" "$man"
	done
}
