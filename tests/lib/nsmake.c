/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nsmake SITUATION [ARGUMENT...]: makes exactly one situation that discovery must cope with, for
 * most of its sources a namespace that this source alone can find. Writes what it made as lines
 * "key=value" and the line "ready=1" when all of it stands, and undoes it when its standard input
 * ends or when it is killed. The keys net, uts, mnt … are inodes.
 */
#include "crowd.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>

/* Where a mount namespace of one's own has a file system of its own, and what is bound there. */
#define PRIVATE_DIR "/tmp"
#define BOUND_NET   PRIVATE_DIR "/net"
#define BOUND_MNT   PRIVATE_DIR "/mnt"

static void make_proc(FILE *out, char **args)
{
	(void)args;
	must(unshare(CLONE_NEWNET | CLONE_NEWUTS));
	say_pid(out);
	say_own(out, "net");
	say_own(out, "uts");
}

/* Runs ACT in a thread other than the leader, which then sleeps. */
struct thread {
	void (*act)(FILE *out);
	FILE *out;
	pthread_barrier_t done;
};

static void *run_thread(void *arg)
{
	struct thread *t = arg;

	say_pid(t->out);
	say_number(t->out, "tid", (unsigned long)gettid());
	t->act(t->out);
	pthread_barrier_wait(&t->done);
	wait_for_death();
}

static void in_thread(void (*act)(FILE *out), FILE *out)
{
	static struct thread t;
	pthread_t id;

	t = (struct thread){ .act = act, .out = out };
	pthread_barrier_init(&t.done, NULL, 2);
	errno = pthread_create(&id, NULL, run_thread, &t);
	if (errno)
		die("pthread_create");
	pthread_barrier_wait(&t.done);
}

static void thread_namespaces(FILE *out)
{
	must(unshare(CLONE_NEWNET | CLONE_NEWUTS));
	say_own(out, "net");
	say_own(out, "uts");
}

static void make_thread(FILE *out, char **args)
{
	(void)args;
	in_thread(thread_namespaces, out);
}

static void say_held(FILE *out, int fd)
{
	say_number(out, "fd", (unsigned long)fd);
	say_fd(out, "net", fd);
}

static void make_fd(FILE *out, char **args)
{
	(void)args;
	say_pid(out);
	say_held(out, lone_net());
}

static void thread_descriptor(FILE *out)
{
	must(unshare(CLONE_FILES));
	say_held(out, lone_net());
}

static void make_thread_fd(FILE *out, char **args)
{
	(void)args;
	in_thread(thread_descriptor, out);
}

static void shared_table(FILE *out)
{
	(void)out;
}

/* Each of the threads sees the descriptor in its directory of /proc. */
static void make_thread_fd_shared(FILE *out, char **args)
{
	(void)args;
	say_held(out, lone_net());
	in_thread(shared_table, out);
}

static void copied_table(FILE *out)
{
	(void)out;
	must(unshare(CLONE_FILES));
}

/* A thread whose descriptors are its own, but copies of the process's. */
static void make_thread_fd_copy(FILE *out, char **args)
{
	make_fd(out, args);
	in_thread(copied_table, out);
}

static void undo_mount(char **args)
{
	if (umount2(args[0], MNT_DETACH) == 0)
		unlink(args[0]);
}

static void make_mount(FILE *out, char **args)
{
	auto_close int fd = lone_net();

	bind_fd(fd, args[0]);
	say_fd(out, "net", fd);
	fprintf(out, "path=%s\n", args[0]);
}

/* A mount namespace of the caller's own that holds a network namespace by a bind mount only. */
static void enter_holding_mounts(FILE *out)
{
	auto_close int fd = -EBADF;

	private_mounts(PRIVATE_DIR);
	fd = lone_net();
	bind_fd(fd, BOUND_NET);
	say_fd(out, "net", fd);
	say_own(out, "mnt");
	fprintf(out, "path=%s\n", BOUND_NET);
}

static void make_mount_elsewhere(FILE *out, char **args)
{
	(void)args;
	say_pid(out);
	enter_holding_mounts(out);
}

