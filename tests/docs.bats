#!/usr/bin/env bats
# The documents say what is so: manual pages, README, NEWS.

load lib/suite
load lib/ordinary

setup() {
	local page
	cd "$BATS_TEST_DIRNAME/.." || return
	pages=()
	for page in man/*.in; do
		pages+=("${NSTOOL%/*}/${page%.in}")
	done
}

# The applets, from the overview; the util-linux names do not stand there.
applets() {
	"$NSTOOL" --help | sed -n '/^Applets:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
	"$NSTOOL" --list | grep -x -e lsns -e nsenter -e unshare
}

@test "each applet has a manual page" {
	for applet in $(applets); do
		[ -s "man/nstool-$applet.1.in" ]
	done
}

@test "each option stands in its applet's page" {
	local applet option
	for applet in $(applets); do
		mandoc -Tascii "${NSTOOL%/*}/man/nstool-$applet.1" | col -b >"$BATS_TEST_TMPDIR/page"
		"$NSTOOL" "$applet" --help | sed -n 's/^ \{1,5\}\(-., \)\?\(--[a-z][a-z-]*\).*/\2/p' >"$BATS_TEST_TMPDIR/options"
		[ -s "$BATS_TEST_TMPDIR/options" ]
		while read -r option; do
			grep -qe "^ .*$option\>" "$BATS_TEST_TMPDIR/page" || { echo "$applet $option"; false; }
		done <"$BATS_TEST_TMPDIR/options"
	done
}

@test "the pages are clean under mandoc -Tlint" {
	run -0 mandoc -Tlint -W warning "${pages[@]}"
}

# The words of a text, a line each.
words() {
	tr '\`' "'" | grep -o '[^ ]*'
}

