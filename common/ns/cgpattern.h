/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The small language of patterns that container.c describes names of cgroups with. Everything
 * stands for itself, except:
 *
 *	%h  64 lower-case hexadecimal digits	%s  any bytes, or none
 *	%d  decimal digits			%n  any bytes, at least one
 *	%u  uid of a pod			%q  Kubernetes' quality of service with its
 *	(…) the id or the name			    dash, nothing for guaranteed
 *	<…> the uid of the pod
 *
 * A run (%s, %n) takes as little as it can. The time is linear in the length of the text as long
 * as at most one run of a pattern has more than fixed text behind it.
 */
#pragma once

#include <stdbool.h>

struct span {
	const char *s, *end;
};

/* What the marks of a pattern enclose; NULL where it has none. */
struct marks {
	struct span id, pod;
};

/* Whether PATTERN covers all of S to END. If so, sets its marks in M. */
bool cgpattern_match(const char *pattern, const char *s, const char *end, struct marks *m);

/* Whether S is a container's id as %h has it. */
bool cgpattern_is_id(const char *s);
