/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "header.h"

#include "../sys/procfs.h"

#include <sys/utsname.h>
#include <time.h>

static struct json_object *boot_id(struct json *j, int proc)
{
	auto_str struct str text = { 0 };

	if (proc_read(proc, "sys/kernel/random/boot_id", &text) < 0 || !text.len)
		return NULL;
	return json_bytes(j, text.s, strcspn(text.s, "\n"));
}

static struct json_object *now(struct json *j)
{
	char text[32] = "";
	struct timespec t;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &t);
	if (gmtime_r(&t.tv_sec, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(j, text);
}

struct json_object *header_json(struct json *j, const struct graph *g, int proc)
{
	struct json_object *o = json_map(j);
	struct utsname u = { 0 };

	uname(&u);
	json_set(j, o, "hostname", json_string(j, u.nodename));
	json_set(j, o, "boot_id", boot_id(j, proc));
	json_set(j, o, "kernel", json_string(j, u.release));
	json_set(j, o, "time", now(j));
	json_set(j, o, "unreadable", json_u64(j, g->nunreadable));
	json_set(j, o, "hidden", json_u64(j, g->nhidden));
	return o;
}

static const char *plural(uint32_t n)
{
	return n == 1 ? "process" : "processes";
}

void header_note(FILE *out, const struct graph *g)
{
	if (g->nunreadable == 1 && g->pid1_unreadable)
		fputs("note: 1 process unreadable, pid 1\n", out);
	else if (g->nunreadable)
		fprintf(out, "note: %u %s unreadable%s\n", g->nunreadable, plural(g->nunreadable),
			g->pid1_unreadable ? ", 1 of them pid 1" : "");
	if (g->nhidden)
		fprintf(out, "note: %u %s of other users hidden; root sees them\n", g->nhidden,
			plural(g->nhidden));
}
