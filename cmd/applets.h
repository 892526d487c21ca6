/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roof's list of applets, in the order in which the overview shows them. */
#pragma once

#include "../common/cli/applet.h"

extern const struct applet *const applets[];
extern const size_t napplets;
extern const char pages[]; /* the manual, see common/cli/pages.h */
