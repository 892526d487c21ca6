/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "caption.h"

#include "../../common/base/escape.h"
#include "../../common/base/str.h"

void caption_process(struct shell *sh, pid_t pid, struct str *ret)
{
	auto_str struct str command = { 0 };
	const char *name, *end, *slash;

	facts_command(&sh->facts, pid, &command);
	name = str_text(&command);
	end = strchrnul(name, ' ');
	slash = *name == '/' || *name == '.' ? memrchr(name, '/', (size_t)(end - name)) : NULL;
	if (slash)
		name = slash + 1;
	escape_terminal(ret, name, (size_t)(end - name));
}

/* The lines of NAMES, which are escaped already, as one. */
static void add_names(struct str *ret, const char *names)
{
	for (const char *p = names; *p; p++)
		if (*p != '\n')
			str_addc(ret, *p);
		else if (p[1])
			str_addc(ret, ',');
}

void caption_ns(struct shell *sh, uint32_t ns, struct str *ret)
{
	const struct ns *n = &sh->graph.ns.v[ns];
	auto_str struct str text = { 0 };
	pid_t pid;

	if (n->initial) {
		str_add(ret, "initial");
	} else if (facts_names(&sh->facts, ns, &text)) {
		add_names(ret, str_text(&text));
	} else if (n->first_proc != GRAPH_NONE) {
		pid = sh->graph.procs.v[n->first_proc].pid;
		if (facts_container(&sh->facts, pid, &text))
			escape_terminal(ret, str_text(&text), text.len);
		else
			caption_process(sh, pid, ret);
	}
}
