/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common/cli/dispatch.h"
#include "../common/ns/supervise.h"
#include "applets.h"

int main(int argc, char **argv)
{
	struct ctx ctx = {
		.out = stdout,
		.applets = applets,
		.napplets = napplets,
		.pages = pages,
	};

	supervise_leave(dispatch_main(&ctx, argc, argv));
}
