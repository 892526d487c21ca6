/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mountprobe.h"

#include "../base/fd.h"
#include "../base/num.h"
#include "../sys/compat.h"
#include "../sys/filelook.h"
#include "../sys/procfs.h"
#include "../sys/statmount.h"
#include "idmap.h"
#include "outside.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* A file system may be slow to answer, or served by somebody who never does. */
#define PATIENCE 5000

/* One try; its process ends as soon as the outcome stands. */
struct attempt {
	const struct mountscene *scene;
	enum actor actor;
	enum way way;
	const struct mountplace *place;
	pid_t parent;
	struct mounttry *result; /* the parent sees it */
};

/* That there was no room for something is nobody's refusal: another time it may be let through. */
static bool is_refusal(int error)
{
	return error != ENOMEM && error != EMFILE && error != ENFILE && error != EAGAIN &&
	       error != EIO;
}

static void conclude(struct attempt *a, enum outcome outcome, int error)
{
	if (outcome == OUTCOME_REFUSED && !is_refusal(error))
		outcome = OUTCOME_UNTRIED;
	*a->result = (struct mounttry){ outcome, error };
}

/* --- becoming somebody */

/* Without privilege a process stays who it is, which proves nothing. */
static int become_stranger(const struct attempt *a)
{
	uid_t id = a->scene->stranger;

	if (setgroups(0, NULL) < 0 || setresgid(id, id, id) < 0 || setresuid(id, id, id) < 0)
		return -errno;
	probe_tie(a->parent);
	return 0;
}

/* What the helper outside writes for a process that has made a user namespace. */
struct maps {
	int proc;
	const char *uid_map, *gid_map;
	bool deny; /* the right to call setgroups(2): without privilege there is no gid map else */
};

static int write_file(int proc, pid_t pid, const char *name, const char *text)
{
	char path[PROC_PATH_MAX];
	auto_close int fd = -EBADF;

	proc_path(path, pid, 0, name);
	fd = openat(proc, path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));
}

static int write_maps(void *data, int pid, struct err *e)
{
	const struct maps *m = data;
	int r = m->deny ? write_file(m->proc, pid, "setgroups", "deny") : 0;

	(void)e;
	if (r == 0)
		r = write_file(m->proc, pid, "uid_map", m->uid_map);
	return r < 0 ? r : write_file(m->proc, pid, "gid_map", m->gid_map);
}

static int own_number(int proc, pid_t *ret)
{
	char text[16];
	ssize_t n = proc_link(proc, "self", text, sizeof(text));

	return n < 0 ? (int)n : num_pid(text, ret);
}

/* Root of a new user namespace with these maps. */
static int become_root_of_new(struct attempt *a, struct maps *maps)
{
	struct outside_job job = { .act = write_maps, .data = maps };
	struct outside helper = { 0 };
	pid_t number;
	int r = own_number(a->scene->proc, &number);

	if (r == 0)
		r = outside_start(&helper, &job, NULL);
	if (r < 0)
		return r;
	setgroups(0, NULL); /* root's own groups are not those of a stranger */
	r = unshare(CLONE_NEWUSER) < 0 ? -errno : outside_ask(&helper, number, NULL);
	outside_end(&helper, false);
	if (r == 0 && (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0))
		r = -errno;
	probe_tie(a->parent);
	return r;
}

/* With privilege its one id is a stranger's; without it can only be the caller's own. */
static int become_sibling(struct attempt *a)
{
	bool privileged = geteuid() == 0;
	auto_free char *uid_map = xasprintf("0 %u 1", privileged ? a->scene->stranger : geteuid());
	auto_free char *gid_map = xasprintf("0 %u 1", privileged ? a->scene->stranger : getegid());
	struct maps maps = { a->scene->proc, uid_map, gid_map, !privileged };

	return become_root_of_new(a, &maps);
}

static int become_twin(struct attempt *a)
{
	struct maps maps = { a->scene->proc, a->scene->uid_map, a->scene->gid_map, false };

	return become_root_of_new(a, &maps);
}

/* The lowest id that the user namespace has, by NAME ("self/uid_map"): 0 if it has a root. */
static uint32_t lowest_id(int proc, const char *name)
{
	auto_str struct str text = { 0 };
	auto_idmap struct idmap map = { 0 };
	uint32_t lowest = UINT32_MAX;

	if (proc_read(proc, name, &text) == 0)
		idmap_read(&map, str_text(&text));
	for (size_t i = 0; i < map.ranges.n; i++)
		lowest = MIN(lowest, map.ranges.v[i].inner);
	return lowest;
}

/* Takes the ids of its root, in a user namespace that the caller has joined. */
static int take_root_ids(int proc)
{
	uint32_t uid = lowest_id(proc, "self/uid_map");
	uint32_t gid = lowest_id(proc, "self/gid_map");

	setgroups(0, NULL); /* which the user namespace may deny */
	return setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0 ? -errno : 0;
}

