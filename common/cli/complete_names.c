/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "complete_names.h"

#include "../ns/capname.h"

#include <ctype.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

void complete_file(struct candidates *ret)
{
	ret->files = true;
}

void complete_attached_file(struct candidates *ret)
{
	if (*ret->typed == '=')
		candidates_settle(ret, 1);
	ret->files = true;
}

void complete_user(struct candidates *ret)
{
	const struct passwd *pw;

	setpwent();
	while ((pw = getpwent()))
		candidates_add(ret, pw->pw_name, NULL);
	endpwent();
}

void complete_group(struct candidates *ret)
{
	const struct group *gr;

	setgrent();
	while ((gr = getgrent()))
		candidates_add(ret, gr->gr_name, NULL);
	endgrent();
}

/* With "SIG" before it only if that was begun: one name for each signal is enough to read. */
void complete_signal(struct candidates *ret)
{
	for (int sig = 1; sig < SIGRTMIN; sig++) {
		const char *name = sigabbrev_np(sig);
		auto_free char *full = name ? xasprintf("SIG%s", name) : NULL;

		if (!name)
			continue;
		candidates_add(ret, name, NULL);
		if (*ret->typed)
			candidates_add(ret, full, NULL);
	}
}

void complete_variable(struct candidates *ret)
{
	for (char **p = environ; p && *p; p++) {
		auto_free char *name = xstrndup(*p, strcspn(*p, "="));

		candidates_add(ret, name, NULL);
	}
}

void complete_variables(struct candidates *ret)
{
	candidates_settle_items(ret, ",");
	complete_variable(ret);
}

void complete_caps(struct candidates *ret)
{
	const char *name;

	candidates_settle_items(ret, ",");
	candidates_add(ret, "all", NULL);
	for (int cap = 0; (name = cap_name(cap)); cap++) {
		auto_free char *plain = xstrdup(name + strlen("CAP_"));

		for (char *p = plain; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		candidates_add(ret, plain, NULL);
		if (*ret->typed)
			candidates_add(ret, name, NULL);
	}
}
