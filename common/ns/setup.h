/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * New namespaces, ready to use: what is wished, the plan that follows from it, and its execution.
 * The wishes are filled in by the applet. setup_defaults() adds what the useful defaults are,
 * setup_plan() decides the steps and their order; both are pure. setup_command() acts.
 */
#pragma once

#include "../base/duration.h"
#include "creds.h"
#include "idmap.h"
#include "nstype.h"

#include <sys/resource.h>

enum propagation { PROPAGATION_PRIVATE, PROPAGATION_SLAVE, PROPAGATION_SHARED, PROPAGATION_KEEP };

/* An offset of a clock in a time namespace. */
struct setup_offset {
	bool set;
	struct duration by;
};

/* A file system for the new mount namespace. */
struct setup_mount {
	const char *source; /* what is bound, below the old root; NULL: a new tmpfs */
	const char *target; /* below the new root */
	bool readonly;
};

struct setup_limit {
	int resource; /* RLIMIT_… */
	struct rlimit value;
};

/* Keeps new namespaces in another way than in files; by a process that stays outside. */
struct setup_keep {
	/*
	 * NS are descriptors of the new namespaces, -EBADF where there is none of that type; FIRST is
	 * the pid of the first process in them. Returns 0, or -errno with a sentence and nothing
	 * half done.
	 */
	int (*keep)(void *data, const int ns[NS_NTYPES], pid_t first, struct err *e);
	void (*undo)(void *data);
	void (*last)(void *data); /* it will not be undone; or NULL */
	/*
	 * With main: called in the first process when we or the one outside died, or gave up. TETHER
	 * is the other end of *tether, below, which nobody has any more when that one has ended.
	 * Whether all is kept nevertheless: main() runs then. NULL: the process just ends.
	 */
	bool (*stands)(void *data, int tether);
	int *tether; /* where stands() is told of what keep() does: a socket; filled in */
	void *data;
};

/*
 * A mount namespace between the old one and the new, which nobody stays in. What is mounted there
 * belongs to the old user namespace, so that the new one gets it locked: its root can neither
 * unmount it nor clear its flags (mount_namespaces(7)). Needs types mnt and user, and a propagation
 * that is private or slave.
 */
struct setup_stage {
	/* Mounts; USERNS is the new user namespace, with its maps. Returns 0, or -errno with E set. */
	int (*mount)(void *data, int userns, struct err *e);
	void *data;
};

/* Whether a small first process reaps orphans in a new pid namespace. */
enum setup_init { INIT_AUTO, INIT_YES, INIT_NO };

/* All zeros: nothing is wished. Strings belong to the caller. */
struct setup {
	unsigned types; /* as bits 1 << enum ns_type */

	const char *persist[NS_NTYPES]; /* the file over which the namespace is bound, or NULL */
	bool create;			/* such a file if it is missing */
	const struct setup_keep *keep;	/* or otherwise, or NULL */
	const struct setup_stage *stage;

	struct idmap maps[ID_NKINDS];
	enum setgroups setgroups;
	bool no_nested_userns; /* in the user namespace none can be made */
	bool set_owner;	       /* the user namespace belongs to another user */
	uid_t owner_uid;
	gid_t owner_gid;

	struct setup_offset monotonic, boottime;
	const char *hostname, *domainname;
	bool lo, no_lo;		  /* bring the loopback interface up; leave it down */
	const char *const *links; /* interfaces of the caller's that move into the new namespace */
	size_t nlinks;

	enum propagation propagation;
	const char *root; /* the new root directory */
	bool pivot;	  /* by pivot_root(2) instead of chroot(2) */
	const char *wd;
	const char *proc;   /* where a fresh proc goes */
	bool proc_optional; /* nobody asked for it: a root without such a directory is fine */
	bool no_proc;	    /* not even by default */
	bool bind_proc;	    /* if a fresh one is refused: that of the caller */
	bool mqueue;	    /* a fresh mqueue where one is mounted, at the usual place */
	const char *binfmt; /* where a fresh binfmt_misc goes */
	const char *interp; /* a line for its register file */
	const struct setup_mount *mounts; /* in this order */
	size_t nmounts;

	const char *cgroup; /* the directory of the cgroup to join */
	const struct setup_limit *limits;
	size_t nlimits;
	struct creds creds;

