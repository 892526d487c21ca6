/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/base/fd.h"

#include "../cmocka.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int new_file(const char *text, size_t n)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, n), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void test_scope_closes(void **state)
{
	int number;

	(void)state;
	{
		auto_close int fd = new_file("", 0);

		number = fd;
		assert_true(is_open(number));
	}
	assert_false(is_open(number));
}

static void test_taken_stays_open(void **state)
{
	int taken;

	(void)state;
	{
		auto_close int fd = new_file("", 0);

		taken = take_fd(&fd);
		assert_int_equal(fd, -EBADF);
	}
	assert_true(is_open(taken));
	close(taken);
}

static void test_cleanup_keeps_errno(void **state)
{
	int none = -EBADF, failed = -ENOENT, gone = new_file("", 0);

	(void)state;
	close(gone);
	errno = ENOTTY;
	cleanup_fd(&gone);
	cleanup_fd(&none);
	cleanup_fd(&failed);
	assert_int_equal(errno, ENOTTY);
	assert_int_equal(failed, -EBADF);
}

static void test_inode(void **state)
{
	auto_close int fd = new_file("", 0);
	struct stat st;

	(void)state;
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(fd_inode(fd), st.st_ino);
	assert_int_equal(fd_inode(-1), 0);
}

/* Sizes around those that reading proceeds by. */
static void test_reads_all(void **state)
{
	static const size_t sizes[] = { 0, 1, 4095, 4096, 4097, 8191, 8192, 100000 };
	static char text[100000];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		auto_close int fd = new_file(text, sizes[i]);
		auto_str struct str s = { 0 };

		str_add(&s, "before");
		assert_int_equal(fd_read_all(fd, SIZE_MAX, &s), 0);
		assert_int_equal(s.len, 6 + sizes[i]);
		assert_memory_equal(s.s, "before", 6);
		assert_memory_equal(s.s + 6, text, sizes[i]);
		assert_int_equal(s.s[s.len], '\0');
	}
}

static void test_reads_no_more_than_the_limit(void **state)
{
	static const size_t limits[] = { 0, 1, 4096, 5000, 9999, 10000, 10001 };
	static char text[10000];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		auto_close int fd = new_file(text, sizeof(text));
		auto_str struct str s = { 0 };

		assert_int_equal(fd_read_all(fd, limits[i], &s), 0);
		assert_int_equal(s.len, MIN(limits[i], sizeof(text)));
	}
}

static void test_tells_why_it_cannot_read(void **state)
{
	auto_close int dir = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_str struct str s = { 0 };

	(void)state;
	assert_int_equal(fd_read_all(-1, 10, &s), -EBADF);
	assert_int_equal(fd_read_all(dir, 10, &s), -EISDIR);
	assert_int_equal(s.len, 0);
}

static void test_tells_why_it_cannot_write(void **state)
{
	auto_close int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(fd_write_all(-1, "x", 1), -EBADF);
	assert_int_equal(fd_write_all(full, "x", 1), -ENOSPC);
	assert_int_equal(fd_write_all(-1, "", 0), 0);
}

/* The end of the pipe that the signal handler works at, and how often it still does. */
static int other_end;
static int rounds;

static void feed(int signal)
{
	(void)signal;
	if (rounds > 0 && write(other_end, "x", 1) == 1)
		rounds--;
	else if (rounds == 0 && rounds-- == 0)
		close(other_end);
}

/* What drain() has read, with room for what the pipe held before. */
static char drained[3 << 20];
static size_t ndrained;

static void drain(int signal)
{
	ssize_t n;

	(void)signal;
	while ((n = read(other_end, drained + ndrained, sizeof(drained) - ndrained)) > 0)
		ndrained += (size_t)n;
}

/* Calls HANDLER each millisecond, without SA_RESTART; NULL: no longer. */
static void interrupt_with(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler ? handler : SIG_DFL };
	struct itimerval each = { 0 };

	if (handler)
		each = (struct itimerval){ { 0, 1000 }, { 0, 1000 } };
	else
		assert_int_equal(setitimer(ITIMER_REAL, &each, NULL), 0);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	if (handler)
		assert_int_equal(setitimer(ITIMER_REAL, &each, NULL), 0);
}

/* Each byte comes only after it has interrupted the read that waits for it. */
static void test_reads_on_when_interrupted(void **state)
{
	auto_str struct str s = { 0 };
	int ends[2], r;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	other_end = ends[1];
	rounds = 5;
	interrupt_with(feed);
	r = fd_read_all(ends[0], SIZE_MAX, &s);
	interrupt_with(NULL);
	close(ends[0]);
	assert_int_equal(r, 0);
	assert_string_equal(str_text(&s), "xxxxx");
}

/* The pipe is full when writing begins, and takes a part at a time. */
static void test_writes_on_when_interrupted(void **state)
{
	static char text[1 << 20];
	int ends[2], r;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	while (write(ends[1], text, sizeof(text)) > 0)
		;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i % 251);
	assert_int_equal(fcntl(ends[1], F_SETFL, 0), 0);
	other_end = ends[0];
	interrupt_with(drain);
	r = fd_write_all(ends[1], text, sizeof(text));
	interrupt_with(NULL);
	drain(0);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(r, 0);
	assert_true(ndrained > sizeof(text));
	assert_memory_equal(drained + ndrained - sizeof(text), text, sizeof(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scope_closes),
		cmocka_unit_test(test_taken_stays_open),
		cmocka_unit_test(test_cleanup_keeps_errno),
		cmocka_unit_test(test_inode),
		cmocka_unit_test(test_reads_all),
		cmocka_unit_test(test_reads_no_more_than_the_limit),
		cmocka_unit_test(test_tells_why_it_cannot_read),
		cmocka_unit_test(test_tells_why_it_cannot_write),
		cmocka_unit_test(test_reads_on_when_interrupted),
		cmocka_unit_test(test_writes_on_when_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
