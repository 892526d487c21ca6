/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is in which namespace while that changes: what `watch` keeps from one event to the next. Pure
 * data; events.h changes it. Namespaces and members are named by their index, which stays until they
 * are dropped; GRAPH_NONE: none. Adding may move the arrays: no pointer outlives it.
 */
#pragma once

#include "../base/hash.h"
#include "../base/vec.h"
#include "graph.h"

/* What is known of a task beside its namespaces. */
struct who {
	pid_t pid, tid; /* tid is pid unless it is another thread than the leader */
	bool has_uid;
	uid_t uid;	 /* effective */
	char comm[16];	 /* "": not known */
	char *command;	 /* its command line; NULL: not read since its last exec */
	char *container; /* as container_text(); NULL: none, or not read */
};

/* A process, or a thread that is in other namespaces than its leader. */
struct member {
	struct who who; /* tid 0: a free place */
	uint32_t ns[NS_NTYPES];
	ino_t next_time; /* the time namespace that its children, and it after an exec, are in; 0: its own */
	uint64_t touched; /* when something last happened to it */
	uint64_t exec;	  /* when it last became another program */
	uint32_t mark;	  /* of the snapshot that last showed it */
	bool fresh;	  /* born, but not yet told where */
};

struct member_ns {
	bool used;
	enum ns_type type;
	ino_t ino;
	uint64_t id;	/* 64-bit; 0: not known */
	ino_t owner;	/* of the user namespace that owns it; 0: not known */
	uint64_t added; /* when it was first heard of */
	uint32_t nmembers;
	bool told_empty; /* it is said already that no process is in it */
	bool unsure;	 /* whether it still exists could not be seen without a snapshot */
	uint64_t since;	 /* without members since then … */
	uint64_t check;	 /* … and to be looked after then … */
	uint64_t pause;	 /* … and again after so long */
	struct who last; /* who was the last one in it */
};

struct members {
	VEC(struct member_ns) ns;
	VEC(struct member) tasks;
	VEC(uint32_t) free_ns, free_members;
	struct hash by_ino, by_tid;
	uint32_t nempty; /* namespaces without members */
};

uint32_t members_find(const struct members *m, pid_t tid);
uint32_t members_find_ns(const struct members *m, ino_t ino);

/* Adds a task that is not there yet, in no namespace. */
uint32_t members_add(struct members *m, pid_t pid, pid_t tid);

/* Adds a namespace that is not there yet, without members since TIME. */
uint32_t members_add_ns(struct members *m, enum ns_type type, ino_t ino, uint64_t time);

/* The inode of the namespace of TYPE that MEMBER is in; 0: not known. */
ino_t members_ino(const struct members *m, uint32_t member, enum ns_type type);

/* Puts MEMBER into NS (GRAPH_NONE: nowhere) instead of the one of TYPE that it is in, at TIME. */
void members_move(struct members *m, uint32_t member, enum ns_type type, uint32_t ns,
		  uint64_t time);

/* Takes MEMBER out of all its namespaces and forgets it. */
void members_drop(struct members *m, uint32_t member, uint64_t time);

/* Forgets a namespace; who is still in it is in none then. */
void members_drop_ns(struct members *m, uint32_t ns);

/* Copies WHO's strings too; what RET had is released. */
void who_copy(struct who *ret, const struct who *who);
void who_done(struct who *who);

void members_done(struct members *m);
