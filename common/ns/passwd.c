/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "passwd.h"

#include "../base/fd.h"
#include "../base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

/* A file of this size has some 20,000 users; a target may offer an endless one. */
#define FILE_MAX (1 << 20)

/* "name:x:id:…", field 6 is the shell of a passwd line. */
enum { FIELD_NAME, FIELD_ID = 2, FIELD_SHELL = 6 };

/* Field N of LINE as a string of its own, or NULL. */
static char *field(const char *line, int n)
{
	for (; n > 0; n--) {
		line += strcspn(line, ":\n");
		if (*line != ':')
			return NULL;
		line++;
	}
	return xstrndup(line, strcspn(line, ":\n"));
}

/* O_NONBLOCK: a fifo in the place of the file must not make us wait. */
static int read_file(const char *path, struct str *ret)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? fd_read_all(fd, FILE_MAX, ret) : -EINVAL;
}

static const char *next_line(const char *p)
{
	p += strcspn(p, "\n");
	return *p ? p + 1 : p;
}

static bool line_has_id(const char *line, unsigned id)
{
	auto_free char *text = field(line, FIELD_ID);
	uint64_t value;

	return text && num_u64(text, id, id, &value) == 0;
}

char *passwd_shell(const char *path, uid_t uid)
{
	auto_str struct str s = { 0 };

	if (read_file(path, &s) < 0)
		return NULL;
	for (const char *p = str_text(&s); *p; p = next_line(p)) {
		auto_free char *shell = line_has_id(p, uid) ? field(p, FIELD_SHELL) : NULL;

		if (shell && *shell)
			return take_ptr(&shell);
	}
	return NULL;
}

int passwd_id(const char *path, const char *name, unsigned *ret)
{
	auto_str struct str s = { 0 };
	int r = read_file(path, &s);

	for (const char *p = str_text(&s); r == 0 && *p; p = next_line(p)) {
		auto_free char *user = field(p, FIELD_NAME);
		auto_free char *text = field(p, FIELD_ID);
		uint64_t value;

		if (!user || !text || !str_is(user, name))
			continue;
		if (num_u64(text, 0, UINT32_MAX - 1, &value) < 0)
			return -EINVAL;
		*ret = (unsigned)value;
		return 0;
	}
	return r < 0 ? r : -ENOENT;
}
