#!/usr/bin/env bats
# bind-ns: what it refuses, and how it says so.

# shellcheck disable=SC2030,SC2031 # a test and what it calls are one process

load lib/suite
load lib/placed
load lib/ordinary

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
	refused "only the mount namespace is not the host's, and that cannot be bound in itself" other
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
	refused "there is no process 4194399" -l -4194399 true
	refused "there is no process 4194399" -t 4194399 other
	refused "there is no process 4194399" --identify 4194399
	refused "'0' is not a type of namespace" --add 0 web
	refused "'' is not a type of namespace" --drop '' web
	run -125 bind --add nets web
	has "is not a type of namespace, did you mean 'net'?"
	refused "--list and --remove exclude each other" --list --remove web
	refused "--rename needs two names" --rename web
	refused "no type of namespace is asked for" --new other
	refused "a set without a namespace cannot be" --drop uts,net web
	refused "'nstool bind-ns --remove web' removes the set" --drop uts,net web
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

# Root without the capability that mounting takes, and whoever else is given.
powerless() { # ARGUMENT...
	here setpriv --bounding-set -sys_admin --inh-caps -sys_admin "$NSTOOL" bind-ns "$@"
}

@test "what is not allowed is said before anything is changed" {
	bind --new -un web
	run -125 --separate-stderr powerless --remove web
	is "nstool: bind-ns: cannot unbind the namespaces of the set 'web': Operation not permitted
hint: this takes CAP_SYS_ADMIN in the user namespace that owns this mount namespace: run nstool as root" "$stderr"
	is "web empty uts,net" "$(sets) $(sets 2) $(sets 3)"
	run -125 --separate-stderr powerless -l web -u true
	[[ $stderr == *"cannot join the uts namespace of web"*"Operation not permitted"*"hint: this needs CAP_SYS_ADMIN"* ]]
	run -125 --separate-stderr powerless --new -n --netns blue
	[[ $stderr == *"cannot make /run/netns a shared mount: Operation not permitted"* ]]
	has_hint "names of 'ip netns' are root's to give; the set can be made without --netns"
	is web "$(sets)"
	# Without leave to mount, a process holds the set.
	run -0 powerless --new -n held
	is "held" "$(bind --list -J | jq -r '.sets[] | select(.holder).name')"
	bind --remove held
}

# A hint of these words is in $stderr.
has_hint() { # TEXT
	[[ $stderr == *"hint: $1"* ]] || { echo "$stderr"; false; }
}

@test "what a policy forbids is told with its remedy" {
	local deny init
	deny=$(dirname "$NSTOOL")/tests/lib/deny
	forbidden() { # RULE ARGUMENT...
		run -125 --separate-stderr here "$deny" "$1" -- "$NSTOOL" bind-ns "${@:2}"
	}
	run -0 --separate-stderr here "$deny" mount=EACCES -- "$NSTOOL" bind-ns --new -u held
	is "" "$output$stderr"
	is held "$(bind --list -J | jq -r '.sets[] | select(.holder).name')"
	bind --remove held
	forbidden mount=EINVAL --new -u web
	[[ $stderr == *"cannot make /run/nstool/ns a private mount: Invalid argument"* ]]
	bind --new -up web
	init=$(bind --list -J | jq '.sets[0].init')
	forbidden pidfd_send_signal=EPERM --remove web
	[[ $stderr == *"cannot remove the set 'web': cannot end process $init of the set: Operation not permitted"* ]]
	has_hint "whoever may end it should do so"
	forbidden umount2=EPERM --remove web
	[[ $stderr == *"cannot remove the set 'web': cannot unbind '"*"': Operation not permitted"* ]]
	has_hint "this takes CAP_SYS_ADMIN"
	# Nothing has been taken apart.
	is "web empty uts,pid" "$(sets) $(sets 2) $(sets 3)"
	is "$init" "$(bind --list -J | jq '.sets[0].init')"
	is web "$(here ls -A /run/nstool/ns)"
	# When something has, the rest goes with the next command.
	run -125 --separate-stderr here strace -qq -o /dev/null -e trace=umount2 -e inject=umount2:error=EPERM:when=2 \
		"$NSTOOL" bind-ns --remove web
	has_hint "it has no name any more; what is left of it goes with the next command"
	is "" "$(sets)"
	bind --remove --dead
	is "" "$(here ls -A /run/nstool/ns)"
	until [ ! -e "/proc/$init" ]; do :; done
	bind --new -n --netns blue
	forbidden umount2=EPERM --remove blue
	[[ $stderr == *"cannot remove the set 'blue': cannot unbind /run/netns/blue: Operation not permitted"* ]]
	is "blue blue" "$(sets) $(here ip netns list | cut -d' ' -f1)"
	bind --remove blue
	here mount -o remount,ro /run
	forbidden bpf=EPERM --new -u web
	[[ $stderr == *"Read-only file system"* ]]
	has_hint "sets are kept in /run, which must be writable"
	here mount -o remount,rw /run
}

