/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inside.h"

#include "../../common/base/child.h"
#include "../../common/base/errpipe.h"
#include "../../common/base/escape.h"
#include "../../common/base/fd.h"
#include "../../common/base/num.h"
#include "../../common/ns/discover.h"
#include "../../common/ns/join.h"
#include "../../common/sys/mntns.h"
#include "../../common/sys/procfs.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

/* A namespace may have a hundred thousand interfaces: so much of them is told. */
#define TOLD_MAX (1 << 20)

static void add_escaped(struct str *s, const char *text)
{
	escape_terminal(s, text, strlen(text));
}

/* How many bits are set: of a netmask, the length of the prefix. */
static unsigned count_bits(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	unsigned count = 0;

	for (size_t i = 0; i < n; i++)
		count += (unsigned)__builtin_popcount(p[i]);
	return count;
}

/* Where in an address its bytes are, and how many; NULL if it is of another family. */
static const void *address_bytes(const struct sockaddr *a, size_t *n)
{
	if (a->sa_family == AF_INET) {
		*n = sizeof(struct in_addr);
		return &((const struct sockaddr_in *)(const void *)a)->sin_addr;
	}
	*n = sizeof(struct in6_addr);
	return a->sa_family == AF_INET6 ? &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr
					: NULL;
}

static void tell_address(const struct ifaddrs *a, struct str *ret)
{
	char text[INET6_ADDRSTRLEN] = "";
	size_t n;
	const void *bytes = address_bytes(a->ifa_addr, &n);

	if (!bytes || !inet_ntop(a->ifa_addr->sa_family, bytes, text, sizeof(text)))
		return;
	str_addf(ret, " %s", text);
	bytes = a->ifa_netmask ? address_bytes(a->ifa_netmask, &n) : NULL;
	if (bytes)
		str_addf(ret, "/%u", count_bits(bytes, n));
}

/* A line for each interface: getifaddrs(3) has it once for the link, and once for each address. */
static int tell_net(struct str *ret)
{
	struct ifaddrs *all;

	if (getifaddrs(&all) < 0)
		return -errno;
	for (const struct ifaddrs *a = all; a; a = a->ifa_next) {
		if (!a->ifa_addr || a->ifa_addr->sa_family != AF_PACKET)
			continue;
		str_add(ret, "interface  ");
		add_escaped(ret, a->ifa_name);
		str_add(ret, a->ifa_flags & IFF_UP ? " up" : " down");
		for (const struct ifaddrs *b = all; b; b = b->ifa_next)
			if (b->ifa_addr && str_is(a->ifa_name, b->ifa_name))
				tell_address(b, ret);
		str_addc(ret, '\n');
	}
	freeifaddrs(all);
	return 0;
}

static int tell_uts(struct str *ret)
{
	struct utsname u;

	if (uname(&u) < 0)
		return -errno;
	str_add(ret, "host name  ");
	add_escaped(ret, u.nodename);
	if (!str_is(u.domainname, "(none)") && u.domainname[0]) {
		str_add(ret, "\ndomain     ");
		add_escaped(ret, u.domainname);
	}
	str_addc(ret, '\n');
	return 0;
}

/* timens_offsets has lines "monotonic SECONDS NANOSECONDS"; those of the children. */
static int tell_time(int proc, struct str *ret)
{
	auto_str struct str text = { 0 };
	int r = proc_read(proc, "self/timens_offsets", &text);
	const char *p = str_text(&text);

	while (r == 0 && *p) {
		size_t n = strcspn(p, "\n");

		str_add(ret, "offset     ");
		for (size_t i = 0; i < n; i++)
			if (p[i] != ' ' || (i > 0 && p[i - 1] != ' '))
				str_addc(ret, p[i]);
		str_addc(ret, '\n');
		p += n + (p[n] == '\n');
	}
	return r;
}

static int tell(enum ns_type type, int proc, struct str *ret)
{
	if (type == NS_NET)
		return tell_net(ret);
	return type == NS_UTS ? tell_uts(ret) : tell_time(proc, ret);
}

