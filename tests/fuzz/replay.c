/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The main() of a fuzz target outside of fuzzing: gives it each file of its corpus, the directory
 * tests/fuzz/NAME, and reports in TAP. A crash ends the run, which the runner counts as failed.
 */
#include "../../common/base/fd.h"

#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static int is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static bool replay(int dir, const char *name)
{
	auto_close int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	auto_str struct str bytes = { 0 };

	if (fd < 0 || fd_read_all(fd, SIZE_MAX, &bytes) < 0)
		return false;
	LLVMFuzzerTestOneInput((const uint8_t *)str_text(&bytes), bytes.len);
	return true;
}

int main(int argc, char **argv)
{
	auto_free char *path = xasprintf("%s/fuzz/%s", TESTDIR, basename(argv[0]));
	auto_close int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **files = NULL;
	int n = scandir(path, &files, is_visible, alphasort);

	(void)argc;
	printf("1..%d\n", MAX(n, 1));
	if (n <= 0)
		printf("not ok 1 - %s has no corpus\n", path);
	for (int i = 0; i < n; i++) {
		bool ok = replay(dir, files[i]->d_name);

		printf("%s %d - %s\n", ok ? "ok" : "not ok", i + 1, files[i]->d_name);
		fflush(stdout);
		free(files[i]);
	}
	free(files);
	return 0;
}
