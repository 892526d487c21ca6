/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "label.h"

#include "../base/escape.h"
#include "../base/fd.h"
#include "../sys/procfs.h"

#include <errno.h>
#include <fcntl.h>

/* AppArmor's text ends with the mode, "snap.lxd.daemon (enforce)"; 0 if TEXT is not of its kind. */
static size_t profile_length(const char *text)
{
	size_t n = strlen(text);

	if (str_is(text, "unconfined"))
		return n;
	if (!n || text[n - 1] != ')')
		return 0;
	while (n && text[n] != '(')
		n--;
	return n > 1 && text[n - 1] == ' ' ? n - 1 : 0;
}

static int no_labels(struct err *e)
{
	return err_say(e, -EOPNOTSUPP,
		       "there are no security labels: neither SELinux nor AppArmor is here");
}

/* TEXT is of the module that L->file belongs to; AppArmor wants to be told when it applies. */
static void set_text(struct label *l, const char *text, size_t n, bool apparmor)
{
	l->text = xasprintf("%s%.*s", apparmor ? "exec " : "", (int)n, text);
}

/*
 * AppArmor has files of its own since Linux 5.8; elsewhere they are missing, or EINVAL. Before,
 * and for SELinux, the module that is active answers in the common ones, and its text tells which
 * it is: a context of SELinux has colons and no mode.
 */
int label_read(struct label *l, const struct target *t, struct err *e)
{
	auto_str struct str text = { 0 };
	const char *file = "self/attr/apparmor/exec";
	int r = target_read(t, "attr/apparmor/current", &text, NULL);
	size_t n, profile;

	if (r == -ENOENT || r == -EINVAL) {
		file = "self/attr/exec";
		r = target_read(t, "attr/current", &text, e);
	}
	if (r == -EINVAL || (r == 0 && !text.len))
		return no_labels(e);
	if (r < 0)
		return r;
	n = strcspn(str_text(&text), "\n");
	text.s[n] = '\0';
	profile = profile_length(text.s);
	set_text(l, text.s, profile ? profile : n, profile);
	l->file = file;
	return 0;
}

int label_choose(struct label *l, int proc, const char *text, struct err *e)
{
	auto_str struct str own = { 0 };
	bool apparmor = proc_read(proc, "self/attr/apparmor/current", &own) == 0 && own.len;
	int r = apparmor ? 0 : proc_read(proc, "self/attr/current", &own);

	if (r < 0 || !own.len)
		return no_labels(e);
	l->file = apparmor ? "self/attr/apparmor/exec" : "self/attr/exec";
	own.s[strcspn(own.s, "\n")] = '\0';
	set_text(l, text, strlen(text), apparmor || profile_length(own.s));
	return 0;
}

int label_take(const struct label *l, int proc, struct err *e)
{
	auto_close int fd = openat(proc, l->file, O_WRONLY | O_CLOEXEC);
	auto_free char *q = NULL;
	int r = fd < 0 ? -errno : fd_write_all(fd, l->text, strlen(l->text));

	if (r == 0)
		return 0;
	q = quoted(l->text);
	err_set(e, r, "cannot take on the security label %s", q);
	if (r == -EACCES || r == -EPERM)
		err_hint(e, "the policy of the security module does not let the caller have it");
	return r;
}

void label_done(struct label *l)
{
	free(l->text);
	*l = (struct label){ 0 };
}
