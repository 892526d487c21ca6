/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the acting files of setup.h share: a setup on its way. */
#pragma once

#include "outside.h"
#include "persist.h"
#include "setup.h"
#include "why.h"

struct setup_run {
	const struct setup *s;
	const struct setup_facts *facts;
	struct setup_plan plan;

	int proc;     /* /proc, or a -errno */
	int self;     /* our own directory there, or a -errno */
	char pid[16]; /* its name: our pid as /proc numbers it */

	struct outside mapper, binder;
	int tether[2]; /* from the binder to the first process, for s->keep->stands() */
	struct persist persist;
	VEC(int) sources; /* of s->mounts, by index; -EBADF: a tmpfs has none */
	int old_proc;	  /* of s->bind_proc, when the root changes; or -errno */
	pid_t parent;	  /* who started us */
	uint64_t
		mnt_id; /* of the mount namespace we were started in, if the new one is kept; or 0 */
};

/* Explains the refusal of CALL that is in E. */
void setup_why(const struct setup_run *run, enum why_call call, struct err *e);

/* Carries out one step of the plan. Returns 0, or -errno with E set. */
int setup_step(struct setup_run *run, enum step step, struct err *e);

/* Acts of steps that have a file of their own. Each returns 0, or -errno with E set. */
int setup_outside(struct setup_run *run, struct err *e);
int setup_write_setgroups(struct setup_run *run, struct err *e);
int setup_map_uid(struct setup_run *run, struct err *e);
int setup_map_gid(struct setup_run *run, struct err *e);

int setup_become_keeper(struct setup_run *run, struct err *e);
int setup_cross_stage(struct setup_run *run, struct err *e);

int setup_raise_limits(struct setup_run *run, struct err *e);
int setup_set_limits(struct setup_run *run, struct err *e);

int setup_propagation(struct setup_run *run, struct err *e);
int setup_open_sources(struct setup_run *run, struct err *e);
int setup_register_first(struct setup_run *run, struct err *e);
int setup_pivot(struct setup_run *run, struct err *e);
int setup_change_root(struct setup_run *run, struct err *e);
int setup_mount_proc(struct setup_run *run, struct err *e);
int setup_mount_mqueue(struct setup_run *run, struct err *e);
int setup_mount_binfmt(struct setup_run *run, struct err *e);
int setup_register_interp(struct setup_run *run, struct err *e);
int setup_mount_all(struct setup_run *run, struct err *e);
int setup_leave_old_root(struct setup_run *run, struct err *e);
