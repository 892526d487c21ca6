#!/usr/bin/env bats
# nstool as the parent of its command: signals, stops, ends, a terminal.
# shellcheck disable=SC2030,SC2031 # each test has its own $tool and $nstool

load lib/suite
load lib/ordinary

setup() {
	need_root
	no_leak_check
	cd "$BATS_TEST_TMPDIR" || return
	nstool=$(realpath "${NSTOOL:?}")
	mkfifo started block
	chmod 666 started block
	chmod 755 "$BATS_TEST_TMPDIR"
	# Says that it is there, waits for ever without a child of its own, and ends at a TERM.
	cat >waiter <<-END
		trap 'exit 42' TERM
		trap 'echo usr1 >&7; exit 43' USR1
		echo >&5
		read -u 6
	END
}

# Runs nstool with the options and the waiter. Sets $tool, its pid, and $waiter, the command's.
start() { # OPTION...
	bash -c 'exec "$@"' bash "$nstool" "$@" bash -c "$(cat waiter)" 5<>started 6<>block 7>got 3>&- &
	tool=$!
	read -r _ <started
	find_waiter
}

# The first child of process PID, or nothing.
child_of() { # PID
	local child
	read -r child _ <"/proc/$1/task/$1/children" || :
	echo "$child"
}

find_waiter() {
	local child=$tool
	while [ -n "$child" ]; do
		waiter=$child
		child=$(child_of "$waiter")
	done
}

# Waits until there is no process PID, or only a zombie.
gone() { # PID
	timeout 60 sh -c 'while grep -qs "^State:.[^ZX]" "/proc/$0/status"; do :; done' "$1"
}

# Waits until process PID is in STATE (T, S ...).
in_state() { # PID STATE
	timeout 60 sh -c 'until grep -qs "^State:.$1" "/proc/$0/status"; do :; done' "$1" "$2"
}

# Has the tool ended with STATUS?
ended() { # STATUS
	local status=0
	wait "$tool" || status=$?
	is "$1" "$status"
}

@test "signals reach the command, and its status comes back" {
	for options in "-u -f" "-pm" "-p --no-init"; do
		# shellcheck disable=SC2086 # words
		start unshare-ns $options
		kill -TERM "$tool"
		ended 42
	done
}

@test "the tool stops and goes on with the command" {
	for options in "-u -f" "-pm"; do
		# shellcheck disable=SC2086 # words
		start unshare-ns $options
		kill -STOP "$waiter"
		in_state "$tool" T
		kill -CONT "$tool"
		in_state "$waiter" S
		kill -TSTP "$tool"
		in_state "$waiter" T
		in_state "$tool" T
		kill -CONT "$tool"
		in_state "$waiter" S
		kill -TERM "$tool"
		ended 42
	done
}

@test "--kill-child, also with other ids, and with its signal" {
	for options in "-u --kill-child" "-u --kill-child -S 4242 -G 4242" "-pm --kill-child -S 4242" "-r --kill-child=KILL"; do
		# shellcheck disable=SC2086 # words
		start unshare-ns $options
		kill -KILL "$tool"
		gone "$waiter"
		ended 137
	done
	start unshare-ns -u -S 4242 --kill-child=USR1
	kill -KILL "$tool"
	gone "$waiter"
	is usr1 "$(cat got)"
	ended 137
}

@test "the same under the name unshare" {
	ln -s "$nstool" unshare
	nstool=./unshare
	start -u --kill-child -S 4242 -G 4242
	kill -KILL "$tool"
	gone "$waiter"
	ended 137
}

@test "without --kill-child the command lives on" {
	start unshare-ns -u -f
	kill -KILL "$tool"
	ended 137
	grep -q '^State:.S' "/proc/$waiter/status"
	kill -KILL "$waiter"
	gone "$waiter"
}

@test "--kill-child with a parent that died before it could be armed" {
	# The child's prctl(2) comes late; by then its parent has been killed.
	strace -f -q -o /dev/null -e trace=prctl -e inject=prctl:delay_enter=5000000 \
		"$nstool" unshare-ns -u --kill-child --info-fd 3 touch ran 3>info &
	tool=$!
	child=
	while [ -z "$child" ]; do
		parent=$(child_of "$tool")
		[ -z "$parent" ] || child=$(child_of "$parent" 2>/dev/null)
	done
	kill -KILL "$parent"
	ended 137
	gone "$child"
	[ ! -e ran ]
}

@test "--die-with-parent, with and without a fork" {
	for options in "-u" "-u -f" "-pm" "-u -S 4242"; do
		# The parent of nstool is a shell, which is killed.
		# shellcheck disable=SC2016,SC2086
		bash -c '"$@"; true' bash "$nstool" unshare-ns --die-with-parent $options \
			bash -c "$(cat waiter)" 5<>started 6<>block 3>&- &
		parent=$!
		read -r _ <started
		tool=$(child_of "$parent")
		find_waiter
		kill -KILL "$parent"
		gone "$tool"
		gone "$waiter"
	done
}