/* What the mount namespace holds is not below its only process's root directory. */
static void make_mount_chroot(FILE *out, char **args)
{
	make_mount_elsewhere(out, args);
	must(mkdir(PRIVATE_DIR "/jail", 0755));
	must(chroot(PRIVATE_DIR "/jail"));
	must(chdir("/"));
}

static void make_mount_fdonly(FILE *out, char **args)
{
	int fd = stage_ghost(enter_holding_mounts, out, "mnt");

	(void)args;
	say_pid(out);
	say_number(out, "fd", (unsigned long)fd);
}

/* Numbers of namespaces come in batches for each CPU: on one CPU the later has the higher one. */
static void stay_on_this_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(must(sched_getcpu()), &set);
	must(sched_setaffinity(0, sizeof(set), &set));
}

/* A mount namespace can be bound only in an older one. */
static void make_mount_noproc(FILE *out, char **args)
{
	auto_close int fd = -EBADF, holder = -EBADF;

	(void)args;
	stay_on_this_cpu();
	private_mounts(PRIVATE_DIR);
	fd = stage_ghost(enter_holding_mounts, out, "mnt");
	bind_fd(fd, BOUND_MNT);
	holder = own_ns("mnt");
	say_pid(out);
	say_fd(out, "holder_mnt", holder);
	fprintf(out, "mnt_path=%s\n", BOUND_MNT);
}

/* Only who has an id in a user namespace may make another one in it. */
static void map_root(void)
{
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", "0 0 1");
	write_file("/proc/self/gid_map", "0 0 1");
}

/* A user namespace without a process, parent of the one that this process is in. */
static void make_ancestor(FILE *out, char **args)
{
	auto_close int parent = -EBADF;

	(void)args;
	must(unshare(CLONE_NEWUSER));
	map_root();
	parent = own_ns("user");
	must(unshare(CLONE_NEWUSER));
	die_with_parent();
	say_pid(out);
	say_fd(out, "parent", parent);
	say_own(out, "user");
}

static void enter_owned_net(FILE *out)
{
	must(unshare(CLONE_NEWUSER | CLONE_NEWNET));
	die_with_parent();
	say_own(out, "user");
}

/* A user namespace without a process, owner of the network namespace that this process is in. */
static void make_owner(FILE *out, char **args)
{
	auto_close int net = stage_ghost(enter_owned_net, out, "net");

	(void)args;
	must(setns(net, CLONE_NEWNET));
	say_pid(out);
	say_own(out, "net");
}

/* Before its first child the link pid_for_children is empty: only a pidfd can tell (6.11). */
static void make_pending_pid(FILE *out, char **args)
{
	auto_close int pidfd = must((int)syscall(SYS_pidfd_open, getpid(), 0)), fd = -EBADF;

	(void)args;
	must(unshare(CLONE_NEWPID));
	fd = must(ioctl(pidfd, PIDFD_NS_PID_FOR_CHILDREN, 0));
	say_pid(out);
	say_fd(out, "pid_ns", fd);
}

/* The first child has come and gone: the namespace is dead, but the link still names it. */
static void make_pending_pid_dead(FILE *out, char **args)
{
	auto_close int fd = -EBADF;
	pid_t pid;

	(void)args;
	must(unshare(CLONE_NEWPID));
	pid = must(fork());
	if (pid == 0)
		_exit(0);
	must(waitpid(pid, NULL, 0));
	fd = own_ns("pid_for_children");
	say_pid(out);
	say_fd(out, "pid_ns", fd);
}

static void make_pending_time(FILE *out, char **args)
{
	auto_close int fd = -EBADF;

	(void)args;
	must(unshare(CLONE_NEWTIME));
	fd = own_ns("time_for_children");
	say_pid(out);
	say_fd(out, "time", fd);
}

