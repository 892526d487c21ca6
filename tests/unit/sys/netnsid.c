/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../../../common/sys/netnsid.h"

#include "../../../common/base/fd.h"
#include "../child.h"

#include <fcntl.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/socket.h>

/* Gives NS the number ID here: RTM_NEWNSID. */
static void assign(int ns, int id)
{
	struct {
		struct nlmsghdr head;
		char family[4];
		struct rtattr fd_attr;
		int fd;
		struct rtattr id_attr;
		int id;
	} ask = {
		.head = { .nlmsg_len = sizeof(ask),
			  .nlmsg_type = RTM_NEWNSID,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.fd_attr = { .rta_len = RTA_LENGTH(4), .rta_type = NETNSA_FD },
		.fd = ns,
		.id_attr = { .rta_len = RTA_LENGTH(4), .rta_type = NETNSA_NSID },
		.id = id,
	};
	auto_close int socket = netnsid_open();
	char answer[256];

	assert_int_equal(send(socket, &ask, sizeof(ask), 0), sizeof(ask));
	assert_true(recv(socket, answer, sizeof(answer), 0) >= (ssize_t)NLMSG_LENGTH(4));
	assert_int_equal(((struct nlmsgerr *)(answer + NLMSG_HDRLEN))->error, 0);
}

static void test_assigned_or_not(void **state)
{
	auto_close int old = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	auto_close int new = -EBADF, socket = -EBADF;
	int id = 17;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	new = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	socket = netnsid_open();
	assert_true(socket >= 0);
	assert_int_equal(fcntl(socket, F_GETFD), FD_CLOEXEC);
	assert_int_equal(netnsid_get(socket, old, &id), 0);
	assert_int_equal(id, -1);
	assign(old, 1234);
	assert_int_equal(netnsid_get(socket, old, &id), 0);
	assert_int_equal(id, 1234);
	assert_int_equal(setns(old, CLONE_NEWNET), 0);
}

/* An error is one question's alone: the next one has its own answer. */
static void test_what_is_no_network_namespace(void **state)
{
	auto_close int uts = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
	auto_close int net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	auto_close int socket = netnsid_open();
	int id = 17;

	(void)state;
	assert_int_equal(netnsid_get(socket, uts, &id), -EINVAL);
	assert_int_equal(netnsid_get(socket, 9999, &id), -EBADF);
	assert_int_equal(netnsid_get(9999, net, &id), -EBADF);
	assert_int_equal(id, 17);
	assert_int_equal(netnsid_get(socket, net, &id), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_assigned_or_not),
		cmocka_unit_test(test_what_is_no_network_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
