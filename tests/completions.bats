#!/usr/bin/env bats
# Completion as the user of a shell has it: the scripts in completions/, in the real shells.

load lib/suite

scripts=$BATS_TEST_DIRNAME/../completions

setup() {
	bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	ln -s "$(realpath "$NSTOOL")" "$bin/nstool"
	ln -s nstool "$bin/unsharens"
	export PATH=$bin:$PATH
}

# --- what the program answers

@test "the words that can stand at the end of a line" {
	run nstool __complete nstool enter --targ
	is $'--target\twhose namespaces to join, all or those named'
	run nstool __complete nstool list -t mnt,n
	is $'mnt,net\t'
	run nstool __complete unsharens --propagation sl
	is $'slave\t'
	run nstool __complete nstool enter -t self l
	is ':command 4'
	run nstool __complete nstool list --proc /
	is ':files'
}

@test "references: pids with their commands, namespaces, names" {
	need_root
	hold proc
	run nstool __complete nstool list "${made[pid]}"
	has "${made[pid]}"$'\tnsmake'
	run nstool __complete nstool list "net:[${made[net]:0:6}"
	has "net:[${made[net]}]"$'\tnsmake'
	run nstool __complete nstool list hos
	is $'host\tthe initial namespaces'
	run nstool __complete nstool list "pid:${made[pid]}"
	is "pid:${made[pid]}"$'\tnsmake'
	run nstool __complete nstool list pid:[402653183
	has "pid:[4026531836]"
}

@test "among many processes the kernel is asked for all at once: the same answer" {
	need_root
	local list=$BATS_TEST_TMPDIR/many mine wrap
	hold many 300 3 "$list"
	mine=$(sed -n 's/^net \([0-9]*\) .*/net:[\1]/p' "$list" | sort)
	for wrap in env "$(dirname "$NSTOOL")/tests/lib/deny bpf=EPERM --"; do
		# shellcheck disable=SC2086 # words
		is "$mine" "$($wrap nstool __complete nstool list net:[ | cut -f 1 | grep -xF "$mine" | sort)"
	done
}

@test "help completes what it explains: applets, names of util-linux, topics" {
	run nstool __complete nstool help unshare
	has $'unshare-ns\trun a command in new namespaces\n'
	has $'unshare\trun'
	run nstool __complete nstool help re
	is $'refs\thow to name a process, a namespace or a set of them'
	run nstool __complete nstool help ''
	local word
	for word in list enter shell help nsenter exit environment json bats nstool; do
		has "$word"$'\t'
	done
	run nstool __complete nstool help list ''
	is ""
	while read -r word; do
		nstool help "$word" >"$BATS_TEST_TMPDIR/text"
		[ -s "$BATS_TEST_TMPDIR/text" ]
	done < <(nstool __complete nstool help '' | grep -v '^-' | cut -f1)
}

@test "nothing known is nothing said" {
	run --separate-stderr nstool __complete nstool nothing x
	[ -z "$output$stderr" ]
	run --separate-stderr nstool __complete
	[ -z "$output$stderr" ]
}

# --- fish has a way to ask

fish_offers() { # LINE
	run fish --no-config -c "source '$scripts/nstool.fish'; complete -C '$1'"
}

@test "fish" {
	fish_offers 'nstool enter --targ'
	is $'--target\twhose namespaces to join, all or those named'
	fish_offers 'nstool list -t mnt,n'
	is 'mnt,net'
	fish_offers 'unsharens --propagation sl'
	is 'slave'
	fish_offers 'nstool enter -t self -- printen'
	has printenv
	fish_offers 'nstool list --proc /pro'
	is '/proc/'
}

# --- bash and zsh are typed into

terminal() { # COMMAND...
	tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null new-session -d -x 150 -y 20 "$@" 3>&-
	tmux -S "$BATS_TEST_TMPDIR/tmux" set-option -g status off
}

teardown() {
	tmux -S "$BATS_TEST_TMPDIR/tmux" kill-server 2>/dev/null || true
	release
	leaves_nothing
}

# Waits until a line of the screen begins with the text.
shows() { # TEXT
	# shellcheck disable=SC2016
	timeout 20 bash -c 'until tmux -S "$0/tmux" capture-pane -p | grep -q -F -x "$1"; do :; done' \
		"$BATS_TEST_TMPDIR" "$1" ||
		{ tmux -S "$BATS_TEST_TMPDIR/tmux" capture-pane -p && return 1; }
}

# Types LINE and TAB on an empty screen: the line becomes WANTED.
completes() { # LINE WANTED
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys C-u C-l
	shows '>'
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l "$1"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Tab
	shows "> $2"
}

lines() {
	completes 'nstool li' 'nstool list'
	completes 'nstool enter --targ' 'nstool enter --target'
	completes 'nstool list -t mnt,ne' 'nstool list -t mnt,net'
	completes 'nstool list --tree=own' 'nstool list --tree=owner'
	completes 'unsharens --propagation sl' 'unsharens --propagation slave'
	completes 'nstool enter -t self -- printen' 'nstool enter -t self -- printenv'
	completes 'nstool list --proc /pro' 'nstool list --proc /proc/'
}

@test "bash" {
	terminal env PS1='> ' bash --norc --noprofile
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l "source '$scripts/nstool.bash'"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
	lines
	completes 'nstool list user:[402653183' 'nstool list user:[4026531837]'
}

@test "bash, with the functions of bash-completion" {
	terminal env PS1='> ' bash --norc --noprofile
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l \
		"source /usr/share/bash-completion/bash_completion; source '$scripts/nstool.bash'"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
	lines
}

@test "zsh" {
	terminal env PS1='> ' zsh -f
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l \
		"fpath=('$scripts' \$fpath); autoload -Uz compinit; compinit -D -u"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
	lines
	completes "nstool list 'user:[402653183" "nstool list 'user:[4026531837]'"
	completes 'nstool list -Q "TYPE == NPRO' 'nstool list -Q "TYPE == NPROCS"'
}

# What make install puts there, under $dest.
installed() {
	dest=$BATS_TEST_TMPDIR/dest/usr/local
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$BATS_TEST_DIRNAME/.." \
		BUILD="$(dirname "$(realpath "$NSTOOL")")" DESTDIR="$BATS_TEST_TMPDIR/dest" install
	PATH=$dest/bin:$PATH
	links=()
	for link in "$dest"/bin/*; do
		links+=("${link##*/}")
	done
	is 9 "${#links[@]}"
}

