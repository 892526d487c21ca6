/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bind-ns --monitor: sets as they come and go. A set comes by being renamed when it is whole. */
#include "bind.h"

#include "../common/base/fd.h"
#include "../common/ns/registry_tidy.h"
#include "../common/out/flush.h"
#include "../common/out/json.h"
#include "../common/sys/procfs.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

struct monitor {
	FILE *out;
	struct json *json; /* or NULL: text */
	uint32_t cookie;   /* of the renaming whose first half has come … */
	char *from;	   /* … and the name it took away */
};

static void monitor_done(struct monitor *m)
{
	free(m->from);
	json_free(&m->json);
}

static int tell(struct monitor *m, const char *event, const char *name, const char *former,
		struct err *e)
{
	struct json_object *o;

	if (!m->json) {
		fprintf(m->out, "%s\t%s%s%s\n", event, former ? former : name, former ? "\t" : "",
			former ? name : "");
		return out_flush(m->out, e);
	}
	o = json_map(m->json);
	json_set(m->json, o, "event", json_string(m->json, event));
	json_set(m->json, o, "name", json_string(m->json, name));
	if (former)
		json_set(m->json, o, "former", json_string(m->json, former));
	return json_write(m->json, o, JSON_LINE, m->out, e);
}

/*
 * A renaming from FROM to TO. Two names exchanged are two renamings: a new set takes the name of
 * an old one, then the old one takes the place of the new; then it goes unseen.
 */
static int renamed(struct monitor *m, const char *from, const char *to, struct err *e)
{
	bool from_set = set_name_check(from, NULL) == 0, to_set = set_name_check(to, NULL) == 0;

	if (from_set && to_set)
		return tell(m, "renamed", to, from, e);
	if (to_set)
		return tell(m, "added", to, NULL, e);
	if (from_set)
		return tell(m, str_after(to, STAGING_NEW) ? "replaced" : "removed", from, NULL, e);
	return 0;
}

static int handle(struct monitor *m, const struct inotify_event *event, struct err *e)
{
	if (event->mask & IN_Q_OVERFLOW)
		return err_say(e, -EOVERFLOW, "events came faster than they could be told");
	if (event->mask & (IN_IGNORED | IN_UNMOUNT))
		return err_say(e, -ENOENT, "the registry has been removed");
	if (!event->len)
		return 0;
	if (event->mask & IN_MOVED_FROM) {
		free(m->from);
		m->from = xstrdup(event->name);
		m->cookie = event->cookie;
		return 0;
	}
	if (!m->from || m->cookie != event->cookie)
		return 0;
	return renamed(m, m->from, event->name, e);
}

static int watch(struct monitor *m, int fd, struct err *e)
{
	_Alignas(struct inotify_event) char buffer[16384];

	for (;;) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(e, n < 0 ? -errno : -EIO, "cannot watch the registry");
		for (char *p = buffer; p < buffer + n;) {
			const struct inotify_event *event = (const void *)p;
			int r = handle(m, event, e);

			if (r < 0)
				return r;
			p += sizeof(*event) + event->len;
		}
	}
}

/* There is something to watch from now on, even if there was no set yet. */
static int open_watch(struct err *e)
{
	auto_registry struct registry registry = REGISTRY_NONE;
	auto_free char *path = NULL;
	auto_close int proc = proc_open();
	auto_close int fd = inotify_init1(IN_CLOEXEC);
	int r = proc < 0 ? err_set(e, proc, "cannot open /proc") : 0;

	if (r == 0 && fd < 0)
		r = err_set(e, -errno, "cannot watch the registry");
	if (r == 0)
		r = registry_lock(&registry, proc, e);
	if (r < 0)
		return r;
	path = xasprintf("/proc/self/fd/%d", registry.dir);
	if (inotify_add_watch(fd, path, IN_MOVE | IN_ONLYDIR) < 0)
		return err_set(e, -errno, "cannot watch %s", registry.path);
	return take_fd(&fd);
}

int bind_monitor(struct ctx *ctx, const struct bind_opts *o, char **argv, struct err *e)
{
	auto_call(monitor_done) struct monitor m = { .out = ctx->out };
	auto_close int fd = open_watch(e);
	int r = fd;

	(void)argv;
	if (r >= 0 && o->json)
		r = json_new(&m.json, e);
	return r < 0 ? r : watch(&m, fd, e);
}
