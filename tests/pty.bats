#!/usr/bin/env bats
# enter on a terminal: tmux is the terminal, $screen what it shows.

load lib/suite
load lib/enter

TIOCSTI=${TIOCSTI:-${NSTOOL%/*}/tests/lib/tiocsti}

setup() {
	enter_setup
	TMUX_TMPDIR=$dir tmux -L "nst$$" -f /dev/null new-session -d -x 90 -y 20 \
		env PS1='outer$ ' ENV= HISTFILE= bash --norc --noprofile
	tm set-option -g status off
	tm resize-window -x 90 -y 20
	start --pid --mount --uts --mount-proc
	shows 'outer\$$'
}

teardown() {
	tm kill-server || true
	enter_teardown
}

tm() {
	TMUX_TMPDIR=$dir tmux -L "nst$$" "$@"
}

# Waits until the last line that is not empty matches.
shows() { # REGEX
	local end=$((SECONDS + 120))
	while [ "$SECONDS" -lt "$end" ]; do
		screen=$(tm capture-pane -p)
		last=$(sed '/^$/d' <<<"$screen" | tail -n1)
		[[ $last =~ $1 ]] && return
		pause
	done
	printf 'never showed %s, but:\n%s\n' "$1" "$screen"
	return 1
}

# Types a line; the screen has only what comes of it.
type() { # LINE
	tm send-keys -R
	tm clear-history
	tm send-keys "$1" Enter
}

# What is typed does not look like the prompt that it makes.
inside() {
	type "clear; '$NSTOOL' enter -t $target env PS1='in''ner\$ ' bash --norc --noprofile"
	shows 'inner\$$'
}

@test "tty and window size" {
	inside
	type 'clear; tty; stty size; echo over'
	shows 'inner\$$'
	[[ $screen =~ /dev/pts/[0-9]+ ]]
	[[ $screen =~ "20 90" ]]
	tm resize-window -x 100 -y 30
	type 'clear; until [ "$(stty size)" = "30 100" ]; do :; done; echo resized'
	shows 'inner\$$'
	[[ $screen =~ resized ]]
	type 'exit 7'
	shows 'outer\$$'
	type 'clear; stty size; stty -a | grep -c " icanon.* echo "; echo over'
	shows 'outer\$$'
}

@test "Ctrl-C and Ctrl-Z in a shell inside" {
	inside
	type "clear; sh -c 'echo up; exec sleep 1000'"
	shows '^up$'
	tm send-keys C-c
	shows 'inner\$$'
	type 'echo status $?'
	shows 'inner\$$'
	[[ $screen =~ "status 130" ]]
	type "clear; sh -c 'echo up; exec sleep 1000'"
	shows '^up$'
	tm send-keys C-z
	shows 'inner\$$'
	[[ $screen =~ Stopped ]]
	type 'clear; kill -KILL %1; echo killed'
	shows 'inner\$$'
	type 'exit; exit'
	shows 'outer\$$'
}

@test "Ctrl-Z stops nstool and its command, fg continues both, Ctrl-C ends both" {
	type "clear; '$NSTOOL' enter -t $target sh -c 'echo up; read x; echo got \$x; sleep 1000'"
	shows '^up$'
	tm send-keys C-z
	shows 'outer\$$'
	[[ $screen =~ Stopped ]]
	type fg
	until [[ $(tm capture-pane -p) =~ "enter -t" ]]; do :; done
	tm send-keys line Enter
	shows '^got line$'
	tm send-keys C-c
	shows 'outer\$$'
	type 'echo status $?'
	shows 'outer\$$'
	is "status 130" "$(grep ^status <<<"$screen")"
}

@test "what a command types into its terminal does not reach the caller's" {
	type "clear; '$NSTOOL' enter -t $target '$TIOCSTI' 'touch $dir/typed'"
	shows 'outer\$$'
	[[ $screen =~ "typed into" ]]
	type "clear; echo so far"
	shows 'outer\$$'
	[ ! -e "$dir/typed" ]
	# Without a terminal of its own it does: this test can fail.
	type "clear; '$NSTOOL' enter -t $target --no-pty '$TIOCSTI' 'touch $dir/typed'"
	shows 'outer\$$'
	if [ "$(cat /proc/sys/dev/tty/legacy_tiocsti 2>/dev/null || echo 1)" = 1 ]; then
		until [ -e "$dir/typed" ]; do :; done
	fi
}

@test "only descriptors that are terminals are replaced; --pty replaces all" {
	type "clear; echo in | '$NSTOOL' enter -t $target sh -c 'cat; tty; tty <&1' | cat; echo over"
	shows 'outer\$$'
	[[ $screen =~ "not a tty" ]]
	run "$NSTOOL" enter -t "$target" --pty sh -c 'tty; cat; exit 6' <<<line
	is 6 "$status"
	[[ $output =~ /dev/pts/[0-9]+ ]]
	has line
}

@test "what the terminal shows is written to a file, too" {
	echo before >"$dir/log"
	type "clear; '$NSTOOL' enter -t $target -u --pty-log '$dir/log' sh -c 'echo up; read x; echo got \$x >&2; exit 3'; echo status \$?"
	shows '^up$'
	tm send-keys line Enter
	shows 'outer\$$'
	[[ $screen =~ "status 3" ]]
	run cat "$dir/log"
	is $'before\nup\r\nline\r\ngot line\r'
	run -5 "$NSTOOL" enter -t "$target" -u --pty --pty-log "$dir/new" sh -c 'echo out; exit 5' </dev/null
	is $'out\r' "$(<"$dir/new")"
	is 600 "$(stat -c %a "$dir/new")"
	run -5 "$NSTOOL" enter -t "$target" --pty --pty-log /dev/full sh -c 'echo out; exit 5' </dev/null
	is $'out\r\nnstool: enter: cannot write to \'/dev/full\', where the rest is missing: No space left on device'
	run -125 "$NSTOOL" enter -t "$target" --pty-log "$dir/new" true </dev/null
	is "nstool: enter: there is no terminal whose output --pty-log could write
hint: --pty gives the command one"
	run -125 "$NSTOOL" enter -t "$target" --pty --pty-log "$dir/no/log" true
	is "nstool: enter: cannot open '$dir/no/log': No such file or directory"
	run -125 "$NSTOOL" enter -t "$target" --pty-log "$dir/new" --detach true
	is "nstool: enter: --pty-log needs somebody who passes on what is typed and shown, with --detach there is nobody"
	run -125 "$NSTOOL" enter -t "$target" --pty --no-pty true
	is "nstool: enter: --pty needs somebody who passes on what is typed and shown, with --no-pty there is nobody"
	run -125 "$NSTOOL" enter -t "$target" --pty --no-fork true
	has "with --no-fork there is nobody"
}

@test "killed, the relay takes command and monitor along" {
	inside
	local tool
	tool=$(pgrep -f "^$NSTOOL enter -t $target")
	tool=${tool%%$'\n'*}
	find_sleeper "$tool"
	# shellcheck disable=SC2034
	exec {command_dir}<"/proc/$sleeper"
	kill -KILL "$tool"
	command_has_ended
}

@test "a target without /dev/ptmx" {
	in_ns "$target" mount -t tmpfs none /dev
	type "clear; '$NSTOOL' enter -t $target true; echo status \$?"
	shows 'outer\$$'
	[[ $screen =~ "cannot open a terminal in /dev/ptmx: No such file or directory" ]]
	[[ $screen =~ "hint: --no-pty runs the command on the caller's terminal" ]]
	[[ $screen =~ "status 125" ]]
	in_ns "$target" mkfifo /dev/ptmx
	type "clear; '$NSTOOL' enter -t $target true; echo status \$?"
	shows 'outer\$$'
	[[ $screen =~ "cannot open a terminal in /dev/ptmx: Inappropriate ioctl for device" ]]
}
