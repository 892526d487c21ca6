/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "label.h"

#include "../base/escape.h"
#include "../base/fd.h"

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
	size_t profile;
	char *s;

	if (r == -ENOENT || r == -EINVAL) {
		file = "self/attr/exec";
		r = target_read(t, "attr/current", &text, e);
	}
	if (r == -EINVAL || (r == 0 && !text.len))
		return no_labels(e);
	if (r < 0)
		return r;
	s = str_take(&text);
	s[strcspn(s, "\n")] = '\0';
	profile = profile_length(s);
	if (profile) {
		l->text = xasprintf("exec %.*s", (int)profile, s);
		free(s);
	} else {
		l->text = s;
	}
	l->file = file;
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
	err_set(e, r, "cannot take over the label of the target, %s", q);
	if (r == -EACCES || r == -EPERM)
		err_hint(e, "the policy of the security module does not let the caller have it");
	return r;
}

void label_done(struct label *l)
{
	free(l->text);
	*l = (struct label){ 0 };
}
