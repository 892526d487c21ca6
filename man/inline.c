/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inline.h"

/* --- words */

void words_split(struct words *w, char *line)
{
	for (char *p = line; *(p += strspn(p, " "));) {
		bool quoted = *p == '"';
		char *end = quoted ? strchr(++p, '"') : p + strcspn(p, " ");

		vec_push(&w->list, { p, quoted });
		if (!end || !*end)
			break;
		*end = '\0';
		p = end + 1;
	}
}

void words_done(struct words *w)
{
	vec_done(&w->list);
}

char *unescape(const char *text)
{
	static const struct {
		const char *escape, *text;
	} known[] = {
		{ "-", "-" },	{ "&", "" },	 { "e", "\\" },	 { " ", " " },	 { "(dq", "\"" },
		{ "(aq", "'" }, { "(em", "--" }, { "(en", "-" }, { "(ba", "|" },
	};
	struct str s = { 0 };

	while (*text) {
		size_t i = 0;
		const char *rest = NULL;

		for (; *text == '\\' && !rest && i < ARRAY_LEN(known); i++)
			rest = str_after(text + 1, known[i].escape);
		if (rest)
			str_add(&s, known[i - 1].text);
		else
			str_addc(&s, *text);
		text = rest ? rest : text + 1;
	}
	return str_take(&s);
}

static void put(struct inliner *in, enum font font, const char *word)
{
	auto_free char *plain = unescape(word);

	fill_text(in->f, font, plain);
}

/* Ends the word before, unless what follows stands close to it. */
static void space(struct inliner *in)
{
	if (!in->joined && in->kept)
		fill_text(in->f, FONT_PLAIN, " ");
	else if (!in->joined)
		fill_space(in->f);
	in->joined = false;
}

void inline_text(struct inliner *in, const char *line)
{
	for (size_t n; *(line += strspn(line, " ")); line += n) {
		auto_free char *word = NULL;

		n = strcspn(line, " ");
		if (n > 1 && line[n - 1] == '\\')
			n += 1 + strcspn(line + n + 1, " ");
		word = xstrndup(line, n);
		space(in);
		put(in, FONT_PLAIN, word);
	}
}

void inline_name(struct inliner *in, const char *name)
{
	if (!in->name)
		in->name = xstrndup(name, strcspn(name, " "));
	space(in);
	put(in, FONT_BOLD, name);
}

/* --- macros */

/* What stands around the words of each macro, and their font. */
struct macro {
	const char *name;
	enum font font;
	const char *before, *after; /* … all of its words, up to the end of the line */
	void (*put)(struct inliner *in, const struct word **w, const struct word *end);
};

static const struct macro *macro_find(const struct word *w);

/* Between the alternatives of a synopsis. */
static bool is_bar(const struct word *w)
{
	return !w->quoted && str_is(w->text, "|");
}

/* Closing marks stand close to the word before, opening ones to the word behind. */
static bool is_closing(const struct word *w)
{
	return !w->quoted && strlen(w->text) == 1 && strchr(".,:;)]?!", *w->text);
}

static bool is_opening(const struct word *w)
{
	return !w->quoted && strlen(w->text) == 1 && strchr("([", *w->text);
}

static void put_word(struct inliner *in, enum font font, const struct word *w)
{
	if (is_closing(w)) {
		in->joined = false;
		put(in, FONT_PLAIN, w->text);
		return;
	}
	space(in);
	put(in, is_opening(w) || is_bar(w) ? FONT_PLAIN : font, w->text);
	in->joined = is_opening(w);
}

static bool is_argument(const struct word *w, const struct word *end)
{
	return w < end && !macro_find(w) && !is_closing(w) && !is_bar(w);
}

/* -x, -x -y; a dash alone if nothing follows. */
static void put_flag(struct inliner *in, const struct word **w, const struct word *end)
{
	bool alone = !is_argument(*w, end);

	if (alone) {
		space(in);
		put(in, FONT_BOLD, "-");
		in->joined = *w < end && macro_find(*w);
	}
	for (; !alone && is_argument(*w, end); ++*w) {
		space(in);
		put(in, FONT_BOLD, "-");
		put(in, FONT_BOLD, (*w)->text);
	}
}

/* name(section) */
static void put_reference(struct inliner *in, const struct word **w, const struct word *end)
{
	space(in);
	if (*w < end)
		put(in, FONT_PLAIN, (*w)++->text);
	if (is_argument(*w, end)) {
		put(in, FONT_PLAIN, "(");
		put(in, FONT_PLAIN, (*w)++->text);
		put(in, FONT_PLAIN, ")");
	}
}

