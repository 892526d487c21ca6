/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user can set: a table of names, each with how its value is read and shown. */
#pragma once

#include "shell.h"

void settings_init(struct settings *s);
void settings_done(struct settings *s);

/* Sets NAME to VALUE. Returns 0, or -EINVAL with a sentence that names what is known. */
int settings_set(struct settings *s, const char *name, const char *value, struct err *e);

/* Shows all settings, or the one called NAME. Returns 0, or -EINVAL as above. */
int settings_print(const struct settings *s, const char *name, FILE *out, struct err *e);

/* const char *: the name of a setting; a value of any. */
extern const struct arg_kind arg_setting;
extern const struct arg_kind arg_value;
