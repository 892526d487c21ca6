#!/usr/bin/env bats
# The shell as scripts use it: the language, walking, acting, failing.

load lib/suite
load lib/shell

@test "transcripts: what is said and done, line by line" {
	local in
	cd "$BATS_TEST_DIRNAME/shell"
	for in in *.in; do
		run "$NSTOOL" -k -f "$in"
		is "$(cat "${in%.in}.out")" "$output"$'\n'"status $status"
	done
}

@test "the first failure ends a script, with its status; -k goes on" {
	run -127 --separate-stderr "$NSTOOL" -c $'echo a\nnosuch\necho b'
	is a
	is "-c:2: unknown command 'nosuch'" "${stderr_lines[0]}"
	run -127 --separate-stderr "$NSTOOL" -k -c $'echo a\nnosuch\necho b'
	is $'a\nb'
	run -3 --separate-stderr "$NSTOOL" -c 'sh -- sh -c "exit 3"; echo never'
	is ""
	run -0 "$NSTOOL" -c 'nosuch || echo rescued' 2>/dev/null
	has rescued
	run -2 --separate-stderr "$NSTOOL" -c "echo 'open"
	is "-c:1: a quote is not closed: '" "$stderr"
}

@test "a file, a file that says what runs it, standard input" {
	printf '#!%s -f\necho from a file\nexit 5\necho never\n' "$(realpath "$NSTOOL")" >"$BATS_TEST_TMPDIR/f"
	chmod +x "$BATS_TEST_TMPDIR/f"
	run -5 "$NSTOOL" -f "$BATS_TEST_TMPDIR/f"
	is "from a file"
	run -5 "$BATS_TEST_TMPDIR/f"
	is "from a file"
	run -5 "$NSTOOL" shell <"$BATS_TEST_TMPDIR/f"
	is "from a file"
	# shellcheck disable=SC1003 # the line ends in a backslash
	run -2 --separate-stderr script 'echo 1' 'echo \' '2' 'set a b c'
	is $'1\n2'
	is "stdin:4: set: unexpected argument 'c'" "${stderr_lines[0]}"
	run -1 --separate-stderr "$NSTOOL" -f "$BATS_TEST_TMPDIR/none"
	is "nstool: shell: cannot open '$BATS_TEST_TMPDIR/none': No such file or directory" "$stderr"
}

@test "no prompt, no banner; commands do not read the script" {
	run -0 script 'sh -- cat' 'echo after'
	is after
	run -0 "$NSTOOL" </dev/null
	is ""
}

@test "source runs a file; files that read each other are stopped" {
	echo "source $BATS_TEST_TMPDIR/b" >"$BATS_TEST_TMPDIR/b"
	run -1 --separate-stderr "$NSTOOL" -c "source $BATS_TEST_TMPDIR/b"
	has "" "$output"
	[[ ${stderr_lines[0]} == *"files that read each other nest too deep" ]]
	echo 'cd self; nosuch' >"$BATS_TEST_TMPDIR/c"
	run -127 --separate-stderr "$NSTOOL" -c "source $BATS_TEST_TMPDIR/c"
	is "$BATS_TEST_TMPDIR/c:1: unknown command 'nosuch'" "${stderr_lines[0]}"
}

@test "help: commands, applets, topics of the shell and of nstool" {
	run -0 "$NSTOOL" -c help
	has "  cd "
	has "  enter "
	has "  typing "
	run -0 "$NSTOOL" -c 'help typing'
	has "Nothing is expanded."
	run -0 "$NSTOOL" -c 'help cd'
	has "Usage: cd "
	has $'\ncd [PLACE]\n        Go to a place: '
	run -0 "$NSTOOL" -c 'help exit'
	has $'\nexit [STATUS], quit [STATUS]\n'
	has "The status tells whether nstool failed"
	is "$("$NSTOOL" help refs)" "$("$NSTOOL" -c 'help refs')"
	is "$("$NSTOOL" help unsharens)" "$("$NSTOOL" -c 'help unshare-ns')"
}

@test "help has what the manual says of every command" {
	local command
	for command in $("$NSTOOL" -c help | sed -n '/^Applets/q; s/^  \([a-z]*\) .*/\1/p'); do
		run -0 "$NSTOOL" -c "help $command"
		grep -Eq "^(|.*, )$command([ ,]|\$)" <<<"$(sed '1,/--version/d' <<<"$output")"
	done
}

@test "output goes to files and through programs of the host" {
	run -0 "$NSTOOL" -c "echo one > '$BATS_TEST_TMPDIR/a b'; echo two >> '$BATS_TEST_TMPDIR/a b'"
	is $'one\ntwo' "$(cat "$BATS_TEST_TMPDIR/a b")"
	run -0 "$NSTOOL" -c 'help | head -n 1'
	is "Commands; 'help COMMAND' explains one:"
	run -0 --separate-stderr "$NSTOOL" -c 'list -u | grep -c user | wc -l'
	is 1
	run -1 "$NSTOOL" -c 'echo a | grep b; echo never'
	is ""
	run -127 "$NSTOOL" -c 'echo a | no-such-program'
	has "-c:1: "
	run -1 "$NSTOOL" -c 'echo a > /dev/full'
	has "-c:1: cannot write the output: No space left on device"
}

