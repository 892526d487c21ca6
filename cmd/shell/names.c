/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

#include "../../common/base/util.h"
#include "../../common/out/nsview.h"
#include "../../common/out/table.h"

/* Between two columns. */
#define GAP 2

static size_t longest(const struct steps *steps)
{
	size_t n = 0;

	for (size_t i = 0; i < steps->v.n; i++) {
		auto_free char *text = step_text(&steps->v.v[i]);

		n = MAX(n, strlen(text));
	}
	return n;
}

/* Prints a name and, if another follows in the line, what fills it up to WIDTH. */
static void print_name(FILE *out, const struct step *s, bool color, size_t width)
{
	auto_free char *text = step_text(s);
	bool colored = color && s->kind == STEP_NS;

	if (colored)
		fprintf(out, "\033[%sm%s\033[0m", nsview_color(s->type), text);
	else
		fputs(text, out);
	if (width)
		fprintf(out, "%*s", (int)(width - strlen(text)), "");
}

void names_print(FILE *out, const struct steps *steps, bool color)
{
	size_t n = steps->v.n, width = longest(steps) + GAP;
	size_t screen = table_width(&(struct table_style){ .out = out });
	size_t columns = screen > width ? (screen + GAP) / width : 1;
	size_t rows = (n + columns - 1) / columns;

	for (size_t i = 0; i < rows; i++) {
		for (size_t k = i; k < n; k += rows)
			print_name(out, &steps->v.v[k], color, k + rows < n ? width : 0);
		fputc('\n', out);
	}
}
