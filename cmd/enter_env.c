/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_env.h"

#include "../common/sys/procfs.h"

#include <errno.h>
#include <unistd.h>

static size_t name_length(const char *var)
{
	return strcspn(var, "=");
}

/* The later one counts, where the name stood first. */
static void put(struct enter_env *env, char *var)
{
	size_t n = name_length(var);

	for (size_t i = 0; i < env->vars.n; i++)
		if (name_length(env->vars.v[i]) == n && strncmp(env->vars.v[i], var, n) == 0) {
			env->vars.v[i] = var;
			return;
		}
	vec_push(&env->vars, var);
}

/* Whether VAR is one of the names in LIST, "A,B"; an empty list has them all. */
static bool is_listed(const char *list, const char *var)
{
	size_t n = name_length(var);

	if (!*list)
		return true;
	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ",");

		if (len == n && strncmp(p, var, n) == 0)
			return true;
		p += len;
		if (!*p)
			return false;
	}
}

/* A target may have written anything where its environment was: only what has a name is taken. */
static int put_targets(struct enter_env *env, const char *list, const struct target *t,
		       struct err *e)
{
	auto_str struct str text = { 0 };
	char path[PROC_PATH_MAX];
	size_t len;
	int r;

	if (t->kind != TARGET_PROCESS || !t->pid)
		return err_say(e, -EINVAL, "an environment has only a target that is a process");
	proc_path(path, t->pid, t->tid, "environ");
	r = proc_read(t->proc, path, &text);
	if (r < 0)
		return err_set(e, r, "cannot read the environment of %s", t->label);
	r = target_check(t, e);
	if (r < 0)
		return r;
	len = text.len;
	env->text = str_take(&text);
	for (char *p = env->text; p < env->text + len; p += strlen(p) + 1)
		if (*p != '=' && strchr(p, '=') && is_listed(list, p))
			put(env, p);
	return 0;
}

/* The caller's where VAR is a name alone; nothing if the caller has none. */
static void put_given(struct enter_env *env, const char *var)
{
	size_t n = name_length(var);

	if (var[n])
		put(env, (char *)var);
	for (char **own = environ; !var[n] && *own; own++)
		if (name_length(*own) == n && strncmp(*own, var, n) == 0)
			put(env, *own);
}

int enter_env_make(struct enter_env *env, const struct enter_opts *o, const struct target *t,
		   struct err *e)
{
	int r = 0;

	if (!o->env && !o->clear_env && !o->set_env.n)
		return 0;
	for (char **var = environ; !o->clear_env && *var; var++)
		vec_push(&env->vars, *var);
	if (o->env)
		r = put_targets(env, o->env, t, e);
	for (size_t i = 0; i < o->set_env.n; i++)
		put_given(env, o->set_env.v[i]);
	vec_push(&env->vars, NULL);
	return r;
}

void enter_env_done(struct enter_env *env)
{
	vec_done(&env->vars);
	free(env->text);
}
