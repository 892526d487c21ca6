/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a manual page: mkman man/nstool-list.1.in >nstool-list.1
 *
 * A page is mdoc(7), copied as it is but for lines that the table of applets fills in:
 *
 *	@NAME@		name, other names and summary
 *	@SYNOPSIS@	options and operands
 *	@OPTIONS@	the options, each with its line of help
 *	@--type@	below stands, up to the next such line or heading, prose about --type;
 *			it moves to where @OPTIONS@ puts that option
 *	@EXIT STATUS@	what the exit status means
 *	@APPLETS@	all applets with their summaries
 *	@COLUMNS@	the columns that namespaces are shown in
 *	@EVENTS@	what `watch` tells, and …
 *	@EVENT COLUMNS@	… the columns in which it does
 *	@SOURCES@	where namespaces are looked for
 *	@TOPICS@	what else `nstool help` explains
 *	@TOPIC refs@	that topic
 *
 * In commands (.Dl) hyphens become minus signs, and quotes are quoted, so that a command can be
 * copied from the page.
 */
#include "../cmd/applets.h"
#include "../common/base/escape.h"
#include "../common/base/fd.h"
#include "../common/base/vec.h"
#include "../common/cli/topics.h"
#include "../common/ns/discover.h"
#include "../common/out/eventview.h"
#include "../common/out/nscolumns.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>

struct page {
	const struct applet *applet; /* NULL: the overview */
	VEC(const char *) lines;
};

static void put_command(const char *text)
{
	for (; *text; text++) {
		if (*text == '"') {
			fputs("\\(dq", stdout);
			continue;
		}
		if (*text == '-')
			putchar('\\');
		putchar(*text);
	}
	putchar('\n');
}

/* One line of help as a sentence, its dashes ("--type") as minus signs. */
static void put_sentence(const char *help)
{
	for (const char *c = help; *c; c++) {
		if (*c == '\\')
			fputs("\\e", stdout);
		else if (*c == '-' && (c == help || c[-1] == '-' || c[-1] == ' ' || c[1] == '-'))
			fputs("\\-", stdout);
		else
			putchar(c == help && *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	}
	puts(".");
}

static void put_name(const struct applet *a)
{
	printf(".Nm nstool-%s", a->name);
	for (const char *const *alias = a->aliases; alias && *alias; alias++)
		printf(" ,\n.Nm %s", *alias);
	printf("\n.Nd %s\n", a->summary);
}

/* What stands behind an option's last spelling. */
static void put_value(const struct opt *o, bool is_long)
{
	switch (o->takes) {
	case OPT_FLAG:
		break;
	case OPT_VALUE:
		printf(" Ar %s", o->kind->metavar);
		break;
	case OPT_MAYBE:
	case OPT_LONG_MAYBE:
		printf(" Ns Oo %sAr %s Oc", is_long ? "= Ns " : "", o->kind->metavar);
		break;
	}
	putchar('\n');
}

/* "[-t TYPE]", by its letter if it has one; flags with letters stand together before. */
static void put_synopsis_option(const struct opt *o)
{
	if (o->takes == OPT_FLAG && o->letter)
		return;
	printf(".Op ");
	if (o->letter)
		printf("Fl %c", o->letter);
	if (o->takes == OPT_LONG_MAYBE && o->letter)
		printf(" | ");
	if (o->takes == OPT_LONG_MAYBE || !o->letter)
		printf("Fl -%s", o->name);
	put_value(o, o->takes == OPT_LONG_MAYBE || !o->letter);
}

static void put_operand(const struct operand *o)
{
	const char *metavar = o->kind->metavar;

	switch (o->count) {
	case OPERAND_ONE:
		printf(".Ar %s\n", metavar);
		break;
	case OPERAND_MAYBE:
		printf(".Op Ar %s\n", metavar);
		break;
	case OPERAND_REST:
		printf(".Op Ar %s ...\n", metavar);
		break;
	case OPERAND_COMMAND:
		printf(".Op Fl -\n.Op Ar %s Op Ar ARG ...\n", metavar);
		break;
	}
}

static void put_synopsis(const struct applet *a)
{
	auto_str struct str flags = { 0 };

	printf(".Nm %s%s\n", a->compat ? "" : "nstool ", a->name);
	for (size_t i = 0; i < a->nopts; i++)
		if (a->opts[i].takes == OPT_FLAG && a->opts[i].letter)
			str_addc(&flags, a->opts[i].letter);
	if (flags.len)
		printf(".Op Fl %s\n", str_text(&flags));
	for (size_t i = 0; i < a->nopts; i++)
		put_synopsis_option(&a->opts[i]);
	for (size_t i = 0; i < a->noperands; i++)
		put_operand(&a->operands[i]);
}

static bool ends_prose(const char *line)
{
	return *line == '@' || str_after(line, ".Sh ") || str_after(line, ".Ss ");
}

/* The prose about option NAME, wherever in the page it stands. */
static void put_prose(const struct page *p, const char *name)
{
	auto_free char *head = xasprintf("@--%s@", name);
	size_t i = 0;

	while (i < p->lines.n && !str_is(p->lines.v[i], head))
		i++;
	for (i++; i < p->lines.n && !ends_prose(p->lines.v[i]); i++)
		puts(p->lines.v[i]);
}

static void put_options(const struct page *p)
{
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < p->applet->nopts; i++) {
		const struct opt *o = &p->applet->opts[i];

		printf(".It ");
		if (o->letter)
			printf("Fl %c , ", o->letter);
		printf("Fl -%s", o->name);
		put_value(o, true);
		put_sentence(o->help);
		put_prose(p, o->name);
	}
	puts(".It Fl -help\nShow a summary of the options.\n"
	     ".It Fl -version\nShow the version of nstool.\n.El");
}

