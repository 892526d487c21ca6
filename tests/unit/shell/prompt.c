/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands before the line. */
#include "../../../cmd/shell/interactive.h"

#include "../cmocka.h"

#include <locale.h>

static const struct {
	const char *locale;
	size_t depth;
	int status;
	bool color;
	const char *prompt;
} prompts[] = {
	{ "C.UTF-8", 0, 0, false, "nstool / > " },
	{ "C.UTF-8", 1, 0, false, "nstool /user:[401] > " },
	{ "C.UTF-8", 2, 0, false, "nstool …/net:[900] > " },
	{ "C", 2, 0, false, "nstool .../net:[900] > " },
	{ "C.UTF-8", 0, 3, false, "nstool / [3]> " },
	{ "C.UTF-8", 0, 3, true,
	  "nstool \001\033[36m\002/\001\033[0m\002 \001\033[31m\002[3]\001\033[0m\002> " },
};

static void test_prompts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(prompts); i++) {
		struct shell sh = { .status = prompts[i].status };
		auto_free char *text = NULL;

		if (prompts[i].depth > 0)
			place_add(&sh.here, (struct step){ .type = NS_USER, .ino = 401 });
		if (prompts[i].depth > 1)
			place_add(&sh.here, (struct step){ .type = NS_NET, .ino = 900 });
		assert_non_null(setlocale(LC_CTYPE, prompts[i].locale));
		text = interactive_prompt(&sh, prompts[i].color);
		assert_string_equal(text, prompts[i].prompt);
		place_done(&sh.here);
	}
}

/* A set may be called by a reference with anything in it. */
static void test_hostile_name(void **state)
{
	struct shell sh = { .status = 0 };
	auto_free char *text = NULL;

	(void)state;
	place_add(&sh.here, (struct step){ .kind = STEP_SET, .name = xstrdup("@\033[31m") });
	text = interactive_prompt(&sh, false);
	assert_null(strchr(text, '\033'));
	place_done(&sh.here);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prompts),
		cmocka_unit_test(test_hostile_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
