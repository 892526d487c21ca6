#!/usr/bin/env bats
# enter: each type of namespace from each form of reference, as -t and as a source of its own.

load lib/suite
load lib/enter
load lib/registry

setup() {
	# A set may have a mount namespace only if that is younger than the registry's; ids are
	# given out in batches a processor.
	taskset -pc "$(taskset -pc $$ | sed 's/.*: //; s/[,-].*//')" $$ >/dev/null
	enter_setup
	place
	via=(here)
	start_with nsenter -t "$place" -m -- unshare --fork --kill-child --mount --uts --ipc --net \
		--pid --user --map-root-user --cgroup --time
}

teardown() {
	enter_teardown
	unplace
}

# The 64-bit id of one of its namespaces.
id_of() { # TYPE
	here "$NSTOOL" list -nro NS,ID "$target" 2>/dev/null |
		awk -v ns="$(stat -L -c %i "/proc/$target/ns/$1")" '$1 == ns { print $2 }'
}

# The option and the form of reference lead to the target's namespace of this type.
joins() { # TYPE OPTION...
	local type=$1
	shift
	run -0 "${via[@]}" "$NSTOOL" enter "$@" readlink "/proc/self/ns/$type"
	is "$(readlink "/proc/$target/ns/$type")"
}

# Each of the eight options with this reference; %i stands for the inode of the type, %t for its
# name, %d for its 64-bit id.
each_type() { # FORM
	local type ref
	for type in $types; do
		ref=${1//%i/$(stat -L -c %i "/proc/$target/ns/$type")}
		ref=${ref//%t/$type}
		[[ $ref != *%d* ]] || ref=${ref//%d/$(id_of "$type")}
		joins "$type" "--${type/mnt/mount}=$ref" || return
	done
}

@test "processes and threads" {
	each_type "$target"
	each_type "pid:$target"
	each_type "tid:$target"
}

@test "a process that must be the same as before" {
	local birth
	birth=$(here "$NSTOOL" enter -t "pid:$target:1" true 2>&1 |
		sed -n "s/^hint.*pid:$target:\([0-9]*\)'$/\1/p")
	each_type "pid:$target:$birth"
	run -125 "$NSTOOL" enter "--uts=pid:$target:1" true
	has "pid:$target:1 is stale"
}

@test "inodes and ids" {
	each_type "%t:[%i]"
	each_type "%t:%i"
	each_type "%i"
	[ "$(id_of uts)" ] || skip "this kernel has no ids"
	each_type "id:%d"
	run -125 here "$NSTOOL" enter "--net=id:$(id_of uts)" true
	has "names no net namespace"
}

@test "files" {
	each_type "/proc/$target/ns/%t"
	NSTOOL=$(realpath "$NSTOOL") via=(env)
	cd "/proc/$target"
	each_type "./ns/%t"
	cd /
}

@test "descriptors: of a namespace, and of a process" {
	local type
	for type in $types; do
		joins "$type" "--${type/mnt/mount}=fd:7" 7<"/proc/$target/ns/$type"
	done
}

@test "a bound set" {
	run -0 bind -t "$target" web
	each_type @web
	for type in $types; do joins "$type" -l web; done
	run -0 here "$NSTOOL" enter -t @web sh -c "$namespaces"
	is "$(namespaces_of "$target")"
}

@test "a container" {
	local id group
	id=$(printf '%064d' "$target")
	group=/sys/fs/cgroup/unified/nst$$.slice/docker-${id/0/f}.scope
	mkdir -p "$group" || skip "no cgroups to make"
	echo "$target" >"$group/cgroup.procs"
	! each_type "container:docker:f${id:1:62}" >"$dir/said" 2>&1 || touch "$dir/passed"
	run here "$NSTOOL" enter -t "container:f${id:1:30}" -c sh -c "grep -o 'nst.*scope' /proc/self/cgroup"
	kill -KILL "$target"
	until rmdir "$group" 2>/dev/null; do pause; done
	rmdir "${group%/*}"
	[ -e "$dir/passed" ] || { cat "$dir/said" && return 1; }
	is "nst$$.slice/docker-${id/0/f}.scope"
}

@test "the caller itself, its parent, the host" {
	local own=("$NSTOOL" enter)
	[ "$(stat -L -c %i /proc/self/ns/net)" = "$("$NSTOOL" list -nro NS -t net host)" ] ||
		skip "not among the host's namespaces"
	# The parent of who asks is in the host's, it itself is not.
	run -0 sh -c 'unshare --net --uts "$0" enter -n=parent readlink /proc/self/ns/net; :' "$NSTOOL"
	is "$(readlink /proc/self/ns/net)"
	local type
	for type in mnt uts ipc net cgroup time; do
		run -0 unshare --mount --uts --ipc --net --cgroup --time "${own[@]}" \
			"--${type/mnt/mount}=host" readlink "/proc/self/ns/$type"
		is "$(readlink "/proc/2/ns/$type")" # the kernel's own; ours, of mounts, may be another
		run -0 "${own[@]}" "--${type/mnt/mount}=self" readlink "/proc/self/ns/$type"
		is "$(readlink "/proc/self/ns/$type")"
	done
}

@test "a name of ip netns" {
	ip netns add "nst-$$"
	run "$NSTOOL" enter "--net=netns:nst-$$" stat -L -c %i /proc/self/ns/net
	local first=$output
	run "$NSTOOL" enter -t "netns:nst-$$" stat -L -c %i /proc/self/ns/net
	local second=$output own
	run "$NSTOOL" enter "--uts=netns:nst-$$" true
	own=$(stat -c %i "/run/netns/nst-$$")
	ip netns delete "nst-$$"
	is "$own" "$first"
	is "$own" "$second"
	is "nstool: enter: netns:nst-$$ names no uts namespace"
}
