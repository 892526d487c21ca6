/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/cli/dispatch.h"
#include "../../../common/cli/version.h"

#include "../capture.h"
#include "../tsv.h"
#include "fake.h"

#define WORDS_MAX 8

struct outcome {
	int status;
	char *out, *err;
};

static struct outcome run(int argc, char **argv)
{
	struct ctx ctx = { .applets = fake_applets, .napplets = ARRAY_LEN(fake_applets) };
	struct capture c = capture_stderr();
	struct outcome o = { 0 };
	size_t size;

	ctx.out = open_memstream(&o.out, &size);
	o.status = dispatch_main(&ctx, argc, argv);
	fclose(ctx.out);
	o.err = capture_end(&c);
	return o;
}

static void outcome_done(struct outcome *o)
{
	free(o->out);
	free(o->err);
}

/* Cuts TEXT at its blanks and runs that. */
static struct outcome run_text(char *text)
{
	char *argv[WORDS_MAX + 1], *word;
	int n = 0;

	while ((word = strsep(&text, " "))) {
		assert_true(n < WORDS_MAX);
		argv[n++] = word;
	}
	argv[n] = NULL;
	return run(n, argv);
}

/* WORDS STATUS STDOUT STDERR */
static char *check_run(const char *const *fields)
{
	auto_free char *text = xstrdup(fields[0]);
	auto_call(outcome_done) struct outcome o = run_text(text);
	auto_free char *status = xasprintf("%d", o.status);

	if (str_is(status, fields[1]) && str_is(o.out, fields[2]) && str_is(o.err, fields[3]))
		return NULL;
	return xasprintf("gives %s\n%s%s", status, o.out, o.err);
}

static void test_runs(void **state)
{
	(void)state;
	tsv_each("unit/cli/dispatch.tsv", 4, check_run);
}

static void test_help_and_version(void **state)
{
	static const struct {
		const char *words, *begins;
	} cases[] = {
		{ "nstool", "nstool: look at " },
		{ "nstool --help", "nstool: look at " },
		{ "nstool -h", "nstool: look at " },
		{ "nstool --version", "nstool " NSTOOL_VERSION "\n" },
		{ "nstool -V", "nstool " NSTOOL_VERSION "\n" },
		{ "nstool list --help", "Usage: nstool list [options] [TYPE...]\n" },
		{ "/bin/ls --help", "Usage: ls [options] [TYPE...]\n" },
		{ "nstool unshare --help", "Usage: nstool unshare [options]" },
		{ "unshare --help", "Usage: unshare [options] [--] [COMMAND [ARG...]]\n" },
		{ "nstool list --version", "nstool " NSTOOL_VERSION "\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_free char *text = xstrdup(cases[i].words);
		auto_call(outcome_done) struct outcome o = run_text(text);

		if (o.status || o.err[0] || !str_after(o.out, cases[i].begins))
			fail_msg("%s gives %d\n%s%s", cases[i].words, o.status, o.out, o.err);
	}
}

/* execve(2) with no argv[0] is allowed, before Linux 5.18. */
static void test_without_any_word(void **state)
{
	char *none[] = { NULL }, *empty[] = { (char *)"", NULL };
	auto_call(outcome_done) struct outcome o = run(0, none), p = run(1, empty);

	(void)state;
	assert_int_equal(o.status, 0);
	assert_non_null(str_after(o.out, "nstool: look at "));
	assert_int_equal(p.status, 0);
	assert_string_equal(p.out, o.out);
}

static int run_into(const char *path, const char *mode, char **argv)
{
	struct ctx ctx = { .applets = fake_applets, .napplets = ARRAY_LEN(fake_applets) };
	int argc = 0, status;

	while (argv[argc])
		argc++;
	ctx.out = fopen(path, mode);
	assert_non_null(ctx.out);
	status = dispatch_main(&ctx, argc, argv);
	fclose(ctx.out);
	return status;
}

/* What cannot be written is a failure, but does not hide another one. */
static void test_checks_what_it_wrote(void **state)
{
	char *good[] = { (char *)"nstool", (char *)"list", NULL };
	char *bad[] = { (char *)"nstool", (char *)"list", (char *)"both", NULL };
	char *quiet[] = { (char *)"nstool", (char *)"list", (char *)"status", (char *)"0", NULL };
	struct capture c = capture_stderr();
	int full = run_into("/dev/full", "we", good), closed = run_into("/dev/null", "re", good);
	int silent = run_into("/dev/full", "we", quiet), other = run_into("/dev/full", "we", bad);
	auto_free char *said = capture_end(&c);

	(void)state;
	assert_int_equal(full, 1);
	assert_int_equal(closed, 1);
	assert_int_equal(silent, 0);
	assert_int_equal(other, 3);
	assert_string_equal(said, "nstool: cannot write the output: No space left on device\n"
				  "nstool: cannot write the output: Input/output error\n"
				  "nstool: cannot write the output: No space left on device\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_help_and_version),
		cmocka_unit_test(test_without_any_word),
		cmocka_unit_test(test_checks_what_it_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
