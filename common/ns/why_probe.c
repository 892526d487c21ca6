/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "why.h"

#include "../base/num.h"
#include "../sys/procfs.h"
#include "chrooted.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t read_number(int proc, const char *path)
{
	auto_str struct str s = { 0 };
	const char *p;
	uint64_t value;

	if (proc_read(proc, path, &s) < 0)
		return -1;
	p = str_text(&s);
	return num_prefix(&p, &value) == 0 && value <= INT64_MAX ? (int64_t)value : -1;
}

/* The text behind "NAME:" and blanks in a /proc/PID/status, or NULL. */
static const char *field(const char *status, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = status; p; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, name, n) == 0 && p[n] == ':')
			return p + n + 1 + strspn(p + n + 1, " \t");
	}
	return NULL;
}

static unsigned field_number(const char *status, const char *name)
{
	const char *p = field(status, name);
	uint64_t value;

	return p && num_prefix(&p, &value) == 0 ? (unsigned)value : 0;
}

/* Bit CAP_SYS_ADMIN of "CapEff:", sixteen hexadecimal digits. */
static bool field_has_admin(const char *status)
{
	const char *p = field(status, "CapEff");
	size_t digits = p ? strspn(p, "0123456789abcdef") : 0;
	size_t from_end = CAP_SYS_ADMIN / 4 + 1;
	const char *hex = "0123456789abcdef";

	if (digits < from_end)
		return false;
	return (strchr(hex, p[digits - from_end]) - hex) & (1 << CAP_SYS_ADMIN % 4);
}

static unsigned count_words(const char *line)
{
	unsigned n = 0;

	while (line && *line && *line != '\n') {
		n++;
		line += strcspn(line, " \t\n");
		line += strspn(line, " \t");
	}
	return n;
}

static void probe_status(struct why *w, int proc)
{
	auto_str struct str s = { 0 };

	if (proc_read(proc, "self/status", &s) < 0)
		return;
	w->has_admin = field_has_admin(str_text(&s));
	w->threads = field_number(str_text(&s), "Threads");
	w->seccomp = field_number(str_text(&s), "Seccomp");
	w->pid_levels = count_words(field(str_text(&s), "NSpid"));
}

/* Whether ID lies in one of the ranges of a uid_map. Unreadable: it is taken to be mapped. */
static bool is_mapped(int proc, const char *path, uint64_t id)
{
	auto_str struct str s = { 0 };
	const char *p;

	if (proc_read(proc, path, &s) < 0)
		return true;
	for (p = str_text(&s); *p; p += *p == '\n') {
		uint64_t v[3] = { 0 };

		for (int i = 0; i < 3; i++) {
			p += strspn(p, " \t");
			num_prefix(&p, &v[i]);
		}
		if (id >= v[0] && id - v[0] < v[2])
			return true;
		p += strcspn(p, "\n");
	}
	return false;
}

static void probe_types(struct why *w, int proc)
{
	for (enum ns_type t = 0; t < NS_NTYPES; t++) {
		auto_free char *link = xasprintf("self/ns/%s", ns_types[t].name);
		auto_free char *limit = xasprintf("sys/user/max_%s_namespaces", ns_types[t].name);

		if (faccessat(proc, link, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
			w->lacking |= 1U << t;
		w->limit[t] = read_number(proc, limit);
	}
	if (w->lacking == NS_ALL) /* there is no /proc to look at */
		w->lacking = 0;
}

/* The namespace that the link PATH is; 0 if it cannot be read. */
static ino_t probe_ns(int proc, const char *path)
{
	char link[64];
	ssize_t n = readlinkat(proc, path, link, sizeof(link) - 1);
	enum ns_type type;
	ino_t ino;

	if (n < 0)
		return 0;
	link[n] = '\0';
	return ns_link_parse(link, &type, &ino) ? ino : 0;
}

/* Until the first child is born the link for children cannot be read. */
static bool probe_children(int proc)
{
	ino_t own = probe_ns(proc, "self/ns/pid");

	return own && own != probe_ns(proc, "self/ns/pid_for_children");
}

static char *probe_label(int proc)
{
	auto_str struct str s = { 0 };

	if (proc_read(proc, "self/attr/apparmor/current", &s) < 0 &&
	    proc_read(proc, "self/attr/current", &s) < 0)
		return NULL;
	return s.len ? xstrndup(s.s, strcspn(s.s, "\n")) : NULL;
}

/* The mount point in a line of mountinfo: the fifth word. */
static char *mount_point(const char *line)
{
	for (int i = 0; i < 4; i++) {
		line += strcspn(line, " \n");
		line += *line == ' ';
	}
	return xstrndup(line, strcspn(line, " \n"));
}

/*
 * What covers parts of /proc, in words. The kernel does not mind mounts on directories that
 * are always empty, of which proc has one.
 */
static char *probe_covered(int proc)
{
	auto_str struct str table = { 0 };
	auto_str struct str covered = { 0 };

	if (proc_read(proc, "self/mountinfo", &table) < 0)
		return NULL;
	for (const char *p = str_text(&table); *p; p += strcspn(p, "\n"), p += *p == '\n') {
		auto_free char *point = mount_point(p);

		if (str_after(point, "/proc/") && !str_is(point, "/proc/sys/fs/binfmt_misc"))
			str_join(&covered, ", ", point);
	}
	return covered.len ? str_take(&covered) : NULL;
}

static bool probe_setgroups_denied(int proc)
{
	auto_str struct str s = { 0 };

	return proc_read(proc, "self/setgroups", &s) == 0 && str_after(str_text(&s), "deny");
}

void why_probe(struct why *w, int proc)
{
	probe_status(w, proc);
	probe_types(w, proc);
	w->uid_mapped = is_mapped(proc, "self/uid_map", geteuid());
	w->gid_mapped = is_mapped(proc, "self/gid_map", getegid());
	w->setgroups_denied = probe_setgroups_denied(proc);
	w->userns_clone = read_number(proc, "sys/kernel/unprivileged_userns_clone");
	w->apparmor = read_number(proc, "sys/kernel/apparmor_restrict_unprivileged_userns");
	w->label = probe_label(proc);
	w->user_ns = probe_ns(proc, "self/ns/user");
	w->children_elsewhere = probe_children(proc);
	w->in_chroot = is_chrooted(proc);
	w->covered = w->call == WHY_MOUNT_PROC ? probe_covered(proc) : NULL;
}

void why_hint(struct err *e, int proc, enum why_call call, unsigned types)
{
	auto_why struct why w = { .call = call, .types = types };

	if (!e || !e->code)
		return;
	w.code = e->code;
	why_probe(&w, proc);
	why_explain(&w, e);
}

void why_done(struct why *w)
{
	free(w->label);
	free(w->covered);
	*w = (struct why){ 0 };
}