@test "a registry that cannot be made private is left as it was" {
	mounts() { # but for those of others, which go meanwhile
		here cut -d' ' -f4- /proc/self/mountinfo | awk '$2 ~ "^/run"'
	}
	local before
	before=$(mounts)
	run -125 --separate-stderr here strace -qq -f -o /dev/null -e trace=mount -e inject=mount:error=ENOSPC:when=2 \
		"$NSTOOL" bind-ns --monitor
	[[ $stderr == *"cannot make /run/nstool/ns a private mount: No space left on device"* ]]
	is "$before" "$(mounts)"
}

@test "a damaged set hides no other, and can be removed" {
	local text
	for text in "" "garbage" $'created 1\nuid 0\n'; do
		bind --new -u good
		here mkdir /run/nstool/ns/bad
		[ ! "$text" ] || here sh -c 'printf "%s\n" "$0" >/run/nstool/ns/bad/info' "$text"
		run -0 --separate-stderr bind --list
		[[ $output == *good* ]]
		is "nstool: bind-ns: note: the set 'bad' is damaged: what is written down of it cannot be read ('nstool bind-ns --remove bad' removes it)" "$stderr"
		run -125 --separate-stderr bind -l bad true
		[[ $stderr == *"the set 'bad' is damaged"*"hint: 'nstool bind-ns --remove bad' removes it"* ]]
		run -0 --separate-stderr bind --remove bad
		here mkdir /run/nstool/ns/bad
		run -0 --separate-stderr bind --remove --dead
		is "good" "$(sets)"
		bind --remove good
	done
	here mkdir -m 700 /run/nstool/ns/bad
	here chown 4242 /run/nstool/ns/bad
	run -125 --separate-stderr bind --list
	[[ $stderr == *"the set 'bad' is not to be trusted"* ]]
	has_hint "somebody changed it after it was made; 'nstool bind-ns --remove bad' removes it"
	bind --remove bad
	run -0 bind --list
}

@test "--remove with a name that is none removes nothing" {
	bind --new -u one
	bind --new -u two
	run -125 --separate-stderr bind --remove one tow two
	[[ $stderr == *"there is no set named 'tow'"*"hint: did you mean 'two'?"* ]]
	is "one two" "$(sets)"
}

@test "a change takes nothing out of a set unasked" {
	local net
	sleeper --net
	bind --new -un web
	net=$(inode net bind -l web -n)
	run -125 --separate-stderr bind --add net -t "$sleeper" web
	[[ $stderr == *"the set 'web' has another net namespace"* ]]
	has_hint "'--drop net' takes that out, --replace puts this one in its place"
	is "$net" "$(inode net bind -l web -n)"
	run -0 bind --add net --replace -t "$sleeper" web
	is "$(readlink "/proc/$sleeper/ns/net")" "$(inode net bind -l web -n)"
	run -0 bind --add net -t "$sleeper" web # it is there already
	here umount /run/nstool/ns/web/uts
	run -125 --separate-stderr bind --add ipc --alias web
	[[ $stderr == *"the set 'web' is stale: its uts namespace is not bound"* ]]
	run -125 --separate-stderr bind --export web
	[[ $stderr == *"the set 'web' is stale: its uts namespace is not bound"* ]]
	is "" "$output"
	run -0 bind --add uts -t "$sleeper" web
	is "web alive uts,net" "$(sets) $(sets 2) $(sets 3)"
	kill "$sleeper"
}

