# nstool. `make` builds it, `make help` lists the targets, README.md says what they need.
#
# BUILD is where everything made lies; variants (asan, clang …) have a BUILD of their own.
# CPPFLAGS, CFLAGS, LDFLAGS, PREFIX and DESTDIR are the user's.

VERSION := $(shell sed -n 's/^.define NSTOOL_VERSION "\(.*\)"/\1/p' common/cli/version.h)
BUILD   ?= build
CFLAGS  ?= -O2 -g
HARDEN  ?= -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
WARN    := -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Wformat=2 -Wmissing-prototypes -Wstrict-prototypes -Wvla
FLAGS    = -std=gnu17 -D_GNU_SOURCE -fPIE -ffile-prefix-map=$(CURDIR)=. $(WARN) $(HARDEN) \
	   $(CPPFLAGS) $(CFLAGS)
LINK     = $(CC) -pie -Wl,-z,relro,-z,now,--as-needed $(RELR) $(CFLAGS) $(LDFLAGS)
# Packed relocations, a hundredth of the size, where linker and C library know them.
RELR    := $(shell grep -qs GLIBC_ABI_DT_RELR "$$($(CC) -print-file-name=libc.so.6 2>/dev/null)" && \
	   $(CC) -Wl,--help 2>/dev/null | grep -q pack-relative-relocs && echo -Wl,-z,pack-relative-relocs)

# The floors, bottom to top, and the roof: the only files that know every applet.
FLOORS  := common/base common/sys common/ns common/out common/cli cmd cmd/shell
ROOF    := cmd/main.c cmd/applets.c

# What running a command takes, in this order: so close together that few pages of the program
# are touched.
QUICK   := $(wildcard $(addsuffix .c,$(addprefix common/cli/,dispatch options applet kinds) cmd/unshare_* \
	   $(addprefix common/base/,util str err fd) $(addprefix common/ns/,setup_run setup_plan setup_act \
	   setup_defaults younger run exec creds idmap outside nstype) common/sys/caps cmd/enter* \
	   $(addprefix common/ns/,target join plan exec_guard) $(addprefix common/sys/,procfs pidfd)))

# Headers, each with the Debian package that has it. Of the libraries only the headers are
# needed: the program loads them when it first uses them (common/base/dl.h).
NEEDS   := stdio.h:gcc,libc6-dev json-c/json.h:libjson-c-dev libmount/libmount.h:libmount-dev \
	   libsmartcols/libsmartcols.h:libsmartcols-dev \
	   readline/readline.h:libreadline-dev

