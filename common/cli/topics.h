/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What belongs to no single applet, each told once: `nstool help TOPIC` prints it, the manual
 * nstool-refs(7) is made from it.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct topic_row {
	const char *term, *text; /* plain words, whole sentences */
};

struct topic {
	const char *name, *about; /* about: a phrase, as an applet's summary */
	const char *intro;	  /* a paragraph before the rows … */
	const struct topic_row *rows;
	size_t nrows;
	const char *end; /* … and one behind them, or NULL */
};

extern const struct topic topics[];
extern const size_t ntopics;

/* The topic called NAME, or NULL. */
const struct topic *topic_find(const char *name);

/* Prints T for a terminal: no line is wider than 80 columns. */
void topic_show(const struct topic *t, FILE *out);