@test "help shows the words of each page, as mandoc does" {
	local page name
	for page in "${pages[@]}"; do
		name=${page##*/nstool-} name=${name##*/} name=${name%.?}
		[ "$name" != refs ] || continue # a topic, see below
		mandoc -Tascii -O width=1000 "$page" | col -bx | sed '1d; $d' | words >"$BATS_TEST_TMPDIR/mandoc"
		"$NSTOOL" help "$name" | words | diff -u "$BATS_TEST_TMPDIR/mandoc" -
		# Commands are as long as they are; they stand further in.
		run -1 grep -nE '^( {0,8}| {13})[^ ].{70,}' <("$NSTOOL" help "$name" | grep -E '.{79}')
	done
}

@test "help shows lists, displays and the synopsis where they belong" {
	run -0 "$NSTOOL" help bats
	has $'\n     setup() {\n             nstool_sandbox net uts\n     }\n\n     @test "a host'
	has $'\nDESCRIPTION\n     A library'
	has $'\n     NSTOOL  The program'
	run -0 "$NSTOOL" help nstool
	has $'\n     nstool applet [option ...] [argument ...]\n     nstool --list\n'
	has $'\n     nstool-list(1)\n             List namespaces'
	has $'names that nstool answers to:\n\n           nstool --list\n'
}

@test "a macro that help cannot show stops the build, with its place" {
	local page=$BATS_TEST_TMPDIR/page.1
	printf '%s\n' '.Dt X 1' '.Sh NAME' '.Nm x' '.Nd y' '.Rs z' >"$page"
	run -1 --separate-stderr "${NSTOOL%/*}/man/mktext" "$page"
	is "mktext: $page: line 5: macro 'Rs z' is not known" "$stderr"
	printf '%s\n' '.Dt X 1' '.It y' >"$page"
	run -1 --separate-stderr "${NSTOOL%/*}/man/mktext" "$page"
	is "mktext: $page: line 2: item 'y' is not known" "$stderr"
}

@test "each line of EXAMPLES is run by a test" {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\.Dl //p' man/*.in | while IFS= read -r line; do
		line=${line//\'/"'\"'\"'"}
		grep -qF "example '$line'" tests/*.bats || { echo "$line"; false; }
	done
}

@test "each applet that writes JSON has a schema, and each schema is tested against real output" {
	local applet schema
	for applet in $(applets); do
		if "$NSTOOL" "$applet" --help | grep -q JSON; then
			ls tests/schema/"${applet%-ns}"*.json
		fi
	done
	for schema in tests/schema/*.json; do
		schema=${schema##*/}
		grep -qE "(valid |schema/)${schema%.json}\>" tests/*.bats || { echo "$schema"; false; }
	done
}

@test "README: the quick start is two commands of one line" {
	awk '/^## /{quick = ($0 == "## Quick start")} quick' README.md >"$BATS_TEST_TMPDIR/quick"
	run -0 grep -c '^```sh$' "$BATS_TEST_TMPDIR/quick"
	is 2
	run -0 awk '/^```$/{print n; n = 0; next} /^```/{n = 0; next} {n++}' "$BATS_TEST_TMPDIR/quick"
	is $'1\n1'
}

# The packages that the Nth command of the quick start installs.
packages() { # N
	sed -n 's/.*apt-get install -y \([^&]*\) && .*/\1/p' README.md | sed -n "$1p" | xargs -n 1 | sort
}

@test "README: the second command installs all that the first does" {
	run comm -23 <(packages 1) <(packages 2)
	is ""
}

@test "README: the commands install all that the Makefile asks for" {
	run comm -23 <(sed -n '/^NEEDS/,/[^\\]$/p' Makefile | grep -o ':[a-z][^ ]*' | tr ':,' '\n' | sort -u) <(packages 1)
	is "" "$(grep . <<<"$output")"
	run comm -23 <(sed -n '/^check-tools:/,/^check-unit/s/.*,\([a-z]*\))/\1/p' Makefile | sort) <(packages 2)
	is ""
}

@test "README: the test that it shows is one" {
	need_root
	local file=$BATS_TEST_TMPDIR/readme.bats bin=$BATS_TEST_TMPDIR/bin
	hold container
	mkdir "$bin"
	ln -s "$(realpath "$NSTOOL")" "$bin/nstool"
	printf 'bats_require_minimum_version 1.5.0\nserver=%s\n' "${made[pid]}" >"$file"
	sed -n '/^```bash$/,/^```$/{/^```/!p}' README.md >>"$file"
	run -0 env -u BATS_TEST_TMPDIR -u BATS_TEST_TIMEOUT PATH="$bin:$PATH" bats --tap "$file"
	is $'1..1\nok 1 the server has a network of its own'
	sed -i 's/^server=.*/server=self/' "$file"
	run -1 env -u BATS_TEST_TMPDIR -u BATS_TEST_TIMEOUT PATH="$bin:$PATH" bats --tap "$file"
}

# What README shows behind a command of its tour, with any number as N and one blank between words.
shown() { # COMMAND
	awk -v command="$1" '/^```/ { on = 0 } on && /^[#$] / { exit } on
		substr($0, 3) == command && /^[#$] / { on = 1 }' "$BATS_TEST_DIRNAME/../README.md" | like_shown
}

like_shown() {
	sed 's/[0-9]\{1,\}/N/g; s/N-N-NTN:N:NZ/TIME/; s/  */ /g; s/ $//'
}

# Runs a command of the tour, of which a number may have to be another one.
tour() { # COMMAND [NUMBER REPLACEMENT]
	local command=$1
	[ $# = 1 ] || command=${1//$2/$3}
	is "$(shown "$1")" "$(PATH=$BATS_TEST_TMPDIR/bin:$PATH bash -c "$command" 2>&1 | grep -v ': note: [0-9]* process\|^note: ' | like_shown)"
}

@test "README: the tour shows what the program says to anybody" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$(realpath "$NSTOOL")" "$BATS_TEST_TMPDIR/bin/nstool"
	tour 'nstool help'
	tour "nstool list -Q 'TYPE == \"net\" and NPROC < 3'"
}

@test "README: the tour shows what the program does for root" {
	need_root
	run -0 "$NSTOOL" --version
	[[ $output =~ "nsfs ids      yes" ]] || skip "the tour was made where namespaces have ids"
	nstool_sandbox mnt pid
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$(realpath "$NSTOOL")" "$BATS_TEST_TMPDIR/bin/nstool"
	mount -t tmpfs -o mode=755 none /run
	mount -t tmpfs -o mode=755 none /srv
	mkdir /srv/data /srv/vault
	tour 'nstool bind-ns --new -un lab'
	tour 'nstool bind-ns -l lab -- ip -br link'
	tour 'nstool bind-ns --list'
	run -0 "$NSTOOL" list -t net -P -o NS,TYPE,HELD,NAMES
	has "$(shown 'nstool list -t net -P -o NS,TYPE,HELD,NAMES' | sed -n 's/^N \(net mount @lab\)/\1/p' | sed 's/ /  /')"
	tour 'nstool bind-ns --remove lab'
	"$NSTOOL" mountpriv --private-ids /srv/data /srv/vault -- sleep 1000 2>"$BATS_TEST_TMPDIR/note" 3>&- &
	until run -0 --separate-stderr "$NSTOOL" mountpriv --list && [ "${#lines[@]}" = 2 ]; do :; done
	is "$(shown 'nstool mountpriv --private-ids /srv/data /srv/vault -- tail -f log &')" "$(cat "$BATS_TEST_TMPDIR/note")"
	tour 'nstool mountpriv --list'
	tour 'nstool mountpriv --verify /srv/vault | grep -v refused$'
	tour 'nstool mountpriv --private-ids --no-nested-userns --name vault --fresh /mnt'
	tour "nstool bind-ns -l vault -- sh -c 'echo secret >/mnt/file; ls /mnt'"
	tour 'nstool mountpriv --remove -t @vault /mnt'
	tour 'nstool mountpriv --verify -t @vault | tail -n 1'
	run "$NSTOOL" watch -t net -n 0 --timeout 0.1
	is "$(shown 'nstool watch -t net' | head -n 1)" "$(head -n 1 <<<"$output" | like_shown)"
	cd "$BATS_TEST_TMPDIR"
	: >log
	PATH=$PWD/bin:$PATH nstool unshare-ns -mpn --hostname web -- tail -f log 3>&- &
	until pid=$(pgrep -f '^tail -f log$'); do :; done
	tour 'nstool enter -t 2064 ps -o pid,args' 2064 "$pid"
	run -125 ordinary ./nstool enter -t "$pid"
	is "$(shown 'nstool enter -t 2064')" "$(like_shown <<<"$output")"
	run -0 ordinary ./nstool unshare-ns -n ip -br addr
	is "$(shown 'nstool unshare-ns -n ip -br addr')" "$(like_shown <<<"$output")"
}

@test "NEWS begins with this version" {
	run -0 head -n 1 NEWS
	has "$("$NSTOOL" --version | head -n 1)"
}
