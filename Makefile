# nstool. `make help` lists the targets.

VERSION := 0.1.0
BUILD   ?= build
CC      ?= gcc

FLOORS  := base sys ns out cli
WARN    := -Wall -Wextra -Wshadow -Wformat=2 -Wmissing-prototypes -Wstrict-prototypes -Wvla
CFLAGS  ?= -O2 -g
ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE $(WARN) $(CFLAGS) -MMD -MP

# $(call objects,DIR): the objects of the C files in DIR.
objects = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(1)/*.c))

# Bottom to top; the linker wants them top to bottom.
ARCHIVES := $(foreach f,$(FLOORS),$(BUILD)/lib$(f).a)
LINKED   := $(BUILD)/libcli.a $(BUILD)/libout.a $(BUILD)/libns.a $(BUILD)/libsys.a $(BUILD)/libbase.a

.PHONY: all
all: $(BUILD)/nstool

$(BUILD)/nstool: $(call objects,cmd) $(LINKED)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

define floor
$(BUILD)/lib$(1).a: $(call objects,common/$(1))
	rm -f $$@ && ar rcsD $$@ $$^
endef
$(foreach f,$(FLOORS),$(eval $(call floor,$(f))))

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

.PHONY: clean
clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
