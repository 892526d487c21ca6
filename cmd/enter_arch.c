/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enter_arch.h"

#include "../common/base/escape.h"
#include "enter.h"

#include <errno.h>
#include <sys/personality.h>
#include <sys/utsname.h>

#define DOMAIN 0xffU /* of personality(2): what is not a flag */
#define DIGITS 8     /* in which procfs shows it */

/* Processors, by their name with 32 bits and with 64; all those of a kind are one processor. */
static const struct {
	const char *name32, *name64;
} kinds[] = {
	{ "linux32", "linux64" }, /* whatever is here */
	{ "i386", "x86_64" },	  { "i486", "amd64" },	    { "i586", NULL },
	{ "i686", NULL },	  { "x86", NULL },	    { "arm", "aarch64" },
	{ "armel", "arm64" },	  { "armhf", NULL },	    { "armv7l", NULL },
	{ "armv8l", NULL },	  { "ppc", "ppc64" },	    { "powerpc", "ppc64le" },
	{ "mips", "mips64" },	  { "mipsel", "mips64el" },
};

static const char *const words[] = {
	"follow", "linux32", "linux64", "i686", "x86_64", "armhf", "arm64", "ppc", "ppc64", NULL,
};

/* 32 or 64, or 0 if there is no such name. */
static int bits_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_is(name, kinds[i].name32))
			return 32;
		if (kinds[i].name64 && str_is(name, kinds[i].name64))
			return 64;
	}
	return 0;
}

/* What the names of one processor have in common; that of "linux32" is nobody's. */
static char family_of(const char *name)
{
	if (*name == 'i' || *name == 'x' || str_is(name, "amd64"))
		return 'x';
	return *name;
}

static int parse_arch(const char *word, void *field, struct err *e)
{
	struct arch_arg *a = field;
	auto_free char *q = quoted(word);
	struct utsname here;
	int bits = bits_of(word);

	*a = (struct arch_arg){ .set = true, .follow = str_is(word, "follow"), .is32 = bits == 32 };
	if (a->follow)
		return 0;
	if (!bits)
		return err_say(e, -EINVAL,
			       "%s is no processor, nor 'linux32', 'linux64' or 'follow'", q);
	if (*word == 'l' || uname(&here) < 0 || family_of(word) == family_of(here.machine))
		return 0;
	return err_say(e, -EINVAL, "%s is another processor than this, %s", q, here.machine);
}

const struct arg_kind arg_arch = { "ARCH", sizeof(struct arch_arg), parse_arch, words };

int enter_arch_read(struct arch_arg *ret, const struct enter_opts *o, const struct target *t,
		    struct err *e)
{
	auto_str struct str text = { 0 };
	int r;

	if (!o->arch.follow) {
		*ret = o->arch;
		return 0;
	}
	if (t->kind != TARGET_PROCESS || !t->pid)
		return err_say(e, -EINVAL, "--arch=follow needs a target that is a process");
	r = target_read(t, "personality", &text, e);
	if (r < 0)
		return r;
	if (strspn(str_text(&text), "0123456789abcdef") != DIGITS)
		return err_say(e, -EINVAL, "cannot understand the personality of %s", t->label);
	*ret = (struct arch_arg){ .set = true };
	ret->is32 = strncmp(text.s + DIGITS - 2, "08", 2) == 0; /* PER_LINUX32 */
	return 0;
}

/* A target's flags are not taken over: they would make its memory a place where anything runs. */
int enter_arch_take(const struct arch_arg *a, struct err *e)
{
	int old = a->set ? personality(0xffffffff) : 0;
	unsigned long want = a->is32 ? PER_LINUX32 : PER_LINUX;

	if (!a->set || ((unsigned)old & DOMAIN) == want)
		return 0;
	if (old < 0 || personality(((unsigned)old & ~DOMAIN) | want) < 0)
		return err_set(e, -errno, "cannot let uname tell a processor of %d bits",
			       a->is32 ? 32 : 64);
	return 0;
}
