/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests of the resolver share: a child to name, and what a reference to it comes to. */
#pragma once

#include "../../../common/ns/resolve.h"

#include "../../../common/sys/procfs.h"
#include "../child.h"
#include "../fixture.h"

/* A child in namespaces of its own: what the tests name. */
static pid_t child;
static int proc;
static struct fixture f;

static inline int setup(void **state)
{
	(void)state;
	f = fixture_new();
	proc = proc_open();
	child = child_start(geteuid() == 0 ? CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWNS : 0);
	return proc < 0;
}

static inline int teardown(void **state)
{
	(void)state;
	child_end(child);
	fixture_done(&f);
	return close(proc);
}

static inline void need_root(void)
{
	if (geteuid() != 0)
		skip(); /* namespaces of other types than user need root */
}

static inline int open_ns(pid_t pid, const char *name)
{
	auto_free char *path = xasprintf("/proc/%d/ns/%s", pid, name);

	return open(path, O_RDONLY | O_CLOEXEC);
}

static inline ino_t inode_of(pid_t pid, const char *name)
{
	auto_close int fd = open_ns(pid, name);

	return fd_inode(fd);
}

static inline int resolve_text(char *text, struct target *ret, struct err *e)
{
	auto_resolver struct resolver r = { .proc = proc };
	int rc = resolve(&r, text, ret, e);

	free(text);
	return rc;
}

/* TEXT (freed) names just the namespace of TYPE with inode INO. */
static inline bool names(char *text, enum ns_type type, ino_t ino)
{
	auto_target struct target t = TARGET_NONE;
	int rc = resolve_text(text, &t, NULL);

	return rc == 0 && t.kind == TARGET_NAMESPACES && t.types == 1U << type &&
	       fd_inode(target_ns(&t, type, NULL)) == ino;
}

/* TEXT (freed) is refused with CODE and a sentence that begins with WANT. */
static inline bool refuses(char *text, int code, const char *want)
{
	auto_target struct target t = TARGET_NONE;
	auto_err struct err e = { 0 };
	int rc = resolve_text(text, &t, &e);

	if (rc == code && e.text && str_after(e.text, want))
		return true;
	print_error("got %d: %s\n", rc, e.text ? e.text : "no sentence");
	return false;
}
