/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fakelistns [--stuck] NAMESPACE... -- COMMAND [ARGUMENT...]: runs COMMAND where listns(2) lists
 * these namespaces (files such as /proc/12/ns/net), two at a time, and an id that is no namespace
 * any more; and where a file handle with nothing but an id opens, as on Linux 6.19. --stuck: the
 * first two again and again. Needs ids: 6.18.
 *
 * A seccomp(2) filter sends both system calls here; see seccomp_unotify(2).
 */
#include "../../common/base/fd.h"
#include "../../common/sys/compat.h"
#include "../../common/sys/nsfs.h"
#include "../../common/sys/pidfd.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE_OF_IDS 2
#define MOST	    16

/* Sorted by id. FD is -EBADF where the namespace has gone. */
struct listed {
	uint64_t id;
	int fd;
};

struct faker {
	struct listed all[MOST];
	size_t n;
	bool stuck;
	int listener;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "fakelistns: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void add(struct faker *f, uint64_t id, int fd)
{
	size_t i = f->n++;

	for (; i > 0 && f->all[i - 1].id > id; i--)
		f->all[i] = f->all[i - 1];
	f->all[i] = (struct listed){ id, fd };
}

static bool peek(pid_t pid, uint64_t address, void *to, size_t n)
{
	struct iovec local = { to, n }, remote = { (void *)(uintptr_t)address, n };

	return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)n;
}

static bool poke(pid_t pid, uint64_t address, const void *from, size_t n)
{
	struct iovec local = { (void *)from, n }, remote = { (void *)(uintptr_t)address, n };

	return process_vm_writev(pid, &local, 1, &remote, 1, 0) == (ssize_t)n;
}

static int64_t list(const struct faker *f, const struct seccomp_notif *call)
{
	uint64_t ids[PAGE_OF_IDS];
	struct compat_ns_id_req req;
	size_t n = 0;

	if (!peek((pid_t)call->pid, call->data.args[0], &req, sizeof(req)))
		return -EFAULT;
	for (size_t i = 0; i < f->n && n < MIN(PAGE_OF_IDS, call->data.args[2]); i++)
		if (f->stuck || f->all[i].id > req.ns_id)
			ids[n++] = f->all[i].id;
	return poke((pid_t)call->pid, call->data.args[1], ids, n * sizeof(*ids)) ? (int64_t)n
										 : -EFAULT;
}

/* Gives the caller a descriptor of the namespace. Returns 0 if that was the answer. */
static int64_t give(const struct faker *f, const struct seccomp_notif *call, uint64_t id)
{
	struct seccomp_notif_addfd answer = { .id = call->id,
					      .flags = SECCOMP_ADDFD_FLAG_SEND,
					      .newfd_flags = O_CLOEXEC };

	for (size_t i = 0; i < f->n; i++)
		if (f->all[i].id == id && f->all[i].fd >= 0) {
			answer.srcfd = (unsigned)f->all[i].fd;
			return ioctl(f->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &answer) < 0 ? -errno
											  : 0;
		}
	return -ESTALE;
}

static void answer(const struct faker *f, const struct seccomp_notif *call)
{
	struct seccomp_notif_resp resp = { .id = call->id };
	struct compat_nsfs_handle handle;
	uint64_t bytes = call->data.args[1] + sizeof(struct file_handle);
	int64_t r;

	if (call->data.nr == SYS_listns) {
		r = list(f, call);
	} else if (!peek((pid_t)call->pid, bytes, &handle, sizeof(handle))) {
		r = -EFAULT;
	} else if (handle.ns_type || handle.ns_inum) {
		resp.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		r = 0;
	} else {
		r = give(f, call, handle.ns_id);
		if (r == 0)
			return;
	}
	resp.error = r < 0 ? (int)r : 0;
	resp.val = r < 0 ? 0 : r;
	ioctl(f->listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
}

/* In the child: returns the listener. */
static int install(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_listns, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_open_by_handle_at, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { ARRAY_LEN(filter), filter };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			    &program);
}

/* The command waits until its listener was fetched: then THERE ends. */
static _Noreturn void be_command(char **command, int back, int there)
{
	int listener = install();
	char c;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (listener < 0)
		die("seccomp");
	if (write(back, &listener, sizeof(listener)) < 0 || read(there, &c, 1) < 0)
		die("pipe");
	execvp(command[0], command);
	die(command[0]);
}

static pid_t start(struct faker *f, char **command)
{
	int back[2], there[2], number;
	auto_close int pidfd = -EBADF;
	pid_t pid;

	if (pipe2(back, O_CLOEXEC) < 0 || pipe2(there, O_CLOEXEC) < 0)
		die("pipe");
	pid = fork();
	if (pid == 0) {
		close(there[1]);
		be_command(command, back[1], there[0]);
	}
	close(back[1]);
	if (read(back[0], &number, sizeof(number)) != sizeof(number))
		exit(125);
	pidfd = pidfd_of(pid);
	f->listener = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
	if (f->listener < 0)
		die("pidfd_getfd");
	close(there[1]);
	return pid;
}

static int serve(const struct faker *f, pid_t pid)
{
	struct pollfd p = { .fd = f->listener, .events = POLLIN };
	int status;

	while (poll(&p, 1, -1) > 0 && (p.revents & POLLIN)) {
		struct seccomp_notif call = { 0 };

		if (ioctl(f->listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == 0)
			answer(f, &call);
	}
	if (waitpid(pid, &status, 0) < 0)
		die("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct faker f = { 0 };
	int i = 1;

	f.stuck = argc > 1 && str_is(argv[1], "--stuck");
	for (i += f.stuck; i < argc && !str_is(argv[i], "--") && f.n + 1 < MOST; i++) {
		int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		uint64_t id;

		if (fd < 0 || nsfs_id(fd, &id) < 0)
			die(argv[i]);
		add(&f, id, fd);
	}
	if (i + 1 >= argc || !str_is(argv[i], "--")) {
		fputs("usage: fakelistns [--stuck] NAMESPACE... -- COMMAND [ARGUMENT...]\n",
		      stderr);
		return 125;
	}
	add(&f, UINT64_MAX >> 1, -EBADF);
	return serve(&f, start(&f, argv + i + 1));
}
