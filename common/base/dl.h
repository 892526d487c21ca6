/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Libraries that are loaded at first use, so that what does not need them does not pay for them.
 * A wrapper lists the functions it calls once, and keeps its header's types:
 *
 *	#define THE_CALLS(X) X(foo_new) X(foo_free)
 *	struct foo { THE_CALLS(DL_FIELD) };
 *	DL_NOTE("libfoo.so.1", "tables", "Draws tables");
 *
 *	static const char *const names[] = { THE_CALLS(DL_NAME) };
 *	r = dl_load("libfoo.so.1", "libfoo1", names, ARRAY_LEN(names), &foo, e);
 *	foo.foo_free(foo.foo_new());
 */
#pragma once

#include "err.h"

#define DL_FIELD(fn) __typeof__(fn) *fn;
#define DL_NAME(fn)  #fn,

/*
 * Tells packagers of the dependency: an ELF note as in the UAPI Group's "ELF Package Metadata:
 * dlopen" specification (section .note.dlopen, owner FDO, type 0x407c0c0a, a JSON array).
 */
#define DL_NOTE(soname, feature, description)                                                      \
	DL_NOTE_TEXT("[{\"soname\":[\"" soname "\"],\"feature\":\"" feature                        \
		     "\",\"description\":\"" description "\",\"priority\":\"recommended\"}]")
#define DL_NOTE_TEXT(json)                                                                         \
	static const struct {                                                                      \
		struct {                                                                           \
			unsigned namesz, descsz, type;                                             \
		} head;                                                                            \
		char name[4];                                                                      \
		char desc[(sizeof(json) + 3) & ~(size_t)3];                                        \
	} dl_note __attribute__((used, section(".note.dlopen"),                                    \
				 aligned(4))) = { { 4, sizeof(json), 0x407c0c0a }, "FDO", json }

/*
 * Loads SONAME (it stays loaded; loading it again costs nothing) and stores the addresses of the
 * N functions NAMES at FNS, in order. PACKAGE is the Debian package to name when it is missing.
 * Returns 0 or -ENOENT with the sentence and the remedy in E.
 */
int dl_load(const char *soname, const char *package, const char *const *names, size_t n, void *fns,
	    struct err *e);
