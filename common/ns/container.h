/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which container, pod, machine or unit a process belongs to, as its cgroup path tells. Pure
 * functions over the text of /proc/PID/cgroup (cgroups(7)): version 1, 2 or both mixed. Whoever
 * may make cgroups chooses their names, so the answer is a name to show, not a proof.
 */
#pragma once

#include <stdbool.h>

/* The better the later: a container says more than the pod around it, a pod more than a unit. */
enum container_kind { CONTAINER_UNIT, CONTAINER_POD, CONTAINER_WHOLE };

struct container {
	enum container_kind kind;
	const char *engine; /* "docker", "podman", … "systemd"; see the table in container.c */
	char *id;	    /* the whole id, or the name of one that has no id; any bytes but '/' */
	char *pod; /* the pod around it: Kubernetes' uid with dashes, podman's id; or NULL */
};

#define auto_container auto_call(container_done)

/*
 * Reads TEXT, the content of a /proc/PID/cgroup. The outermost container of a path wins, without
 * one the pod, else the innermost systemd service or scope. Returns false, with RET
 * untouched, if the text speaks of none. The caller ends RET with container_done().
 */
bool container_find(const char *text, struct container *ret);

/*
 * How the container is shown: "docker:3f2a95c01b7e" (12 digits of a long id), "lxc:web",
 * "pod:2c48913c-b29f-11e7-9350-020968147796", "nginx.service". To be freed, and to be escaped
 * before a terminal sees it.
 */
char *container_text(const struct container *c);

/*
 * Whether WANTED names a container, pod or unit that TEXT, as above, speaks of, also one inside
 * another: a hexadecimal id or the head of one, a pod's uid, a name in full; each also with its
 * engine before it, as container_text() shows it.
 */
bool container_matches(const char *text, const char *wanted);

/*
 * The same, telling where: the path of the cgroup that WANTED names, cleaned, without what is
 * below it; NULL if none. Processes of one container have one answer, and those of two
 * have two. To be freed, and to be escaped before a terminal sees it.
 */
char *container_where(const char *text, const char *wanted);

void container_done(struct container *c);
