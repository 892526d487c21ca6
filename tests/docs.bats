#!/usr/bin/env bats
# The documents say what is so: manual pages, README, NEWS.

load lib/suite

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

@test "NEWS begins with this version" {
	run -0 head -n 1 NEWS
	has "$("$NSTOOL" --version | head -n 1)"
}
