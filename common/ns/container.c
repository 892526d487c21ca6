/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "container.h"

#include "../base/str.h"
#include "../base/vec.h"
#include "cgpattern.h"

#include <ctype.h>

#define SHOWN_DIGITS 12

/*
 * What the names of cgroups mean; cgpattern.h tells the signs. A pattern covers one component of
 * the path, or as many as it has slashes more. The first that fits counts.
 */
static const struct rule {
	enum container_kind kind;
	const char *engine, *pattern;
} rules[] = {
	{ CONTAINER_WHOLE, "docker", "docker-(%h).scope" },
	{ CONTAINER_WHOLE, "docker", "docker/(%h)" },
	{ CONTAINER_WHOLE, "docker", "%s:docker:(%h)" },
	{ CONTAINER_WHOLE, "docker", "ecs/%n/(%h)" },
	{ CONTAINER_WHOLE, "podman", "libpod-(%h).scope" },
	{ CONTAINER_WHOLE, "podman", "libpod-(%h)" },
	{ CONTAINER_WHOLE, "podman", "libpod-payload-(%h)" },
	{ CONTAINER_POD, "podman", "%s-libpod_pod_(%h).slice" },
	{ CONTAINER_POD, "podman", "libpod_parent/(%h)" },
	{ CONTAINER_WHOLE, "containerd", "cri-containerd-(%h).scope" },
	{ CONTAINER_WHOLE, "containerd", "%skubepods-%qpod<%u>.slice:cri-containerd:(%h)" },
	{ CONTAINER_WHOLE, "containerd", "%s:cri-containerd:(%h)" },
	{ CONTAINER_WHOLE, "cri-o", "crio-(%h).scope" },
	{ CONTAINER_WHOLE, "cri-o", "crio-(%h)" },
	{ CONTAINER_WHOLE, "nerdctl", "nerdctl-(%h).scope" },
	{ CONTAINER_WHOLE, "nerdctl", "%s:nerdctl:(%h)" },
	{ CONTAINER_WHOLE, "kubernetes", "pod%u/(%h)" },
	{ CONTAINER_POD, "kubernetes", "%skubepods-%qpod(%u).slice" },
	{ CONTAINER_POD, "kubernetes", "pod(%u)" },
	{ CONTAINER_WHOLE, "oci", "crun-(%n).scope" },
	{ CONTAINER_WHOLE, "oci", "runc-(%n).scope" },
	{ CONTAINER_WHOLE, "lxc", "lxc.payload.(%n)" },
	{ CONTAINER_WHOLE, "lxc", "lxc.payload/(%n)" },
	{ CONTAINER_WHOLE, "lxc", "lxc/(%n)" },
	{ CONTAINER_WHOLE, "libvirt", "machine-lxc\\x2d%d\\x2d(%n).scope" },
	{ CONTAINER_WHOLE, "libvirt", "machine-qemu\\x2d%d\\x2d(%n).scope" },
	{ CONTAINER_WHOLE, "libvirt", "lxc-%d-(%n).libvirt-lxc" },
	{ CONTAINER_WHOLE, "libvirt", "qemu-%d-(%n).libvirt-qemu" },
	{ CONTAINER_WHOLE, "machined", "machine-(%n).scope" },
	{ CONTAINER_WHOLE, "machined", "systemd-nspawn@(%n).service" },
	{ CONTAINER_WHOLE, "flatpak", "app-flatpak-(%n)-%d.scope" },
	{ CONTAINER_WHOLE, "flatpak", "flatpak-(%n)-%d.scope" },
	{ CONTAINER_WHOLE, "snap", "snap.(%n).%n.scope" },
	{ CONTAINER_WHOLE, "snap", "snap.(%n).%n.service" },
	{ CONTAINER_WHOLE, "oci", "(%h)" }, /* a parent group of the user's own choice */
	{ CONTAINER_UNIT, "systemd", "(%n.service)" },
	{ CONTAINER_UNIT, "systemd", "(%n.scope)" },
};

/* A rule that fits, and what its marks enclose: spans of the path. */
struct found {
	const struct rule *rule;
	struct marks marks;
};

/* A path cleaned of empty and dotted components and of systemd's leading underscores. */
struct path {
	struct str text;
	VEC(size_t) starts; /* where in the text each component begins */
};

