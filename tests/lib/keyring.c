/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keyring: prints the serial number of its session keyring. */
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	long serial = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);

	if (serial < 0) {
		perror("keyctl");
		return 1;
	}
	printf("%ld\n", serial);
	return 0;
}