@test "unshare without --forward-signals ignores INT and TERM while it waits" {
	ln -s "$nstool" unshare
	nstool=./unshare
	start -u -f
	kill -TERM "$tool"
	kill -INT "$tool"
	kill -USR1 "$tool" # comes after those two, and is forwarded
	ended 43
	start -u --forward-signals
	kill -TERM "$tool"
	ended 42
}

@test "--info-fd, --ready-fd: who reads to the end need not wait for the command's, which keeps its first three" {
	mkfifo info ready
	for options in -u "-u -f" -pm; do
		# shellcheck disable=SC2086 # words
		"$nstool" unshare-ns $options --kill-child --info-fd 4 --ready-fd 5 \
			sh -c 'read -r _ <&6' 4>info 5>ready 6<>block 3>&- &
		tool=$!
		exec {first}<info {second}<ready
		run -0 timeout 60 bash -c "cat <&$first && cat <&$second"
		exec {first}<&- {second}<&-
		[[ $output == '{"pid":'* ]]
		kill -KILL "$tool"
		wait "$tool" || :
	done
	run -0 "$nstool" unshare-ns -u --info-fd 1 --ready-fd 1 sh -c 'echo still'
	is still "${lines[1]}"
	run -0 "$nstool" unshare-ns -pm --info-fd 1 echo still
	is still "${lines[1]}"
}

# What is typed into a terminal where PS1 is "out> ", and what is then seen there.
in_terminal() { # NSTOOL COMMAND...
	local tool=$1
	shift
	tmux() { command tmux -L "nstool-$$-$BATS_TEST_NUMBER" -f /dev/null "$@"; }
	# Waits until the screen has the line.
	screen() { # LINE
		timeout 60 bash -c 'until command tmux -L "$0" capture-pane -p | grep -qx "$1"; do :; done' \
			"nstool-$$-$BATS_TEST_NUMBER" "$1" || { tmux capture-pane -p; tmux kill-server; return 1; }
	}
	tmux new-session -d -x 200 -y 24 "$@" 3>&-
	screen "out>"
	tmux send-keys "PS1='in> ' $tool unshare-ns -a -r bash --norc --noprofile" Enter
	screen "in>"
	tmux send-keys "clear; echo here; sleep 1000" Enter
	screen here
	tmux send-keys C-c
	screen "in>"
	tmux send-keys "echo status \$?" Enter
	screen "status 130"
	tmux send-keys "clear; sh -c 'echo here; exec sleep 1000'" Enter
	screen here
	tmux send-keys C-z
	screen ".*Stopped.*sleep 1000.*"
	tmux send-keys "clear; kill %1; wait %1; echo \$\$" Enter
	screen "2"
	tmux send-keys "clear; suspend" Enter
	screen ".*Stopped.*unshare-ns.*"
	tmux send-keys "clear; fg" Enter
	screen "in>"
	tmux send-keys "clear; exit 5" Enter
	screen "out>"
	tmux send-keys "echo left \$?" Enter
	screen "left 5"
	tmux kill-server
}

@test "a terminal: Ctrl-C and Ctrl-Z in a shell inside, job control outside" {
	in_terminal "$nstool" env PS1='out> ' bash --norc --noprofile
}

@test "the same for an ordinary user" {
	in_terminal /mnt/nstool env NSTOOL="$nstool" bash -c "$(declare -f ordinary)
		BATS_TEST_TMPDIR='$BATS_TEST_TMPDIR'
		ordinary env PS1='out> ' bash --norc --noprofile"
}

# Waits until it is not the shell that has the terminal.
in_foreground() {
	local shell
	shell=$(tmux display-message -p '#{pane_pid}')
	until [ "$(ps -o tpgid= -p "$shell")" -ne "$(ps -o pgid= -p "$shell")" ]; do :; done
}

@test "a terminal: Ctrl-C and Ctrl-Z without a shell inside" {
	tmux() { command tmux -L "nstool-$$-$BATS_TEST_NUMBER" -f /dev/null "$@"; }
	screen() { # LINE
		timeout 60 bash -c 'until command tmux -L "$0" capture-pane -p | grep -qx "$1"; do :; done' \
			"nstool-$$-$BATS_TEST_NUMBER" "$1" || { tmux capture-pane -p; tmux kill-server; return 1; }
	}
	tmux new-session -d -x 200 -y 24 "env PS1='out> ' bash --norc --noprofile" 3>&-
	screen "out>"
	for options in "-u -f" "-pm"; do
		tmux send-keys "clear; $nstool unshare-ns $options sh -c 'echo here; exec sleep 1000'" Enter
		screen here
		tmux send-keys C-z
		screen ".*Stopped.*unshare-ns.*"
		tmux send-keys "clear; fg" Enter
		screen ".*unshare-ns.*"
		# The shell shows what it continues before that has the terminal.
		in_foreground
		tmux send-keys C-c
		screen "out>"
		tmux send-keys "echo status \$?" Enter
		screen "status 130"
	done
	tmux kill-server
}
