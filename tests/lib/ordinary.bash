# shellcheck shell=bash
# An ordinary user, made for the test: `ordinary COMMAND...` runs a command as user "ann" (4242, or
# $ann where others' processes must not be hers), who has subordinate ids, in a mount namespace where
# /etc says so. The program is there as /mnt/nstool (and /mnt/unshare), and /mnt is a place where ann
# can write.

ordinary() {
	local ann=${ann:-4242}
	local etc=$BATS_TEST_TMPDIR/etc file
	mkdir -p "$etc"
	for file in passwd group subuid subgid; do
		cat "/etc/$file" >"$etc/$file" 2>/dev/null || true
	done
	echo "ann:x:$ann:$ann::/mnt:/bin/sh" >>"$etc/passwd"
	echo "ann:x:$ann:" >>"$etc/group"
	printf '%s\n' ann:200000:1000 "$ann:300000:500" | tee -a "$etc/subuid" >>"$etc/subgid"
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -c '
		etc=$1 tool=$2 ann=$3
		shift 3
		mount -t tmpfs -o mode=1777 none /mnt &&
		install -m 755 "$tool" /mnt/nstool && ln -s nstool /mnt/unshare || exit
		for file in passwd group subuid subgid; do
			[ -e "/etc/$file" ] || continue
			mount --bind "$etc/$file" "/etc/$file" || exit
		done
		cd /mnt && exec setpriv --reuid "$ann" --regid "$ann" --clear-groups env HOME=/mnt "$@"' \
		sh "$etc" "$NSTOOL" "$ann" "$@"
}

# The leak checker forks when the program ends; where the first process of the new pid namespace
# has ended, the kernel allows no fork any more.
no_leak_check() {
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
}
