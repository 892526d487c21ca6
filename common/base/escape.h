/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text that others control, made safe to show. It stands on the lowest floor because every
 * sentence about a failure may have to quote such text.
 */
#pragma once

#include "str.h"

/*
 * Adds N bytes of TEXT so that a terminal shows them and does nothing else: control characters
 * (C0, DEL, C1), line and paragraph separators, bidirectional overrides and bytes that are not
 * UTF-8 become \xNN; a backslash before an x becomes \x5c, so that the text can be told back.
 */
void escape_terminal(struct str *s, const char *text, size_t n);

/* Adds TEXT as valid UTF-8: each byte that is not becomes U+FFFD. Control characters stay. */
void escape_utf8(struct str *s, const char *text, size_t n);

/*
 * Adds JSON text, valid and without control characters in its strings, so that it stays the same
 * value and a terminal shows all of it: what escape_terminal() would not let pass becomes \uNNNN.
 */
void escape_json(struct str *s, const char *text, size_t n);

/* Adds TEXT escaped for a terminal between single quotes: how messages name their subject. */
void escape_quoted(struct str *s, const char *text);

/* The same as a string of its own, to be freed: auto_free char *q = quoted(path); */
char *quoted(const char *text);