SOURCES := $(sort $(wildcard $(FLOORS:=/*.c) man/*.c tests/*/*.c tests/*/*/*.c))
HEADERS := $(sort $(wildcard $(FLOORS:=/*.h) tests/*/*.h tests/*/*/*.h))
SCRIPTS := .ci/run $(sort $(wildcard tests/run tests/fresh tests/*.bats tests/lib/*.bash tests/lint/* \
	   tests/bench/run completions/*.bash))
BATS    := $(sort $(wildcard tests/*.bats))

# What the C files $(1) become; the archive of floor $(1); the programs of its unit tests.
objects = $(patsubst %.c,$(BUILD)/%.o,$(1))
archive = $(BUILD)/lib$(notdir $(1)).a
unit    = $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/unit/$(notdir $(1))/*.c)))
# Stops with one line if the program $(1), of package $(2), is missing.
need    = @command -v $(1) >/dev/null || { echo "missing: $(1) (on Debian: apt-get install $(2))" >&2; exit 1; }

.PHONY: all
all: $(BUILD)/nstool ## build the program (what `make` alone does)

# A unit test is linked with the archive of its floor and those below, so that a floor which
# calls upward does not link. Those of cmd see the table of applets too, hence the shell.
define floor
$(call archive,$(1)): $(call objects,$(filter-out $(ROOF),$(sort $(wildcard $(1)/*.c))))
ARCHIVES := $(call archive,$(1)) $(ARCHIVES)
UNIT += $(call unit,$(1))
$(call unit,$(1)): $(call archive,$(1)) $(ARCHIVES)
endef
ARCHIVES :=
UNIT :=
$(call unit,cmd): $(BUILD)/cmd/applets.o $(call archive,cmd/shell)
$(foreach f,$(FLOORS),$(eval $(call floor,$(f))))

$(BUILD)/nstool: $(call objects,$(ROOF) $(EXTRA) $(QUICK)) $(ARCHIVES) $(BUILD)/man/pages.o
	$(LINK) -o $@ $^

$(BUILD)/lib%.a:
	@mkdir -p $(@D)
	rm -f $@ && $(AR) rcsD $@ $^

$(BUILD)/%.o: %.c Makefile | $(BUILD)/needs
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP -MT '$$(BUILD)/$*.o' -c -o $@ $<

$(BUILD)/tests/needs: NEEDS := cmocka.h:libcmocka-dev
$(BUILD)/needs $(BUILD)/tests/needs: Makefile
	@mkdir -p $(@D)
	@for need in $(NEEDS); do \
		echo "#include <$${need%:*}>" | $(CC) $(CPPFLAGS) -E - >/dev/null 2>&1 && continue; \
		echo "missing: <$${need%:*}> (on Debian: apt-get install $${need#*:})" | tr , ' ' >&2; \
		exit 1; \
	done
	@touch $@

# --- tests

$(UNIT:=.o): | $(BUILD)/tests/needs
$(BUILD)/tests/%.o: CPPFLAGS += -DTESTDIR='"$(CURDIR)/tests"'
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o
	$(LINK) -o $@ $^ -lcmocka

# Programs that tests wrap a command in.
TOOLS := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/lib/*.c)))
BENCH := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/bench/*.c)))
$(TOOLS) $(filter-out %/complete,$(BENCH)): %: %.o $(BUILD)/libsys.a $(BUILD)/libbase.a
	$(LINK) -o $@ $^
$(BUILD)/tests/bench/complete: %: %.o $(BUILD)/cmd/applets.o $(ARCHIVES)
	$(LINK) -o $@ $^

# Fuzz targets; `fuzz` links libFuzzer instead of the main() that replays the corpus.
FUZZ_MAIN ?= $(BUILD)/tests/fuzz/replay.o
FUZZ := $(patsubst %.c,$(BUILD)/%,$(filter-out %/replay.c,$(sort $(wildcard tests/fuzz/*.c))))
$(FUZZ): $(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o $(ARCHIVES)
	$(LINK) -o $@ $< $(FUZZ_MAIN) $(ARCHIVES)

export NSTOOL = $(abspath $(BUILD)/nstool)

.PHONY: check check-tools check-unit check-fuzz check-bats check-fresh
check: check-tools all man $(UNIT) $(FUZZ) $(TOOLS) ## run all tests; as root all of them can run
	@tests/run $(UNIT) $(FUZZ) $(BATS)
check-tools:
	$(call need,bats,bats)
	$(call need,mandoc,mandoc)
	$(call need,parallel,parallel)
	$(call need,strace,strace)
check-unit: $(UNIT) $(TOOLS) ## run the unit tests
	@tests/run $(UNIT)
check-fuzz: $(FUZZ) ## replay what fuzzing has found
	@tests/run $(FUZZ)
check-fresh: ## run README's Quick start on a new Debian 12 (as root; needs debootstrap)
	$(call need,debootstrap,debootstrap)
	@tests/fresh
check-bats: all man $(TOOLS) ## run the tests of what a user sees (BATS=tests/list.bats: only these)
	@tests/run $(BATS)

# --- tests of a deeper kind

# $(MAKE) for a variant: $(call variant,NAME,COMPILER,CFLAGS) TARGET
variant = +@$(MAKE) --no-print-directory BUILD=build/$(1) CC=$(2) CFLAGS='$(3)'

.PHONY: asan
asan: ## run all tests with the address, undefined behaviour and leak sanitizers
	$(call variant,asan,gcc,-O1 -g -fsanitize=address -fsanitize=undefined \
		-static-libasan -static-libubsan) HARDEN= EXTRA=tests/asan/leaks.c check

# The program writes its counters as it ends, or says why it cannot: tests that look at all it calls
# or says, or kill it at each step, may fail for that here.
.PHONY: coverage
coverage: ## run all tests and say how much of the code they reach
	$(call need,gcovr,gcovr)
	@find build/cov -name '*.gcda' -delete 2>/dev/null || true
	-$(call variant,cov,gcc,-O0 -g --coverage) HARDEN= check
	@gcovr --root . --filter common/ --filter cmd/ build/cov

.PHONY: fuzz
SECONDS ?= 60
fuzz: ## fuzz each parser for SECONDS=60
	$(call need,clang,clang)
	$(call variant,fuzz,clang,-O1 -g -fsanitize=address -fsanitize=undefined -fsanitize=fuzzer-no-link) \
		HARDEN= FUZZ_MAIN=-fsanitize=fuzzer $(FUZZ:$(BUILD)/%=build/fuzz/%)
	@for f in $(notdir $(FUZZ)); do \
		mkdir -p build/fuzz/corpus/$$f && \
		build/fuzz/tests/fuzz/$$f -max_total_time=$(SECONDS) -print_final_stats=1 \
			-artifact_prefix=tests/fuzz/$$f/ build/fuzz/corpus/$$f tests/fuzz/$$f || exit; \
	done

.PHONY: bench
bench: all $(TOOLS) $(BENCH) ## compare with other tools, in one run
	@tests/bench/run

# --- the manual

MAN := $(patsubst man/%.in,$(BUILD)/man/%,$(sort $(wildcard man/*.in)))

.PHONY: man
man: $(MAN) ## make the manual pages

$(BUILD)/man/mkman: $(BUILD)/man/mkman.o $(BUILD)/cmd/applets.o $(ARCHIVES)
	$(LINK) -o $@ $^
$(MAN): $(BUILD)/man/%: man/%.in $(BUILD)/man/mkman
	$(BUILD)/man/mkman $< >$@.new && mv $@.new $@

# The same as text, which `nstool help` shows.
$(BUILD)/man/mktext: $(call objects,man/mktext.c man/mdoc.c man/inline.c man/fill.c) $(BUILD)/libbase.a
	$(LINK) -o $@ $^
$(BUILD)/man/pages.c: $(MAN) $(BUILD)/man/mktext
	$(BUILD)/man/mktext $(MAN) >$@.new && mv $@.new $@
# Without debug information, which would tell where BUILD is.
$(BUILD)/man/pages.o: $(BUILD)/man/pages.c
	$(CC) $(FLAGS) -g0 -c -o $@ $<

# --- rules of the house

# Two compilers over all files: on all processors, unless -j said on how many.
ALL_CPUS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: lint lint-compile lint-headers lint-text lint-tables lint-man
lint: lint-compile ## check the rules of the house
	+@$(MAKE) --no-print-directory $(ALL_CPUS) lint-headers lint-text lint-tables lint-man
lint-compile:
	$(call variant,gcc,gcc,-O2 -g -Werror) $(ALL_CPUS) compile
	$(call variant,clang,clang,-O2 -g -Werror) $(ALL_CPUS) compile
lint-headers: $(BUILD)/headers.ok
lint-text:
	tests/lint/floors $(wildcard $(FLOORS))
	tests/lint/sizes $(SOURCES) $(HEADERS)
	tests/lint/words $(SOURCES) $(HEADERS) $(SCRIPTS) Makefile README.md NEWS $(wildcard man/*.in)
	clang-format --dry-run --Werror $(SOURCES) $(HEADERS)
	shellcheck -x $(SCRIPTS)
lint-tables: $(BUILD)/tests/unit/cmd/tables
	tests/run $<
lint-man: $(MAN)
	mandoc -Tlint -W warning $(MAN)

.PHONY: compile
compile: $(call objects,$(SOURCES))

# Each header compiles alone.
$(BUILD)/headers.ok: $(HEADERS)
	@for h in $^; do echo "#include \"$$h\"" | $(CC) $(FLAGS) -DTESTDIR='""' -I. -fsyntax-only -x c - || exit; done
	@touch $@

# Not of the unit tests: clang-tidy does not know that cmocka's assertions end a test.
.PHONY: tidy
tidy: ## look for likely mistakes with clang-tidy
	$(call need,clang-tidy,clang-tidy)
	@printf '%s\n' $(filter-out tests/unit/%,$(SOURCES)) | xargs -P 2 -I @ clang-tidy --quiet @ -- $(FLAGS) -DTESTDIR='""'

.PHONY: format
format: ## lay out all C files
	clang-format -i $(SOURCES) $(HEADERS)

# --- to other machines

PREFIX    ?= /usr/local
BINDIR    ?= $(PREFIX)/bin
MANDIR    ?= $(PREFIX)/share/man
DOCDIR    ?= $(PREFIX)/share/doc/nstool
COMPATDIR ?= $(PREFIX)/libexec/nstool/compat
BASHDIR   ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR    ?= $(PREFIX)/share/zsh/site-functions
FISHDIR   ?= $(PREFIX)/share/fish/vendor_completions.d
BATSDIR   ?= $(PREFIX)/share/nstool/bats
DOCS      := LICENSE NEWS README.md

# The names of util-linux go where they shadow nothing; of nstool's own names only those that
# no other tool could have: bindns and mountpriv, not list and watch. A shell looks for completions
# by the name of the command: each link has one beside it, and a page that is its applet's.
.PHONY: install uninstall
install: all man ## install into DESTDIR and PREFIX=/usr/local
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(MANDIR)/man1 $(MANDIR)/man7 $(DOCDIR) $(COMPATDIR) \
		$(BASHDIR) $(ZSHDIR) $(FISHDIR) $(BATSDIR))
	install $(BUILD)/nstool $(DESTDIR)$(BINDIR)
	install -m 644 $(filter %.1,$(MAN)) $(DESTDIR)$(MANDIR)/man1
	install -m 644 $(filter %.7,$(MAN)) $(DESTDIR)$(MANDIR)/man7
	install -m 644 $(DOCS) $(DESTDIR)$(DOCDIR)
	install -m 644 tests/lib/nstool.bash $(DESTDIR)$(BATSDIR)/nstool.bash
	install -m 644 completions/nstool.bash $(DESTDIR)$(BASHDIR)/nstool
	install -m 644 completions/_nstool $(DESTDIR)$(ZSHDIR)
	install -m 644 completions/nstool.fish $(DESTDIR)$(FISHDIR)
	for name in $$($(BUILD)/nstool --list | sed '/ns\|priv/!d; /^\(lsns\|nsenter\|unshare\)$$/d'); do \
		ln -sf nstool $(DESTDIR)$(BINDIR)/$$name && \
		ln -sf nstool $(DESTDIR)$(BASHDIR)/$$name && \
		ln -sf nstool.fish $(DESTDIR)$(FISHDIR)/$$name.fish && \
		$(BUILD)/nstool $$name --help | sed -n '3s,^\([^:]*\):.*,.so man1/nstool-\1.1,p' \
			>$(DESTDIR)$(MANDIR)/man1/$$name.1 || exit; \
	done
	$(BUILD)/nstool --list | sed '/^\(lsns\|nsenter\|unshare\)$$/!d' | \
		xargs -r -I @ ln -srf $(DESTDIR)$(BINDIR)/nstool $(DESTDIR)$(COMPATDIR)/@
uninstall: ## remove what `install` has put there
	find $(addprefix $(DESTDIR),$(BINDIR) $(COMPATDIR) $(BASHDIR) $(FISHDIR)) \
		-maxdepth 1 \( -lname '*nstool' -o -lname nstool.fish \) -delete
	find $(DESTDIR)$(MANDIR)/man1 -maxdepth 1 -name '*.1' -exec grep -qsx '\.so man1/nstool-.*\.1' {} \; -delete
	rm -f $(addprefix $(DESTDIR),$(BINDIR)/nstool $(BASHDIR)/nstool $(ZSHDIR)/_nstool \
		$(FISHDIR)/nstool.fish $(BATSDIR)/nstool.bash) $(addprefix $(DESTDIR)$(MANDIR)/man1/,$(notdir $(filter %.1,$(MAN)))) \
		$(addprefix $(DESTDIR)$(MANDIR)/man7/,$(notdir $(filter %.7,$(MAN)))) \
		$(addprefix $(DESTDIR)$(DOCDIR)/,$(DOCS))
	rmdir $(foreach d,$(DOCDIR) $(COMPATDIR) $(BATSDIR),$(DESTDIR)$d) \
		$(dir $(DESTDIR)$(COMPATDIR)) $(dir $(DESTDIR)$(BATSDIR))

.PHONY: dist
dist: ## make a tarball of the last commit
	@mkdir -p $(BUILD)
	git archive --prefix=nstool-$(VERSION)/ -o $(BUILD)/nstool-$(VERSION).tar.gz HEAD

.PHONY: clean
clean: ## remove everything that was made
	rm -rf build

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
