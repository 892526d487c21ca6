/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of the shell, and lines that are being typed. */
#include "../../common/cli/words.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* What was read as a word is read as that word again. */
static void check_word(const char *word)
{
	static const char quotes[] = { '\0', '\'', '"' };

	for (size_t i = 0; i < sizeof(quotes); i++) {
		auto_str struct str s = { 0 };
		auto_line struct line line = { 0 };
		char quote[2] = { quotes[i], '\0' };

		if (!*word && !*quote)
			continue;
		str_add(&s, quote);
		word_quote(&s, word, *quote);
		str_add(&s, quote);
		assert(line_parse(str_text(&s), &line, NULL) == 0);
		assert(line.pipelines.n == 1 && line.pipelines.v[0].stages.n == 1);
		assert(str_is(line.pipelines.v[0].stages.v[0].argv.v[0], word));
	}
}

static void check_line(const struct line *line)
{
	for (size_t i = 0; i < line->pipelines.n; i++) {
		const struct pipeline *p = &line->pipelines.v[i];

		assert((p->host != NULL) == (p->stages.n == 0));
		for (size_t j = 0; j < p->stages.n; j++) {
			const struct stage *s = &p->stages.v[j];

			assert(s->argv.n > 1 && !s->argv.v[s->argv.n - 1]);
			check_word(s->argv.v[0]);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	auto_free char *text = xstrndup((const char *)bytes, n);
	auto_line struct line line = { 0 };
	auto_cursor struct cursor cursor = { 0 };
	auto_err struct err e = { 0 };
	int r = line_parse(text, &line, &e);

	if (r == 0)
		check_line(&line);
	else
		assert(r == -EINVAL && e.text);
	cursor_find(text, &cursor);
	assert(cursor.words.n >= 1 && cursor.start <= strlen(text));
	return 0;
}
