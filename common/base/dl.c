/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dl.h"

#include <dlfcn.h>
#include <errno.h>

int dl_load(const char *soname, const char *package, const char *const *names, size_t n, void *fns,
	    struct err *e)
{
	void *lib = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!lib) {
		err_say(e, -ENOENT, "cannot load %s", soname);
		err_hint(e, "install it; on Debian: apt-get install %s", package);
		return -ENOENT;
	}
	for (size_t i = 0; i < n; i++) {
		void *address = dlsym(lib, names[i]);

		if (!address) {
			err_say(e, -ENOENT, "%s is too old: it has no %s()", soname, names[i]);
			err_hint(e, "install a newer %s", package);
			return -ENOENT;
		}
		memcpy((char *)fns + i * sizeof(address), &address, sizeof(address));
	}
	return 0;
}
