/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountinfo.h"

#include "../base/dl.h"

#include <errno.h>
#include <libmount/libmount.h>

#define LIBMOUNT_CALLS(X)                                                                          \
	X(mnt_new_table)                                                                           \
	X(mnt_unref_table)                                                                         \
	X(mnt_table_set_parser_errcb)                                                              \
	X(mnt_table_parse_stream)                                                                  \
	X(mnt_new_iter)                                                                            \
	X(mnt_free_iter)                                                                           \
	X(mnt_table_next_fs)                                                                       \
	X(mnt_fs_get_root)                                                                         \
	X(mnt_fs_get_target)

struct libmount {
	LIBMOUNT_CALLS(DL_FIELD)
};

DL_NOTE("libmount.so.1", "mounts", "Finds namespaces that a bind mount keeps alive");

/* A line that libmount cannot read is passed over; the others count. */
static int pass_over(struct libmnt_table *table, const char *file, int line)
{
	(void)table, (void)file, (void)line;
	return 1;
}

static int parse(const struct libmount *lib, struct libmnt_table *table, const char *text,
		 size_t len)
{
	FILE *f = fmemopen((void *)text, len, "r");
	int r;

	if (!f)
		return -errno;
	lib->mnt_table_set_parser_errcb(table, pass_over);
	r = lib->mnt_table_parse_stream(table, f, "mountinfo");
	fclose(f);
	return r;
}

int mountinfo_each(const char *text, size_t len,
		   void (*fn)(const char *root, const char *target, void *data), void *data,
		   struct err *e)
{
	static const char *const names[] = { LIBMOUNT_CALLS(DL_NAME) };
	struct libmnt_table *table;
	struct libmnt_iter *iter;
	struct libmnt_fs *fs;
	struct libmount lib;
	int r = dl_load("libmount.so.1", "libmount1", names, ARRAY_LEN(names), &lib, e);

	if (r < 0)
		return r;
	table = lib.mnt_new_table();
	iter = lib.mnt_new_iter(MNT_ITER_FORWARD);
	r = parse(&lib, table, text, len);
	while (r == 0 && lib.mnt_table_next_fs(table, iter, &fs) == 0)
		fn(lib.mnt_fs_get_root(fs), lib.mnt_fs_get_target(fs), data);
	lib.mnt_free_iter(iter);
	lib.mnt_unref_table(table);
	return r < 0 ? err_set(e, r, "cannot read a mount table") : 0;
}
