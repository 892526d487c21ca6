/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of the shell up to the cursor: what completes the last word is read as that word. */
#include "../../cmd/shell/complete.h"

#include "../../cmd/shell/commands.h"
#include "../../cmd/shell/settings.h"
#include "../../common/cli/words.h"
#include "../unit/graphs.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void make_graph(struct graph *g)
{
	uint32_t user = graph_add_ns(g, NS_USER, USER0);
	uint32_t child = below(g, NS_USER, 401, user);
	uint32_t net = owned(g, NS_NET, 900, child);

	in(g, 7, 1, net, child);
	graph_finish(g);
}

static void check(const char *line, const char *word)
{
	auto_cursor struct cursor c = { 0 };

	cursor_find(line, &c);
	if (c.command != TOKEN_HOST)
		assert(str_is(c.words.v[c.words.n - 1], word));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	auto_free char *text = xstrndup((const char *)bytes, n);
	auto_completion struct completion c = { 0 };
	struct ctx roof = { .out = stdout };
	struct shell sh = { .ctx = roof, .proc = -EBADF, .looked = true };

	settings_init(&sh.settings);
	commands_init(&sh, &roof);
	make_graph(&sh.graph);
	facts_init(&sh.facts, &sh.graph, sh.proc);
	completion_find(&sh, text, &c);
	for (size_t i = 0; i < c.lines.n; i++)
		check(c.lines.v[i].word, c.words.v[i]);
	facts_done(&sh.facts);
	graph_done(&sh.graph);
	settings_done(&sh.settings);
	vec_done(&sh.commands);
	return 0;
}
