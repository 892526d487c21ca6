/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountinfo.h"

#include "../base/dl.h"
#include "../base/str.h"
#include "compat.h"

#include <errno.h>
#include <libmount/libmount.h>
#include <sys/mount.h>

#define LIBMOUNT_CALLS(X)                                                                          \
	X(mnt_new_table)                                                                           \
	X(mnt_unref_table)                                                                         \
	X(mnt_table_set_parser_errcb)                                                              \
	X(mnt_table_parse_stream)                                                                  \
	X(mnt_new_iter)                                                                            \
	X(mnt_free_iter)                                                                           \
	X(mnt_table_next_fs)                                                                       \
	X(mnt_fs_get_id)                                                                           \
	X(mnt_fs_get_parent_id)                                                                    \
	X(mnt_fs_get_devno)                                                                        \
	X(mnt_fs_get_root)                                                                         \
	X(mnt_fs_get_target)                                                                       \
	X(mnt_fs_get_fstype)                                                                       \
	X(mnt_fs_get_source)                                                                       \
	X(mnt_fs_get_vfs_options)                                                                  \
	X(mnt_fs_get_optional_fields)

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

/* The MOUNT_ATTR_… of "rw,nosuid,relatime". */
static uint64_t parse_attr(const char *options)
{
	static const struct {
		const char *word;
		uint64_t attr;
	} words[] = {
		{ "ro", MOUNT_ATTR_RDONLY },
		{ "nosuid", MOUNT_ATTR_NOSUID },
		{ "nodev", MOUNT_ATTR_NODEV },
		{ "noexec", MOUNT_ATTR_NOEXEC },
		{ "noatime", MOUNT_ATTR_NOATIME },
		{ "nodiratime", MOUNT_ATTR_NODIRATIME },
		{ "nosymfollow", MOUNT_ATTR_NOSYMFOLLOW },
		{ "idmapped", MOUNT_ATTR_IDMAP },
	};
	uint64_t attr = 0;
	bool relatime = false;

	for (const char *p = options; p && *p; p += strspn(p, ",")) {
		size_t n = strcspn(p, ",");

		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (n == strlen(words[i].word) && memcmp(p, words[i].word, n) == 0)
				attr |= words[i].attr;
		relatime |= n == strlen("relatime") && memcmp(p, "relatime", n) == 0;
		p += n;
	}
	return relatime || attr & MOUNT_ATTR_NOATIME ? attr : attr | MOUNT_ATTR_STRICTATIME;
}

/* The number behind WORD ("shared:") in "shared:1 master:2"; 0: there is none. */
static uint32_t parse_group(const char *fields, const char *word)
{
	const char *p = fields ? strstr(fields, word) : NULL;
	uint32_t number = 0;

	for (p = p ? p + strlen(word) : ""; *p >= '0' && *p <= '9'; p++)
		number = 10 * number + (uint32_t)(*p - '0');
	return number;
}

static void tell(const struct libmount *lib, struct libmnt_fs *fs, mount_line_fn fn, void *data)
{
	const char *fields = lib->mnt_fs_get_optional_fields(fs);
	struct mount_line line = {
		.id = (uint32_t)lib->mnt_fs_get_id(fs),
		.parent = (uint32_t)lib->mnt_fs_get_parent_id(fs),
		.dev = lib->mnt_fs_get_devno(fs),
		.root = lib->mnt_fs_get_root(fs),
		.target = lib->mnt_fs_get_target(fs),
		.fstype = lib->mnt_fs_get_fstype(fs),
		.source = lib->mnt_fs_get_source(fs),
		.attr = parse_attr(lib->mnt_fs_get_vfs_options(fs)),
		.peers = parse_group(fields, "shared:"),
		.master = parse_group(fields, "master:"),
	};

	fn(&line, data);
}

int mountinfo_each(const char *text, size_t len, mount_line_fn fn, void *data, struct err *e)
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
		tell(&lib, fs, fn, data);
	lib.mnt_free_iter(iter);
	lib.mnt_unref_table(table);
	return r < 0 ? err_set(e, r, "cannot read a mount table") : 0;
}
