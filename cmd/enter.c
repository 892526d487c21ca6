/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter.h"

#include "../common/cli/kinds.h"

#define SOURCE(letter, name, type, what)                                                           \
	MAYBE(letter, name, &arg_joined[type], struct enter_opts, sources,                         \
	      "join the " what " namespace")

static const struct opt enter_opts[] = {
	VALUE('t', "target", &arg_targets, struct enter_opts, targets,
	      "whose namespaces to join, all or those named"),
	VALUE('l', "name", &arg_bound_targets, struct enter_opts, targets,
	      "the set of this name; 0: the host; -PID: a process"),
	FLAG('a', "all", struct enter_opts, all, "join all namespaces of the target"),
	SOURCE('m', "mount", NS_MNT, "mount"),
	SOURCE('u', "uts", NS_UTS, "UTS"),
	SOURCE('i', "ipc", NS_IPC, "IPC"),
	SOURCE('n', "net", NS_NET, "network"),
	SOURCE('p', "pid", NS_PID, "pid"),
	SOURCE('U', "user", NS_USER, "user"),
	SOURCE('C', "cgroup", NS_CGROUP, "cgroup"),
	SOURCE('T', "time", NS_TIME, "time"),
	VALUE(0, "except", &arg_types, struct enter_opts, except, "stay out of these"),
	VALUE(0, "net-socket", &arg_fd_given, struct enter_opts, net_socket,
	      "join the network namespace of its socket"),
	FLAG(0, "user-parent", struct enter_opts, user_parent,
	     "join the user namespace that owns the rest"),
	VALUE('S', "setuid", &arg_user_inside, struct enter_opts, uid,
	      "run as this user, or as the target's with 'follow'"),
	VALUE('G', "setgid", &arg_group_inside, struct enter_opts, gid,
	      "run in this group, or in the target's with 'follow'"),
	FLAG(0, "preserve-credentials", struct enter_opts, preserve_credentials,
	     "stay who you are in a user namespace"),
	FLAG(0, "keep-caps", struct enter_opts, keep_caps,
	     "keep the capabilities that a user namespace gives"),
	VALUE(0, "cap-drop", &arg_caps, struct enter_opts, cap_drop,
	      "run without these capabilities"),
	FLAG(0, "no-new-privs", struct enter_opts, no_new_privs,
	     "let no exec give the command more privileges"),
	MAYBE('r', "root", &arg_directory, struct enter_opts, root,
	      "change the root to this directory or the target's"),
	MAYBE('w', "wd", &arg_directory, struct enter_opts, wd,
	      "change to this working directory or the target's"),
	VALUE('W', "wdns", &arg_directory, struct enter_opts, wdns,
	      "change to this working directory of the target"),
	MAYBE('e', "env", &arg_env, struct enter_opts, env,
	      "take over variables of the target, all or these"),
	FLAG(0, "clear-env", struct enter_opts, clear_env, "begin with an empty environment"),
	VALUE(0, "set-env", &arg_variable, struct enter_opts, set_env,
	      "set this variable, or keep the caller's; repeatable"),
	FLAG('c', "join-cgroup", struct enter_opts, join_cgroup, "run in the target's cgroups"),
	FLAG('Z', "follow-context", struct enter_opts, follow_context,
	     "run with the target's SELinux or AppArmor label"),
	VALUE(0, "context", &arg_label, struct enter_opts, context,
	      "run with this SELinux or AppArmor label"),
	VALUE(0, "arch", &arg_arch, struct enter_opts, arch,
	      "let uname(2) tell it runs on this processor"),
	MAYBE(0, "like", &arg_like, struct enter_opts, like,
	      "run as the target itself runs, in all respects"),
	VALUE(0, "preserve-fd", &arg_fds, struct enter_opts, keep_fds,
	      "let the command have this descriptor too"),
	FLAG(0, "host-tools", struct enter_opts, host_tools,
	     "use the caller's programs and libraries"),
	FLAG(0, "mount-proc", struct enter_opts, mount_proc,
	     "mount a fresh /proc for the command alone"),
	FLAG(0, "mount-sys", struct enter_opts, mount_sys,
	     "mount a fresh /sys for the command alone"),
	FLAG(0, "no-etc", struct enter_opts, no_etc,
	     "leave /etc alone, whatever /etc/netns/NAME has"),
	FLAG(0, "pty", struct enter_opts, pty, "give the command a terminal of its own"),
	VALUE(0, "pty-log", &arg_file, struct enter_opts, pty_log,
	      "append what the command's terminal shows to this file"),
	FLAG(0, "no-pty", struct enter_opts, no_pty, "let the command use the caller's terminal"),
	FLAG(0, "detach", struct enter_opts, detach, "let the command run on, do not wait for it"),
	FLAG('F', "no-fork", struct enter_opts, no_fork, "exec the command in this very process"),
};

static const struct operand enter_operands[] = { { &arg_command, OPERAND_COMMAND } };

static int run(struct ctx *ctx, const void *opts, int argc, char **argv, struct err *e)
{
	(void)argc;
	return enter_turns(ctx, opts, argv, e);
}

static const char *const aliases[] = { "ns_enter", NULL };

extern const struct applet applet_enter;
const struct applet applet_enter = {
	.name = "enter",
	.aliases = aliases,
	.summary = "run a command in namespaces of a target",
	.opts = enter_opts,
	.nopts = ARRAY_LEN(enter_opts),
	.opts_size = sizeof(struct enter_opts),
	.opts_done = enter_opts_done,
	.operands = enter_operands,
	.noperands = ARRAY_LEN(enter_operands),
	.exit = EXIT_AS_RUNNER,
	.plain = true,
	.where = APPLET_CHILD,
	.here = "target",
	.run = run,
};
