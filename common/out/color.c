/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "color.h"

#include "../base/str.h"

#include <unistd.h>

bool out_wants_color(FILE *out)
{
	const char *term = getenv("TERM");
	const char *refused = getenv("NO_COLOR"), *forced = getenv("CLICOLOR_FORCE");

	if (refused && *refused)
		return false;
	if (forced && *forced && !str_is(forced, "0"))
		return true;
	return term && *term && !str_is(term, "dumb") && isatty(fileno(out));
}
