/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `enter` under util-linux's name and rules: options, defaults and exit statuses of nsenter 2.43. */
#include "../common/base/escape.h"
#include "../common/base/num.h"
#include "../common/cli/complete_names.h"
#include "../common/cli/complete_ref.h"
#include "../common/cli/kinds.h"
#include "enter.h"

#include <errno.h>
#include <limits.h>

/* "PID" or "PID:INODE". */
static int parse_target(const char *word, void *field, struct err *e)
{
	struct ref *ref = field;
	const char *p = word;
	uint64_t pid, birth = 0;
	auto_free char *q = quoted(word);

	if (ref->text)
		return err_say(e, -EINVAL, "it may be given only once");
	if (num_prefix(&p, &pid) < 0 || pid < 1 || pid > INT_MAX ||
	    (*p == ':' && num_u64(p + 1, 1, UINT64_MAX, &birth) < 0) || (*p && *p != ':'))
		return err_say(e, -EINVAL, "failed to parse pid: %s", q);
	*ref = (struct ref){ .kind = REF_PROCESS, .text = word, .type = -1, .fd = -EBADF };
	ref->pid = (pid_t)pid;
	ref->birth = birth;
	return 0;
}

/* ":ID", a 64-bit id, or a file, however it is called. */
static int parse_file(enum ns_type type, const char *word, void *field, struct err *e)
{
	struct enter_sources *s = field;
	struct ref *ref = &s->ref[type];
	auto_free char *q = NULL;

	s->wanted |= 1U << type;
	if (!word)
		return 0;
	word += *word == '=';
	*ref = (struct ref){ .text = word, .name = word, .type = -1, .fd = -EBADF };
	ref->kind = *word == ':' ? REF_ID : REF_FILE;
	if (*word != ':' || num_u64(word + 1, 1, UINT64_MAX, &ref->number) == 0)
		return 0;
	q = quoted(word + 1);
	return err_say(e, -EINVAL, "failed to parse nsid: %s", q);
}

/* Behind a letter alone other letters follow as often. */
static void complete_file_of(struct candidates *ret)
{
	if (*ret->typed || str_after(str_text(&ret->head), "--"))
		complete_attached_file(ret);
}

#define FILE_OF(type)                                                                              \
	static int parse_##type(const char *word, void *field, struct err *e)                      \
	{                                                                                          \
		return parse_file(type, word, field, e);                                           \
	}                                                                                          \
	static const struct arg_kind file_##type = { "FILE|:ID", sizeof(struct enter_sources),     \
						     parse_##type, NULL, complete_file_of };

FILE_OF(NS_MNT)
FILE_OF(NS_UTS)
FILE_OF(NS_IPC)
FILE_OF(NS_NET)
FILE_OF(NS_PID)
FILE_OF(NS_USER)
FILE_OF(NS_CGROUP)
FILE_OF(NS_TIME)

static const struct arg_kind arg_target = { "PID", sizeof(struct ref), parse_target, NULL,
					    complete_pid };

#define SOURCE(letter, name, type, what)                                                           \
	MAYBE(letter, name, &file_##type, struct enter_opts, sources, "enter " what " namespace")

static const struct opt opts[] = {
	FLAG('a', "all", struct enter_opts, all, "enter all namespaces"),
	VALUE('t', "target", &arg_target, struct enter_opts, target,
	      "process to get namespaces from"),
	SOURCE('m', "mount", NS_MNT, "the mount"),
	SOURCE('u', "uts", NS_UTS, "the UTS"),
	SOURCE('i', "ipc", NS_IPC, "the IPC"),
	SOURCE('n', "net", NS_NET, "the network"),
	VALUE('N', "net-socket", &arg_fd_given, struct enter_opts, net_socket,
	      "enter the network namespace of its socket"),
	SOURCE('p', "pid", NS_PID, "the pid"),
	SOURCE('C', "cgroup", NS_CGROUP, "the cgroup"),
	SOURCE('U', "user", NS_USER, "the user"),
	FLAG(0, "user-parent", struct enter_opts, user_parent, "enter the parent user namespace"),
	SOURCE('T', "time", NS_TIME, "the time"),
	VALUE('S', "setuid", &arg_user_inside, struct enter_opts, uid,
	      "set the uid in the namespace"),
	VALUE('G', "setgid", &arg_group_inside, struct enter_opts, gid,
	      "set the gid in the namespace"),
	FLAG(0, "preserve-credentials", struct enter_opts, preserve_credentials,
	     "do not touch uids or gids"),
	FLAG(0, "keep-caps", struct enter_opts, keep_caps,
	     "keep the capabilities that a user namespace gives"),
	MAYBE('r', "root", &arg_directory, struct enter_opts, root, "set the root directory"),
	MAYBE('w', "wd", &arg_directory, struct enter_opts, wd, "set the working directory"),
	VALUE('W', "wdns", &arg_directory, struct enter_opts, wdns,
	      "set the working directory in the namespace"),
	FLAG('e', "env", struct enter_opts, env_all, "take over the environment of the target"),
	FLAG('F', "no-fork", struct enter_opts, no_fork, "do not fork before the exec"),
	FLAG('c', "join-cgroup", struct enter_opts, join_cgroup, "join the target's cgroups"),
	FLAG('Z', "follow-context", struct enter_opts, follow_context,
	     "set the security label to the target's"),
};

static const struct operand operands[] = { { &arg_command, OPERAND_COMMAND } };

static int run(struct ctx *ctx, const void *given, int argc, char **argv, struct err *e)
{
	struct enter_opts o = *(const struct enter_opts *)given;

	(void)ctx;
	(void)argc;
	o.compat = o.any_wd = true;
	if (o.env_all) {
		o.env = "";
		o.clear_env = true;
	}
	return enter_run(&o, argv, e);
}

extern const struct applet applet_nsenter;
const struct applet applet_nsenter = {
	.name = "nsenter",
	.summary = "run a command in namespaces of a process, as util-linux does",
	.opts = opts,
	.nopts = ARRAY_LEN(opts),
	.opts_size = sizeof(struct enter_opts),
	.opts_done = enter_opts_done,
	.operands = operands,
	.noperands = ARRAY_LEN(operands),
	.exit = EXIT_AS_UTIL_LINUX,
	.compat = true,
	.plain = true,
	.where = APPLET_CHILD,
	.run = run,
};
