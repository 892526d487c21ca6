#!/usr/bin/env bats
# The Makefile: what it says when something is missing, that it makes the same program twice,
# installs and removes it, and packs a tarball that builds.

load lib/suite

setup() {
	root=$(realpath "$BATS_TEST_DIRNAME/..")
	cd "$root" || return
	# The make that runs these tests passes its variables on; these runs are on their own.
	unset MAKEFLAGS MFLAGS MAKELEVEL BUILD CC CFLAGS HARDEN
}

# The files of this source tree in a directory of their own.
copy_sources() { # DIR
	mkdir -p "$1"
	tar -c --exclude=./build --exclude=./.git . | tar -x -C "$1"
}

# Everything below a directory but directories.
contents() { # DIR
	find "$1" ! -type d | sort
}

@test "a missing header is one line that names the package" {
	mkdir -p "$BATS_TEST_TMPDIR/include/json-c"
	echo '#error not installed' >"$BATS_TEST_TMPDIR/include/json-c/json.h"
	run -2 --separate-stderr make -s BUILD="$BATS_TEST_TMPDIR/b" CPPFLAGS="-I$BATS_TEST_TMPDIR/include"
	is "missing: <json-c/json.h> (on Debian: apt-get install libjson-c-dev)" "${stderr_lines[0]}"
	is "" "$output"
	[[ ${stderr_lines[1]} == make:* && ${#stderr_lines[@]} == 2 ]]
}

@test "without a compiler the line names that" {
	run -2 make -s BUILD="$BATS_TEST_TMPDIR/b" CC=/nonexistent/cc
	is "missing: <stdio.h> (on Debian: apt-get install gcc libc6-dev)" "${lines[0]}"
}

@test "a missing program of the tests is one line that names the package" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s /usr/bin/* "$BATS_TEST_TMPDIR/bin"
	rm "$BATS_TEST_TMPDIR/bin/parallel"
	PATH=$BATS_TEST_TMPDIR/bin run -2 make -s BUILD="${NSTOOL%/*}" check
	is "missing: parallel (on Debian: apt-get install parallel)" "${lines[0]}"
}

@test "two builds in different places are the same byte for byte" {
	copy_sources "$BATS_TEST_TMPDIR/a"
	copy_sources "$BATS_TEST_TMPDIR/elsewhere/b"
	make -s -C "$BATS_TEST_TMPDIR/a" all man
	make -s -j2 -C "$BATS_TEST_TMPDIR/elsewhere/b" BUILD=out all man
	cmp "$BATS_TEST_TMPDIR/a/build/nstool" "$BATS_TEST_TMPDIR/elsewhere/b/out/nstool"
	diff -r --exclude='*.[do]' --exclude=mkman \
		--exclude=mktext "$BATS_TEST_TMPDIR/a/build/man" "$BATS_TEST_TMPDIR/elsewhere/b/out/man"
}

@test "what install has put somewhere, uninstall removes" {
	local dest=$BATS_TEST_TMPDIR/dest
	mkdir -p "$dest/usr/local/bin"
	touch "$dest/usr/local/bin/other"
	make -s BUILD="${NSTOOL%/*}" DESTDIR="$dest" install
	"$dest/usr/local/bin/nstool" --version
	[ -s "$dest/usr/local/share/man/man1/nstool.1" ]
	[ -s "$dest/usr/local/share/man/man7/nstool-refs.7" ]
	is ".so man1/nstool-unshare-ns.1" "$(cat "$dest/usr/local/share/man/man1/unsharens.1")"
	cmp LICENSE "$dest/usr/local/share/doc/nstool/LICENSE"
	cmp completions/nstool.bash "$dest/usr/local/share/bash-completion/completions/unsharens"
	cmp completions/nstool.fish "$dest/usr/local/share/fish/vendor_completions.d/unsharens.fish"
	cmp completions/_nstool "$dest/usr/local/share/zsh/site-functions/_nstool"
	cmp tests/lib/nstool.bash "$dest/usr/local/share/nstool/bats/nstool.bash"
	make -s BUILD="${NSTOOL%/*}" DESTDIR="$dest" uninstall
	run contents "$dest"
	is "$dest/usr/local/bin/other"
	run find "$dest" -name '*nstool*' -o -name compat
	is ""
}

@test "install and uninstall heed the usual variables" {
	local dest=$BATS_TEST_TMPDIR/dest places
	places=(BINDIR=/b MANDIR=/m DOCDIR=/d/nstool COMPATDIR=/c/nstool/compat BASHDIR=/bash ZSHDIR=/zsh
		FISHDIR=/fish BATSDIR=/bats/nstool/bats)
	make -s BUILD="${NSTOOL%/*}" DESTDIR="$dest" PREFIX=/unused "${places[@]}" install
	[ -x "$dest/b/nstool" ]
	[ -s "$dest/m/man1/nstool.1" ]
	[ -s "$dest/d/nstool/NEWS" ]
	cmp "$dest/b/nstool" "$dest/c/nstool/compat/lsns"
	[ -s "$dest/bash/bindns" ]
	[ -s "$dest/zsh/_nstool" ]
	[ -s "$dest/fish/bindns.fish" ]
	[ -s "$dest/bats/nstool/bats/nstool.bash" ]
	[ ! -e "$dest/unused" ]
	make -s BUILD="${NSTOOL%/*}" DESTDIR="$dest" PREFIX=/unused "${places[@]}" uninstall
	run contents "$dest"
	is ""
}

@test "installed links are applets, and shadow nothing" {
	local dest=$BATS_TEST_TMPDIR/dest link
	make -s BUILD="${NSTOOL%/*}" DESTDIR="$dest" PREFIX=/opt/ns install
	for link in "$dest"/opt/ns/bin/* "$dest"/opt/ns/libexec/nstool/compat/*; do
		cmp "$dest/opt/ns/bin/nstool" "$link"
		[[ $link == */compat/* ]] || mandoc "$dest/opt/ns/share/man/man1/${link##*/}.1" >/dev/null
		"$NSTOOL" --list | grep -qx "${link##*/}" || [ "${link##*/}" = nstool ]
	done
	rm "$dest/opt/ns/bin/nstool"
	for link in "$dest"/opt/ns/bin/*; do
		run ! command -v "/usr/bin/${link##*/}"
		run ! command -v "/usr/sbin/${link##*/}"
	done
}

@test "what needs a header is made again when that changes, however the build's folder was spelled" {
	local build=$BATS_TEST_TMPDIR/b
	make -s BUILD="$build/../b" "$build/../b/common/base/str.o"
	make -q BUILD="$build" "$build/common/base/str.o"
	run -1 make -q BUILD="$build" -W common/base/util.h "$build/common/base/str.o"
}

@test "the tarball builds and passes its unit tests" {
	export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
	git rev-parse --git-dir >/dev/null 2>&1 || skip "not a git checkout"
	make -s BUILD="$BATS_TEST_TMPDIR/b" dist
	tar -xf "$BATS_TEST_TMPDIR"/b/nstool-*.tar.gz -C "$BATS_TEST_TMPDIR"
	run make -s -j2 -C "$BATS_TEST_TMPDIR"/nstool-* CFLAGS=-O0 HARDEN= all check-unit
	# Should that fail, it is shown without the programs that pass.
	output=$(grep -v '^[^ ]*/tests/unit/[^ ]* *[0-9]*$' <<<"$output")
	[ "$status" = 0 ]
	[[ ${lines[-1]} == *" passed, 0 failed, "* ]]
	[ "$(id -u)" != 0 ] || [[ ${lines[-1]} == *" 0 skipped" ]]
}