/* In the child: joins, asks, writes what it hears to OUT. */
static int tell_from_within(struct target *t, enum ns_type type, int proc, int out, struct err *e)
{
	auto_join struct join j;
	auto_str struct str text = { 0 };
	int r;

	join_init(&j, proc);
	j.from[type] = t;
	r = join_open(&j, e);
	if (r == 0 && j.plan.n)
		r = join_act(&j, e);
	if (r < 0)
		return r;
	r = tell(type, proc, &text);
	if (r < 0)
		return err_set(e, r, "cannot ask %s", t->label);
	return fd_write_all(out, str_text(&text), text.len);
}

/* The text comes through one pipe, a failure through another. */
static int ask_child(struct target *t, enum ns_type type, int proc, struct str *ret, struct err *e)
{
	int text[2], failure[2], status = 0, r;
	pid_t pid;

	if (pipe2(text, O_CLOEXEC) < 0)
		return err_set(e, -errno, "cannot make a pipe");
	if (pipe2(failure, O_CLOEXEC) < 0)
		r = -errno, pid = -1;
	else
		pid = fork(), r = -errno;
	if (pid == 0) {
		auto_err struct err inner = { 0 };

		r = tell_from_within(t, type, proc, text[1], &inner);
		if (r < 0)
			errpipe_write(failure[1], 1, &inner);
		quick_exit_child(r < 0);
	}
	close(text[1]);
	if (pid < 0) {
		close(text[0]);
		return err_set(e, r, "cannot start a child");
	}
	close(failure[1]);
	r = fd_read_all(text[0], TOLD_MAX, ret);
	close(text[0]);
	if (errpipe_read(failure[0], &status, e) > 0)
		r = -EPERM;
	close(failure[0]);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return r;
}

/* The mounts of a namespace, counted in its mountinfo. */
static int tell_mnt(int fd, int proc, struct str *ret, struct err *e)
{
	auto_close int root = -EBADF, mountinfo = -EBADF;
	auto_str struct str text = { 0 };
	unsigned count = 0;
	int r = mntns_open(fd, proc, &root, &mountinfo);

	if (r == 0)
		r = fd_read_all(mountinfo, SIZE_MAX, &text);
	if (r < 0)
		return err_set(e, r, "cannot read its mounts");
	for (size_t i = 0; i < text.len; i++)
		count += text.s[i] == '\n';
	str_addf(ret, "mounts     %u\n", count);
	return 0;
}

int inside_tell(struct shell *sh, uint32_t ns, struct str *ret, struct err *e)
{
	const struct ns *n = &sh->graph.ns.v[ns];
	auto_target struct target t = TARGET_NONE;
	int fd;

	if (n->type != NS_NET && n->type != NS_UTS && n->type != NS_TIME && n->type != NS_MNT)
		return 0;
	t.kind = TARGET_NAMESPACES;
	t.label = xasprintf("%s:[%ju]", ns_types[n->type].name, (uintmax_t)n->ino);
	fd = discover_open(&sh->graph, sh->proc, ns);
	if (fd < 0)
		return err_set(e, fd, "cannot open %s", t.label);
	target_add(&t, n->type, fd);
	if (n->type == NS_MNT)
		return tell_mnt(fd, sh->proc, ret, e);
	return ask_child(&t, n->type, sh->proc, ret, e);
}

/* NSpid has its pids from the reader's pid namespace down to its own. */
pid_t inside_pid(const struct shell *sh, pid_t pid)
{
	auto_str struct str status = { 0 };
	char path[PROC_PATH_MAX];
	const char *field;
	uint64_t number = 0;

	proc_path(path, pid, 0, "status");
	if (proc_read(sh->proc, path, &status) < 0)
		return 0;
	field = proc_field(str_text(&status), "NSpid:");
	while (field && num_prefix(&field, &number) == 0)
		field += strspn(field, " \t");
	return (pid_t)number;
}
