#!/usr/bin/env bats
# The shell with somebody at a terminal, which tmux is: keys in, a screen out.

load lib/suite

setup() {
	command -v tmux >/dev/null || skip "needs tmux"
	export HOME=$BATS_TEST_TMPDIR/home TERM=xterm LC_ALL=C.UTF-8
	unset XDG_STATE_HOME XDG_CONFIG_HOME TMUX NO_COLOR
	history=$HOME/.local/state/nstool/history
	socket=$BATS_TEST_TMPDIR/tmux
	mkdir -p "$HOME"
}

teardown() {
	terminal kill-server 2>/dev/null || true
	release
	leaves_nothing
}

terminal() { # TMUX-COMMAND...
	tmux -S "$socket" -f /dev/null "$@"
}

# Starts the shell; the pane stays when it ends.
begin() {
	terminal new-session -d -x 100 -y 30 "$NSTOOL; echo left with \$?; read x"
	shows 'nstool / *>'
}

screen() {
	terminal capture-pane -p -S -
}

# Waits until the screen has a line that the regular expression matches.
shows() { # REGEX
	local end=$((SECONDS + 120))
	until screen | grep -Eq "$1"; do
		if [ "$SECONDS" -ge "$end" ] || ! screen >/dev/null; then
			screen
			echo "never showed: $1"
			return 1
		fi
	done
}

press() { # KEY...
	terminal send-keys -- "$@"
}

# Leaves a stopped job: Ctrl-Z is pressed when it has the terminal.
stop_something() {
	press '!echo one; exec sleep 1000' Enter
	shows '^one$'
	press C-z
	shows '^\[1\] stopped'
}

@test "typing, a prompt that says where one is and how the last command ended" {
	begin
	press 'echo he"ll"o' Enter
	shows '^hello$'
	press 'cd net:[' Enter
	shows "^nstool / *\[1\]>"
	press 'cd self' Enter
	shows '^nstool /[0-9]+ *>'
	press C-d
	shows '^left with 0$'
}

@test "TAB: commands, options, values, references, inside quotes" {
	begin
	press 'unal' Tab
	shows '^nstool / *> unalias ?$'
	press C-c
	shows '\^C$'
	press 'list --ty' Tab
	shows '> list --type ?$'
	press 'cgr' Tab
	shows '> list --type cgroup ?$'
	press C-u "cd 'sel" Tab
	shows "> cd 'self' ?$"
	press C-u 'l' Tab Tab
	shows '^  list +list namespaces'
	shows '^  ls +show what stands here'
	press C-u 'set ' Tab Tab
	shows "^  columns +of 'ls -l'"
}

@test "TAB lists names before numbers, and no more than the screen holds" {
	local lines
	begin
	terminal resize-window -x 100 -y 20
	shows '^ *$'
	press 'cd ' Tab Tab
	shows '^  … and [0-9]+ more$'
	shows '^nstool / > cd ?$'
	mapfile -t lines < <(terminal capture-pane -p | grep '^  ')
	is 18 "${#lines[@]}"
	[[ ${lines[0]} =~ ^\ \ @\ +a\ set ]]
	run ! grep -A 18 '^  [0-9]' <(printf '%s\n' "${lines[@]}" | grep -B 18 '^  [a-z@]')
	press C-u 'enter -t ' Tab Tab
	shows '^nstool / > enter -t ?$'
	shows '^  uts:\[ +a namespace by its inode$'
	terminal capture-pane -p | grep -A 1 '^  uts:\[ ' | grep -E '^  [0-9]+ +[^ ]'
}

# Before it looks it waits for a tenth of a second, after that as long as it takes.
@test "while nothing is typed the machine is looked at, once, so that TAB need not" {
	local log=$BATS_TEST_TMPDIR/log end=$((SECONDS + 120))
	export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0"
	terminal new-session -d -x 100 -y 30 "strace -o '$log' -e trace=poll $NSTOOL; read x"
	until grep -q ', -1' "$log" 2>/dev/null; do
		[ "$SECONDS" -lt "$end" ]
	done
	is 1 "$(grep -c ', 100) = 0 (Timeout)' "$log")"
}

@test "Ctrl-C drops the line, or ends what runs; the shell stays" {
	begin
	press 'echo never'
	shows 'echo never$'
	press C-c
	shows 'echo never\^C$'
	press '!echo started; sleep 1000' Enter
	shows '^started$'
	press C-c
	shows '^nstool / *\[130\]>'
	press 'sh -- yes' Enter
	shows '^y$'
	press C-c
	shows '^nstool / *\[130\]>'
	run ! grep -c never "$history"
}

