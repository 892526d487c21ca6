/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/out/table.h"

#include "../../../common/base/str.h"
#include "../cmocka.h"
#include "../cputime.h"

#include <errno.h>
#include <locale.h>

#define MANY 20000

/* A table that writes into memory. */
struct memory {
	struct table *t;
	FILE *out;
	char *text;
	size_t n;
};

static void begin(struct memory *m, struct table_style style)
{
	struct err e = { 0 };

	*m = (struct memory){ 0 };
	m->out = open_memstream(&m->text, &m->n);
	assert_non_null(m->out);
	style.out = m->out;
	assert_int_equal(table_new(&style, &m->t, &e), 0);
}

static void end(struct memory *m)
{
	struct err e = { 0 };

	assert_int_equal(table_print(m->t, &e), 0);
	table_free(&m->t);
	fclose(m->out);
}

static void assert_prints(struct memory *m, const char *expected)
{
	end(m);
	assert_string_equal(m->text, expected);
	free(m->text);
}

static uint32_t add(struct memory *m, uint32_t parent, const char *first, const char *second)
{
	uint32_t row = table_row(m->t, parent);

	table_cell(m->t, row, 0, first);
	table_cell(m->t, row, 1, second);
	return row;
}

static void add_columns(struct memory *m, unsigned first, unsigned second)
{
	table_column(m->t, "NS", 0, first);
	table_column(m->t, "COMMAND", 0, second);
}

static void test_aligns(void **state)
{
	struct memory m;

	(void)state;
	begin(&m, (struct table_style){ 0 });
	add_columns(&m, TABLE_RIGHT, 0);
	add(&m, TABLE_TOP, "1", "init");
	add(&m, TABLE_TOP, "4026531840", "a b");
	assert_prints(&m, "        NS COMMAND\n"
			  "         1 init\n"
			  "4026531840 a b\n");
}

static void test_keeps_to_the_width_hint(void **state)
{
	struct memory m;

	(void)state;
	begin(&m, (struct table_style){ 0 });
	table_column(m.t, "NS", 6, TABLE_RIGHT);
	table_column(m.t, "TYPE", 0, 0);
	add(&m, TABLE_TOP, "12", "mnt");
	assert_prints(&m, "    NS TYPE\n"
			  "    12 mnt\n");
}

static void test_leaves_out_headings_and_hidden_columns(void **state)
{
	struct memory m;

	(void)state;
	begin(&m, (struct table_style){ .noheadings = true });
	add_columns(&m, TABLE_HIDDEN, 0);
	add(&m, TABLE_TOP, "1", "init");
	assert_prints(&m, "init\n");
}

static void test_writes_nothing_without_rows(void **state)
{
	struct memory m;

	(void)state;
	begin(&m, (struct table_style){ 0 });
	add_columns(&m, 0, 0);
	assert_prints(&m, "");
}

static void test_empty_cells(void **state)
{
	struct memory m;

	(void)state;
	begin(&m, (struct table_style){ 0 });
	add_columns(&m, 0, 0);
	add(&m, TABLE_TOP, NULL, "a");
	add(&m, TABLE_TOP, "1", "");
	assert_prints(&m, "NS COMMAND\n"
			  "   a\n"
			  "1  \n");
}

