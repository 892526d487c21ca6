/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is read only for what is shown: command lines, users, containers, id maps, netns ids. Asked
 * of the machine at that moment; a process that has gone meanwhile gives nothing.
 */
#pragma once

#include "../base/str.h"
#include "graph.h"

/* Texts read before, by some number; NULL where there was none. */
struct facts_memo {
	struct hash by_key;
	VEC(char *) texts;
};

struct known_sets;

struct facts {
	const struct graph *g;
	int proc;		      /* a descriptor of /proc, the caller's */
	uint32_t own_mnt;	      /* the caller's own mount namespace, or GRAPH_NONE */
	int netnsid;		      /* a socket to ask for netns ids; -EBADF: not opened yet */
	struct facts_memo users;      /* by uid: a lookup may cost a network round trip */
	struct facts_memo commands;   /* by pid: a process is in many namespaces */
	struct facts_memo containers; /* by cgroups, where known, else by pid */
	struct known_sets *sets;      /* of bind-ns; NULL: not read yet */
	struct str text;	      /* a buffer for files of /proc */
};

#define auto_facts auto_call(facts_done)

void facts_init(struct facts *f, const struct graph *g, int proc);
void facts_done(struct facts *f);

/* Each adds its text to RET, unescaped, and returns true; or returns false if there is none. */
bool facts_command(struct facts *f, pid_t pid, struct str *ret);
bool facts_user(struct facts *f, pid_t pid, struct str *ret);
bool facts_container(struct facts *f, pid_t pid, struct str *ret);

/* The name of UID, or its number; the text is F's. */
const char *facts_user_name(struct facts *f, uid_t uid);

/* The effective user id of PID. */
bool facts_uid(const struct facts *f, pid_t pid, uid_t *ret);

/* uid_map or gid_map (NAME) of user namespace NS: lines "0 1000 1", as the caller's one sees it. */
bool facts_map(struct facts *f, uint32_t ns, const char *name, struct str *ret);

/* "unassigned", or the number the caller's network namespace has for NS. */
bool facts_netnsid(struct facts *f, uint32_t ns, struct str *ret);

/* A path by which NS can be opened now: "/proc/12/ns/net", "/run/netns/blue". */
bool facts_path(const struct facts *f, uint32_t ns, struct str *ret);

/* Mount points of NS in the caller's own mount namespace, one a line, each escaped. */
bool facts_mounts(const struct facts *f, uint32_t ns, struct str *ret);

/* Its names: those of `ip netns`, and of bind-ns as "@web", one a line, each escaped. */
bool facts_names(struct facts *f, uint32_t ns, struct str *ret);

/*
 * Who else keeps it alive: "12 fd 5", "12 thread 14", "mount /run/netns/blue", one a line, escaped.
 * A mount that mount namespaces have copied is one line: "mount /x and in 9 more mount namespaces".
 */
bool facts_holders(const struct facts *f, uint32_t ns, struct str *ret);

void known_sets_free(struct known_sets **sets);

/*
 * The parents of all processes of the graph, by index, or only of those that are the first in a
 * namespace; to be freed.
 */
pid_t *facts_parents(const struct facts *f);
pid_t *facts_first_parents(const struct facts *f);
