/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of argument that say which namespaces are shown, and how. */
#pragma once

#include "applet.h"

/* const char *: names of columns, "NS,TYPE"; a leading '+' adds them to the default ones. */
extern const struct arg_kind arg_columns;

/* const char *: a filter expression over the columns; checked here, compiled by who uses it. */
extern const struct arg_kind arg_filter;

/* enum forest_kind: "owner" (also without a value), "parent" or "process". */
extern const struct arg_kind arg_tree;

/* unsigned: bits of enum source, from names: "proc,fd", or "all". A repeated option adds. */
extern const struct arg_kind arg_sources;

/* The same of columns and filters for events (out/eventview.h). */
extern const struct arg_kind arg_event_columns, arg_event_filter;

/* unsigned: bits 1 << enum event_kind, from names: "new,gone", or "all". A repeated option adds. */
extern const struct arg_kind arg_events;
