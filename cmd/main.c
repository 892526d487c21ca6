/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common/cli/dispatch.h"
#include "../common/ns/supervise.h"
#include "applets.h"

#include <locale.h>

int main(int argc, char **argv)
{
	struct ctx ctx = {
		.out = stdout,
		.applets = applets,
		.napplets = napplets,
		.pages = pages,
	};

	/* Our sentences and numbers are the same everywhere; the other categories cost 20 files. */
	setlocale(LC_CTYPE, "");
	supervise_leave(dispatch_main(&ctx, argc, argv));
}
