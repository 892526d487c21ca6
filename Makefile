# nstool. `make` builds it, `make help` lists the other targets, README.md says what they need.
#
# BUILD is where everything that is made lies; a variant (asan, clang, cov) has one of its own.
# CPPFLAGS, CFLAGS and LDFLAGS are yours; HARDEN may be emptied; the rest is needed.

VERSION := $(shell sed -n 's/^.define NSTOOL_VERSION "\(.*\)"/\1/p' common/cli/dispatch.h)
BUILD   ?= build
CFLAGS  ?= -O2 -g
HARDEN  ?= -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
WARN    := -Wall -Wextra -Wshadow -Wformat=2 -Wmissing-prototypes -Wstrict-prototypes -Wvla

COMPILE  = $(CC) -std=gnu17 -D_GNU_SOURCE -fPIE -ffile-prefix-map=$(CURDIR)=. -MMD -MP \
	   $(WARN) $(HARDEN) $(CPPFLAGS) $(CFLAGS)
LINK     = $(CC) -pie -Wl,-z,relro,-z,now,--as-needed $(CFLAGS) $(LDFLAGS)

# The floors, bottom to top, and the roof: the only files that know every applet.
FLOORS  := common/base common/sys common/ns common/out common/cli cmd cmd/shell
ROOF    := cmd/main.c cmd/applets.c

# What the C files $(1) become; the archive of floor $(1); the programs of its unit tests.
objects = $(patsubst %.c,$(BUILD)/%.o,$(1))
archive = $(BUILD)/lib$(notdir $(1)).a
unit    = $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/unit/$(notdir $(1))/*.c)))

.PHONY: all
all: $(if $(wildcard cmd/main.c),$(BUILD)/nstool,$(ARCHIVES)) ## build the program; this is what `make` alone does

# A unit test is linked with the archive of its floor and those below, so that a floor which
# calls upward cannot be linked. Those of cmd see the table of applets too, hence the shell.
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

$(BUILD)/nstool: $(call objects,$(ROOF)) $(ARCHIVES)
	$(LINK) -o $@ $^

$(BUILD)/lib%.a:
	@mkdir -p $(@D)
	rm -f $@ && $(AR) rcsD $@ $^

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o
	$(LINK) -o $@ $^ -lcmocka

# Programs that tests wrap a command in.
TOOLS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/lib/*.c))
$(TOOLS): $(BUILD)/tests/lib/%: $(BUILD)/tests/lib/%.o $(BUILD)/libbase.a
	$(LINK) -o $@ $^

$(BUILD)/tests/%.o: CPPFLAGS += -DTESTDIR='"$(CURDIR)/tests"'

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

.PHONY: check-unit
check-unit: $(UNIT) $(TOOLS) ## run the unit tests
	@tests/run $(UNIT)

.PHONY: clean
clean: ## remove everything that was made
	rm -rf build

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
