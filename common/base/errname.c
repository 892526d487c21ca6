/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errname.h"

#include "util.h"

#include <errno.h>

const char *errname(int error)
{
#define NAME(e) [e] = #e
	static const char *const names[] = {
		NAME(E2BIG),	 NAME(EACCES),	     NAME(EAGAIN),	 NAME(EBADF),
		NAME(EBUSY),	 NAME(ECHILD),	     NAME(ECONNREFUSED), NAME(EEXIST),
		NAME(EFAULT),	 NAME(EHOSTDOWN),    NAME(EINTR),	 NAME(EINVAL),
		NAME(EIO),	 NAME(EISDIR),	     NAME(ELOOP),	 NAME(EMFILE),
		NAME(EMLINK),	 NAME(ENAMETOOLONG), NAME(ENFILE),	 NAME(ENODEV),
		NAME(ENOENT),	 NAME(ENOEXEC),	     NAME(ENOKEY),	 NAME(ENOMEM),
		NAME(ENOSPC),	 NAME(ENOSYS),	     NAME(ENOTBLK),	 NAME(ENOTCONN),
		NAME(ENOTDIR),	 NAME(ENOTTY),	     NAME(ENXIO),	 NAME(EOPNOTSUPP),
		NAME(EOVERFLOW), NAME(EPERM),	     NAME(EPIPE),	 NAME(EREMOTE),
		NAME(EROFS),	 NAME(ESRCH),	     NAME(ESTALE),	 NAME(ETIMEDOUT),
		NAME(ETXTBSY),	 NAME(EUSERS),	     NAME(EXDEV),
	};

	return error > 0 && (size_t)error < ARRAY_LEN(names) ? names[error] : NULL;
}
