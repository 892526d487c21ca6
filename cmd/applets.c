/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "applets.h"

extern const struct applet applet_bind_ns, applet_mountpriv;
extern const struct applet applet_list, applet_lsns;
extern const struct applet applet_enter, applet_nsenter;
extern const struct applet applet_unshare_ns, applet_unshare;
extern const struct applet applet_watch;
extern const struct applet applet_help, applet_shell;

const struct applet *const applets[] = {
	&applet_list,	    &applet_lsns,    &applet_enter,   &applet_nsenter,
	&applet_unshare_ns, &applet_unshare, &applet_bind_ns, &applet_mountpriv,
	&applet_watch,	    &applet_shell,   &applet_help,
};

const size_t napplets = ARRAY_LEN(applets);