/* What a stranger's text becomes; the locale says which bytes are characters. */
static const struct hostile {
	const char *locale, *text, *cell, *raw;
} hostile[] = {
	{ "C.UTF-8", "a\x1b[2Jb", "a\\x1b[2Jb", "a\\x1b[2Jb" },
	{ "C.UTF-8", "a\nb\rc", "a\\x0ab\\x0dc", "a\\x0ab\\x0dc" },
	{ "C.UTF-8", "\\x1b", "\\x5cx1b", "\\x5cx1b" },
	{ "C.UTF-8", "C:\\dir", "C:\\dir", "C:\\x5cdir" },
	{ "C.UTF-8", "\u6f22\u00e9", "\u6f22\u00e9", "\\xe6\\xbc\\xa2\\xc3\\xa9" },
	{ "C.UTF-8", "a\u202eb", "a\\xe2\\x80\\xaeb", "a\\xe2\\x80\\xaeb" },
	{ "C.UTF-8", "\xc2\x9b\x32J", "\\xc2\\x9b2J", "\\xc2\\x9b2J" },
	{ "C.UTF-8", "\xff\xc3", "\\xff\\xc3", "\\xff\\xc3" },
	{ "C.UTF-8", "a b\tc", "a b\\x09c", "a\\x20b\\x09c" },
	{ "C.UTF-8", "a=\"1\";'", "a=\"1\";'", "a=\"1\";'" },
	{ "C", "a\x1b[2Jb", "a\\x1b[2Jb", "a\\x1b[2Jb" },
	{ "C", "\\x1b", "\\x5cx1b", "\\x5cx1b" },
	{ "C", "\u00e9\x9b", "\\xc3\\xa9\\x9b", "\\xc3\\xa9\\x9b" },
};

static void test_makes_cells_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		const struct hostile *h = &hostile[i];
		auto_free char *cell = xasprintf("%s x\n", h->cell);
		auto_free char *raw = xasprintf("%s x\n", h->raw);
		struct memory m;

		assert_non_null(setlocale(LC_ALL, h->locale));
		begin(&m, (struct table_style){ .noheadings = true });
		add_columns(&m, 0, 0);
		add(&m, TABLE_TOP, h->text, "x");
		assert_prints(&m, cell);
		begin(&m, (struct table_style){ .noheadings = true, .raw = true });
		add_columns(&m, 0, 0);
		add(&m, TABLE_TOP, h->text, "x");
		assert_prints(&m, raw);
	}
	setlocale(LC_ALL, "C");
}

/* Each byte alone is either printable ASCII or escaped, with raw no blank either. */
static void test_no_byte_passes_unseen(void **state)
{
	static const char *const locales[] = { "C", "C.UTF-8" };

	(void)state;
	for (unsigned i = 1; i < 2 * 2 * 256; i++) {
		const char text[] = { 'a', (char)(i & 0xff), 'b', '\0' };
		struct table_style style = { .noheadings = true, .raw = i & 0x100 };
		struct memory m;

		assert_non_null(setlocale(LC_ALL, locales[i >> 9]));
		begin(&m, style);
		table_column(m.t, "A", 0, TABLE_TREE);
		table_cell(m.t, table_row(m.t, TABLE_TOP), 0, text);
		end(&m);
		for (size_t at = 0; at + 1 < m.n; at++)
			assert_in_range(m.text[at], style.raw ? '!' : ' ', '~');
		free(m.text);
	}
	setlocale(LC_ALL, "C");
}

static void test_aligns_wide_and_escaped_text(void **state)
{
	struct memory m;

	(void)state;
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	begin(&m, (struct table_style){ .noheadings = true });
	add_columns(&m, 0, 0);
	add(&m, TABLE_TOP, "\u6f22\u5b57", "wide");
	add(&m, TABLE_TOP, "e\u0301", "combining");
	add(&m, TABLE_TOP, "\x1b\x1b", "escaped");
	add(&m, TABLE_TOP, "12345678", "plain");
	assert_prints(&m, "\u6f22\u5b57     wide\n"
			  "e\u0301        combining\n"
			  "\\x1b\\x1b escaped\n"
			  "12345678 plain\n");
	setlocale(LC_ALL, "C");
}

static void add_family(struct memory *m)
{
	uint32_t init;

	add_columns(m, TABLE_TREE, 0);
	init = add(m, TABLE_TOP, "1", "init");
	add(m, add(m, init, "2", "sh"), "3", "sleep");
	add(m, init, "4", "cron");
	add(m, TABLE_TOP, "5", "kthreadd");
}