static void path_done(struct path *path)
{
	str_done(&path->text);
	vec_done(&path->starts);
}

static size_t count_slashes(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s == '/';
	return n;
}

/* What the component I of PATH, with those before it, means. Returns false if nothing. */
static bool path_component(const struct path *path, size_t i, struct found *ret)
{
	const char *text = str_text(&path->text);
	bool last = i + 1 == path->starts.n;
	const char *end = text + (last ? path->text.len : path->starts.v[i + 1] - 1);

	for (size_t r = 0; r < ARRAY_LEN(rules); r++) {
		size_t above = count_slashes(rules[r].pattern);

		*ret = (struct found){ .rule = &rules[r] };
		if (above <= i &&
		    cgpattern_match(rules[r].pattern, text + path->starts.v[i - above], end,
				    &ret->marks))
			return true;
	}
	return false;
}

/* systemd puts an underscore before names that the kernel could take for its own files. */
static void path_add(struct path *path, const char *s, size_t n)
{
	if (n == 0 || (n == 1 && *s == '.') || (n == 2 && memcmp(s, "..", 2) == 0))
		return;
	if (n > 1 && *s == '_')
		s++, n--;
	if (path->starts.n)
		str_addc(&path->text, '/');
	vec_push(&path->starts, path->text.len);
	str_addn(&path->text, s, n);
}

static void path_parse(struct path *path, const char *s, const char *end)
{
	static const char gone[] = " (deleted)";
	const size_t n = sizeof(gone) - 1;

	if ((size_t)(end - s) >= n && memcmp(end - n, gone, n) == 0)
		end -= n;
	while (s < end) {
		const char *slash = memchr(s, '/', (size_t)(end - s));
		const char *stop = slash ? slash : end;

		path_add(path, s, (size_t)(stop - s));
		s = slash ? slash + 1 : end;
	}
}

