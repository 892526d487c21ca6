/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgroups.h"

#include "../base/escape.h"

#include <errno.h>
#include <stdbool.h>

/* One line of /proc/PID/cgroup: "4:memory:/a" or "0::/a". */
struct line {
	char *controllers; /* "": version 2 */
	char *path;
};

static void line_done(struct line *l)
{
	free(l->controllers);
	free(l->path);
}

/* Reads the line at P. Returns false if it is none. */
static bool line_read(const char *p, struct line *ret)
{
	size_t len = strcspn(p, "\n");
	const char *first = memchr(p, ':', len);
	const char *second = first ? memchr(first + 1, ':', len - (size_t)(first + 1 - p)) : NULL;

	if (!second)
		return false;
	ret->controllers = xstrndup(first + 1, (size_t)(second - first - 1));
	ret->path = xstrndup(second + 1, len - (size_t)(second + 1 - p));
	return true;
}

static const char *next_line(const char *p)
{
	p += strcspn(p, "\n");
	return *p ? p + 1 : p;
}

/* A field of mountinfo: up to a space, \040 and the like undone. */
static char *unescaped(const char *p, size_t n)
{
	char *text = xmalloc(n + 1), *to = text;

	for (size_t i = 0; i < n; i++)
		if (p[i] == '\\' && i + 3 < n && p[i + 1] >= '0' && p[i + 1] <= '3') {
			*to++ = (char)((p[i + 1] - '0') << 6 | (p[i + 2] - '0') << 3 |
				       (p[i + 3] - '0'));
			i += 3;
		} else {
			*to++ = p[i];
		}
	*to = '\0';
	return text;
}

/* Field N, counted from 0, of the line at P, or NULL. */
static char *field(const char *p, int n)
{
	for (; n > 0; n--) {
		p += strcspn(p, " \n");
		if (*p != ' ')
			return NULL;
		p++;
	}
	return unescaped(p, strcspn(p, " \n"));
}

/* What stands behind " - ": type, source, options of the superblock. */
static const char *tail_of(const char *p)
{
	const char *end = p + strcspn(p, "\n");
	const char *dash = strstr(p, " - ");

	return dash && dash < end ? dash + 3 : NULL;
}

/* Whether the comma-separated OPTIONS have each of the comma-separated WORDS. */
static bool has_all(const char *options, const char *words)
{
	for (const char *w = words;; w++) {
		size_t n = strcspn(w, ",");
		bool found = false;

		for (const char *o = options; !found; o++) {
			size_t len = strcspn(o, ",");

			found = len == n && strncmp(o, w, n) == 0;
			o += len;
			if (!*o)
				break;
		}
		if (!found)
			return false;
		w += n;
		if (!*w)
			return true;
	}
}

static bool is_hierarchy(const char *mount, const char *controllers)
{
	const char *tail = tail_of(mount);
	auto_free char *type = tail ? field(tail, 0) : NULL;
	auto_free char *options = tail ? field(tail, 2) : NULL;

	if (!options)
		return false;
	if (!*controllers)
		return str_is(type, "cgroup2");
	return str_is(type, "cgroup") && has_all(options, controllers);
}

/* PATH as seen from a mount whose root is ROOT, or NULL if it is not below it. */
static const char *below(const char *path, const char *root)
{
	const char *rest = str_is(root, "/") ? path : str_after(path, root);

	return rest && (!*rest || *rest == '/') ? rest : NULL;
}

static bool leads_out(const char *path)
{
	return str_is(path, "/..") || str_after(path, "/../");
}

static char *find_dir(const char *mountinfo, const struct line *l)
{
	for (const char *m = mountinfo; *m; m = next_line(m)) {
		auto_free char *root = field(m, 3);
		auto_free char *target = field(m, 4);
		const char *rest = root && target ? below(l->path, root) : NULL;

		if (rest && is_hierarchy(m, l->controllers))
			return xasprintf("%s%s", target, rest);
	}
	return NULL;
}

static int not_found(const struct line *l, struct err *e)
{
	auto_free char *path = quoted(l->path);
	auto_free char *controllers = quoted(l->controllers);

	if (leads_out(l->path))
		return err_say(e, -EXDEV,
			       "the cgroup %s is outside of the caller's cgroup namespace", path);
	if (!*l->controllers)
		return err_say(e, -ENOENT, "no cgroup2 mount shows the cgroup %s", path);
	return err_say(e, -ENOENT, "no cgroup mount of %s shows the cgroup %s", controllers, path);
}

/* Whether the text OWN has the very line that begins at P. */
static bool has_line(const char *own, const char *p)
{
	size_t n = strcspn(p, "\n");

	for (; *own; own = next_line(own))
		if (strcspn(own, "\n") == n && strncmp(own, p, n) == 0)
			return true;
	return false;
}

int cgroup_dirs_find(const char *mountinfo, const char *cgroup, const char *own,
		     struct cgroup_dirs *ret, struct err *e)
{
	int r = 0;

	for (const char *p = cgroup; *p; p = next_line(p)) {
		auto_call(line_done) struct line l = { 0 };
		char *dir;

		if (has_line(own, p) || !line_read(p, &l))
			continue;
		dir = leads_out(l.path) ? NULL : find_dir(mountinfo, &l);
		if (dir)
			vec_push(&ret->v, dir);
		else if (r == 0)
			r = not_found(&l, e);
	}
	return r;
}

void cgroup_dirs_done(struct cgroup_dirs *d)
{
	for (size_t i = 0; i < d->v.n; i++)
		free(d->v.v[i]);
	vec_done(&d->v);
}