/* Root of a user namespace that exists, in a mount namespace of it. */
static int become_root_of(struct attempt *a, int userns, int mntns)
{
	int r;

	if (setns(userns, CLONE_NEWUSER) < 0 || setns(mntns, CLONE_NEWNS) < 0)
		return -errno;
	r = take_root_ids(a->scene->proc);
	if (r == 0)
		probe_tie(a->parent);
	return r;
}

/* Whether a user namespace can be made inside is what is tried: it is not for lack of rights. */
static bool go_nested(struct attempt *a)
{
	int r = become_root_of(a, a->scene->userns, a->scene->mntns);

	if (r < 0) {
		conclude(a, OUTCOME_UNTRIED, -r);
		return false;
	}
	if (unshare(CLONE_NEWUSER) < 0) {
		conclude(a, OUTCOME_REFUSED, errno);
		return false;
	}
	probe_tie(a->parent);
	return true;
}

static int become(struct attempt *a)
{
	switch (a->actor) {
	case ACTOR_USER:
		return become_stranger(a);
	case ACTOR_SIBLING:
		return become_sibling(a);
	case ACTOR_TWIN:
		return become_twin(a);
	case ACTOR_OTHER:
		return become_root_of(a, a->place->userns, a->place->mntns);
	case ACTOR_NESTED:
	case ACTOR_ROOT:
	case ACTOR_NKINDS:
		break;
	}
	return 0;
}

/* --- trying */

/* Whether what the O_PATH descriptor FD is can be read, written or searched. Returns 0 or an errno. */
static int use(int proc, int fd, mode_t mode)
{
	auto_free char *path = xasprintf("self/fd/%d", fd);
	auto_close int opened = -EBADF;
	int error;

	if (S_ISDIR(mode))
		opened = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	else if (S_ISREG(mode))
		opened = openat(proc, path, O_RDONLY | O_CLOEXEC);
	else /* opening a device or FIFO does things */
		return syscall(SYS_faccessat2, fd, "", R_OK, AT_EMPTY_PATH | AT_EACCESS) < 0 ? errno
											     : 0;
	error = opened < 0 ? errno : 0;
	/* Linux 5.8; names inside may be known where they cannot be read. */
	if (error && (syscall(SYS_faccessat2, fd, "", S_ISDIR(mode) ? X_OK : W_OK,
			      AT_EMPTY_PATH | AT_EACCESS) == 0))
		error = 0;
	return error;
}

/* What NAME in DIR is, without asking who serves the file system. */
static int identify(int dir, const char *name, int flags, struct mountplace *ret)
{
	struct statx st;
	int r = file_look(dir, name, flags, STATX_TYPE | STATX_MODE | STATX_INO, &st);

	if (r < 0)
		return r;
	ret->dev = makedev(st.stx_dev_major, st.stx_dev_minor);
	ret->ino = st.stx_ino;
	ret->mode = st.stx_mode;
	return 0;
}

static void open_path(struct attempt *a, int dir, const char *path, const struct mountplace *place)
{
	auto_close int fd = openat(dir, path, O_PATH | O_CLOEXEC);
	struct mountplace found = { 0 };
	int error = fd < 0 ? errno : -identify(fd, "", AT_EMPTY_PATH, &found);

	if (error) {
		conclude(a, OUTCOME_REFUSED, error);
		return;
	}
	if (found.dev != place->dev || found.ino != place->ino) {
		conclude(a, OUTCOME_ELSE, 0);
		return;
	}
	error = use(a->scene->proc, fd, found.mode);
	conclude(a, error ? OUTCOME_REFUSED : OUTCOME_IN, error);
}

/* The mount as the actor could name it: by its path inside, else through the process, below /proc. */
static char *name_of_mount(const struct attempt *a)
{
	const char *path = a->scene->at.inside;

	return a->actor == ACTOR_NESTED ? xstrdup(path)
					: xasprintf("%d/root%s", a->scene->pid, path);
}

static void try_proc_root(struct attempt *a)
{
	auto_free char *path = xasprintf("%d/root%s", a->scene->pid, a->scene->at.inside);

	open_path(a, a->scene->proc, path, &a->scene->at);
}

/* A mount namespace of its own, so that nothing is mounted where it would stay. */
static int leave_mounts(const struct attempt *a)
{
	if (a->actor != ACTOR_NESTED && fchdir(a->scene->proc) < 0)
		return errno;
	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return errno;
	return 0;
}

static void try_bind(struct attempt *a)
{
	auto_free char *name = name_of_mount(a);
	const char *over = S_ISDIR(a->scene->at.mode) ? "/" : "/proc/version";
	int error = leave_mounts(a);

	if (a->actor == ACTOR_NESTED)
		over = name;
	if (!error && mount(name, over, NULL, MS_BIND, NULL) < 0)
		error = errno;
	conclude(a, error ? OUTCOME_REFUSED : OUTCOME_IN, error);
}

