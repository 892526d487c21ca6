/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exec_misc.h"

#include "../base/fd.h"
#include "../sys/compat.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Its arguments: any name, the complaint, the path, then those of the command.
 *
 *	if (argc >= 4)
 *		r = execve(argv[2], argv + 3, envp), write(2, argv[1], strlen(argv[1]));
 *	exit_group(r == -ENOENT ? 127 : 126);
 */
#if defined(__x86_64__) && !defined(__ILP32__)
#define MACHINE EM_X86_64
__asm__(".pushsection .rodata\n"
	"exec_misc_code:\n"
	"	mov $126, %r12d\n"
	"	mov (%rsp), %rcx\n"
	"	cmp $4, %rcx\n"
	"	jb 3f\n"
	"	lea 8(%rsp), %rbx\n"
	"	lea 8(%rbx,%rcx,8), %rdx\n"
	"	lea 24(%rbx), %rsi\n"
	"	mov 16(%rbx), %rdi\n"
	"	mov $59, %eax\n" /* execve */
	"	syscall\n"
	"	cmp $-2, %rax\n" /* ENOENT */
	"	jne 1f\n"
	"	inc %r12d\n"
	"1:	mov 8(%rbx), %rsi\n"
	"	mov $-1, %rdx\n"
	"2:	inc %rdx\n"
	"	cmpb $0, (%rsi,%rdx)\n"
	"	jne 2b\n"
	"	mov $2, %edi\n"
	"	mov $1, %eax\n" /* write */
	"	syscall\n"
	"3:	mov %r12d, %edi\n"
	"	mov $231, %eax\n" /* exit_group */
	"	syscall\n"
	"exec_misc_end:\n"
	".popsection\n");
#elif defined(__aarch64__) && defined(__LP64__)
#define MACHINE EM_AARCH64
__asm__(".pushsection .rodata\n"
	".balign 4\n"
	"exec_misc_code:\n"
	"	mov x20, #126\n"
	"	ldr x9, [sp]\n"
	"	cmp x9, #4\n"
	"	b.lo 3f\n"
	"	add x19, sp, #8\n"
	"	add x2, x19, x9, lsl #3\n"
	"	add x2, x2, #8\n"
	"	add x1, x19, #24\n"
	"	ldr x0, [x19, #16]\n"
	"	mov x8, #221\n" /* execve */
	"	svc #0\n"
	"	cmn x0, #2\n" /* ENOENT */
	"	b.ne 1f\n"
	"	add x20, x20, #1\n"
	"1:	ldr x1, [x19, #8]\n"
	"	mov x2, #-1\n"
	"2:	add x2, x2, #1\n"
	"	ldrb w9, [x1, x2]\n"
	"	cbnz w9, 2b\n"
	"	mov x0, #2\n"
	"	mov x8, #64\n" /* write */
	"	svc #0\n"
	"3:	mov x0, x20\n"
	"	mov x8, #94\n" /* exit_group */
	"	svc #0\n"
	"exec_misc_end:\n"
	".popsection\n");
#endif

#ifdef MACHINE
#define IS_FOREIGN(machine) ((machine) != MACHINE)

/*
 * Hidden, so that they are addressed directly: by way of the global offset table the linker for
 * aarch64 takes two symbols of one file that nothing else sees for the same.
 */
__attribute__((visibility("hidden"))) extern const char exec_misc_code[], exec_misc_end[];

struct program {
	Elf64_Ehdr head;
	Elf64_Phdr load, stack;
	char code[256];
};

static void make_program(struct program *p)
{
	size_t n = (size_t)(exec_misc_end - exec_misc_code);

	*p = (struct program){
		.head = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
				     __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB
									       : ELFDATA2MSB,
				     EV_CURRENT },
			.e_type = ET_DYN,
			.e_machine = MACHINE,
			.e_version = EV_CURRENT,
			.e_entry = offsetof(struct program, code),
			.e_phoff = offsetof(struct program, load),
			.e_ehsize = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = 2,
		},
		.load = {
			.p_type = PT_LOAD,
			.p_flags = PF_R | PF_X,
			.p_filesz = sizeof(*p),
			.p_memsz = sizeof(*p),
			.p_align = 0x10000,
		},
		.stack = { .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W },
	};
	memcpy(p->code, exec_misc_code, MIN(n, sizeof(p->code)));
}

/* Who may want to write into it through /proc cannot: it is sealed. */
static int open_program(void)
{
	static const char name[] = "nstool-exec";
	struct program p;
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | COMPAT_MFD_EXEC);
	int r;

	if (fd < 0 && errno == EINVAL) /* before Linux 6.3 */
		fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	make_program(&p);
	r = fd_write_all(fd, &p, sizeof(p));
	if (r == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		r = -errno;
	if (r < 0)
		cleanup_fd(&fd);
	return r < 0 ? r : fd;
}

int exec_misc(const char *path, char *const *argv, char *const *env, const char *complaint)
{
	auto_close int fd = open_program();
	auto_free const char **args = NULL;
	size_t n = 0;

	if (fd < 0)
		return fd;
	while (argv[n])
		n++;
	args = xcalloc(n + 4, sizeof(*args));
	args[0] = "nstool-exec";
	args[1] = complaint;
	args[2] = path;
	memcpy(args + 3, argv, n * sizeof(*argv));
	execveat(fd, "", (char *const *)args, env, AT_EMPTY_PATH);
	return -errno;
}
#else
#define IS_FOREIGN(machine) false

int exec_misc(const char *path, char *const *argv, char *const *env, const char *complaint)
{
	(void)path, (void)argv, (void)env, (void)complaint;
	return -ENOSYS;
}
#endif

bool exec_needs_misc(const char *head, size_t n)
{
	Elf64_Ehdr elf = { 0 }; /* as far as the machine that of 32 bits is the same */

	memcpy(&elf, head, MIN(n, sizeof(elf)));
	if (memcmp(elf.e_ident, ELFMAG, SELFMAG) == 0)
		return IS_FOREIGN(elf.e_machine);
	return memcmp(elf.e_ident, "#!", 2) != 0;
}