/* name(argument, argument) */
static void put_function(struct inliner *in, const struct word **w, const struct word *end)
{
	const char *before = "(";

	space(in);
	if (*w < end)
		put(in, FONT_BOLD, (*w)++->text);
	for (; is_argument(*w, end); ++*w, before = ", ") {
		put(in, FONT_PLAIN, before);
		put(in, FONT_UNDERLINE, (*w)->text);
	}
	put(in, FONT_PLAIN, *before == '(' ? "()" : ")");
}

static void put_own_name(struct inliner *in, const struct word **w, const struct word *end)
{
	if (!is_argument(*w, end))
		inline_name(in, in->name ? in->name : "");
	for (; is_argument(*w, end); ++*w)
		inline_name(in, (*w)->text);
}

static void join(struct inliner *in, const struct word **w, const struct word *end)
{
	(void)w, (void)end;
	in->joined = true;
}

static void put_apostrophe(struct inliner *in, const struct word **w, const struct word *end)
{
	(void)w, (void)end;
	put(in, FONT_PLAIN, "'");
	in->joined = true;
}

static void put_prefix(struct inliner *in, const struct word **w, const struct word *end)
{
	if (*w < end)
		put_word(in, FONT_PLAIN, (*w)++);
	in->joined = true;
}

static void open_bracket(struct inliner *in, const struct word **w, const struct word *end)
{
	(void)w, (void)end;
	space(in);
	put(in, FONT_PLAIN, "[");
	in->joined = true;
}

static void close_bracket(struct inliner *in, const struct word **w, const struct word *end)
{
	(void)w, (void)end;
	in->joined = false;
	put(in, FONT_PLAIN, "]");
}

static const struct macro macros[] = {
	{ "Ar", FONT_UNDERLINE },
	{ "Cm", FONT_BOLD },
	{ "Dv", FONT_PLAIN },
	{ "Em", FONT_UNDERLINE },
	{ "Er", FONT_PLAIN },
	{ "Ev", FONT_PLAIN },
	{ "Ic", FONT_BOLD },
	{ "Li", FONT_PLAIN },
	{ "No", FONT_PLAIN },
	{ "Pa", FONT_UNDERLINE },
	{ "Sx", FONT_UNDERLINE },
	{ "Sy", FONT_BOLD },
	{ "Va", FONT_UNDERLINE },
	{ "Aq", FONT_PLAIN, "<", ">" },
	{ "Bq", FONT_PLAIN, "[", "]" },
	{ "Brq", FONT_PLAIN, "{", "}" },
	{ "Dq", FONT_PLAIN, "\"", "\"" },
	{ "Op", FONT_PLAIN, "[", "]" },
	{ "Pq", FONT_PLAIN, "(", ")" },
	{ "Ql", FONT_PLAIN, "'", "'" },
	{ "Qq", FONT_PLAIN, "\"", "\"" },
	{ "Sq", FONT_PLAIN, "'", "'" },
	{ "Ap", .put = put_apostrophe },
	{ "Fl", .put = put_flag },
	{ "Fn", .put = put_function },
	{ "Nm", .put = put_own_name },
	{ "Ns", .put = join },
	{ "Oc", .put = close_bracket },
	{ "Oo", .put = open_bracket },
	{ "Pf", .put = put_prefix },
	{ "Xr", .put = put_reference },
};

static const struct macro *macro_find(const struct word *w)
{
	for (size_t i = 0; !w->quoted && i < ARRAY_LEN(macros); i++)
		if (str_is(macros[i].name, w->text))
			return &macros[i];
	return NULL;
}

static void put_words(struct inliner *in, const struct word *w, const struct word *end);

/* M's words between brackets or quotes; marks that close the sentence stand behind these. */
static void put_enclosed(struct inliner *in, const struct macro *m, const struct word *w,
			 const struct word *end)
{
	const struct word *last = end;
	bool kept = in->kept;

	while (last > w && is_closing(last - 1))
		last--;
	space(in);
	put(in, FONT_PLAIN, m->before);
	in->joined = true;
	in->kept |= in->keeps;
	put_words(in, w, last);
	in->kept = kept;
	in->joined = false;
	put(in, FONT_PLAIN, m->after);
	put_words(in, last, end);
}

static void put_words(struct inliner *in, const struct word *w, const struct word *end)
{
	enum font font = FONT_PLAIN;

	while (w < end) {
		const struct macro *m = macro_find(w);

		if (!m) {
			put_word(in, font, w++);
			continue;
		}
		w++;
		font = m->font;
		if (m->before) {
			put_enclosed(in, m, w, end);
			return;
		}
		if (m->put)
			m->put(in, &w, end);
	}
}

void inline_words(struct inliner *in, char *line)
{
	struct words w = { 0 };

	words_split(&w, line);
	put_words(in, w.list.v, w.list.v + w.list.n);
	words_done(&w);
}

bool inline_known(const char *line)
{
	auto_free char *name = xstrndup(line, strcspn(line, " "));

	return macro_find(&(struct word){ name, false });
}
