/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread that a unit test looks at: it lives from thread_start() to thread_end(). */
#pragma once

#include "cmocka.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

struct thread {
	pthread_t handle;
	pthread_barrier_t started, done;
	int flags;
	pid_t tid; /* 0: it could not have its namespaces */
};

static inline void *thread_main(void *data)
{
	struct thread *t = data;

	t->tid = unshare(t->flags) == 0 ? gettid() : 0;
	pthread_barrier_wait(&t->started);
	pthread_barrier_wait(&t->done);
	return NULL;
}

/* In new namespaces (CLONE_NEW… FLAGS, or 0) of the thread's own. */
static inline void thread_start(struct thread *t, int flags)
{
	t->flags = flags;
	pthread_barrier_init(&t->started, NULL, 2);
	pthread_barrier_init(&t->done, NULL, 2);
	assert_int_equal(pthread_create(&t->handle, NULL, thread_main, t), 0);
	pthread_barrier_wait(&t->started);
}

/* Returns when the kernel knows it no more, which is a little after it can be joined. */
static inline void thread_end(struct thread *t)
{
	pthread_barrier_wait(&t->done);
	pthread_join(t->handle, NULL);
	while (t->tid && tgkill(getpid(), t->tid, 0) == 0)
		sched_yield();
}