@test "Ctrl-C drops what else the line or the file was to do" {
	begin
	printf '%s\n' 'sh -- sh -c "echo begun; sleep 1000"' 'echo never' >"$BATS_TEST_TMPDIR/file"
	press "source $BATS_TEST_TMPDIR/file; echo never" Enter
	shows '^begun$'
	press C-c
	shows '^nstool / *\[130\]>'
	press 'sh -- sh -c "echo again; sleep 1000" || echo never' Enter
	shows '^again$'
	press C-c 'echo but this' Enter
	shows '^but this$'
	run ! grep -x never <(screen)
}

@test "Ctrl-C ends a long list" {
	begin
	press 'alias forever="list -u | cat - /dev/zero"' Enter 'forever' Enter
	shows 'COMMAND'
	press C-c
	shows '^nstool / *\[130\]>'
}

@test "Ctrl-C ends watch; what it told is on the screen" {
	begin
	press 'watch --initial -t user' Enter
	shows ' is +user:\[4026531837\] '
	press C-c
	shows '^nstool / *\[130\]>'
	press 'echo on' Enter
	shows '^on$'
}

@test "Ctrl-Z stops what runs, fg lets it go on" {
	begin
	press '!echo up; read x; echo got $x' Enter
	shows '^up$'
	press C-z
	shows "^\[1\] stopped  !echo up; read x; echo got .x  \('fg 1' continues it\)"
	press 'jobs' Enter
	shows '^\[1\] stopped  !echo up; read x; echo got .x$'
	press 'fg' Enter
	shows '^!echo up; read x; echo got .x$'
	press 'it' Enter
	shows '^got it$'
}

@test "who leaves while something is stopped is asked, once" {
	begin
	stop_something
	press C-d
	shows '^Leaving ends what is stopped'
	press 'pwd' Enter
	shows '^/$'
	press 'exit 7' Enter 'exit 7' Enter
	shows '^left with 7$'
}

# Sets $shell, the pid of the shell in the terminal.
find_shell() {
	shell=$(pgrep -P "$(terminal display-message -p '#{pane_pid}')")
}

# Waits until all of these processes have gone.
gone() { # PID...
	local pid end=$((SECONDS + 120))
	for pid; do
		while [ -e "/proc/$pid" ]; do
			[ "$SECONDS" -lt "$end" ] || { ps -o pid,stat,args "$@"; return 1; }
		done
	done
}

@test "with the terminal goes all that it ran; half a line is no command" {
	local shell children
	begin
	find_shell
	stop_something
	mapfile -t children < <(pgrep -P "$shell")
	[ "${#children[@]}" = 1 ]
	press "echo half > $BATS_TEST_TMPDIR/half"
	shows 'half$'
	terminal kill-server
	gone "$shell" "${children[@]}"
	[ ! -e "$BATS_TEST_TMPDIR/half" ]
}

@test "a terminal that goes while a command runs" {
	local shell children
	begin
	find_shell
	press 'list > /dev/null; sh -- sh -c "echo one; sleep 1000"' Enter
	shows '^one$'
	mapfile -t children < <(pgrep -P "$shell")
	[ "${#children[@]}" = 1 ]
	terminal kill-server
	gone "$shell" "${children[@]}"
}

@test "SIGTERM and SIGHUP end the shell; the terminal is as it was" {
	local shell signal
	for signal in TERM HUP; do
		begin
		find_shell
		stop_something
		press "half a line"
		shows 'half a line$'
		kill -s "$signal" "$shell"
		shows "^left with $((128 + $(kill -l "$signal")))\$"
		press 'seen as typed'
		shows '^seen as typed$'
		terminal kill-server
		socket=$BATS_TEST_TMPDIR/tmux-$signal
	done
}

@test "history: for the user's eyes only, across sessions, without repeats and secrets" {
	begin
	press 'echo one' Enter 'echo two' Enter 'echo one' Enter ' echo secret' Enter C-d
	shows '^left with 0$'
	is 600 "$(stat -c %a "$history")"
	is $'echo one\necho two\necho one' "$(cat "$history")"
	terminal kill-server
	socket=$BATS_TEST_TMPDIR/tmux-again
	begin
	press Up
	shows '> echo one$'
	press Up
	shows '> echo two$'
	press C-u 'history' Enter
	shows '^    1  echo two$'
	shows '^    2  echo one$'
	run ! grep secret "$history"
}

@test "the start file, aliases, ~/.inputrc with \$if nstool" {
	mkdir -p "$HOME/.config/nstool"
	echo "alias hi='echo hello'" >"$HOME/.config/nstool/rc"
	# shellcheck disable=SC2016 # for readline
	printf '$if nstool\n"\\C-t": "hi again"\n$endif\n$if other\n"\\C-t": "wrong"\n$endif\n' >"$HOME/.inputrc"
	begin
	press C-t Enter
	shows '^hello again$'
}