static void put_exit_status(const struct applet *a)
{
	static const char *const text[] = {
		[EXIT_AS_TOOL] = ".It 0\nDone.\n"
				 ".It 1\nFailed; a message on standard error says why.\n"
				 ".It 2\nWrong usage.\n",
		[EXIT_AS_RUNNER] = ".It 125\nnstool itself failed or was used wrongly.\n"
				   ".It 126\nThe command was found but cannot be run.\n"
				   ".It 127\nThe command was not found.\n",
		[EXIT_AS_UTIL_LINUX] = ".It 0\nDone.\n.It 1\nFailed, or used wrongly.\n",
	};

	printf(".Bl -tag -width Ds\n%s.El\n", text[a->exit]);
	if (a->exit == EXIT_AS_RUNNER)
		puts(".Pp\nAny other status is the command's own.\n"
		     "If a signal ends the command, nstool ends by the same signal.");
}

static void put_applets(void)
{
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < napplets; i++) {
		printf(".It Xr nstool-%s 1\n", applets[i]->name);
		put_sentence(applets[i]->summary);
	}
	puts(".El");
}

static void put_columns(void)
{
	puts(".Bl -tag -compact -width CONTAINER");
	for (size_t i = 0; i < nnscolumns; i++) {
		printf(".It Cm %s\n", nscolumns[i].name);
		put_sentence(nscolumns[i].help);
	}
	puts(".El");
}

static void put_event_columns(void)
{
	puts(".Bl -tag -compact -width CONTAINER");
	for (size_t i = 0; i < neventcolumns; i++) {
		printf(".It Cm %s\n", eventcolumns[i].name);
		put_sentence(eventcolumns[i].help);
	}
	puts(".El");
}

static void put_events(void)
{
	puts(".Bl -tag -compact -width empty");
	for (size_t i = 0; i < EVENT_NKINDS; i++) {
		printf(".It Cm %s\n", event_infos[i].name);
		put_sentence(event_infos[i].help);
	}
	puts(".El");
}

static void put_sources(void)
{
	puts(".Bl -tag -compact -width ancestor");
	for (size_t i = 0; i < SOURCE_NKINDS; i++) {
		printf(".It Cm %s\n", sources[i].name);
		put_sentence(sources[i].help);
	}
	puts(".El");
}

static void put_topics(void)
{
	puts(".Bl -tag -compact -width environment");
	for (size_t i = 0; i < ntopics; i++) {
		printf(".It Cm %s\n", topics[i].name);
		put_sentence(topics[i].about);
	}
	puts(".El");
}

