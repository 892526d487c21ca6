/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lookup.h"

#include "../base/fd.h"
#include "../sys/nsfs.h"
#include "../sys/procfs.h"
#include "discover.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>

/* kthreadd: the parent of all kernel threads, which never leave the initial namespaces. */
#define KTHREADD   2
#define PF_KTHREAD 0x00200000

/* PROC_DYNAMIC_FIRST: those below are the same on every boot. */
#define FIRST_DYNAMIC_INODE 0xf0000000

static int own_ns(int proc, enum ns_type type)
{
	auto_free char *path = xasprintf("self/ns/%s", ns_types[type].name);
	int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Only where it may be looked at: CAP_SYS_PTRACE over the initial user namespace. */
static void add_from_kthreadd(const struct resolver *r, struct target *t)
{
	auto_target struct target kthreadd = TARGET_NONE;
	struct proc_stat st;

	if (target_hold(&kthreadd, r->proc, KTHREADD, false, NULL) < 0 ||
	    proc_stat_read(r->proc, KTHREADD, &st) < 0 || !(st.flags & PF_KTHREAD))
		return;
	for (int type = 0; type < NS_NTYPES; type++)
		if (target_ns(&kthreadd, (enum ns_type)type, NULL) >= 0)
			target_add(t, (enum ns_type)type, take_fd(&kthreadd.ns[type]));
}

/* Fills r->own from the sources WANTED, unless it is. */
static int scan(struct resolver *r, unsigned wanted, struct err *e)
{
	int rc;

	if ((r->scanned & wanted) == wanted)
		return 0;
	graph_done(&r->own);
	r->scanned = 0;
	rc = discover(&r->own, r->proc, wanted, e);
	if (rc == 0)
		r->scanned = wanted;
	return rc;
}

/*
 * The graph takes the oldest mnt and net namespaces that it has for the initial ones, as good as
 * it can know. To act on that takes more: an inode of those that the kernel gives out fixed.
 */
static bool is_surely_initial(const struct ns *ns)
{
	return ns->initial && (ns_types[ns->type].initial || ns->ino < FIRST_DYNAMIC_INODE);
}

static void add_from_graph(const struct resolver *r, const struct graph *g, struct target *t)
{
	for (uint32_t i = 0; i < g->ns.n; i++) {
		const struct ns *ns = &g->ns.v[i];
		int fd;

		if (t->types & 1U << ns->type || !is_surely_initial(ns))
			continue;
		fd = discover_open(g, r->proc, i);
		if (fd >= 0)
			target_add(t, ns->type, fd);
	}
}

int lookup_host(struct resolver *r, struct target *t, struct err *e)
{
	t->kind = TARGET_NAMESPACES;
	add_from_kthreadd(r, t);
	if (t->types != NS_ALL) {
		int rc = r->graph ? 0 : scan(r, SOURCE_DEFAULT, e);

		if (rc < 0)
			return rc;
		add_from_graph(r, r->graph ? r->graph : &r->own, t);
	}
	return t->types ? 0 : err_say(e, -ENOENT, "the host's namespaces cannot be seen from here");
}

static bool is_it(int fd, const struct ref *ref)
{
	uint64_t id;

	if (ref->kind == REF_INODE)
		return fd_inode(fd) == (ino_t)ref->number;
	return nsfs_id(fd, &id) == 0 && id == ref->number;
}

/* This process's own, or by a handle that needs the id alone (Linux 6.19). */
static int open_without_scan(const struct resolver *r, const struct ref *ref)
{
	auto_close int fd = -EBADF;

	for (int type = 0; type < NS_NTYPES; type++) {
		cleanup_fd(&fd);
		fd = own_ns(r->proc, (enum ns_type)type);
		if (fd >= 0 && is_it(fd, ref))
			return take_fd(&fd);
	}
	cleanup_fd(&fd);
	if (ref->kind == REF_ID)
		fd = nsfs_open_handle(ref->number, 0, 0);
	return fd >= 0 && is_it(fd, ref) ? take_fd(&fd) : -ENOENT;
}

static uint32_t find_number(const struct graph *g, const struct ref *ref)
{
	if (ref->kind == REF_INODE)
		return graph_find_ns(g, (ino_t)ref->number);
	for (uint32_t i = 0; i < g->ns.n; i++)
		if (g->ns.v[i].id == ref->number)
			return i;
	return GRAPH_NONE;
}

/* Returns a descriptor, -ENOENT if G has no such namespace, -ESTALE if it cannot be opened. */
static int open_from_graph(const struct resolver *r, const struct graph *g, const struct ref *ref)
{
	uint32_t i = find_number(g, ref);
	auto_close int fd = i == GRAPH_NONE ? -ENOENT : discover_open(g, r->proc, i);

	if (fd < 0)
		return fd;
	return is_it(fd, ref) ? take_fd(&fd) : -ESTALE;
}

/* Looks where it costs least first: what sockets alone keep alive costs a pidfd a process. */
static int open_by_scan(struct resolver *r, const struct ref *ref, struct err *e)
{
	static const unsigned stages[] = { SOURCE_DEFAULT, SOURCE_ALL };
	int fd = r->graph ? open_from_graph(r, r->graph, ref) : -ENOENT;

	for (size_t i = 0; fd == -ENOENT && i < ARRAY_LEN(stages); i++) {
		int rc = scan(r, stages[i], e);

		if (rc < 0)
			return rc;
		fd = open_from_graph(r, &r->own, ref);
	}
	return fd;
}

static int not_found(const struct resolver *r, const struct ref *ref, int code, struct err *e)
{
	const char *what = ref->kind == REF_ID ? "id" : "inode";

	if (code == -ESTALE)
		return err_say(e, code, "the namespace with %s %" PRIu64 " can no longer be opened",
			       what, ref->number);
	err_say(e, -ENOENT, "there is no namespace with %s %" PRIu64, what, ref->number);
	if (r->own.nunreadable)
		err_hint(e, "what %u unreadable process%s in was not seen", r->own.nunreadable,
			 r->own.nunreadable == 1 ? " is" : "es are");
	return -ENOENT;
}

static bool kernel_has_ids(const struct resolver *r)
{
	auto_close int fd = own_ns(r->proc, NS_NET);
	uint64_t id;

	return fd >= 0 && nsfs_id(fd, &id) == 0;
}

int lookup_number(struct resolver *r, const struct ref *ref, struct err *e)
{
	int fd;

	if (ref->kind == REF_ID && !kernel_has_ids(r)) {
		err_say(e, -ENOTSUP, "this kernel gives namespaces no ids");
		err_hint(e, "Linux 6.18 and later do; name it by its inode");
		return -ENOTSUP;
	}
	fd = open_without_scan(r, ref);
	if (fd == -ENOENT)
		fd = open_by_scan(r, ref, e);
	return fd == -ENOENT || fd == -ESTALE ? not_found(r, ref, fd, e) : fd;
}
