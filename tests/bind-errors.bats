#!/usr/bin/env bats
# bind-ns: what it refuses, and how it says so.

# shellcheck disable=SC2030,SC2031 # a test and what it calls are one process

load lib/nstool
load lib/registry

setup() {
	need_root
	place
}

teardown() {
	unplace
	release
}

@test "errors keep their meaning" {
	sleeper --net
	refused() { # ERRNO-TEXT ARGUMENT...
		local text=$1
		shift
		run -125 --separate-stderr bind "$@"
		[[ $stderr == *"$text"* && $stderr == *"hint: "* ]] || { echo "$* $stderr"; false; }
	}
	bind -t "$sleeper" -un web
	refused "the name 'web' is in use" -t "$sleeper" -un web
	refused "bound already, as 'web'" -t "$sleeper" -un other
	refused "bound already, as 'web'" -t "$sleeper" -n other
	refused "the host's, which are bound already, as '0'" -t host -i other
	refused "-t REF names those of a process, --new makes new ones" -t host -i other
	refused "there is no set named 'wen'" -l wen true
	refused "did you mean 'web'?" --remove wen
	refused "did you mean 'web'?" --rename wen x
	refused "is in use" --rename web web
	local name
	for name in . .. a/b -x '' 0 a$'\n' "$(printf 'a%.0s' {1..65})"; do
		refused "cannot be the name of a set" -- "$name"
		refused "cannot be the name of a set" --new -u -- "$name"
		refused "cannot be the name of a set" --remove -- "$name"
	done
	run -125 bind -l -4194399 true
	has "there is no process 4194399"
	run -125 bind --add nets web
	has "is not a type of namespace, did you mean 'net'?"
	run -125 bind --list --remove web
	has "--list and --remove exclude each other"
	run -0 bind --alias -t "$sleeper" -n other
	is "other web" "$(sets)"
	run -0 bind --new -u "$(printf 'a%.0s' {1..64})"
	kill "$sleeper"
}

@test "a registry that is not ours is refused, with the reason" {
	distrusted() { # WHY
		run -125 --separate-stderr bind --list
		[[ ${stderr_lines[0]} == "nstool: bind-ns: "*"$1" ]] || { echo "$stderr"; false; }
		run -125 bind --new -u web
	}
	here chmod 1777 /run
	distrusted "'/run' can be written to by others"
	here chmod 755 /run
	here mkdir -m 777 /run/nstool
	distrusted "'/run/nstool' can be written to by others"
	here chown 4242 /run/nstool
	distrusted "'/run/nstool' belongs to another user"
	here rmdir /run/nstool
	here ln -s /tmp /run/nstool
	distrusted "'/run/nstool' is no directory, or a symbolic link"
	here rm /run/nstool
	bind --new -u web
	here umount /run/nstool/ns/web/uts
	run -125 --separate-stderr bind -l web true
	[[ $stderr == *"'web' is stale: its uts namespace is not bound at /run/nstool/ns/web/uts"* ]]
	is stale "$(sets 2)"
	run -0 bind --remove --dead
	is "" "$(sets)"
}

@test "removal follows no link that was put in its way" {
	local victim=$BATS_TEST_TMPDIR/victim
	mkdir "$victim"
	touch "$victim/file"
	bind --new -un web
	here umount /run/nstool/ns/web/net
	here rm /run/nstool/ns/web/net
	here ln -s "$victim" /run/nstool/ns/web/net
	here ln -s "$victim" /run/nstool/ns/.old.7
	bind --remove web
	[ -e "$victim/file" ]
	is "" "$(sets)"
}