# Each installed name, as it was typed first in a new shell.
names_complete() {
	local link
	for link in "${links[@]}"; do
		completes "$link --hel" "$link --help"
	done
	completes 'bindns --new --propagation sl' 'bindns --new --propagation slave'
	completes 'ns_exec --propagation sl' 'ns_exec --propagation slave'
	completes 'ns_enter --except mnt,ne' 'ns_enter --except mnt,net'
	completes 'nstool help env' 'nstool help environment'
}

@test "installed: bash-completion finds every name by itself" {
	installed
	terminal env PS1='> ' XDG_DATA_DIRS="$dest/share:/usr/share" bash --norc --noprofile
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l "source /usr/share/bash-completion/bash_completion"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
	names_complete
}

@test "installed: zsh finds every name by itself" {
	installed
	terminal env PS1='> ' zsh -f
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l \
		"fpath=('$dest/share/zsh/site-functions' \$fpath); autoload -Uz compinit; compinit -D -u"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
	names_complete
}

@test "installed: fish finds every name by itself" {
	local link
	installed
	for link in "${links[@]}"; do
		run -0 env HOME="$BATS_TEST_TMPDIR" XDG_DATA_DIRS="$dest/share:/usr/share" fish -c "complete -C '$link --hel'"
		[[ $output == --help$'\t'* ]]
	done
	run -0 env HOME="$BATS_TEST_TMPDIR" XDG_DATA_DIRS="$dest/share:/usr/share" fish -c "complete -C 'nstool help env'"
	has environment
}