	bool fork;
	bool detach; /* with fork: do not wait for the command, which gets a session of its own */
	enum setup_init init;
	int kill_child;	     /* the signal that the command gets when we die; 0: none */
	int die_with_parent; /* the signal that we get when our parent dies; 0: none */
	bool hold_keys;	     /* SIGINT and SIGTERM sent to us are ignored while we wait */

	bool info, ready;      /* whether the descriptors are wanted */
	int info_fd, ready_fd; /* told what was made; told that all is set up */
	const char *pid_file;

	char *const *argv; /* the command, ended by NULL */
	char *const *env;  /* its environment; NULL: ours */
	bool login_shell;  /* a shell for want of a command is a login shell */
	int (*main)(
		void *data); /* instead of a command; with INIT_YES in the init, after it; run.h */
	void *main_data;
};

/* What the decisions depend on. */
struct setup_facts {
	struct idmap_facts ids;
	bool has_admin;		     /* CAP_SYS_ADMIN */
	rlim_t hard[RLIMIT_NLIMITS]; /* the hard limits now */
};

/* What resources of setrlimit(2) are called, "nofile", by number; ended by NULL. */
extern const char *const setup_limit_words[];

void setup_probe(struct setup_facts *f);

/* The hard limits alone: who wishes none need not ask sixteen times. */
void setup_probe_limits(struct setup_facts *f);

/*
 * Adds to S what nstool's own name implies: the namespace types that other wishes need, a user
 * namespace for those who may make no others, fork and a fresh /proc with a pid namespace, an
 * init, lo. Sets *NOTE (static text) if the user should be told. Pure.
 */
void setup_defaults(struct setup *s, const struct setup_facts *f, const char **note);

/* One thing to do. The order here is that of the plan. */
enum step {
	STEP_OUTSIDE,	  /* fork the process that stays outside: maps, persistent files */
	STEP_CGROUP,	  /* before the unshare: the root of a new cgroup namespace is this one */
	STEP_HARD_LIMITS, /* before it too: only the outside's root can raise them */
	STEP_OWNER,	  /* become the user that shall own the user namespace */
	STEP_KEEPER,	  /* who lacks privilege becomes the owner of the stage */
	STEP_STAGE,	  /* the user namespace is made and entered, with all mounted on the way */
	STEP_UNSHARE,	  /* all types in one call */
	STEP_SETGROUPS,	  /* before the group map */
	STEP_MAP_UID,
	STEP_MAP_GID,
	STEP_NO_NESTED,
	STEP_OFFSETS, /* before the first process enters the time namespace */
	STEP_PARENT,  /* die_with_parent; a change of ids would undo it */
	STEP_COMMAND, /* from here on in the process that becomes the command */
	STEP_PROPAGATION,
	STEP_HOSTNAME,
	STEP_DOMAINNAME,
	STEP_LO,
	STEP_SOURCES,	   /* open what is bound, while the old root is there */
	STEP_INTERP_FIRST, /* an interpreter that is opened in the old root */
	STEP_PIVOT,
	STEP_CHROOT,
	STEP_PROC, /* while another proc is still visible: the kernel wants to see one */
	STEP_MQUEUE,
	STEP_BINFMT,
	STEP_INTERP,
	STEP_MOUNTS,
	STEP_OLD_ROOT, /* what pivot_root left */
	STEP_WD,
	STEP_LIMITS, /* last, so that they do not hinder the steps */
	STEP_NSTEPS,
};

/* The word for a step. */
extern const char *const step_names[STEP_NSTEPS];

struct setup_plan {
	enum step steps[STEP_NSTEPS];
	size_t n;
	size_t ncommand; /* steps before this index are the parent's */
	struct idmap_plan ids;
};

/* Decides the steps. -EINVAL with a sentence when wishes contradict each other. Pure. */
int setup_plan(const struct setup *s, const struct setup_facts *f, struct setup_plan *ret,
	       struct err *e);

/*
 * Makes the namespaces and runs the command. Without S->fork it returns only on failure.
 * Returns as run_command() does (run.h). A failure leaves no process, mount or file behind.
 */
int setup_command(const struct setup *s, const struct setup_facts *f, struct err *e);

/* Releases the maps; everything else is borrowed. */
void setup_done(struct setup *s);
