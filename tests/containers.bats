#!/usr/bin/env bats
# Containers, pods and units by their names: README's commands, over cgroups that are named as the
# engines name them.

load lib/suite
load lib/registry

# A number of 64 hexadecimal digits that begins with HEAD.
digits() { # HEAD
	local rest
	printf -v rest '%064d' 0
	echo "$1${rest:${#1}}"
}

# A process in a cgroup of this path, in namespaces of its own: in the place, made by options of
# unshare and prepared by a line of shell.
container() { # CGROUP PREPARATION OPTION-OF-UNSHARE...
	local cgroup=$groups/$1 prepare=$2 up pid
	shift 2
	here mkdir -p "$cgroup"
	mkfifo "$BATS_TEST_TMPDIR/up"
	exec {up}<>"$BATS_TEST_TMPDIR/up"
	rm "$BATS_TEST_TMPDIR/up"
	# As with an engine, who started it is in none of its namespaces.
	nsenter -t "$place" -m -- unshare --fork --kill-child --pid -- unshare "$@" -- \
		sh -c "$prepare; echo >&7; exec sleep 1000 7>&-" 3>&- 7>&"$up" &
	started+=($!)
	read -r -u "$up" _
	exec {up}>&-
	pid=$(<"/proc/$!/task/$!/children")
	# shellcheck disable=SC2016 # for the inner shell
	here sh -c 'echo "$0" >"$1/cgroup.procs"' "${pid% }" "$cgroup"
}

# Ends what container() has started, and takes the cgroups away.
end_containers() {
	[ "${#started[@]}" != 0 ] || return 0
	kill -KILL "${started[@]}"
	wait "${started[@]}" || true
	started=()
	# shellcheck disable=SC2016 # for the inner shell
	here timeout 60 sh -c 'until find "$0" -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null; do :; done' "$groups"
}

setup() {
	need_root
	started=()
	# Others may have containers, and run these tests, at the same time.
	head=$(printf 'f%07x' $$) uid=$(printf '2c48913c-b29f-11e7-9350-%012d' $$)
	place
	groups=/run/cgroup/nstool-test-$$
	here sh -c 'mkdir /run/cgroup && mount -t cgroup2 none /run/cgroup && mkdir "$0"' "$groups"
}

teardown() {
	[ "${place-}" ] || return 0
	end_containers 2>/dev/null
	here rmdir "$groups"
	unplace
	leaves_nothing
}

# README's commands of the section, without their remarks.
commands() {
	awk '/^## /{here = ($0 == "## Docker, Podman, Kubernetes, systemd")}
		/^```/{inside = !inside; next} here && inside' "$BATS_TEST_DIRNAME/../README.md" | sed 's/  *#.*//'
}

# Runs README's command that begins so.
readme() { # BEGINNING
	local line
	line=$(commands | grep -F -m1 -- "$1")
	here_example "$line" container:3f2a="container:$head" \
		2c48913c-b29f-11e7-9350-020968147796="$uid" nginx.service="nginx$$.service" </dev/null
}

@test "README: containers of Docker and Podman" {
	local engine id
	id=$(digits "$head")
	for engine in "docker-$id.scope" "docker/$id" "machine.slice/libpod-$id.scope"; do
		container "$engine" "mount -t proc proc /proc; hostname web" -mun
		run -0 readme 'nstool list -t net'
		[[ $output =~ (docker|podman):"${id:0:12}" ]]
		run -0 readme 'nstool enter -t container:3f2a'
		run -0 readme 'nstool enter -t container:3f2a --host-tools'
		run -0 readme 'nstool enter -t container:3f2a -n'
		has "Local Address"
		run -0 readme 'nstool enter -t container:3f2a --like'
		has "uid=0"
		run -0 here "$NSTOOL" enter -t "container:$head" -- sh -c 'hostname; ls /proc | grep -x 1'
		is $'web\n1'
		end_containers
	done
}

@test "README: a pod on a Kubernetes node, also seen from a pod that has hostPID" {
	local pod
	pod=kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid//-/_}.slice
	container "$pod/cri-containerd-$(digits "$head").scope" "ip link set lo up" -n
	run -0 readme 'nstool enter -t container:2c48913c'
	has "127.0.0.1/8"
	run -0 readme 'nstool list -Q'
	has "containerd:${head}0000"
	here mkdir "$groups/kubepods.slice/us"
	# shellcheck disable=SC2016 # for the inner shell
	run -0 --separate-stderr here sh -c 'echo $$ >"$1/cgroup.procs" &&
		exec unshare -C "$2" list -rno CONTAINER -t net "container:$3"' \
		sh "$groups/kubepods.slice/us" "$NSTOOL" "$uid"
	is "containerd:${head}0000"
}

@test "README: a unit of systemd" {
	container "system.slice/nginx$$.service" "mount -t tmpfs none /tmp; touch /tmp/its-own" -m
	run -0 readme 'nstool enter -t container:nginx.service -m'
	is its-own
}

@test "README: namespaces made before their unit or container" {
	local line
	while IFS= read -r line; do
		run -0 here_example "$line" </dev/null
		[[ $line != *--export* ]] || has "NSTOOL_NET=/run/nstool/ns/lab/net"
		[[ $line != *" -l lab"* ]] || has "lo "
	done < <(commands | grep bind-ns)
	is "" "$(sets)"
}

@test "README: every command of the section is run here" {
	is 12 "$(commands | wc -l)"
	is 8 "$(grep -c "^	*run -0 readme '" "$BATS_TEST_FILENAME")"
	is 4 "$(commands | grep -c bind-ns)"
}