@test "options that say nothing of what is asked for are refused" {
	refused() { # SENTENCE ARGUMENT...
		run -125 --separate-stderr bind "${@:2}"
		is "nstool: bind-ns: $1" "${stderr_lines[0]}"
	}
	bind --new -u one
	bind --new -u two
	refused "--target says whose namespaces get a name, or are added" --new -t self -u web
	refused "--target says whose namespaces get a name, or are added" -l one -t self true
	refused "letters of types go with a name, --new, --join, --identify or --pids" --remove -u one
	refused "letters of types go with a name, --new, --join, --identify or --pids" --add uts -u one
	refused "--replace, --alias and --holder say how a set is made" --rename --replace one two
	refused "--netns goes with a new name" --add net --netns one
	refused "options of new namespaces go with --new" -a web
	refused "options of new namespaces go with --new" --hostname inside -u web
	refused "the name 'two' is in use" --rename one two
	has_hint "'nstool bind-ns --remove two' frees it"
	[[ $stderr != *--replace* ]]
	is "one two" "$(sets)"
}

@test "a name of ip netns that the replaced set has is said to be its" {
	bind --new -n --netns blue
	run -125 --separate-stderr bind --new -n --netns --replace blue
	is "nstool: bind-ns: the set that is to be replaced has the name 'blue' in 'ip netns'
hint: 'nstool bind-ns --remove blue' frees it" "$stderr"
	is "blue blue" "$(sets) $(here ip netns list | cut -d' ' -f1)"
}

@test "a file without a namespace in /run/netns is in the way" {
	here mkdir /run/netns
	here touch /run/netns/blue
	run -125 --separate-stderr bind --new -n --netns blue
	is "nstool: bind-ns: /run/netns/blue is in the way: nothing is bound there
hint: 'ip netns delete blue' removes what was left there" "$stderr"
	here ip netns delete blue
	run -0 bind --new -n --netns blue
}

@test "a set whose init is dead and not buried is dead" {
	local parent init
	# The first process of the namespace is a child of one that never asks for it.
	nsenter -t "$place" -m unshare -pu sh -c 'sleep infinity & exec sleep infinity' 3>&- &
	parent=$!
	until [ "$(cat "/proc/$parent/comm")" = sleep ]; do :; done
	init=$(tr -d ' ' <"/proc/$parent/task/$parent/children")
	bind -t "$init" -pu web
	is alive "$(sets 2)"
	kill -9 "$init"
	until grep -q '^State:.Z' "/proc/$init/status"; do :; done
	is dead "$(sets 2)"
	run -125 --separate-stderr bind -l web true
	is "nstool: bind-ns: web is dead: the first process of its pid namespace has ended" "${stderr_lines[0]}"
	run -0 bind --remove --dead
	is "" "$(sets)"
	kill "$parent"
}

