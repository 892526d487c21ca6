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
	run nstool __complete nstool list --proc=/
	is ':files --proc='
	run nstool __complete nstool unshare-ns --bind src:d
	is ':files src:'
	run nstool __complete nstool --install -s d
	is ':files'
	run nstool __complete nstool -f d
	is ':files'
	run nstool __complete nstool enter -n=hos
	is $'-n=host\tthe initial namespaces'
	run nstool __complete nstool enter --net=hos
	is $'--net=host\tthe initial namespaces'
	run nstool __complete nstool enter -mu
	is ''
	run nstool __complete nsenter -m=/proc/self
	is ':files -m='
	run nstool __complete nstool unshare-ns --cap-drop net_raw,sys_ad
	is $'net_raw,sys_admin\t'
	run nstool __complete nstool unshare-ns --rlimit nof
	is $'nofile=\t'
	run nstool __complete nstool unshare-ns --kill-child=SIGTE
	is $'--kill-child=SIGTERM\t'
	run nstool __complete nstool unshare-ns --map-user roo
	is $'root\t'
	run env -i NSTOOL_WORD=1 "$(type -P nstool)" __complete nstool unshare-ns --whitelist-env PATH,NSTOOL_
	is $'PATH,NSTOOL_WORD\t'
}

# Each kind of value is either completed or cannot be known.
@test "no option with a value from a small world is left without completion" {
	local applet option metavar
	for applet in $(nstool --list | grep -vx -e help -e bindns -e bind_ns -e unsharens -e ns_enter -e ns_exec); do
		while read -r option metavar; do
			case $metavar in
			STRING | FD | N | TIME | OFFSET | NAME | LABEL | UID:GID | ON-DISK:*) continue ;;
			esac
			run nstool __complete nstool "$applet" "$option="
			[ "$output" ] || { echo "$applet $option $metavar" && false; }
		done < <(nstool "$applet" --help | sed -n 's/^ .*\(--[a-z-]*\)\[\?[= ]\([A-Z][^] ]*\).*/\1 \2/p')
	done
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

# Goes where there are files whose names need care.
files() {
	mkdir "$BATS_TEST_TMPDIR/files"
	cd "$BATS_TEST_TMPDIR/files" || return
	touch 'my file' my:own
}

# --- the transcripts of completion/everywhere, as tests/unit/cmd/completions.c has them for nstool's shell

