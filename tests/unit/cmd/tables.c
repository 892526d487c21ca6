/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of all applets. */
#include "../../../cmd/applets.h"

#include "../cmocka.h"
#include "../tables.h"

static void test_tables(void **state)
{
	auto_free char *complaints = tables_complaints(applets, napplets);

	(void)state;
	assert_string_equal(complaints, "");
}

/* The overview has a line for each applet that is not there for another tool's sake. */
static void test_overview(void **state)
{
	auto_free char *text = NULL;
	size_t size;
	struct ctx ctx = { .applets = applets, .napplets = napplets };

	(void)state;
	ctx.out = open_memstream(&text, &size);
	help_overview(&ctx);
	fclose(ctx.out);
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= HELP_WIDTH);
	for (size_t i = 0; i < napplets; i++) {
		auto_free char *row = xasprintf("\n  %s ", applets[i]->name);

		assert_int_equal(strstr(text, row) != NULL, !applets[i]->compat);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_overview),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