# What leaks is found when the sanitizers watch.
@test "10,000 commands" {
	local i
	for ((i = 0; i < 500; i++)); do
		printf '%s\n' 'cd self' pwd 'echo a "b c"' 'cd -' "alias x$((i % 20))='echo y'" "x$((i % 20)) z" \
			'set color off' nosuch 'cd ..' back 'ls host >/dev/null' 'ls -l host >/dev/null' \
			'find NS == 1 >/dev/null' 'cd self; info >/dev/null' "who . >/dev/null" \
			'path . host >/dev/null' 'ps . >/dev/null' 'set columns NS,TYPE' 'help cd >/dev/null' \
			"unalias x$((i % 20))"
	done >"$BATS_TEST_TMPDIR/many"
	run -127 "$NSTOOL" -k -f "$BATS_TEST_TMPDIR/many"
	is 500 "$(grep -c "unknown command 'nosuch'" <<<"$output")"
	is 500 "$(grep -cx 'y z' <<<"$output")"
	is 3500 "${#lines[@]}"
}

@test "a process and its namespaces: cd, pwd, ls, info, who, ps, path" {
	need_root
	hold proc
	run -0 script "cd ${made[pid]}" pwd 'ls -t net' "cd net:[${made[net]}]" pwd ls 'cd ..' pwd back pwd 'cd -' pwd
	is "/${made[pid]}
net:[${made[net]}]
/net:[${made[net]}]
${made[pid]}
/
/net:[${made[net]}]
/net:[${made[net]}]
/
/"
	run -0 script "info net:[${made[net]}]"
	has "namespace  net:[${made[net]}]"
	has "owner      user:["
	has "held by    proc"
	has "interface  lo"
	has "processes  1 ${made[pid]} ("
	run -0 script "cd net:[${made[net]}]" who
	has "net        net:[${made[net]}]"
	run -0 script "cd net:[${made[net]}]" ps
	[[ ${lines[1]} == *" ${made[pid]} "* ]]
	is 2 "${#lines[@]}"
	run -0 script "path ${made[pid]} net:[${made[net]}]"
	has "meet in    /"
	has "shared     net:[${made[net]}]"
	run -0 script "cd /net:[${made[net]}]/${made[pid]}" pwd
	is "/net:[${made[net]}]/${made[pid]}"
}

@test "where one stands is the target: enter, list, find" {
	need_root
	hold proc
	run -0 script "cd ${made[pid]}" 'enter -- readlink /proc/self/ns/net'
	is "net:[${made[net]}]"
	run -0 --separate-stderr script "cd net:[${made[net]}]" 'list -n -o NS -t net'
	is "${made[net]}" "${output// /}"
	run -0 script "cd ${made[pid]}" 'enter --target=self -- readlink /proc/self/ns/net'
	is "$(readlink /proc/self/ns/net)"
	run -0 script "set columns NS" "find NS == ${made[net]}"
	is "${made[net]}" "$(tail -n 1 <<<"${output// /}")"
}

@test "the shell stays where it is, whatever its commands join" {
	need_root
	run -0 script '!readlink /proc/self/ns/uts' 'unshare-ns -u -- readlink /proc/self/ns/uts' '!readlink /proc/self/ns/uts'
	is "${lines[0]}" "${lines[2]}"
	[ "${lines[0]}" != "${lines[1]}" ]
}

@test "a namespace that has gone is said, and can be left" {
	need_root
	hold proc
	run -1 "$NSTOOL" -k -c "cd net:[${made[net]}]
!kill -9 ${made[pid]}; while readlink /proc/${made[pid]}/ns/net; do :; done >/dev/null 2>&1
refresh
info
cd ..
pwd"
	is "-c:3: refresh: 'net:[${made[net]}]' has gone
hint: 'cd ..' leaves it, 'refresh' looks again
-c:4: info: 'net:[${made[net]}]' has gone
hint: 'cd ..' leaves it, 'refresh' looks again
/"
}

@test "tree draws what is below, so deep as is wanted" {
	need_root
	hold proc
	run -0 script 'tree -o NS'
	has "${made[net]}"
	run -0 script "cd net:[${made[net]}]" 'tree -p -o NS'
	has "pid:${made[pid]}"
	is 3 "${#lines[@]}"
}

@test "info asks the inside: host name, mounts, clocks" {
	need_root
	run -0 script "info uts:[$(readlink /proc/self/ns/uts | tr -dc 0-9)]"
	has "host name  $(uname -n)"
	run -0 script "info mnt:[$(readlink /proc/self/ns/mnt | tr -dc 0-9)]"
	has "mounts     "
	run -0 script "info time:[$(readlink /proc/self/ns/time | tr -dc 0-9)]"
	has "offset     monotonic 0 0"
}

@test "the guided tour of the manual" {
	run -0 example 'nstool -c "cd self; pwd"'
	[[ $output =~ ^/.*[0-9]+$ ]]
	run -0 example 'nstool -c "cd self; ls -l"'
	has "net"
	run -0 example 'nstool -c "cd self; info net:[4026532178]"' "net:[4026532178]=$(readlink /proc/self/ns/net)"
	has "interface"
	run -0 --separate-stderr example 'nstool -c "list -t net | wc -l"'
	[ "$output" -gt 1 ]
	run -0 example 'nstool -c "tree 2 > tree.txt"' "tree.txt=$BATS_TEST_TMPDIR/tree.txt"
	[ -s "$BATS_TEST_TMPDIR/tree.txt" ]
}
