/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases stand in plans.tsv. */
#include "../tsv.h"

#include "../../../common/base/num.h"
#include "../../../common/ns/plan.h"

/* Moves *P behind C and returns the number there. */
static uint64_t number_after(const char **p, char c)
{
	uint64_t n;

	assert_int_equal(**p, c);
	++*p;
	assert_int_equal(num_prefix(p, &n), 0);
	return n;
}

/* "mnt=1/2@1": the caller's, the wanted one, the level of its owner. */
static void read_type(const char **p, struct plan_request *r)
{
	auto_free char *name = xstrndup(*p, strcspn(*p, "="));
	int t = ns_type_from_name(name);

	assert_true(t >= 0);
	*p += strlen(name);
	r->wanted |= 1U << t;
	r->own[t] = (ino_t)number_after(p, '=');
	r->theirs[t] = (ino_t)number_after(p, '/');
	r->level[t] = (unsigned)number_after(p, '@');
}

static struct plan_request read_request(const char *text, bool whole)
{
	struct plan_request r = { .whole = whole };

	for (const char *p = text; *p; p += *p == ' ')
		read_type(&p, &r);
	return r;
}

/* "net uts; 1: mnt; 2: -" */
static char *written(const struct plan *p)
{
	struct str s = { 0 };

	if (p->whole)
		str_add(&s, "at once: ");
	for (size_t i = 0; i < p->n; i++) {
		auto_str struct str types = { 0 };

		if (i > 0)
			str_add(&s, "; ");
		if (p->steps[i].level)
			str_addf(&s, "%u: ", p->steps[i].level);
		for (int t = 0; t < NS_NTYPES; t++)
			if (p->steps[i].types & 1U << t)
				str_join(&types, " ", ns_types[t].name);
		str_add(&s, types.len ? str_text(&types) : "-");
	}
	return str_take(&s);
}

static char *check(const char *const *fields)
{
	struct plan_request r = read_request(fields[0], str_is(fields[1], "whole"));
	struct plan p;

	plan_make(&r, &p);
	auto_free char *got = written(&p);
	return str_is(got, fields[2]) ? NULL : xasprintf("'%s' instead of '%s'", got, fields[2]);
}

static void test_plans(void **state)
{
	(void)state;
	tsv_each("unit/ns/plans.tsv", 3, check);
}

static void test_types(void **state)
{
	struct plan_request r = read_request("net=1/2@1 uts=1/1@0 user=3/4@1", false);
	struct plan p;

	(void)state;
	plan_make(&r, &p);
	assert_int_equal(p.types, 1U << NS_NET | 1U << NS_USER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
