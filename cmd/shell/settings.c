/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings.h"

#include "../../common/base/escape.h"
#include "../../common/base/suggest.h"
#include "../../common/cli/candidates.h"
#include "../../common/cli/viewkinds.h"
#include "../../common/ns/discover.h"

#include <errno.h>

#define DEFAULT_COLUMNS "NS,TYPE,NPROCS,PID,USER,NAMES,CONTAINER,COMMAND"

static const char *const wishes[] = { "auto", "on", "off" };

static int set_columns(struct settings *s, const char *value, struct err *e)
{
	const char *checked;
	char *columns;
	int r = arg_columns.parse(value, &checked, e);

	if (r < 0)
		return r;
	columns = *value == '+' ? xasprintf("%s,%s", s->columns, value + 1) : xstrdup(value);
	free(s->columns);
	s->columns = columns;
	return 0;
}

/* Reads one of the first N wishes behind FIRST. */
static int read_wish(const char *value, size_t first, enum wish *ret, struct err *e)
{
	auto_free char *q = quoted(value);

	for (size_t i = first; i < ARRAY_LEN(wishes); i++)
		if (str_is(value, wishes[i])) {
			*ret = (enum wish)i;
			return 0;
		}
	return err_say(e, -EINVAL, "%s is not %son or off", q, first ? "" : "auto, ");
}

static int set_color(struct settings *s, const char *value, struct err *e)
{
	return read_wish(value, 0, &s->color, e);
}

static int set_pager(struct settings *s, const char *value, struct err *e)
{
	enum wish wish = WISH_ON;
	int r = read_wish(value, 1, &wish, e);

	if (r == 0)
		s->pager = wish == WISH_ON;
	return r;
}

static int set_source(struct settings *s, const char *value, struct err *e)
{
	unsigned wanted = 0;
	int r = arg_sources.parse(value, &wanted, e);

	if (r == 0)
		s->sources = wanted;
	return r;
}

static void show_columns(const struct settings *s, FILE *out)
{
	fputs(s->columns, out);
}

static void show_color(const struct settings *s, FILE *out)
{
	fputs(wishes[s->color], out);
}

static void show_pager(const struct settings *s, FILE *out)
{
	fputs(wishes[s->pager ? WISH_ON : WISH_OFF], out);
}

static void show_source(const struct settings *s, FILE *out)
{
	const char *separator = "";

	for (size_t i = 0; i < SOURCE_NKINDS; i++)
		if (s->sources & 1U << i) {
			fprintf(out, "%s%s", separator, sources[i].name);
			separator = ",";
		}
}

static void complete_columns(struct candidates *ret)
{
	arg_columns.complete(ret);
}

static void complete_color(struct candidates *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++)
		candidates_add(ret, wishes[i], NULL);
}

static void complete_pager(struct candidates *ret)
{
	candidates_add(ret, wishes[WISH_ON], NULL);
	candidates_add(ret, wishes[WISH_OFF], NULL);
}

static void complete_source(struct candidates *ret)
{
	arg_sources.complete(ret);
}

static const struct setting {
	const char *name, *about;
	int (*set)(struct settings *s, const char *value, struct err *e);
	void (*show)(const struct settings *s, FILE *out);
	void (*complete)(struct candidates *ret); /* a value */
} table[] = {
	{ "columns", "of 'ls -l', tree and find", set_columns, show_columns, complete_columns },
	{ "color", "auto, on or off", set_color, show_color, complete_color },
	{ "pager", "whether long output goes through PAGER", set_pager, show_pager,
	  complete_pager },
	{ "source", "where namespaces are looked for", set_source, show_source, complete_source },
};

void settings_init(struct settings *s)
{
	*s = (struct settings){
		.columns = xstrdup(DEFAULT_COLUMNS),
		.pager = true,
		.sources = SOURCE_DEFAULT,
	};
}

void settings_done(struct settings *s)
{
	free(s->columns);
}

static int unknown(const char *name, struct err *e)
{
	auto_free char *q = quoted(name);
	struct suggestion near = { .word = name };

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		suggest_consider(&near, table[i].name);
	err_say(e, -EINVAL, "there is no setting %s", q);
	if (near.nearest)
		err_hint(e, "did you mean '%s'?", near.nearest);
	else
		err_hint(e, "'set' shows them");
	return -EINVAL;
}

int settings_set(struct settings *s, const char *name, const char *value, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_is(table[i].name, name))
			return table[i].set(s, value, e);
	return unknown(name, e);
}

int settings_print(const struct settings *s, const char *name, FILE *out, struct err *e)
{
	bool found = !name;

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (name && !str_is(table[i].name, name))
			continue;
		found = true;
		fprintf(out, "%-8s ", table[i].name);
		table[i].show(s, out);
		fputc('\n', out);
	}
	return found ? 0 : unknown(name, e);
}

static int parse_text(const char *word, void *field, struct err *e)
{
	(void)e;
	*(const char **)field = word;
	return 0;
}

static void complete_setting(struct candidates *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		candidates_add(ret, table[i].name, table[i].about);
}

static void complete_value(struct candidates *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_is(table[i].name, ret->before))
			table[i].complete(ret);
}

const struct arg_kind arg_setting = { "SETTING", sizeof(char *), parse_text, NULL,
				      complete_setting };
const struct arg_kind arg_value = { "VALUE", sizeof(char *), parse_text, NULL, complete_value };