/* Sentences, a line each: mdoc puts the space between them. */
static void put_sentences(const char *text)
{
	const char *end;

	for (; (end = strstr(text, ". ")); text = end + 2)
		printf("%.*s\n", (int)(end + 1 - text), text);
	puts(text);
}

/* LINE is "@TOPIC NAME@". Returns false if it is not. */
static bool put_topic(const char *line)
{
	const char *rest = str_after(line, "@TOPIC ");
	auto_free char *name = rest ? xstrndup(rest, strcspn(rest, "@")) : NULL;
	const struct topic *t = name ? topic_find(name) : NULL;

	if (!t)
		return false;
	printf("%s\n.Bl -tag -width Ds\n", t->intro);
	for (size_t i = 0; i < t->nrows; i++) {
		printf(".It %s\n", t->rows[i].term);
		put_sentences(t->rows[i].text);
	}
	puts(".El");
	if (t->end) {
		puts(".Pp");
		put_sentences(t->end);
	}
	return true;
}

static bool has_option(const struct applet *a, const char *line)
{
	for (size_t i = 0; i < a->nopts; i++) {
		auto_free char *head = xasprintf("@--%s@", a->opts[i].name);

		if (str_is(line, head))
			return true;
	}
	return false;
}

/* Fills in the line I of P. Returns the next line to look at, or 0 if it is not understood. */
static size_t put_directive(const struct page *p, size_t i)
{
	const char *line = p->lines.v[i++];

	if (str_is(line, "@APPLETS@"))
		put_applets();
	else if (str_is(line, "@COLUMNS@"))
		put_columns();
	else if (str_is(line, "@EVENTS@"))
		put_events();
	else if (str_is(line, "@EVENT COLUMNS@"))
		put_event_columns();
	else if (str_is(line, "@SOURCES@"))
		put_sources();
	else if (str_is(line, "@TOPICS@"))
		put_topics();
	else if (put_topic(line))
		return i;
	else if (!p->applet)
		return 0;
	else if (str_is(line, "@NAME@"))
		put_name(p->applet);
	else if (str_is(line, "@SYNOPSIS@"))
		put_synopsis(p->applet);
	else if (str_is(line, "@OPTIONS@"))
		put_options(p);
	else if (str_is(line, "@EXIT STATUS@"))
		put_exit_status(p->applet);
	else if (has_option(p->applet, line))
		while (i < p->lines.n && !ends_prose(p->lines.v[i]))
			i++;
	else
		return 0;
	return i;
}

static int put_page(const struct page *p)
{
	for (size_t i = 0; i < p->lines.n;) {
		const char *line = p->lines.v[i];

		if (*line == '@') {
			i = put_directive(p, i);
			if (!i) {
				fprintf(stderr, "mkman: not understood: %s\n", line);
				return 1;
			}
			continue;
		}
		if (str_after(line, ".Dl "))
			put_command(line);
		else
			puts(line);
		i++;
	}
	return fflush(stdout) == 0 ? 0 : 1;
}

static const struct applet *find_applet(const char *file)
{
	for (size_t i = 0; i < napplets; i++) {
		auto_free char *page = xasprintf("nstool-%s.1.in", applets[i]->name);

		if (str_is(file, page))
			return applets[i];
	}
	return NULL;
}

static void split_lines(char *text, struct page *p)
{
	char *end;

	for (; (end = strchr(text, '\n')); text = end + 1) {
		*end = '\0';
		vec_push(&p->lines, text);
	}
}

int main(int argc, char **argv)
{
	auto_close int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -EBADF;
	auto_str struct str text = { 0 };
	struct page p = { 0 };
	int status;

	if (fd < 0 || fd_read_all(fd, SIZE_MAX, &text) < 0) {
		fputs("usage: mkman PAGE.in\n", stderr);
		return 2;
	}
	p.applet = find_applet(basename(argv[1]));
	split_lines(text.s, &p);
	status = put_page(&p);
	vec_done(&p.lines);
	return status;
}
