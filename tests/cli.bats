#!/usr/bin/env bats
# From words to an applet: the program's own options, links, what is said about wrong use, and
# output that cannot be written.

load lib/suite

names() {
	"$NSTOOL" --list
}

# A link called NAME to the program; prints its path.
link() { # NAME
	ln -s "$(realpath "$NSTOOL")" "$BATS_TEST_TMPDIR/$1"
	echo "$BATS_TEST_TMPDIR/$1"
}

# Wrong use: nothing on stdout, two lines on stderr, the second tells where to look.
is_misuse() { # FIRST-LINE
	is "" "$output"
	is "$1" "${stderr_lines[0]}"
	[[ ${stderr_lines[1]} == "Try '"*" --help'." || ${stderr_lines[1]} == "hint: "* ]]
	is 2 "${#stderr_lines[@]}"
}

@test "--help shows every applet, and goes to stdout" {
	run -0 --separate-stderr "$NSTOOL" --help
	is "" "$stderr"
	has "Usage: nstool APPLET"
	has "  list "
	is "$output" "$("$NSTOOL" -h)"
}

@test "alone, with nobody at a terminal, nstool reads commands" {
	run -0 "$NSTOOL" </dev/null
	is ""
	run -0 "$NSTOOL" <<<'echo read'
	is read
}

