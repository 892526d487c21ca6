/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "applets.h"

const struct applet *const applets[] = {
	NULL,
};

const size_t napplets = 0;