@test "every name that 'nstool --install' makes a link of completes, those of util-linux too" {
	nstool --install -s "$bin" >/dev/null
	local name names=()
	mapfile -t names < <(nstool --list)
	# shellcheck disable=SC2016
	run -0 bash -c 'source "$0/nstool.bash"; complete -p "$@"' "$scripts" "${names[@]}"
	is "${#names[@]}" "$(grep -c -- '-F _nstool ' <<<"$output")"
	for name in "${names[@]}"; do
		fish_offers "$name --hel"
		[[ $output == --help$'\t'* ]]
		run nstool __complete "$name" --hel
		[[ $output == --help$'\t'* ]]
	done
}

@test "a name that is no link to nstool is left to its owner" {
	# shellcheck disable=SC2016
	run bash -c 'source "$0/nstool.bash"; complete -p unsharens; complete -p lsns' "$scripts"
	has '_nstool unsharens'
	has 'lsns: no completion specification'
}

@test "zsh is told of every link that install makes" {
	local name all="#compdef nstool"
	for name in $(nstool --list | sed '/ns\|priv/!d; /^\(lsns\|nsenter\|unshare\)$/d' | sort); do
		all+=" $name"
	done
	is "$all" "$(head -n1 "$scripts/_nstool")"
}

# --- names of sets

load lib/registry

sets_are_there() {
	need_root
	place
	bind --new -u webserver
	bind --new -n netlab
}

@test "names of sets: what the program answers" {
	sets_are_there
	run here "$NSTOOL" __complete nstool bind-ns -l w
	is $'webserver\ta set of bind-ns'
	run here "$NSTOOL" __complete nstool bind-ns --remove webserver net
	is $'netlab\ta set of bind-ns'
	run here "$NSTOOL" __complete nstool enter -t @web
	is $'@webserver\ta set of bind-ns'
	run here "$NSTOOL" __complete nstool bind-ns -l webserver net
	is ':command 4'
	run here "$NSTOOL" __complete bindns --join=webserver -n net
	is ':command 3'
	run here "$NSTOOL" __complete unsharens -l net
	is $'netlab\ta set of bind-ns'
	run here "$NSTOOL" __complete nstool bind-ns --list -o NAME,HOL
	is $'NAME,HOLDER\tthe process that holds it'
	unplace
}

@test "names of sets: bash, zsh and fish" {
	sets_are_there
	run here fish --no-config -c "source '$scripts/nstool.fish'; complete -C 'nstool bind-ns -l we'"
	is $'webserver\ta set of bind-ns'
	here tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null new-session -d -x 150 -y 20 \
		env PS1='> ' bash --norc --noprofile 3>&-
	tmux -S "$BATS_TEST_TMPDIR/tmux" set-option -g status off
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l "source '$scripts/nstool.bash'"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
	completes 'nstool bind-ns -l we' 'nstool bind-ns -l webserver'
	completes 'nstool bind-ns --remove webserver netl' 'nstool bind-ns --remove webserver netlab'
	completes 'nstool bind-ns -l webserver printen' 'nstool bind-ns -l webserver printenv'
	completes 'nstool enter -t @ne' 'nstool enter -t @netlab'
	tmux -S "$BATS_TEST_TMPDIR/tmux" respawn-pane -k env PS1='> ' zsh -f
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l \
		"fpath=('$scripts' \$fpath); autoload -Uz compinit; compinit -D -u"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
	completes 'nstool bind-ns -l we' 'nstool bind-ns -l webserver'
	completes 'nstool enter -t @ne' 'nstool enter -t @netlab'
	unplace
}