static void test_draws_a_tree(void **state)
{
	struct memory m;

	(void)state;
	begin(&m, (struct table_style){ .tree = true });
	add_family(&m);
	assert_prints(&m, "NS    COMMAND\n"
			  "1     init\n"
			  "|-2   sh\n"
			  "| `-3 sleep\n"
			  "`-4   cron\n"
			  "5     kthreadd\n");
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	begin(&m, (struct table_style){ .tree = true, .noheadings = true });
	add_family(&m);
	assert_prints(&m, "1     init\n"
			  "├─2   sh\n"
			  "│ └─3 sleep\n"
			  "└─4   cron\n"
			  "5     kthreadd\n");
	setlocale(LC_ALL, "C");
}

static void test_no_branches_unless_wanted(void **state)
{
	struct memory m;

	(void)state;
	begin(&m, (struct table_style){ .noheadings = true });
	add_family(&m);
	assert_prints(&m, "1  init\n2  sh\n3  sleep\n4  cron\n5  kthreadd\n");
	begin(&m, (struct table_style){ .noheadings = true, .raw = true, .tree = true });
	add_family(&m);
	assert_prints(&m, "1 init\n2 sh\n3 sleep\n4 cron\n5 kthreadd\n");
}

static void test_wraps_lines(void **state)
{
	static const struct {
		struct table_style style;
		const char *expected;
	} cases[] = {
		{ { .noheadings = true }, "1  /run/a\n   /run/\\x1b\n   /c\n2  /b\n" },
		{ { .noheadings = true, .nowrap = true }, "1  /run/a,/run/\\x1b,/c\n2  /b\n" },
		{ { .noheadings = true, .raw = true }, "1 /run/a,/run/\\x1b,/c\n2 /b\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct memory m;

		begin(&m, cases[i].style);
		add_columns(&m, 0, TABLE_WRAP);
		add(&m, TABLE_TOP, "1", "/run/a\n/run/\x1b\n/c");
		add(&m, TABLE_TOP, "2", "/b");
		assert_prints(&m, cases[i].expected);
	}
}

static void test_raw_keeps_empty_cells(void **state)
{
	struct memory m;

	(void)state;
	begin(&m, (struct table_style){ .raw = true });
	table_column(m.t, "A", 10, TABLE_RIGHT);
	table_column(m.t, "B", 0, 0);
	table_column(m.t, "C", 0, TABLE_TRUNCATE);
	table_cell(m.t, table_row(m.t, TABLE_TOP), 2, "c");
	table_cell(m.t, table_row(m.t, TABLE_TOP), 0, "a");
	assert_prints(&m, "A B C\n  c\na  \n");
}

static void test_cuts_to_the_width(void **state)
{
	static const struct {
		struct table_style style;
		const char *expected;
	} cases[] = {
		{ { .width = 14 }, "NS COMMAND\n 1 one two thr\n" },
		{ { .width = 14, .notruncate = true }, "NS COMMAND\n 1 one two three four\n" },
		{ { 0 }, "NS COMMAND\n 1 one two three four\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct memory m;

		begin(&m, cases[i].style);
		add_columns(&m, TABLE_RIGHT, TABLE_TRUNCATE);
		add(&m, TABLE_TOP, "1", "one two three four");
		assert_prints(&m, cases[i].expected);
	}
}

static void test_never_cuts_a_character(void **state)
{
	struct memory m;

	(void)state;
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	begin(&m, (struct table_style){ .width = 8, .noheadings = true });
	table_column(m.t, "A", 0, TABLE_TRUNCATE);
	table_column(m.t, "B", 0, 0);
	add(&m, TABLE_TOP, "\u6f22\u5b57\u6f22\u5b57\u6f22", "xy");
	assert_prints(&m, "\u6f22\u5b57  xy\n");
	setlocale(LC_ALL, "C");
}

static void test_colors_only_when_told(void **state)
{
	(void)state;
	for (int color = 0; color < 2; color++) {
		struct memory m;

		begin(&m, (struct table_style){ .noheadings = true, .color = color });
		table_column(m.t, "A", 0, 0);
		table_cell(m.t, table_row(m.t, TABLE_TOP), 0, "init");
		table_row_color(m.t, 0, "red");
		assert_prints(&m, color ? "\x1b[31minit\x1b[0m\n" : "init\n");
	}
}

/* It is the caller's to report then: whoever looks at the stream later finds it clean. */
static void test_reports_a_full_disk_once(void **state)
{
	auto_err struct err e = { 0 };
	struct table_style style = { .out = fopen("/dev/full", "w") };
	struct table *t = NULL;

	(void)state;
	assert_non_null(style.out);
	assert_int_equal(table_new(&style, &t, &e), 0);
	table_column(t, "A", 0, 0);
	table_cell(t, table_row(t, TABLE_TOP), 0, "a");
	assert_int_equal(table_print(t, &e), -ENOSPC);
	assert_string_equal(e.text, "cannot write the output: No space left on device");
	table_free(&t);
	assert_int_equal(fflush(style.out), 0);
	assert_false(ferror(style.out));
	fclose(style.out);
}

/* Ten thousand processes, each the child of the one before, would be 200 MB of branches. */
static void test_bounds_the_depth(void **state)
{
	uint32_t row = TABLE_TOP;
	struct memory m;

	(void)state;
	begin(&m, (struct table_style){ .tree = true });
	add_columns(&m, 0, TABLE_TREE);
	for (int i = 0; i < 10000; i++)
		row = add(&m, row, "1", "x");
	end(&m);
	assert_in_range(m.n, 100 * 100, 10000 * 2 * (100 + 8));
	assert_string_equal(m.text + m.n - 6, "  `-x\n");
	free(m.text);
}

/* The processor time for N rows, each the parent of eight. */
static double time_of(uint32_t n, bool tree)
{
	double start = cpu_seconds();
	struct memory m;

	begin(&m, (struct table_style){ .tree = tree, .width = 80 });
	table_column(m.t, "NS", 10, TABLE_RIGHT);
	table_column(m.t, "COMMAND", 0, TABLE_TREE | TABLE_TRUNCATE);
	table_column(m.t, "NSFS", 0, TABLE_WRAP);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t row = add(&m, i ? (i - 1) / 8 : TABLE_TOP, "4026531840", "sleep 60");

		table_cell(m.t, row, 2, i % 8 ? "" : "/run/a\n/run/b");
	}
	end(&m);
	assert_true(m.n > n);
	free(m.text);
	return cpu_seconds() - start;
}

/* Eight times the rows may take 16 times as long, not 64 times. */
static void test_time_is_linear(void **state)
{
	(void)state;
	for (int tree = 0; tree < 2; tree++) {
		bool linear = false;

		for (int i = 0; !linear && i < TRIES; i++) {
			double small = time_of(MANY / 8, tree), large = time_of(MANY, tree);

			print_message("# %d rows%s: %.0f ms, an eighth of them: %.1f ms\n", MANY,
				      tree ? " as a tree" : "", large * 1e3, small * 1e3);
			linear = large < 16 * small + 0.05;
		}
		assert_true(linear);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aligns),
		cmocka_unit_test(test_keeps_to_the_width_hint),
		cmocka_unit_test(test_leaves_out_headings_and_hidden_columns),
		cmocka_unit_test(test_writes_nothing_without_rows),
		cmocka_unit_test(test_empty_cells),
		cmocka_unit_test(test_makes_cells_safe),
		cmocka_unit_test(test_no_byte_passes_unseen),
		cmocka_unit_test(test_aligns_wide_and_escaped_text),
		cmocka_unit_test(test_draws_a_tree),
		cmocka_unit_test(test_no_branches_unless_wanted),
		cmocka_unit_test(test_wraps_lines),
		cmocka_unit_test(test_raw_keeps_empty_cells),
		cmocka_unit_test(test_cuts_to_the_width),
		cmocka_unit_test(test_never_cuts_a_character),
		cmocka_unit_test(test_colors_only_when_told),
		cmocka_unit_test(test_reports_a_full_disk_once),
		cmocka_unit_test(test_bounds_the_depth),
		cmocka_unit_test(test_time_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
