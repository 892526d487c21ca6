/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines, a word a line: the first chooses the applet. Each is parsed or refused. */
#include "../../common/cli/options.h"

#include "../../common/base/vec.h"
#include "../unit/cli/fake.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_refusal(const struct err *e)
{
	assert(e->code == -EINVAL && e->text);
	for (const char *p = e->text; *p; p++)
		assert((unsigned char)*p >= ' ' && *p != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	auto_free char *input = xstrndup((const char *)bytes, n);
	const struct applet *a = fake_applets[(n ? bytes[0] : 0) % ARRAY_LEN(fake_applets)];
	struct fake_opts opts = { 0 };
	auto_err struct err e = { 0 };
	VEC(char *) argv = { 0 };
	char *rest = input;
	int first = -1, r;

	while (rest)
		vec_push(&argv, strsep(&rest, "\n"));
	vec_push(&argv, NULL);
	r = options_parse(a, (int)argv.n - 1, argv.v, &opts, &first, &e);
	assert(r == OPTIONS_RUN || r == OPTIONS_HELP || r == OPTIONS_VERSION || r == -EINVAL);
	if (r == OPTIONS_RUN)
		assert(first >= 1 && (size_t)first <= argv.n - 1 && !e.text);
	if (r < 0)
		check_refusal(&e);
	vec_done(&argv);
	return 0;
}
