/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "freshproc.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

int freshproc_mount(struct err *e)
{
	int r = 0;

	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_SLAVE | MS_REC, NULL) < 0) {
		r = err_set(e, -errno, "cannot make a mount namespace for a fresh /proc");
		if (r == -EINVAL)
			err_hint(e, "the root directory is no mount, as in a chroot");
		return r;
	}
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		r = err_set(e, -errno, "cannot mount a fresh /proc");
	if (r == -EPERM)
		err_hint(e, "this needs CAP_SYS_ADMIN in the owners of the pid and the mount "
			    "namespace, and no /proc with hidden parts");
	return r;
}
