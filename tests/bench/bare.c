/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What `nstool list` cannot do without, and nothing else: the reads that its default sources and
 * its default columns need, by the fewest and cheapest system calls, in one thread. Of each process
 * the ten links of namespaces, the links of its descriptors and how many threads it has; the mounts
 * of each mount namespace; owner, parent, id and creator of each namespace, and for its row
 * the command line, the user and the cgroup of its first process. `list` is measured against it.
 */
#include "../../common/base/fd.h"
#include "../../common/base/hash.h"
#include "../../common/base/num.h"
#include "../../common/base/vec.h"
#include "../../common/sys/compat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Index 0 is mnt, whose table is read; 4 and 5 are pid and user, which have parents. */
static const char *const links[] = {
	"mnt",
	"uts",
	"ipc",
	"net",
	"pid",
	"user",
	"cgroup",
	"time",
	"pid_for_children",
	"time_for_children",
};
enum { MNT = 0, PID = 4, USER = 5, NMEMBERSHIPS = 8 };

struct row {
	uint64_t ino;
	pid_t pid;
};

static struct bare {
	int proc;
	struct hash seen;
	VEC(struct row) rows;
	char buffer[1 << 16];
	size_t bytes; /* of all that was read */
} bare;

static uint64_t inode_of(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static bool is_new(uint64_t ino)
{
	uint32_t unused;

	if (!ino || hash_get(&bare.seen, ino, &unused))
		return false;
	hash_put(&bare.seen, ino, 0);
	return true;
}

/* Owners and parents, up to the topmost that we may see. */
static void ask(int fd, int type)
{
	auto_close int owner = ioctl(fd, NS_GET_USERNS);
	auto_close int parent = type == PID ? ioctl(fd, NS_GET_PARENT) : -EBADF;
	uint64_t id;
	uid_t uid;

	ioctl(fd, NS_GET_ID, &id);
	if (type == USER)
		ioctl(fd, NS_GET_OWNER_UID, &uid);
	if (is_new(inode_of(owner)))
		ask(owner, USER);
	if (is_new(inode_of(parent)))
		ask(parent, PID);
}

static void read_file(const char *path)
{
	auto_close int fd = openat(bare.proc, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	while ((n = read(fd, bare.buffer, sizeof(bare.buffer))) > 0)
		bare.bytes += (size_t)n;
}

static void read_pid_file(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/%s", (int)pid, name);
	read_file(path);
}

static void read_links(pid_t pid)
{
	char path[64], text[64];
	auto_close int dir = -EBADF;

	snprintf(path, sizeof(path), "%d/ns", (int)pid);
	dir = openat(bare.proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < (int)ARRAY_LEN(links); i++) {
		ssize_t n = readlinkat(dir, links[i], text, sizeof(text) - 1);
		const char *p = n > 0 ? memchr(text, '[', (size_t)n) : NULL;
		auto_close int fd = -EBADF;
		uint64_t ino;

		if (!p++ || num_prefix(&p, &ino) < 0 || !is_new(ino))
			continue;
		fd = openat(dir, links[i], O_RDONLY | O_CLOEXEC);
		ask(fd, i);
		vec_push(&bare.rows, { ino, pid });
		if (i == MNT)
			read_pid_file(pid, "mountinfo");
	}
}

static void read_descriptors(pid_t pid)
{
	char path[64], text[64];
	auto_close int dir = -EBADF;
	ssize_t n;

	snprintf(path, sizeof(path), "%d/fd", (int)pid);
	dir = openat(bare.proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while ((n = getdents64(dir, bare.buffer, sizeof(bare.buffer))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const void *)(bare.buffer + at);

			if (d->d_name[0] != '.' &&
			    readlinkat(dir, d->d_name, text, sizeof(text)) > 0)
				bare.bytes++;
			at += d->d_reclen;
		}
}

static void count_threads(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "%d/task", (int)pid);
	if (fstatat(bare.proc, path, &st, 0) == 0)
		bare.bytes += st.st_nlink;
}

static void show(const struct row *row)
{
	char path[64];
	struct stat st;

	read_pid_file(row->pid, "cmdline");
	read_pid_file(row->pid, "cgroup");
	snprintf(path, sizeof(path), "%d", (int)row->pid);
	if (fstatat(bare.proc, path, &st, 0) == 0)
		printf("%lu %d %u\n", (unsigned long)row->ino, (int)row->pid, st.st_uid);
}

int main(void)
{
	static char names[1 << 16];
	ssize_t n;

	bare.proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while ((n = getdents64(bare.proc, names, sizeof(names))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const void *)(names + at);
			pid_t pid;

			if (num_pid(d->d_name, &pid) == 0) {
				read_links(pid);
				count_threads(pid);
				read_descriptors(pid);
			}
			at += d->d_reclen;
		}
	for (size_t i = 0; i < bare.rows.n; i++)
		show(&bare.rows.v[i]);
	return bare.bytes == 0;
}