# shellcheck disable=SC2016 # for the inner shell
@test "who has too many open files is told so, and takes no set for dead" {
	local files init what refused=0
	bind --new -u mounted
	bind --holder --alias -t self -u held
	for files in {6..14}; do
		bind --new -p web
		init=$(bind --list -J | jq '.sets[] | .init // empty')
		for what in "-l mounted true" "-l held true" "--remove --dead" "--remove web"; do
			# shellcheck disable=SC2086 # words
			output=$(here bash -c 'for fd in {3..9}; do eval "exec $fd>&-"; done
				ulimit -n "$1" && shift && exec "$0" bind-ns "$@"' "$NSTOOL" "$files" $what 2>&1) && status=0 || status=$?
			if [ "$status" = 125 ]; then # not the loader's
				has "Too many open files"
				has "hint: 'ulimit -n' shows"
				refused=$((refused + 1))
			fi
			if [[ $what == "--remove web" && $status = 0 ]]; then
				until [ ! -e "/proc/$init" ]; do :; done
				is "held mounted" "$(sets)"
			else
				is "held mounted web alive empty empty" "$(sets) $(sets 2)"
			fi
		done
		bind --remove web 2>/dev/null || true
	done
	[ "$refused" -ge 4 ]
}

# The pids of then may be anybody's, and so may the inodes of their pidfds.
@test "what was written down before the machine was started means nobody who lives now" {
	local holder init
	sleeper
	bind --holder -t "$sleeper" -u held
	bind --new -p mounted
	holder=$(bind --list -J | jq '.sets[0].holder') init=$(bind --list -J | jq '.sets[1].init')
	here sed -i 's/^boot .*/boot of-another-time/' /run/nstool/ns/{held,mounted}/info
	is "stale alive" "$(sets 2)" # by what had been its init
	is "[null,null]" "$(bind --list -J | jq -c '[.sets[0].holder, .sets[1].init]')"
	run -125 --separate-stderr bind -l held true
	[[ $stderr == *"the set 'held' is stale: its uts namespace is not bound"* ]]
	has_hint "it was made in another mount namespace or before the machine was started"
	bind --remove --dead 2>/dev/null
	is mounted "$(sets)"
	bind --remove mounted 2>/dev/null
	[ -e "/proc/$holder" ]
	[ -e "/proc/$init" ]
	kill -9 "$holder" "$init" "$sleeper"
}

# shellcheck disable=SC2016 # for the inner shell
@test "whose namespaces cannot be looked at, and where no set can be kept" {
	sleeper --net
	run -0 ordinary sh -c '
		says() { # TEXT ARGUMENT...
			text=$1; shift
			/mnt/nstool bind-ns "$@" 2>&1 | tr "\n" " " | grep -F "$text" | grep -o "hint: .*" ||
				echo "not: $text"
		}
		mkdir -m 700 run && export XDG_RUNTIME_DIR=$PWD/run || exit
		says "cannot open the mnt namespace of $0: Permission denied" -t "$0" web
		says "cannot open the mnt namespace of $0: Permission denied" --identify "$0"
		says "cannot open the mnt namespace of -$0: Permission denied" -l "-$0" true
		rm -r run/nstool
		chmod 500 run
		says "Permission denied" --new -Un web
		chmod 777 run
		says "can be written to by others" --new -Un web
		rmdir run
		says "No such file or directory" --new -Un web
		unset XDG_RUNTIME_DIR
		says "there is no place for the names of sets" --new -Un web' "$sleeper"
	echo "$output"
	[[ ${#lines[@]} = 7 && $output != *"not: "* ]]
	is 3 "$(grep -c "else it needs CAP_SYS_PTRACE" <<<"$output")"
	is 3 "$(grep -c "hint: XDG_RUNTIME_DIR should name a directory that only you can write to" <<<"$output")"
	is 1 "$(grep -c "hint: sets are kept only where nobody else can change them" <<<"$output")"
	kill "$sleeper"
}

@test "kernels that cannot be asked whether a pid namespace lives are tried (before 6.11)" {
	local init old
	old=("$(dirname "$NSTOOL")/tests/lib/deny" ioctl:0x8004b707=ENOTTY -- "$NSTOOL" bind-ns)
	bind --new -pu web
	is empty "$(here "${old[@]}" --list | awk 'NR == 2 {print $2}')"
	init=$(bind --list -J | jq '.sets[0].init')
	kill -9 "$init"
	until [ ! -e "/proc/$init" ]; do :; done
	is dead "$(here "${old[@]}" --list | awk 'NR == 2 {print $2}')"
	run -125 --separate-stderr here "${old[@]}" -l web true
	is "nstool: bind-ns: web is dead: the first process of its pid namespace has ended" "${stderr_lines[0]}"
	run -0 here "${old[@]}" --remove --dead
	is "" "$(sets)"
	# Else these tests would be of the newer way.
	[ "$(here strace -f -qq -e trace=clone,fork,vfork "${old[@]}" --list 2>&1 | wc -l)" = 0 ]
	bind --new -p web
	[ "$(here strace -f -qq -e trace=clone,fork,vfork "${old[@]}" --list 2>&1 | grep -c clone)" -ge 1 ]
	is 0 "$(here strace -f -qq -e trace=clone,fork,vfork "$NSTOOL" bind-ns --list 2>&1 | grep -c clone)"
}