@test "a resized window: the line is drawn anew, tables fit" {
	need_root
	local held
	"$NSTOOL" unshare-ns -m -- bash -c 'exec -a longer/than/all/that/is/left/of/a/line/of/sixty/columns sleep 1000' 3>&- &
	held=$!
	until [[ $(tr '\0' ' ' <"/proc/$held/cmdline") == longer* ]]; do :; done
	begin
	press 'echo 12345678901234567890123456789012345678901234567890'
	terminal resize-window -x 40 -y 20
	shows '^1234567890+$|^[0-9]+$'
	press Enter
	shows '^12345678901234567890123456789012345678'
	terminal resize-window -x 60 -y 20
	press "cd $held" Enter 'ls -l -t mnt' Enter 'echo end of it' Enter
	shows '^end of it$'
	kill "$held"
	run -0 terminal capture-pane -p -J
	has " mnt "
	has " longer"
	run -0 awk '{ sub(/ *$/, "") } / mnt / && length > 60' <<<"$output"
	is ""
}

@test "long output goes through PAGER, with its colours; short output and 'set pager off' do not" {
	export PAGER="sed -n 'l 200'"
	begin
	press 'help' Enter
	shows '^  exit .*\$$'
	press 'list -u --procs' Enter
	shows '\\033\[3'
	press 'help typing' Enter
	shows '^Nothing is expanded.* a remark\.$'
	press 'set pager off' Enter 'help' Enter
	shows '^  exit .*given$'
}

@test "names side by side, in colours by type; none with NO_COLOR; a line each through a pipe" {
	begin
	press 'cd self' Enter 'ls' Enter
	shows '^mnt:\[[0-9]+\] [^ ]+ +[a-z]+:\['
	shows 'user:\[4026531837\] initial'
	run -0 terminal capture-pane -p -e
	has $'\e[31muser:['
	has $'\e[32mnet:['
	press 'ls | cat' Enter
	shows '^time:\[[0-9]+\]$'
	terminal kill-server
	socket=$BATS_TEST_TMPDIR/tmux-again
	export NO_COLOR=1
	begin
	press 'cd self' Enter 'ls' Enter 'ls -l' Enter
	shows '^ +NS TYPE'
	run -0 terminal capture-pane -p -e
	has 'user:['
	[[ $output != *$'\e[3'* ]]
	press 'set color on' Enter 'ls -t user' Enter 'list -t user -n -o NS' Enter 'echo on' Enter
	shows '^on$'
	run -0 terminal capture-pane -p -e
	has $'\e[31muser:['
	has $'\e[31m4026531837'
	press 'set color off' Enter 'set pager off' Enter C-l 'list -t user -n -o NS' Enter 'echo off' Enter
	shows '^off$'
	run -0 terminal capture-pane -p -e
	[[ $output != *$'\e[3'* ]]
	has 4026531837
}

@test "an empty place has nothing to list" {
	need_root
	hold mount "$BATS_TEST_TMPDIR/net"
	run -0 script -qec "$NSTOOL -c 'cd net:[${made[net]}]; ls; echo alive'" /dev/null
	is alive "${output%$'\r'}"
}

@test "watch: events as they come, until Ctrl-C; Ctrl-Z and fg" {
	need_root
	hold container
	begin
	press "cd ${made[pid]}" Enter
	shows "^nstool …/${made[pid]} >"
	press 'watch' Enter
	shows '^TIME'
	until screen | grep -Eq '^[0-9:.]+ +join'; do
		"$NSTOOL" enter -t "${made[pid]}" -u true
	done
	press C-z
	shows '^\[1\] stopped  watch'
	press 'fg' Enter
	shows '^watch$'
	press C-c
	shows '^nstool .*\[130\]>'
}

@test "a greeting that says how to go on; quit" {
	begin
	screen | grep -q "^nstool [0-9.]*, .*'help' lists the commands"
	press 'quit 5' Enter
	shows '^left with 5$'
}

@test "a paste of 10,000 lines" {
	begin
	seq -f 'echo line %.0f' 10000 >"$BATS_TEST_TMPDIR/paste"
	terminal set-option -g history-limit 100 \; load-buffer "$BATS_TEST_TMPDIR/paste" \; paste-buffer -p
	press Enter
	shows '^line 10000$'
}

@test "without readline the package is named, and scripts still run" {
	need_root
	local lib=$BATS_TEST_TMPDIR/empty
	: >"$lib"
	run -0 env -i "PATH=$PATH" "$NSTOOL" unshare-ns -m -- sh -c '
		for f in $(find /lib /usr/lib -name "libreadline.so.8*"); do mount --bind "$1" "$f"; done
		tmux -S "$3" -f /dev/null new-session -d -x 100 -y 30 "$2; read x"
		until tmux -S "$3" capture-pane -p | grep -q hint; do :; done
		tmux -S "$3" capture-pane -p
		tmux -S "$3" kill-server
		"$2" -c "echo script"' sh "$lib" "$NSTOOL" "$BATS_TEST_TMPDIR/tmux2"
	has "libreadline8"
	has script
}
