/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/duration.h"

#include "../../../common/base/util.h"
#include "../cmocka.h"

#include <errno.h>

static void reads_lengths_of_time(void **state)
{
	static const struct {
		const char *text;
		int result;
		struct duration d;
	} cases[] = {
		{ "0", 0, { 0, 0 } },
		{ "90", 0, { 90, 0 } },
		{ "+3d", 0, { 259200, 0 } },
		{ "-3d", 0, { -259200, 0 } },
		{ "1.5", 0, { 1, 500000000 } },
		{ "-1.5", 0, { -2, 500000000 } },
		{ "-0.000000001", 0, { -1, 999999999 } },
		{ "1.0000000019", 0, { 1, 1 } },
		{ "1.5h", 0, { 5400, 0 } },
		{ "1h30m", 0, { 5400, 0 } },
		{ "250ms", 0, { 0, 250000000 } },
		{ "3us7ns", 0, { 0, 3007 } },
		{ "1w1d1h1m1s1", 0, { 694862, 0 } },
		{ "", -EINVAL, { 0, 0 } },
		{ "-", -EINVAL, { 0, 0 } },
		{ "+-1", -EINVAL, { 0, 0 } },
		{ "1x", -EINVAL, { 0, 0 } },
		{ "1.", -EINVAL, { 0, 0 } },
		{ ".5", -EINVAL, { 0, 0 } },
		{ "1 d", -EINVAL, { 0, 0 } },
		{ "18446744073709551615", -ERANGE, { 0, 0 } },
		{ "18446744073709551616", -ERANGE, { 0, 0 } },
		{ "9999999999999d", -ERANGE, { 0, 0 } },
		{ "5000000w5000000w", -ERANGE, { 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct duration d = { 0 };
		int r = duration_parse(cases[i].text, &d);

		if (r != cases[i].result || d.sec != cases[i].d.sec || d.nsec != cases[i].d.nsec)
			fail_msg("'%s': %d, %lld s %u ns", cases[i].text, r, (long long)d.sec,
				 d.nsec);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reads_lengths_of_time) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