# Calls the function for each line of the transcripts with what is typed and with what is offered, an
# offer a line: the whole line, and behind a tab what is said of it.
each_transcript() { # FUNCTION
	local file line typed='' offers
	for file in "$BATS_TEST_DIRNAME"/completion/everywhere/*.out; do
		while IFS= read -r line; do
			case $line in
			$'\t'*)
				line=${line#$'\t'}
				offers+=${line/"  # "/$'\t'}$'\n'
				;;
			*)
				[ -z "$typed" ] || "$1" "$typed" "${offers%$'\n'}"
				typed=${line%⇥} offers=
				;;
			esac
		done < <(cat "$file"; echo ⇥)
	done
}

# --- fish has a way to ask

fish_offers() { # LINE
	run fish --no-config -c "source '$scripts/nstool.fish'; complete -C '$1'"
}

# The words that fish offers for the last one; of those that are explained also how.
fish_offers_these() { # TYPED OFFERS
	local offer words=''
	fish_offers "nstool $1"
	while IFS= read -r offer; do
		offer=${offer#"${1% *} "}
		words+=${offer%%$'\t'*}$'\n'
		[[ $offer != *$'\t'* ]] || grep -Fqx -- "$offer" <<<"$output"
	done <<<"$2"
	is "$(sort <<<"${words%$'\n'}")" "$(cut -f 1 <<<"$output" | sort)"
}

@test "fish: the transcripts" {
	each_transcript fish_offers_these
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
	fish_offers 'nstool enter -t self -- nstool list --tree=own'
	is '--tree=owner'
	fish_offers 'nstool list -Q "TYPE == NPRO'
	has 'TYPE == NPROCS'
	fish_offers "$HOME/nothing/nstool list --tree=own"
	is '--tree=owner'
	files
	fish_offers 'nstool list --proc my\ f'
	is 'my file'
	fish_offers 'nstool list --proc "my f'
	is 'my file'
	fish_offers 'nstool list --proc=my:'
	is '--proc=my:own'
	fish_offers 'nstool unshare-ns --bind my:own:my\ '
	is 'my:own:my file'
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
	timeout 60 bash -c 'until tmux -S "$0/tmux" capture-pane -p | grep -q -F -x "$1"; do :; done' \
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

# What is offered alone, stands there.
completes_as_offered() { # TYPED OFFERS
	[[ -z $2 || $2 == *$'\n'* ]] || completes "nstool $1" "nstool ${2%%$'\t'*}"
}

lines() {
	each_transcript completes_as_offered
	completes 'unsharens --propagation sl' 'unsharens --propagation slave'
	completes 'nstool list --proc=/pro' 'nstool list --proc=/proc/'
	completes 'nstool enter --net=hos' 'nstool enter --net=host'
	completes 'nstool list --proc my\ f' 'nstool list --proc my\ file'
	completes 'nstool list --proc "my f' 'nstool list --proc "my file"'
	completes 'nstool list --proc my:' 'nstool list --proc my:own'
	completes 'nstool unshare-ns --bind /pro:my\ ' 'nstool unshare-ns --bind /pro:my\ file'
	completes 'nstool enter -t self -- cat my\ f' 'nstool enter -t self -- cat my\ file'
	completes 'nstool list -Q "TYPE == NPRO' 'nstool list -Q "TYPE == NPROCS"'
	completes 'nstool list "user:[402653183' 'nstool list "user:[4026531837]"'
	# shellcheck disable=SC2088 # it is typed
	completes '~/nothing/nstool li' '~/nothing/nstool list'
}

# Behind another program: what the completion of that hands over.
behind_sudo() {
	printf '#!/bin/sh\n' >"$bin/sudo"
	chmod +x "$bin/sudo"
	completes 'sudo nstool enter --targ' 'sudo nstool enter --target'
	completes 'sudo nstool enter -t self -- nstool li' 'sudo nstool enter -t self -- nstool list'
}

@test "bash" {
	files
	terminal env PS1='> ' bash --norc --noprofile
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l "source '$scripts/nstool.bash'"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
	lines
	completes 'nstool list user:[402653183' 'nstool list user:[4026531837]'
	completes 'nstool list --filter="TYPE == NPRO' 'nstool list --filter="TYPE == NPROCS"'
	completes 'nstool list ut' 'nstool list uts:['
}

@test "bash, with the functions of bash-completion" {
	files
	terminal env PS1='> ' bash --norc --noprofile
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l \
		"source /usr/share/bash-completion/bash_completion; source '$scripts/nstool.bash'"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
	lines
	behind_sudo
}

# A terminal with zsh, which knows our completion.
begin_zsh() {
	terminal env PS1='> ' zsh -f
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys -l \
		"fpath=('$scripts' \$fpath); autoload -Uz compinit; compinit -D -u"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys Enter
}

@test "zsh" {
	files
	begin_zsh
	lines
	completes "nstool list 'user:[402653183" "nstool list 'user:[4026531837]'"
	completes 'nstool list ut' 'nstool list uts:\['
	behind_sudo
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
	printf '#!/bin/sh\n' >"$bin/sudo"
	chmod +x "$bin/sudo"
	run -0 env HOME="$BATS_TEST_TMPDIR" XDG_DATA_DIRS="$dest/share:/usr/share" fish -c "complete -C 'sudo nstool help env'"
	has environment
}

# A name of util-linux is a link of the other kind.
links_everywhere() {
	nstool --install -s "$bin"
	ln "$(realpath "$NSTOOL")" "$bin/hard" 2>/dev/null || return 0
	ln -f "$bin/hard" "$bin/lsns"
	ln -sf "$bin/hard" "$bin/nstool"
}

@test "every name that 'nstool --install' makes a link of completes, those of util-linux too" {
	links_everywhere
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

@test "zsh completes the names that 'nstool --install' makes links of, and leaves others to their owners" {
	links_everywhere
	begin_zsh
	completes 'watch --ini' 'watch --initial'
	completes 'lsns --list-col' 'lsns --list-columns'
	completes 'enter --lik' 'enter --like'
	completes "$bin/list --procs --sou" "$bin/list --procs --source"
	rm "$bin/watch"
	tmux -S "$BATS_TEST_TMPDIR/tmux" send-keys C-u rehash Enter
	completes 'watch --no-ti' 'watch --no-title'
}

@test "a name that is no link to nstool is left to its owner" {
	# shellcheck disable=SC2016
	run bash -c 'source "$0/nstool.bash"; complete -p unsharens; complete -p lsns' "$scripts"
	has '_nstool unsharens'
	has 'lsns: no completion specification'
}

@test "zsh is told of every name, behind -p of those that other programs have too" {
	local install all
	install=$(nstool --list | sed '/ns\|priv/!d; /^\(lsns\|nsenter\|unshare\)$/d' | sort)
	all="#compdef nstool $(xargs <<<"$install") -p $(nstool --list | sort | comm -23 - <(echo "$install") | xargs)"
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
