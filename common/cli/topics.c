/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "topics.h"

#include "../base/str.h"

#define WIDTH	    80
#define TEXT_INDENT 6

static const struct topic_row refs[] = {
	{ "1234, pid:1234",
	  "A process. It is held from the moment it is found, so that no later process with the "
	  "same id can be mistaken for it." },
	{ "pid:1234:BIRTH", "The same, if it is still the process that was meant: BIRTH is the "
			    "inode of its pidfd or its start time." },
	{ "tid:1235", "One thread." },
	{ "self", "The namespaces in which nstool was started." },
	{ "parent", "The parent of the process that called nstool." },
	{ "host",
	  "The initial namespaces of the machine: those of the kernel's own threads or, for a "
	  "caller who may not look at these, as much of them as is known for certain." },
	{ "net:[4026532178], net:4026532178, 4026532178",
	  "A namespace by its inode. Inodes of namespaces are larger than any process id, so a "
	  "bare number is unambiguous." },
	{ "id:4101", "A namespace by its 64-bit id, which is never reused (Linux 6.18 and "
		     "later)." },
	{ "@web", "A set of namespaces named by bind-ns; @0 is the host." },
	{ "netns:blue", "A network namespace named by ip netns." },
	{ "/run/netns/blue, ./ns/net", "The file of a namespace. A path contains a slash; a file "
				       "that is not a namespace is refused." },
	{ "fd:5",
	  "A descriptor that nstool has inherited: of a namespace, of a process (pidfd), or "
	  "of a socket or tun device (its network namespace)." },
	{ "container:ID",
	  "The first process of a container, given the beginning of the container's id, the uid of "
	  "a pod or the name of a unit, as found in the names of control groups." },
};

static const struct topic_row statuses[] = {
	{ "0", "Success." },
	{ "1", "Something failed, such as writing the output." },
	{ "2", "Wrong usage." },
	{ "125", "Applets that run a command: nstool itself failed or was used wrongly." },
	{ "126", "Applets that run a command: it was found but cannot be run." },
	{ "127", "Applets that run a command: it was not found." },
};

static const struct topic_row variables[] = {
	{ "CLICOLOR_FORCE",
	  "If set, and neither empty nor 0: use colours even if the output is not a terminal." },
	{ "COLUMNS",
	  "The width of tables, if standard output is not a terminal, which would know better." },
	{ "NO_COLOR", "If set and not empty: use no colours." },
	{ "PAGER",
	  "The program that shows long text on a terminal page by page; less if not set. It is "
	  "split into words, but not run by a shell." },
	{ "TERM", "If dumb: use neither colours nor a pager." },
	{ "XDG_RUNTIME_DIR", "The directory in which the sets of an ordinary user are kept." },
};

static const struct topic_row json[] = {
	{ "tables",
	  "One object with one member, an array of objects, one for each row. The members "
	  "of a row are the columns, with their names in lower case." },
	{ "missing values", "null." },
	{ "text", "Always valid UTF-8, whatever name a process has been given: a byte that is not "
		  "becomes U+FFFD." },
	{ "names", "Columns that util-linux has too have the same names." },
};

const struct topic topics[] = {
	{ "refs", "how to name a process, a namespace or a set of them",
	  "Where an applet takes a REF, it can be:", refs, ARRAY_LEN(refs),
	  "The types of namespace are mnt, uts, ipc, net, pid, user, cgroup and time. Some "
	  "references name one namespace, others, such as a process, one of each type. An "
	  "ambiguous reference is refused with a list of the candidates." },
	{ "exit", "what the exit status means",
	  "The status tells whether nstool failed or the command that it ran:", statuses,
	  ARRAY_LEN(statuses),
	  "Any other status is the command's own; if the command is killed by a signal, nstool "
	  "dies "
	  "of the same signal. Under the names of util-linux the statuses are those of util-linux. "
	  "A failure is reported by one line on standard error, in some cases followed by lines "
	  "that begin with hint: and give the cause and the remedy." },
	{ "environment", "the variables that nstool reads",
	  "nstool reads these variables of the environment:", variables, ARRAY_LEN(variables),
	  NULL },
	{ "json", "the shape of JSON output", "All JSON output has this in common:", json,
	  ARRAY_LEN(json), NULL },
};

const size_t ntopics = ARRAY_LEN(topics);

const struct topic *topic_find(const char *name)
{
	for (size_t i = 0; i < ntopics; i++)
		if (str_is(topics[i].name, name))
			return &topics[i];
	return NULL;
}

/* Prints TEXT, broken between words, each line INDENT columns to the right. */
static void print_paragraph(FILE *out, const char *text, int indent)
{
	int column = 0;

	while (*text) {
		int n = (int)strcspn(text, " ");

		if (column && column + 1 + n > WIDTH) {
			fputc('\n', out);
			column = 0;
		}
		column += fprintf(out, "%*s%.*s", column ? 1 : indent, "", n, text);
		text += n + (text[n] == ' ');
	}
	fputc('\n', out);
}

void topic_show(const struct topic *t, FILE *out)
{
	print_paragraph(out, t->intro, 0);
	fputc('\n', out);
	for (size_t i = 0; i < t->nrows; i++) {
		fprintf(out, "  %s\n", t->rows[i].term);
		print_paragraph(out, t->rows[i].text, TEXT_INDENT);
	}
	if (t->end) {
		fputc('\n', out);
		print_paragraph(out, t->end, 0);
	}
}
