/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

#include "../../common/base/str.h"
#include "../../common/out/nsview.h"
#include "../../common/out/table.h"
#include "caption.h"

#include <wchar.h>

/* Between two columns. */
#define GAP 2

/* So much of a caption is shown, in bytes. */
#define CAPTION_MAX 24

/* A name, its caption (may be empty), and in how many columns they stand. */
struct name {
	const struct step *step;
	char *text, *caption;
	size_t width;
};

/* On the screen. What the locale cannot read counts as bytes. */
static size_t width_of(const char *text)
{
	size_t n = strlen(text);
	auto_free wchar_t *wide = xcalloc(n + 1, sizeof(*wide));
	int width = mbstowcs(wide, text, n + 1) == (size_t)-1 ? -1 : wcswidth(wide, n);

	return width < 0 ? n : (size_t)width;
}

/* Shortens TEXT, and not within a character. */
static void shorten(char *text)
{
	size_t n = CAPTION_MAX;

	if (strlen(text) <= n)
		return;
	while (n > 0 && (text[n] & 0xc0) == 0x80)
		n--;
	text[n] = '\0';
}

static void name_init(struct name *name, struct shell *sh, const struct step *s, bool captions)
{
	uint32_t ns = s->kind == STEP_NS ? graph_find_ns(&sh->graph, s->ino) : GRAPH_NONE;
	struct str caption = { 0 };

	if (captions && s->kind == STEP_PROC)
		caption_process(sh, s->pid, &caption);
	else if (captions && ns != GRAPH_NONE)
		caption_ns(sh, ns, &caption);
	*name = (struct name){ s, step_text(s), str_take(&caption), 0 };
	shorten(name->caption);
	name->width = strlen(name->text);
	if (name->caption[0])
		name->width += 1 + width_of(name->caption);
}

/* Prints a name and, if another follows in the line, what fills it up to WIDTH. */
static void print_name(FILE *out, const struct name *n, bool color, size_t width)
{
	bool colored = color && n->step->kind == STEP_NS;

	if (colored)
		fprintf(out, "\033[%sm%s\033[0m", nsview_color(n->step->type), n->text);
	else
		fputs(n->text, out);
	if (n->caption[0])
		fprintf(out, " %s", n->caption);
	if (width)
		fprintf(out, "%*s", (int)(width - n->width), "");
}

static void print_all(FILE *out, const struct name *names, size_t n, size_t screen, bool color)
{
	size_t width = GAP, columns, rows;

	for (size_t i = 0; i < n; i++)
		width = MAX(width, names[i].width + GAP);
	columns = screen > width ? (screen + GAP) / width : 1;
	rows = (n + columns - 1) / columns;
	for (size_t i = 0; i < rows; i++) {
		for (size_t k = i; k < n; k += rows)
			print_name(out, &names[k], color, k + rows < n ? width : 0);
		fputc('\n', out);
	}
}

void names_print(struct shell *sh, FILE *out, const struct steps *steps, bool color)
{
	size_t n = steps->v.n, screen = table_width(&(struct table_style){ .out = out });
	auto_free struct name *names = xcalloc(n + 1, sizeof(*names));

	for (size_t i = 0; i < n; i++)
		name_init(&names[i], sh, &steps->v.v[i], screen > 0);
	print_all(out, names, n, screen, color);
	for (size_t i = 0; i < n; i++) {
		free(names[i].text);
		free(names[i].caption);
	}
}
