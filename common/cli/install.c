/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "install.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

typedef VEC(const char *) name_vec;

static name_vec all_names(const struct ctx *ctx)
{
	name_vec names = { 0 };

	for (size_t i = 0; i < ctx->napplets; i++) {
		const char *const *alias = ctx->applets[i]->aliases;

		vec_push(&names, ctx->applets[i]->name);
		while (alias && *alias)
			vec_push(&names, *alias++);
	}
	return names;
}

void install_list(const struct ctx *ctx)
{
	name_vec names = all_names(ctx);

	for (size_t i = 0; i < names.n; i++)
		fprintf(ctx->out, "%s\n", names.v[i]);
	vec_done(&names);
}

static int link_one(const char *self, int dir, const char *name, bool symbolic)
{
	int r = symbolic ? symlinkat(self, dir, name)
			 : linkat(AT_FDCWD, "/proc/self/exe", dir, name, AT_SYMLINK_FOLLOW);

	return r < 0 ? -errno : 0;
}

static void unlink_all(int dir, const name_vec *made)
{
	for (size_t i = 0; i < made->n; i++)
		unlinkat(dir, made->v[i], 0);
}

/* Links every name; MADE are those that did not exist before. */
static int link_all(const char *self, int dir, const name_vec *names, bool symbolic, name_vec *made,
		    struct err *e)
{
	for (size_t i = 0; i < names->n; i++) {
		int r = link_one(self, dir, names->v[i], symbolic);

		if (r == -EEXIST)
			fprintf(stderr, "note: left alone, exists already: %s\n", names->v[i]);
		else if (r == -EXDEV) {
			err_set(e, r, "cannot link %s", names->v[i]);
			err_hint(e, "the program is on another file system; use --install -s");
			return r;
		} else if (r < 0)
			return err_set(e, r, "cannot link %s", names->v[i]);
		else
			vec_push(made, names->v[i]);
	}
	return 0;
}

int install_links(const struct ctx *ctx, const char *dir, bool symbolic, struct err *e)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_free char *q = quoted(dir);
	char self[PATH_MAX];
	name_vec names, made = { 0 };
	ssize_t n;
	int r;

	if (fd < 0)
		return err_set(e, -errno, "cannot open directory %s", q);
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0)
		return err_set(e, -errno, "cannot read /proc/self/exe");
	self[n] = '\0';
	names = all_names(ctx);
	r = link_all(self, fd, &names, symbolic, &made, e);
	if (r < 0)
		unlink_all(fd, &made);
	vec_done(&names);
	vec_done(&made);
	return r;
}