static void try_open_tree(struct attempt *a)
{
	auto_free char *name = name_of_mount(a);
	auto_close int fd = -EBADF;

	leave_mounts(a);
	fd = (int)syscall(SYS_open_tree, AT_FDCWD, name, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	conclude(a, fd < 0 ? OUTCOME_REFUSED : OUTCOME_IN, fd < 0 ? errno : 0);
}

static void try_setns(struct attempt *a)
{
	int error = setns(a->scene->mntns, CLONE_NEWNS) < 0 ? errno : 0;

	if (error && setns(a->scene->userns, CLONE_NEWUSER) == 0 &&
	    setns(a->scene->mntns, CLONE_NEWNS) == 0)
		error = 0;
	conclude(a, error ? OUTCOME_REFUSED : OUTCOME_IN, error);
}

static void try_listmount(struct attempt *a)
{
	uint64_t id;
	ssize_t n = a->scene->mntns_id ? mounts_list(a->scene->mntns_id, 0, &id, 1) : -ENOSYS;

	conclude(a, n > 0 ? OUTCOME_IN : OUTCOME_REFUSED, n < 0 ? (int)-n : 0);
}

static void try_way(struct attempt *a)
{
	switch (a->way) {
	case WAY_PATH:
		open_path(a, AT_FDCWD, a->place->path, a->place);
		break;
	case WAY_PROC_ROOT:
		try_proc_root(a);
		break;
	case WAY_BIND:
		try_bind(a);
		break;
	case WAY_OPEN_TREE:
		try_open_tree(a);
		break;
	case WAY_SETNS:
		try_setns(a);
		break;
	case WAY_LISTMOUNT:
		try_listmount(a);
		break;
	case WAY_NKINDS:
		break;
	}
}

static void attempt_main(void *data)
{
	struct attempt *a = data;
	bool elsewhere = a->way == WAY_PATH && a->place->mntns >= 0 && a->actor != ACTOR_OTHER;
	int r = 0;

	if (a->actor == ACTOR_NESTED && !go_nested(a))
		return;
	if (elsewhere && setns(a->place->mntns, CLONE_NEWNS) < 0)
		r = -errno;
	if (r == 0)
		r = become(a);
	if (r < 0)
		conclude(a, OUTCOME_UNTRIED, -r);
	else
		try_way(a);
}

struct mounttry mountprobe_try(const struct mountscene *s, enum actor actor, enum way way,
			       const struct mountplace *place)
{
	struct attempt a = { .scene = s,
			     .actor = actor,
			     .way = way,
			     .place = place,
			     .parent = getpid(),
			     .result = probe_memory(sizeof(*a.result)) };
	int r = probe_run(attempt_main, &a, PATIENCE);
	struct mounttry result = *a.result;

	if (r < 0 && result.outcome == OUTCOME_UNTRIED)
		result.error = -r;
	probe_memory_done(a.result, sizeof(*a.result));
	return result;
}

/* --- what is there */

struct look {
	const struct mountscene *scene;
	struct mountplace *places; /* the parent sees them */
	size_t n;
	bool refused; /* somebody else may be let in */
	int *error;
};

/* Those that are not identified so far; returns what kept from the first. */
static int look_at_all(struct look *l)
{
	int first = 0;

	l->refused = false;
	for (size_t i = 0; i < l->n; i++) {
		int r = l->places[i].mode ? 0
					  : identify(AT_FDCWD, l->places[i].inside,
						     AT_SYMLINK_NOFOLLOW, &l->places[i]);

		first = i ? first : r;
		l->refused |= r == -EACCES;
	}
	return first;
}

/* A FUSE file system of the user namespace shows itself to nobody above, not even to root. */
static void look_inside(void *data)
{
	struct look *l = data;
	bool joined = setns(l->scene->mntns, CLONE_NEWNS) == 0;

	*l->error = joined ? look_at_all(l) : -errno;
	if (joined && !l->refused)
		return;
	if (setns(l->scene->userns, CLONE_NEWUSER) < 0 ||
	    (!joined && setns(l->scene->mntns, CLONE_NEWNS) < 0)) {
		*l->error = -errno;
		return;
	}
	if (joined)
		take_root_ids(l->scene->proc);
	*l->error = look_at_all(l);
}

int mountprobe_identify(const struct mountscene *s, struct mountplace *places, size_t n)
{
	size_t size = n * sizeof(*places) + sizeof(int);
	struct mountplace *shared = probe_memory(size);
	struct look l = { .scene = s, .places = shared, .n = n, .error = (int *)(shared + n) };
	int r;

	memcpy(shared, places, n * sizeof(*places));
	r = probe_run(look_inside, &l, PATIENCE);
	if (r == 0)
		r = *l.error;
	if (r == 0)
		memcpy(places, shared, n * sizeof(*places));
	probe_memory_done(shared, size);
	return r;
}
