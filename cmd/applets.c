/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "applets.h"

extern const struct applet applet_list, applet_lsns;

const struct applet *const applets[] = {
	&applet_list,
	&applet_lsns,
};

const size_t napplets = ARRAY_LEN(applets);