@test "--version names the version" {
	run -0 "$NSTOOL" --version
	[[ ${lines[0]} =~ ^nstool\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	is "$output" "$("$NSTOOL" -V)"
}

@test "--version tells what this machine has: calls of the kernel" {
	local deny=${NSTOOL%/*}/tests/lib/deny row
	run -0 --separate-stderr "$NSTOOL" --version
	is "" "$stderr"
	has "License GPLv3+: "
	for row in pidfd 'mount API'; do
		[[ $output =~ $'\n  '"$row"\ +(yes|refused)($'\n'|$) ]]
	done
	run -0 --separate-stderr "$deny" pidfd_open=ENOSYS mount_setattr=EPERM -- "$NSTOOL" --version
	[[ $output =~ $'\n  pidfd '\ +no$'\n' ]]
	[[ $output =~ $'\n  mount API '\ +refused$'\n' ]]
	run -0 --separate-stderr "$deny" open_tree=EPERM -- "$NSTOOL" --version
	[[ $output =~ $'\n  mount API '\ +refused$'\n' ]]
}

@test "--version tells what this machine has: every library that is loaded when needed" {
	local library
	while read -r library; do
		run -0 "$NSTOOL" --version
		has " yes ($library)"
		if [ "$(id -u)" = 0 ]; then
			run -0 unshare -m sh -c 'mount --bind /dev/null "$1" && "$2" --version' sh \
				"$(ldconfig -p | sed -n "s,.* => \(/.*/$library\)$,\1,p" | head -n 1)" "$NSTOOL"
			has " no ($library)"
		fi
		echo "$library" >>"$BATS_TEST_TMPDIR/libraries"
	done < <(grep -ao '"soname":\["[^"]*' "$NSTOOL" | cut -d'"' -f4 | sort -u)
	is "$(grep -c '(lib' <<<"$output")" "$(wc -l <"$BATS_TEST_TMPDIR/libraries")"
}

@test "--list has one name a line, none twice" {
	run -0 example 'nstool --list'
	has list
	run -0 sh -c "\"$NSTOOL\" --list | sort | uniq -d"
	is ""
	run ! grep -qvx '[a-z_-]*' <(names)
}

@test "each name is an applet, as a word and as a link" {
	local name
	for name in $(names); do
		run -0 --separate-stderr "$NSTOOL" "$name" --help
		is "" "$stderr"
		has "Usage: nstool $name "
		is "${output/nstool $name/"$name"}" "$("$(link "$name")" --help)"
	done
}

@test "a link in PATH works, and one with an unknown name is nstool" {
	link list >/dev/null
	PATH=$BATS_TEST_TMPDIR:$PATH run -0 list --version
	is "$("$NSTOOL" --version)"
	run -0 "$(link other-name)" --version
	is "$("$NSTOOL" --version)"
}

@test "--install makes a hard link for each name" {
	cp "$NSTOOL" "$BATS_TEST_TMPDIR/nstool"
	mkdir "$BATS_TEST_TMPDIR/d"
	run -0 "$BATS_TEST_TMPDIR/nstool" --install "$BATS_TEST_TMPDIR/d"
	is ""
	is "$(names | sort)" "$(find "$BATS_TEST_TMPDIR/d" -samefile "$BATS_TEST_TMPDIR/nstool" -printf '%f\n' | sort)"
}

@test "--install -s makes symlinks, and leaves alone what is there" {
	mkdir "$BATS_TEST_TMPDIR/d"
	echo mine >"$BATS_TEST_TMPDIR/d/list"
	run -0 --separate-stderr "$NSTOOL" --install -s "$BATS_TEST_TMPDIR/d"
	is "note: left alone, exists already: list" "$stderr"
	is mine "$(cat "$BATS_TEST_TMPDIR/d/list")"
	is "$(names | grep -vx list | sort)" \
		"$(find "$BATS_TEST_TMPDIR/d" -lname "$(realpath "$NSTOOL")" -printf '%f\n' | sort)"
}

@test "--install that fails leaves nothing" {
	cp "$NSTOOL" "$BATS_TEST_TMPDIR/nstool"
	run -1 --separate-stderr "$NSTOOL" --install "$BATS_TEST_TMPDIR/none"
	is "nstool: cannot open directory '$BATS_TEST_TMPDIR/none': No such file or directory" "$stderr"
	mkdir "$BATS_TEST_TMPDIR/d"
	# The second link cannot be made.
	run -1 --separate-stderr traced -e inject=linkat:error=EDQUOT:when=2 \
		"$BATS_TEST_TMPDIR/nstool" --install "$BATS_TEST_TMPDIR/d"
	[[ $stderr == "nstool: cannot link "*": Disk quota exceeded" ]]
	is "" "$(ls "$BATS_TEST_TMPDIR/d")"
}

@test "--install to another file system says what helps" {
	run -1 --separate-stderr traced -e inject=linkat:error=EXDEV \
		"$NSTOOL" --install "$BATS_TEST_TMPDIR"
	is "hint: the program is on another file system; use --install -s" "${stderr_lines[1]}"
}

@test "--install wants one directory" {
	for words in "" "-s" "a b" "-s a b"; do
		# shellcheck disable=SC2086 # several words
		run -2 --separate-stderr "$NSTOOL" --install $words
		is "nstool: --install takes one directory: nstool --install [-s] DIR" "${stderr_lines[0]}"
	done
}

@test "an unknown applet is told, with the nearest name" {
	run -2 --separate-stderr "$NSTOOL" lits
	is_misuse "nstool: unknown applet 'lits'"
	is "hint: did you mean 'list'?" "${stderr_lines[1]}"
	run -2 --separate-stderr "$NSTOOL" qqqq
	is_misuse "nstool: unknown applet 'qqqq'"
	is "hint: 'nstool --list' prints the names" "${stderr_lines[1]}"
	run -2 --separate-stderr "$NSTOOL" $'\e[31mred'
	is_misuse "nstool: unknown applet '\\x1b[31mred'"
}

@test "an unknown option is told in two lines" {
	local name before
	for name in $(names); do
		before="nstool: $("$NSTOOL" "$name" --help | sed -n '3s/:.*//p'): "
		case $name in
		lsns | nsenter | unshare) before="$name: " ;;
		esac
		run --separate-stderr "$NSTOOL" "$name" --no-such-option
		[[ $status == [12] || $status == 125 ]]
		is_misuse "${before}unknown option '--no-such-option'"
		run --separate-stderr "$NSTOOL" "$name" $'--\a'
		is_misuse "${before}unknown option '--\\x07'"
	done
}

@test "output that cannot be written is a failure" {
	local words name
	for words in --help --version --list; do
		# shellcheck disable=SC2086 # several words
		run -1 --separate-stderr sh -c '"$@" >/dev/full' sh "$NSTOOL" $words
		is "nstool: cannot write the output: No space left on device" "$stderr"
		# shellcheck disable=SC2086
		run -1 --separate-stderr sh -c '"$@" >&-' sh "$NSTOOL" $words
		is "nstool: cannot write the output: Bad file descriptor" "$stderr"
	done
	for name in $(names); do
		run -1 --separate-stderr sh -c '"$@" >/dev/full' sh "$NSTOOL" "$name" --help
		is "nstool: cannot write the output: No space left on device" "$stderr"
		run -1 --separate-stderr sh -c '"$@" >/dev/full' sh "$NSTOOL" help "$name"
		is "nstool: help: cannot write the output: No space left on device" "$stderr"
	done
}

@test "a result that cannot be written is a failure, whatever its form" {
	local words
	for words in list "list --list" "list --tree" "list --json" "list --raw" "list --dot" \
		"list --procs" "list --list-columns" lsns "lsns --json"; do
		# shellcheck disable=SC2086 # several words
		run -1 --separate-stderr sh -c '"$@" >/dev/full' sh "$NSTOOL" $words
		[[ ${stderr_lines[-1]} == *": No space left on device" ]]
		# shellcheck disable=SC2086
		run -1 --separate-stderr sh -c '"$@" >&-' sh "$NSTOOL" $words
		[[ ${stderr_lines[-1]} == *": Bad file descriptor" ]]
		# shellcheck disable=SC2086
		run -1 --separate-stderr sh -c '"$@" <&- >&-' sh "$NSTOOL" $words
		[[ ${stderr_lines[-1]} == *": Bad file descriptor" ]]
	done
}

@test "a closed stdin or stderr does not matter" {
	run -0 sh -c '"$1" --version <&- 2>&-' sh "$NSTOOL"
	is "$("$NSTOOL" --version)"
	run -2 sh -c '"$1" qqqq 2>&-' sh "$NSTOOL"
	is ""
}

@test "help: the overview, an applet, a topic" {
	run -0 "$NSTOOL" help
	has "$("$NSTOOL" --help)"
	run -0 "$NSTOOL" help list
	is "NAME" "${lines[0]}"
	has $'\n           nstool list --tree\n'
	run -0 example 'nstool help unshare-ns'
	is "$("$NSTOOL" help unsharens)"
	run -0 example 'nstool unshare-ns --help'
	has "Usage: nstool unshare-ns [options]"
	run -0 example 'nstool help refs'
	has "  container:ID"
	has "  netns:blue"
}

@test "help: every topic that it lists can be read, in 80 columns, and is in the manual" {
	local topic word page=${NSTOOL%/*}/man/nstool-refs.7
	while read -r topic; do
		run -0 --separate-stderr "$NSTOOL" help "$topic"
		is "" "$stderr"
		run ! grep -E '.{81}' <<<"$output"
		word=$("$NSTOOL" help "$topic" | sed -n 's/^  \([^ ].*\)$/\1/p' | head -n 1)
		[ -z "$word" ] || grep -qF ".It $word" "$page" || { echo "$topic: $word"; false; }
		echo "$topic" >>"$BATS_TEST_TMPDIR/read"
	done < <("$NSTOOL" help | sed -n '/^Topics/,$s/^  \([a-z]*\) .*/\1/p')
	is $'refs\nexit\nenvironment\njson\nbats\nnstool' "$(<"$BATS_TEST_TMPDIR/read")"
}

# Runs a line on a terminal of 24 rows; $output is what came there.
on_terminal() { # LINE
	run -0 script -qec "stty rows 24 && $1" /dev/null
	output=${output//$'\r'/}
}

@test "help: fonts on a terminal, none elsewhere, none if they are not wanted" {
	export TERM=xterm PAGER=cat
	on_terminal "'$NSTOOL' help list"
	has $'\e[1mNAME\e[0m\n'
	has $'\e[0;4mREF\e[0m'
	run ! grep -P '[\x01-\x08]' <<<"$output"
	NO_COLOR=1 on_terminal "'$NSTOOL' help list"
	is "$("$NSTOOL" help list)"
	run -0 "$NSTOOL" help list
	run ! grep -P '[\x01-\x08\e]' <<<"$output"
}

@test "help: on a terminal what is longer than the screen goes through PAGER" {
	export TERM=xterm PAGER="sed -e 's/^/paged: /'"
	on_terminal "'$NSTOOL' help refs"
	is "$("$NSTOOL" help refs | sed 's/^/paged: /')"
	on_terminal "'$NSTOOL' help exit"
	is "$("$NSTOOL" help exit)"
	TERM=dumb on_terminal "'$NSTOOL' help refs"
	is "$("$NSTOOL" help refs)"
	PAGER=/nonexistent on_terminal "'$NSTOOL' help refs"
	is "$("$NSTOOL" help refs)"
	run -0 "$NSTOOL" help refs
	run ! grep paged: <<<"$output"
}

@test "help: what it does not know it refuses, with the nearest name" {
	run -2 --separate-stderr "$NSTOOL" help rfes
	is "nstool: help: there is neither an applet nor a topic 'rfes'" "${stderr_lines[0]}"
	is "hint: did you mean 'refs'?" "${stderr_lines[1]}"
	run -2 --separate-stderr "$NSTOOL" help lst
	is "hint: did you mean 'list'?" "${stderr_lines[1]}"
	run -2 --separate-stderr "$NSTOOL" help $'\e[2J'
	is "hint: 'nstool help' lists them" "${stderr_lines[1]}"
}
