/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what happens to tasks to events of namespaces. A machine of states without a kernel: it is
 * given happenings in the order of their time, and snapshots, and tells events. watcher.h feeds it.
 */
#pragma once

#include "members.h"

enum event_kind {
	EVENT_NEW,  /* a namespace seen for the first time, with who made it */
	EVENT_JOIN, /* a task came from another namespace, or was born into this by one elsewhere */
	EVENT_LEAVE, /* a task went to another namespace */
	EVENT_FORK,  /* a process was born in it */
	EVENT_EXIT,  /* a process ended in it */
	EVENT_EMPTY, /* no process is in it any more, but something else keeps it */
	EVENT_GONE,  /* it exists no more */
	EVENT_LOST,  /* not of a namespace: happenings came faster than they were read */
	EVENT_IS,    /* it is there when watching begins */
};
#define EVENT_NKINDS 9

/* Names, as "new", and one-line descriptions. */
struct event_info {
	const char *name, *help;
};
extern const struct event_info event_infos[EVENT_NKINDS];

struct event {
	enum event_kind kind;
	uint64_t time; /* CLOCK_MONOTONIC, ns; of GONE and EMPTY: when it was seen */
	enum ns_type type;
	ino_t ino;	/* of the namespace; 0: of none (EVENT_LOST) */
	uint64_t id;	/* 0: not known */
	ino_t owner;	/* 0: not known */
	ino_t from, to; /* NEW, JOIN: where the task was; LEAVE: where it is now; 0: not known */
	const struct who
		*who;  /* who did it; of EMPTY and GONE: who was last in it; NULL: not known */
	unsigned held; /* EMPTY, IS: what keeps it, bits of enum held; 0: not known */
	uint64_t lost; /* LOST: how many happenings */
	bool late;     /* found by looking at everything: it happened some time before TIME */
};

/* What could be read of a task while it still was there. */
struct seen {
	ino_t time, next_time; /* its time namespace, and that of its children; 0: not read */
	struct {
		uint64_t id;
		ino_t owner;
	} ns[NS_NTYPES]; /* of those that the happening names; 0: not read */
	bool has_uid;
	uid_t uid;
	char comm[16];		   /* "": not read */
	char *command, *container; /* NULL: not read */
};

enum happening_kind {
	HAPPENS_FORK,	    /* by parent thread ptid of process ppid */
	HAPPENS_NAMESPACES, /* of TID, which was made by BY or, if that is TID, has done it itself */
	HAPPENS_COMM,
	HAPPENS_EXIT,
	HAPPENS_LOSS,
	HAPPENS_END, /* of namespace ino[type], which was seen to exist no more */
};

struct happening {
	enum happening_kind kind;
	uint64_t time;
	uint64_t number; /* the order in which they were read */
	pid_t pid, tid, ppid, ptid, by;
	bool exec;
	char comm[16];
	ino_t ino[NS_NTYPES]; /* 0: not told */
	enum ns_type type;    /* HAPPENS_END */
	uint64_t id;	      /* HAPPENS_END */
	uint64_t lost;
	struct seen *seen; /* or NULL */
};

struct events {
	struct members m;
	unsigned wanted; /* bits 1 << enum event_kind: others are not told */
	pid_t self;	 /* the children of this process are no news */
	VEC(pid_t) own;	 /* they */
	bool dirty;	 /* something was lost: a snapshot is needed */
	uint32_t mark;	 /* of the last snapshot */
	bool begun;	 /* the first snapshot is complete: nothing is told before */

	void (*tell)(void *data, const struct event *e);

	/* Whether task TID still runs. If so, and COMM is not NULL, its name is written there. */
	bool (*lives)(void *data, pid_t tid, char comm[16]);

	/* Whether the namespace still exists: 1, 0, or -1 if that cannot be seen so. */
	int (*exists)(void *data, const struct member_ns *ns);

	/* Whether process PID came to be after the snapshot before this one: it is another one. */
	bool (*is_younger)(void *data, pid_t pid);
	void *data;
};

/*
 * What is worth reading of H's task while it is there: bits 1 << type for namespaces that it was not in
 * before, and EVENTS_WANTS_TASK for itself. 0: nothing. EVENTS_WANTS_FORMER: of the task, or who made it,
 * nothing was applied yet; ask again with the last happening that said where it was, if there is one.
 */
#define EVENTS_WANTS_TASK   (1U << NS_NTYPES)
#define EVENTS_WANTS_FORMER (2U << NS_NTYPES)
unsigned events_wants(const struct events *ev, const struct happening *h,
		      const struct happening *former);

void events_apply(struct events *ev, const struct happening *h);

/*
 * Compares with the snapshot G, which was begun at BEGAN and is told of at TIME; everything that
 * happened before TIME has been applied. What differs is told, as late. The first snapshot is told as
 * EVENT_IS.
 */
void events_sync(struct events *ev, const struct graph *g, uint64_t began, uint64_t time);

void seen_free(struct seen *s);
void events_done(struct events *ev);
