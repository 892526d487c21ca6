/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "topics.h"

#include "../../common/base/str.h"

static const struct {
	const char *name, *about, *text;
} topics[] = {
	{ "places", "the tree that you walk",
	  "/ is the initial user namespace. Below a user namespace stand its child user "
	  "namespaces\n"
	  "and what it owns, below any namespace the processes in it; pid namespaces nest by "
	  "parent\n"
	  "as well.\n"
	  "\n"
	  "  cd user:[4026531837]      a namespace, wherever it stands\n"
	  "  cd 1234                   a process\n"
	  "  cd netns:blue             any other reference: see nstool-refs(7)\n"
	  "  cd ..   cd -   cd         up, back, to the top\n"
	  "  cd /user:[…]/net:[…]      step by step\n"
	  "\n"
	  "What you stand on is the target of every command that is not given another one.\n" },
	{ "typing", "how a line is read",
	  "Words are separated by blanks; quotes '…' and \"…\" and a backslash keep them "
	  "together.\n"
	  "Nothing is expanded. # begins a remark.\n"
	  "\n"
	  "  a; b   a && b   a || b    one after the other; if a succeeds; if it fails\n"
	  "  list | grep net           through programs of the host\n"
	  "  tree > file               into a file; >> behind what is in it\n"
	  "  !ip -br addr              a line for /bin/sh of the host\n" },
	{ "filters", "the expressions of find",
	  "An expression over columns ('help list' explains them), in single quotes:\n"
	  "\n"
	  "  find 'TYPE == \"net\" and NPROCS > 2'\n"
	  "  find 'CONTAINER =~ \"^docker\" and not HELD =~ \"mount\"'\n"
	  "\n"
	  "  or ||   and &&   not !    from loosest to tightest; and parentheses\n"
	  "  == != < <= > >=           numbers as numbers, all else as text\n"
	  "  =~ !~                     does, or does not, match a regular expression\n"
	  "  NAMES                     a column alone: it is neither empty nor 0\n" },
	{ "scripts", "the shell without a terminal",
	  "nstool -c 'cd 1234; ps', nstool -f FILE, #!/usr/bin/nstool -f, or standard input.\n"
	  "The first failure ends it; with -k it goes on and exits with the last failure.\n" },
};

void topics_print(FILE *out)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		fprintf(out, "  %-12s %s\n", topics[i].name, topics[i].about);
}

const char *topic_name(size_t index)
{
	return index < ARRAY_LEN(topics) ? topics[index].name : NULL;
}

bool topic_print(const char *name, FILE *out)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		if (str_is(topics[i].name, name)) {
			fputs(topics[i].text, out);
			return true;
		}
	return false;
}
