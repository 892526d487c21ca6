/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs.h"

#include "../base/fd.h"
#include "../base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define LARGEST_FILE (16 << 20)

int proc_open(void)
{
	auto_close int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs s;

	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &s) < 0)
		return -errno;
	if (s.f_type != PROC_SUPER_MAGIC)
		return -ENODEV;
	return take_fd(&fd);
}

static char *add_number(char *p, pid_t number)
{
	char digits[16];
	int n = 0;

	do
		digits[n++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (n > 0)
		*p++ = digits[--n];
	return p;
}

void proc_path(char path[PROC_PATH_MAX], pid_t pid, pid_t tid, const char *name)
{
	char *p = add_number(path, pid);

	if (tid) {
		p = mempcpy(p, "/task/", 6);
		p = add_number(p, tid);
	}
	*p++ = '/';
	stpncpy(p, name, 40)[0] = '\0';
}

int proc_read(int proc, const char *path, struct str *ret)
{
	auto_close int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);

	str_clear(ret);
	return fd < 0 ? -errno : fd_read_all(fd, LARGEST_FILE, ret);
}

ssize_t proc_link(int dir, const char *name, char *buf, size_t size)
{
	ssize_t n = readlinkat(dir, name, buf, size - 1);

	if (n < 0)
		return -errno;
	buf[n] = '\0';
	return n;
}

const char *proc_field(const char *text, const char *name)
{
	while (*text) {
		const char *value = str_after(text, name);

		if (value)
			return value + strspn(value, " \t");
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return NULL;
}

int proc_tgid(int proc, pid_t tid, pid_t *ret)
{
	auto_str struct str text = { 0 };
	char path[PROC_PATH_MAX];
	const char *value;
	uint64_t tgid;
	int r;

	proc_path(path, tid, 0, "status");
	r = proc_read(proc, path, &text);
	if (r < 0)
		return r;
	value = proc_field(str_text(&text), "Tgid:");
	if (!value || num_prefix(&value, &tgid) < 0)
		return -EINVAL;
	*ret = (pid_t)tgid;
	return 0;
}

/* Moves *P behind the next N fields. */
static void skip_fields(const char **p, int n)
{
	while (n-- > 0) {
		*p += strcspn(*p, " ");
		*p += strspn(*p, " ");
	}
}

int proc_stat_parse(const char *text, struct proc_stat *ret)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')');
	uint64_t ppid;

	if (!open || !close || close < open || close[1] != ' ' || !close[2])
		return -EINVAL;
	*ret = (struct proc_stat){ .state = close[2] };
	memcpy(ret->comm, open + 1, MIN((size_t)(close - open - 1), sizeof(ret->comm) - 1));
	text = close + 2;
	skip_fields(&text, 1); /* 3 state */
	if (num_prefix(&text, &ppid) < 0)
		return -EINVAL;
	ret->ppid = (pid_t)ppid;
	skip_fields(&text, 1);
	skip_fields(&text, 4); /* 5 pgrp … 8 tpgid */
	if (num_prefix(&text, &ret->flags) < 0)
		return -EINVAL;
	skip_fields(&text, 1);
	skip_fields(&text, 12); /* 10 minflt … 21 itrealvalue */
	return num_prefix(&text, &ret->starttime);
}

int proc_stat_read(int proc, pid_t pid, struct proc_stat *ret)
{
	auto_str struct str text = { 0 };
	char path[PROC_PATH_MAX];
	int r;

	proc_path(path, pid, 0, "stat");
	r = proc_read(proc, path, &text);
	return r < 0 ? r : proc_stat_parse(str_text(&text), ret);
}

uint32_t proc_nthreads(int proc, pid_t pid)
{
	char path[PROC_PATH_MAX];
	struct stat st;

	proc_path(path, pid, 0, "task");
	if (fstatat(proc, path, &st, 0) < 0)
		return 0;
	return st.st_nlink > 2 ? (uint32_t)st.st_nlink - 2 : 1;
}

int proc_total_threads(int proc, uint64_t *ret)
{
	auto_str struct str text = { 0 };
	int r = proc_read(proc, "loadavg", &text);
	const char *slash = r < 0 ? NULL : strchr(str_text(&text), '/');

	if (!slash)
		return r < 0 ? r : -EINVAL;
	slash++;
	return num_prefix(&slash, ret);
}

/* A first read that is not filled has got all: most command lines cost no second one. */
static int read_command(int fd, size_t limit, struct str *ret)
{
	size_t want = MIN(limit, 4096);
	ssize_t n = read(fd, str_room(ret, want), want);

	if (n < 0)
		return -errno;
	ret->len += (size_t)n;
	ret->s[ret->len] = '\0';
	return (size_t)n < want ? 0 : fd_read_all(fd, limit - want, ret);
}

int proc_command(int proc, pid_t pid, size_t limit, struct str *ret)
{
	char path[PROC_PATH_MAX];
	struct proc_stat st;
	int fd, r;

	proc_path(path, pid, 0, "cmdline");
	str_clear(ret);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = read_command(fd, limit, ret);
	cleanup_fd(&fd);
	if (r < 0)
		return r;
	while (ret->len > 0 && ret->s[ret->len - 1] == '\0')
		ret->len--;
	for (size_t i = 0; i < ret->len; i++)
		if (ret->s[i] == '\0')
			ret->s[i] = ' ';
	if (ret->len > 0)
		return 0;
	r = proc_stat_read(proc, pid, &st);
	if (r == 0)
		str_add(ret, st.comm);
	return r;
}

int proc_uid(int proc, pid_t pid, uid_t *ret)
{
	char path[PROC_PATH_MAX];
	struct stat st;

	proc_path(path, pid, 0, "");
	if (fstatat(proc, path, &st, 0) < 0)
		return -errno;
	*ret = st.st_uid;
	return 0;
}