/* Has FD, made in a network namespace of its own, be all that holds this. */
static void leave_net_to(FILE *out, int (*make)(void))
{
	auto_close int old = own_ns("net");
	int fd;

	must(unshare(CLONE_NEWNET));
	fd = make();
	say_pid(out);
	say_number(out, "fd", (unsigned long)fd);
	say_own(out, "net");
	must(setns(old, CLONE_NEWNET));
}

static int open_socket(void)
{
	return must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static void make_socket(FILE *out, char **args)
{
	(void)args;
	leave_net_to(out, open_socket);
}

/*
 * In a /dev of our own: the machine's may lack the device though it has the driver. The usual place
 * is /dev/net, but it can be anywhere.
 */
static int open_tun(void)
{
	struct ifreq request = { .ifr_name = "nsmake%d", .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd;

	must(mknod("/dev/tun", S_IFCHR | 0600, makedev(10, 200)));
	fd = must(open("/dev/tun", O_RDWR | O_CLOEXEC));
	must(ioctl(fd, TUNSETIFF, &request));
	return fd;
}

static void make_tun(FILE *out, char **args)
{
	(void)args;
	private_mounts("/dev");
	leave_net_to(out, open_tun);
}

static void make_zombie(FILE *out, char **args)
{
	pid_t pid = must(fork());

	(void)args;
	if (pid == 0)
		_exit(0);
	must(waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT));
	say_number(out, "pid", (unsigned long)pid);
}

/* A process whose leader is a zombie while a thread, in a namespace of its own, lives on. */
static FILE *facts_of_dead_leader;

static void *outlive_leader(void *arg)
{
	pthread_t *leader = arg;

	errno = pthread_join(*leader, NULL);
	if (errno)
		die("pthread_join");
	thread_namespaces(facts_of_dead_leader);
	say_pid(facts_of_dead_leader);
	say_number(facts_of_dead_leader, "tid", (unsigned long)gettid());
	fputs(".\n", facts_of_dead_leader);
	fflush(facts_of_dead_leader);
	wait_for_death();
}

static void make_dead_leader(FILE *out, char **args)
{
	static pthread_t leader;
	pthread_t id;

	(void)args;
	facts_of_dead_leader = out;
	leader = pthread_self();
	errno = pthread_create(&id, NULL, outlive_leader, &leader);
	if (errno)
		die("pthread_create");
	pthread_exit(NULL);
}

/* A name and a command line that would harm a terminal, a table, JSON and a parser of stat. */
static const char hostile_comm[] = "\033[31m) S 1\n\xff\xc3(";
static const char hostile_args[] = "\033]0;owned\007\033[2J\r\n\t\"\\\xff\xc3(\xe2\x80\xae) R 1 ";

static void make_hostile_name(FILE *out, char **args)
{
	auto_str struct str arg = { 0 };
	char fd[16];
	char *argv[] = { NULL, (char *)"--be-hostile", fd, NULL };

	(void)args;
	while (arg.len < 4096)
		str_add(&arg, hostile_args);
	argv[0] = arg.s;
	must(unshare(CLONE_NEWUTS));
	say_pid(out);
	say_own(out, "uts");
	fflush(out);
	snprintf(fd, sizeof(fd), "%d", must(fcntl(fileno(out), F_DUPFD, 3)));
	execv("/proc/self/exe", argv);
	die("exec");
}

/* What make_hostile_name() becomes: FD is where the facts go. */
static _Noreturn void be_hostile(int fd)
{
	must(prctl(PR_SET_NAME, hostile_comm));
	must(write(fd, ".\n", 2));
	close(fd);
	wait_for_death();
}

/*
 * A process that only who has CAP_SYS_PTRACE may look into. Root itself can be kept out only by
 * capabilities that it lacks, so the test has to run its reader without this one.
 */
static void make_unreadable(FILE *out, char **args)
{
	(void)args;
	must(unshare(CLONE_NEWUTS));
	say_pid(out);
	say_own(out, "uts");
	must(prctl(PR_SET_DUMPABLE, 0));
}

static const struct situation {
	const char *name, *args, *help;
	void (*make)(FILE *out, char **args);
	void (*undo)(char **args); /* for what does not go away with the processes */
	int min, max;
} situations[] = {
	{ "proc", "", "pid, net, uts", make_proc, NULL, 0, 0 },
	{ "thread", "", "pid, tid, net, uts", make_thread, NULL, 0, 0 },
	{ "fd", "", "pid, fd, net", make_fd, NULL, 0, 0 },
	{ "thread-fd", "", "pid, tid, fd, net", make_thread_fd, NULL, 0, 0 },
	{ "thread-fd-shared", "", "pid, tid, fd, net", make_thread_fd_shared, NULL, 0, 0 },
	{ "thread-fd-copy", "", "pid, tid, fd, net", make_thread_fd_copy, NULL, 0, 0 },
	{ "mount", "PATH", "net, path", make_mount, undo_mount, 1, 1 },
	{ "mount-elsewhere", "", "pid, mnt, net, path", make_mount_elsewhere, NULL, 0, 0 },
	{ "mount-chroot", "", "pid, mnt, net, path", make_mount_chroot, NULL, 0, 0 },
	{ "mount-noproc", "", "pid, holder_mnt, mnt_path, mnt, net, path", make_mount_noproc, NULL,
	  0, 0 },
	{ "mount-fdonly", "", "pid, fd, mnt, net, path", make_mount_fdonly, NULL, 0, 0 },
	{ "ancestor", "", "pid, user, parent", make_ancestor, NULL, 0, 0 },
	{ "owner", "", "pid, net, user", make_owner, NULL, 0, 0 },
	{ "pending-pid", "", "pid, pid_ns", make_pending_pid, NULL, 0, 0 },
	{ "pending-pid-dead", "", "pid, pid_ns", make_pending_pid_dead, NULL, 0, 0 },
	{ "pending-time", "", "pid, time", make_pending_time, NULL, 0, 0 },
	{ "socket", "", "pid, fd, net", make_socket, NULL, 0, 0 },
	{ "tun", "", "pid, fd, net", make_tun, NULL, 0, 0 },
	{ "zombie", "", "pid", make_zombie, NULL, 0, 0 },
	{ "dead-leader", "", "pid, tid, net, uts", make_dead_leader, NULL, 0, 0 },
	{ "hostile-name", "", "pid, uts", make_hostile_name, NULL, 0, 0 },
	{ "container", "", "pid, mnt, uts, ipc, net, pid_ns, user, cgroup, time", make_container,
	  NULL, 0, 0 },
	{ "many", "N M [FILE]", "nprocs, sets", make_many, NULL, 2, 3 },
	{ "storm", "", "pid", make_storm, NULL, 0, 0 },
	{ "unreadable", "", "pid, uts", make_unreadable, NULL, 0, 0 },
};

static const struct situation *find(const char *name, int nargs)
{
	for (size_t i = 0; i < ARRAY_LEN(situations); i++)
		if (str_is(situations[i].name, name) && nargs >= situations[i].min &&
		    nargs <= situations[i].max)
			return &situations[i];
	fputs("usage: nsmake SITUATION [ARGUMENT...]; SITUATION is one of\n", stderr);
	for (size_t i = 0; i < ARRAY_LEN(situations); i++)
		fprintf(stderr, "\t%s %s\t(says: %s)\n", situations[i].name, situations[i].args,
			situations[i].help);
	return NULL;
}

int main(int argc, char **argv)
{
	const struct situation *s;
	char c;

	if (argc == 3 && str_is(argv[1], "--be-hostile"))
		be_hostile((int)number(argv[2]));
	s = find(argc > 1 ? argv[1] : "", argc - 2);
	if (!s)
		return 2;
	/* Another nsmake's pipe, inherited from the shell, would keep that one from ending. */
	close_range(3, ~0U, 0);
	must(prctl(PR_SET_CHILD_SUBREAPER, 1));
	if (s->undo)
		stage_warden(s->undo, argv + 2);
	stage_play(s->make, argv + 2, stdout);
	puts("ready=1");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	stage_clear();
	return 0;
}
