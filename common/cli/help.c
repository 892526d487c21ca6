/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help.h"

#include "../base/str.h"

#define OPTION_COLUMN 26

static void add_operand(struct str *s, const struct operand *o)
{
	const char *metavar = o->kind->metavar;

	switch (o->count) {
	case OPERAND_ONE:
		str_addf(s, " %s", metavar);
		break;
	case OPERAND_MAYBE:
		str_addf(s, " [%s]", metavar);
		break;
	case OPERAND_REST:
		str_addf(s, " [%s...]", metavar);
		break;
	case OPERAND_COMMAND:
		str_addf(s, " [--] [%s [ARG...]]", metavar);
		break;
	}
}

void help_usage(FILE *out, const struct applet *a, const char *name)
{
	auto_str struct str s = { 0 };

	str_addf(&s, "%s [options]", name);
	for (size_t i = 0; i < a->noperands; i++)
		add_operand(&s, &a->operands[i]);
	fprintf(out, "%s\n", str_text(&s));
}

char *help_option(const struct opt *o)
{
	struct str s = { 0 };

	if (o->letter)
		str_addf(&s, "-%c, ", o->letter);
	else
		str_add(&s, "    ");
	str_addf(&s, "--%s", o->name);
	if (o->takes == OPT_VALUE)
		str_addf(&s, " %s", o->kind->metavar);
	if (o->takes == OPT_MAYBE || o->takes == OPT_LONG_MAYBE)
		str_addf(&s, "[=%s]", o->kind->metavar);
	return str_take(&s);
}

/* The option in its column, the help behind it or, if the option is too long, below it. */
static void print_row(FILE *out, const char *left, const char *right)
{
	int n = fprintf(out, " %s", left);

	if (n > OPTION_COLUMN - 2) {
		fputc('\n', out);
		n = 0;
	}
	fprintf(out, "%*s%s\n", OPTION_COLUMN - n, "", right);
}

void help_applet(FILE *out, const struct applet *a, const char *name)
{
	fputs("Usage: ", out);
	help_usage(out, a, name);
	fprintf(out, "\n%s: %s\n\nOptions:\n", a->name, a->summary);
	for (size_t i = 0; i < a->nopts; i++) {
		auto_free char *left = help_option(&a->opts[i]);

		print_row(out, left, a->opts[i].help);
	}
	print_row(out, "    --help", "show this text");
	print_row(out, "    --version", "show the version");
}

void help_overview(const struct ctx *ctx)
{
	fputs("nstool: look at Linux namespaces, enter them, make them, keep them\n"
	      "\n"
	      "Usage: nstool APPLET [options] [arguments]\n"
	      "       nstool --list | --install [-s] DIR | --help | --version\n"
	      "\n"
	      "Applets:\n",
	      ctx->out);
	for (size_t i = 0; i < ctx->napplets; i++)
		if (!ctx->applets[i]->compat)
			fprintf(ctx->out, "  %-12s %s\n", ctx->applets[i]->name,
				ctx->applets[i]->summary);
	fputs("\n"
	      "'nstool APPLET --help' tells what an applet takes, 'man nstool' the rest.\n",
	      ctx->out);
}