static int hex_digit(char c)
{
	if (!isxdigit((unsigned char)c))
		return -1;
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Undoes the \xNN of systemd.unit(5), except where it would end the text or a path's component. */
static char *unescape(struct span span)
{
	struct str out = { 0 };

	for (const char *s = span.s; s < span.end; s++) {
		bool escape = span.end - s >= 4 && s[0] == '\\' && s[1] == 'x';
		int high = escape ? hex_digit(s[2]) : -1, low = escape ? hex_digit(s[3]) : -1;

		if (high >= 0 && low >= 0 && (high || low) && (high << 4 | low) != '/') {
			str_addc(&out, (char)(high << 4 | low));
			s += 3;
		} else {
			str_addc(&out, *s);
		}
	}
	return str_take(&out);
}

/* The uid with dashes; an id of podman has no underscore. */
static char *pod_uid(struct span span)
{
	char *uid = xstrndup(span.s, (size_t)(span.end - span.s));

	for (char *p = uid; *p; p++)
		if (*p == '_')
			*p = '-';
	return uid;
}

static struct container from_found(const struct found *f)
{
	struct container c = { .kind = f->rule->kind, .engine = f->rule->engine };

	switch (c.kind) {
	case CONTAINER_UNIT: /* systemctl(1) wants the name with its escapes */
		c.id = xstrndup(f->marks.id.s, (size_t)(f->marks.id.end - f->marks.id.s));
		break;
	case CONTAINER_POD:
		c.id = pod_uid(f->marks.id);
		c.pod = pod_uid(f->marks.id);
		break;
	case CONTAINER_WHOLE:
		c.id = unescape(f->marks.id);
		c.pod = f->marks.pod.s ? pod_uid(f->marks.pod) : NULL;
		break;
	}
	return c;
}

/*
 * Whether B, met deeper in the path than A, says more. A user's manager runs itself in an
 * init.scope below its own unit, which says less.
 */
static bool says_more(const struct container *a, const struct container *b)
{
	if (a->kind == CONTAINER_UNIT && b->kind == CONTAINER_UNIT)
		return !str_is(b->id, "init.scope");
	return b->kind > a->kind;
}

/* Walks from the root to the outermost container. C takes over what says more than it does. */
static void find_in_path(const struct path *path, struct container *c)
{
	for (size_t i = 0; i < path->starts.n && !(c->id && c->kind == CONTAINER_WHOLE); i++) {
		struct found f;
		struct container next;

		if (!path_component(path, i, &f))
			continue;
		next = from_found(&f);
		if (c->id && !says_more(c, &next)) {
			container_done(&next);
			continue;
		}
		if (!next.pod)
			next.pod = take_ptr(&c->pod);
		container_done(c);
		*c = next;
	}
}

static bool matches_name(const char *name, const char *wanted)
{
	size_t n = strlen(wanted);

	return cgpattern_is_id(name) ? n > 0 && strncmp(name, wanted, n) == 0
				     : str_is(name, wanted);
}

static bool matches_container(const struct container *c, const char *wanted)
{
	const char *of_pod = str_after(wanted, "pod:"), *of_engine = str_after(wanted, c->engine);

	if (matches_name(c->id, wanted))
		return true;
	if (c->pod && matches_name(c->pod, of_pod ? of_pod : wanted))
		return true;
	return of_engine && *of_engine == ':' && matches_name(c->id, of_engine + 1);
}

/* The part of PATH down to the first component that WANTED names, or NULL. */
static char *match_path(const struct path *path, const char *wanted)
{
	for (size_t i = 0; i < path->starts.n; i++) {
		auto_container struct container c = { 0 };
		bool last = i + 1 == path->starts.n;
		struct found f;

		if (!path_component(path, i, &f))
			continue;
		c = from_found(&f);
		if (matches_container(&c, wanted))
			return xstrndup(str_text(&path->text),
					last ? path->text.len : path->starts.v[i + 1] - 1);
	}
	return NULL;
}

/* The hierarchies of a line, the most telling first: the order in which lines are asked. */
enum hierarchy { UNIFIED, SYSTEMD, OTHER, NHIERARCHIES };

/*
 * Takes a line "ID:CONTROLLERS:PATH" off *TEXT. Returns false at the end. A line of another form
 * has an empty path.
 */
static bool take_line(const char **text, enum hierarchy *ret_hierarchy, struct span *ret_path)
{
	const char *s = *text, *end = strchrnul(s, '\n');
	const char *names = memchr(s, ':', (size_t)(end - s));
	const char *path = names ? memchr(names + 1, ':', (size_t)(end - names - 1)) : NULL;

	if (!*s)
		return false;
	*text = *end ? end + 1 : end;
	*ret_path = (struct span){ path ? path + 1 : end, end };
	*ret_hierarchy = str_after(s, "0::")			       ? UNIFIED
			 : names && str_after(names, ":name=systemd:") ? SYSTEMD
								       : OTHER;
	return true;
}

/*
 * The line of version 2 is asked first. Where it says less than another one, that one counts: on
 * a mixed host the engine may place its containers with version 1 only.
 */
bool container_find(const char *text, struct container *ret)
{
	struct container best = { 0 };

	for (int h = 0; h < NHIERARCHIES; h++) {
		enum hierarchy hierarchy;
		struct span span;

		for (const char *p = text; take_line(&p, &hierarchy, &span);) {
			auto_call(path_done) struct path path = { 0 };
			struct container c = { 0 };

			if ((int)hierarchy != h)
				continue;
			path_parse(&path, span.s, span.end);
			find_in_path(&path, &c);
			if (c.id && (!best.id || c.kind > best.kind)) {
				container_done(&best);
				best = c;
			} else {
				container_done(&c);
			}
		}
	}
	if (!best.id)
		return false;
	*ret = best;
	return true;
}

char *container_text(const struct container *c)
{
	bool is_id = cgpattern_is_id(c->id);

	if (c->kind == CONTAINER_UNIT)
		return xstrdup(c->id);
	return xasprintf("%s:%.*s", c->kind == CONTAINER_POD ? "pod" : c->engine,
			 is_id ? SHOWN_DIGITS : (int)strlen(c->id), c->id);
}

char *container_where(const char *text, const char *wanted)
{
	enum hierarchy hierarchy;
	struct span span;

	while (take_line(&text, &hierarchy, &span)) {
		auto_call(path_done) struct path path = { 0 };
		char *where;

		path_parse(&path, span.s, span.end);
		where = match_path(&path, wanted);
		if (where)
			return where;
	}
	return NULL;
}

bool container_matches(const char *text, const char *wanted)
{
	auto_free char *where = container_where(text, wanted);

	return where != NULL;
}

void container_done(struct container *c)
{
	free(c->id);
	free(c->pod);
	*c = (struct container){ 0 };
}
