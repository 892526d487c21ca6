/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `help` says that belongs to no single command. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A line for each topic. */
void topics_print(FILE *out);

/* The name of topic INDEX, NULL behind the last. */
const char *topic_name(size_t index);

/* Explains the topic NAME; false if there is none. */
bool topic_print(const char *name, FILE *out);
