/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capplan.h"

#include "capname.h"

#include <errno.h>
#include <sys/prctl.h>

/* capabilities(7): a root by its real uid is permitted what one by its effective uid has. */
int cap_plan_make(const struct task_status *s, unsigned ruid, unsigned euid, bool loose,
		  struct cap_plan *ret, struct err *e)
{
	bool root = !ruid || !euid;
	uint64_t permitted = root ? s->caps.inheritable | s->bounding : s->ambient;
	uint64_t effective = euid ? s->ambient : permitted;
	struct cap_plan p = { s->caps, s->bounding, s->ambient };

	if (s->caps.permitted == permitted && s->caps.effective == effective) {
		*ret = p;
		return 0;
	}
	if (!loose)
		return err_say(e, -EOPNOTSUPP,
			       "cannot take over the capabilities: no exec leaves what is %s",
			       s->caps.permitted == permitted ? "permitted but not effective"
							      : "permitted by other sets as it is");
	p.caps.permitted = s->caps.effective & s->caps.permitted;
	p.caps.effective = p.caps.permitted;
	if (root) {
		p.bounding &= p.caps.permitted;
		p.caps.inheritable &= p.caps.permitted;
		p.ambient &= p.caps.inheritable;
	} else {
		p.caps.inheritable |= p.caps.permitted;
		p.ambient = p.caps.permitted;
	}
	*ret = p;
	return 0;
}

static int lacks(const char *set, uint64_t missing, struct err *e)
{
	const char *name = cap_name(__builtin_ctzll(missing));

	return err_say(e, -EPERM, "cannot take over the %s set: the caller lacks %s", set,
		       name ? name : "a capability without a name");
}

static int check(const struct cap_plan *p, const struct caps *own, uint64_t bounding, struct err *e)
{
	if (p->bounding & ~bounding)
		return lacks("bounding", p->bounding & ~bounding, e);
	if (p->caps.permitted & ~own->permitted)
		return lacks("permitted", p->caps.permitted & ~own->permitted, e);
	return 0;
}

int cap_plan_check(const struct cap_plan *p, struct err *e)
{
	struct caps own;
	int r = caps_get(&own);

	return r < 0 ? err_set(e, r, "cannot read the capabilities")
		     : check(p, &own, caps_bounding(), e);
}

static int set_bounding(uint64_t wanted, struct err *e)
{
	uint64_t drop = caps_bounding() & ~wanted;

	for (int cap = 0; cap < 64; cap++) {
		int r = drop & CAP_BIT(cap) ? caps_bounding_drop(cap) : 0;

		if (r < 0)
			return err_set(e, r, "cannot take over the bounding set");
	}
	return 0;
}

static int set_ambient(uint64_t wanted, struct err *e)
{
	uint64_t now = caps_ambient();

	for (int cap = 0; cap < 64; cap++) {
		int r = 0;

		if (wanted & CAP_BIT(cap))
			r = caps_ambient_raise(cap);
		else if (now & CAP_BIT(cap))
			r = caps_ambient_lower(cap);
		if (r < 0)
			return err_set(e, r, "cannot take over the ambient set");
	}
	return 0;
}

int cap_plan_apply(const struct cap_plan *p, bool loose, struct err *e)
{
	struct cap_plan to = *p;
	struct caps own, wide;
	int r = caps_get(&own);

	if (r == 0 && loose) {
		to.bounding &= caps_bounding();
		to.caps.permitted = to.caps.effective = p->caps.permitted & own.permitted;
		to.caps.inheritable &= own.permitted | own.inheritable;
		to.ambient &= to.caps.permitted & to.caps.inheritable;
	}
	if (r < 0)
		return err_set(e, r, "cannot read the capabilities");
	r = check(&to, &own, caps_bounding(), e);
	if (r < 0)
		return r;
	/* Inheritable ones can be had while they are bounding, those to drop need CAP_SETPCAP. */
	wide = (struct caps){ own.permitted, own.permitted, to.caps.inheritable };
	r = caps_set(&wide);
	if (r < 0)
		return err_set(e, r, "cannot take over the inheritable set");
	r = set_bounding(to.bounding, e);
	if (r == 0)
		r = set_ambient(to.ambient, e);
	if (r < 0)
		return r;
	r = caps_set(&to.caps);
	return r < 0 ? err_set(e, r, "cannot take over the capabilities") : 0;
}
