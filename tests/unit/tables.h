/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a table of applets must keep to, so that parser, help, manual and completions can read it. */
#pragma once

#include "../../common/base/str.h"
#include "../../common/cli/help.h"

#include <ctype.h>

#define HELP_WIDTH 80

static inline bool is_word(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");

	return islower((unsigned char)name[0]) && !name[n];
}

/* A text for humans: one line, no capital (unless an acronym begins it), no full stop. */
static inline bool is_phrase(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (n == 0 || strpbrk(text, "\n\t") || isspace((unsigned char)text[0]))
		return false;
	if (isupper((unsigned char)text[0]) && !isupper((unsigned char)text[1]))
		return false;
	return text[n - 1] != '.' && text[n - 1] != ' ';
}

static inline void check_option(struct str *s, const struct applet *a, const struct opt *o)
{
	const char *name = o->name ? o->name : "?";

	if (!o->name || !is_word(o->name))
		str_addf(s, "%s: --%s is no name\n", a->name, name);
	else if (str_is(o->name, "help") || str_is(o->name, "version"))
		str_addf(s, "%s: --%s is every applet's\n", a->name, name);
	if (o->letter && !isalnum((unsigned char)o->letter))
		str_addf(s, "%s: --%s has an odd letter\n", a->name, name);
	if (!is_phrase(o->help))
		str_addf(s, "%s: --%s: help is no phrase: %s\n", a->name, name, o->help);
	if (o->offset + o->size > a->opts_size)
		str_addf(s, "%s: --%s lies outside of the options\n", a->name, name);
	if (o->takes == OPT_FLAG) {
		if (o->kind || o->size != sizeof(bool))
			str_addf(s, "%s: --%s is no flag\n", a->name, name);
	} else if (!o->kind || !o->kind->parse || !o->kind->metavar) {
		str_addf(s, "%s: --%s has no kind\n", a->name, name);
	} else if (o->kind->size != o->size) {
		str_addf(s, "%s: --%s: the field has %u bytes, its kind %zu\n", a->name, name,
			 o->size, o->kind->size);
	}
}

static inline void check_options(struct str *s, const struct applet *a)
{
	for (size_t i = 0; i < a->nopts; i++) {
		const struct opt *o = &a->opts[i];

		check_option(s, a, o);
		for (size_t j = 0; j < i; j++) {
			if (o->letter && o->letter == a->opts[j].letter)
				str_addf(s, "%s: -%c is there twice\n", a->name, o->letter);
			if (str_is(o->name, a->opts[j].name))
				str_addf(s, "%s: --%s is there twice\n", a->name, o->name);
		}
	}
}

static inline void check_operands_of(struct str *s, const struct applet *a)
{
	for (size_t i = 0; i < a->noperands; i++) {
		const struct operand *o = &a->operands[i];

		if (!o->kind || !o->kind->metavar)
			str_addf(s, "%s: operand %zu has no kind\n", a->name, i);
		if (i == 0)
			continue;
		if (o[-1].count == OPERAND_REST || o[-1].count == OPERAND_COMMAND)
			str_addf(s, "%s: operand %zu gets nothing\n", a->name, i);
		if (o[-1].count == OPERAND_MAYBE && o->count == OPERAND_ONE)
			str_addf(s, "%s: operand %zu must be, the one before it may\n", a->name, i);
	}
}

static inline void check_help(struct str *s, const struct applet *a)
{
	auto_free char *name = xasprintf("nstool %s", a->name);
	auto_free char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	help_applet(out, a, name);
	fclose(out);
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");

		if (n > HELP_WIDTH)
			str_addf(s, "%s: help is wider than %d: %.*s\n", a->name, HELP_WIDTH,
				 (int)n, line);
		if (n > 0 && line[n - 1] == ' ')
			str_addf(s, "%s: help ends in a blank: %.*s\n", a->name, (int)n, line);
		line += n + (line[n] == '\n');
	}
}

/* Whether one of the first AT applets answers to NAME. */
static inline bool is_taken(const struct applet *const *table, size_t at, const char *name)
{
	for (size_t i = 0; i < at; i++) {
		if (str_is(table[i]->name, name))
			return true;
		for (const char *const *p = table[i]->aliases; p && *p; p++)
			if (str_is(*p, name))
				return true;
	}
	return false;
}

static inline void check_names(struct str *s, const struct applet *const *table, size_t at)
{
	const struct applet *a = table[at];

	if (!is_word(a->name))
		str_addf(s, "%s is no name\n", a->name);
	if (is_taken(table, at, a->name))
		str_addf(s, "%s is there twice\n", a->name);
	for (const char *const *p = a->aliases; p && *p; p++) {
		if (!is_word(*p))
			str_addf(s, "%s: alias %s is no name\n", a->name, *p);
		if (is_taken(table, at, *p) || str_is(*p, a->name))
			str_addf(s, "%s: alias %s is there twice\n", a->name, *p);
		for (const char *const *q = a->aliases; q < p; q++)
			if (str_is(*p, *q))
				str_addf(s, "%s: alias %s is there twice\n", a->name, *p);
	}
}

/* All that is wrong with the N applets of TABLE, a line each, to be freed; "" if all is well. */
static inline char *tables_complaints(const struct applet *const *table, size_t n)
{
	struct str s = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct applet *a = table[i];
		size_t before = s.len;

		check_names(&s, table, i);
		if (!is_phrase(a->summary))
			str_addf(&s, "%s: summary is no phrase: %s\n", a->name, a->summary);
		if (!a->run)
			str_addf(&s, "%s cannot be run\n", a->name);
		check_options(&s, a);
		check_operands_of(&s, a);
		if (s.len == before)
			check_help(&s, a);
	}
	return str_take(&s);
}
