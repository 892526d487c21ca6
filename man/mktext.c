/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the manual a part of the program: mktext nstool.1 nstool-list.1 … >pages.c
 *
 * The pages are those that mkman has made. See common/cli/pages.h for what comes out.
 */
#include "../common/base/fd.h"
#include "mdoc.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>

/* TEXT as a string of C, a line of it on each line, with its NUL. */
static void put_string(const char *text)
{
	fputs("\t\"", stdout);
	for (; *text; text++) {
		if (*text == '\n')
			fputs("\\n\"\n\t\"", stdout);
		else if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if (*text >= ' ' && *text <= '~')
			putchar(*text);
		else
			printf("\\%03o", (unsigned)(unsigned char)*text);
	}
	fputs("\\0\"\n", stdout);
}

static int put_page(const char *path, struct err *e)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	auto_call(mdoc_done) struct mdoc d = MDOC_NONE;
	auto_str struct str page = { 0 };
	const char *name;
	int r = fd < 0 ? -1 : fd_read_all(fd, SIZE_MAX, &page);

	if (r < 0)
		return err_say(e, r, "cannot read it");
	r = mdoc_read(&d, page.s, e);
	if (r < 0)
		return r;
	name = str_after(d.title, "nstool-");
	put_string(name ? name : d.title);
	put_string(d.about);
	put_string(str_text(&d.text.out));
	return 0;
}

int main(int argc, char **argv)
{
	puts("/* Made by mktext. */\n"
	     "extern const char pages[];\n"
	     "const char pages[] =");
	for (int i = 1; i < argc; i++) {
		auto_err struct err e = { 0 };

		if (put_page(argv[i], &e) < 0) {
			fprintf(stderr, "mktext: %s: %s\n", argv[i], e.text);
			return 1;
		}
	}
	puts("\t\"\";");
	return fflush(stdout) == 0 ? 0 : 1;
}
