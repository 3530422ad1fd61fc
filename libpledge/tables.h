/* Written by internal/gen/libpledge from the tables of package rules; do not edit. */

#define PL_NEWEST PL_NR(471, 471)
#define PL_AUDIT PL_NR(0xc000003eu, 0xc00000b7u)
#define PL_EXECVE PL_NR(59, 221)

static const struct pl_group pl_groups[] = {
	{PL_NR(60, 93), 1}, /* exit */
	{PL_NR(231, 94), 1}, /* exit_group */
	{PL_NR(15, 139), 1}, /* rt_sigreturn */
	{PL_NR(219, 128), 1}, /* restart_syscall */
	{PL_NR(39, 172), 1}, /* getpid */
	{PL_NR(186, 178), 1}, /* gettid */
	{PL_NR(234, 131), 2}, /* tgkill */
	{PL_NR(317, 277), 3}, /* seccomp */
	{PL_NR(0, 63), 1}, /* read */
	{PL_NR(19, 65), 1}, /* readv */
	{PL_NR(17, 67), 1}, /* pread64 */
	{PL_NR(295, 69), 1}, /* preadv */
	{PL_NR(327, 286), 1}, /* preadv2 */
	{PL_NR(1, 64), 1}, /* write */
	{PL_NR(20, 66), 1}, /* writev */
	{PL_NR(18, 68), 1}, /* pwrite64 */
	{PL_NR(296, 70), 1}, /* pwritev */
	{PL_NR(328, 287), 1}, /* pwritev2 */
	{PL_NR(8, 62), 1}, /* lseek */
	{PL_NR(3, 57), 1}, /* close */
	{PL_NR(436, 436), 1}, /* close_range */
	{PL_NR(32, 23), 1}, /* dup */
	{PL_NR(33, -1), 1}, /* dup2 */
	{PL_NR(292, 24), 1}, /* dup3 */
	{PL_NR(22, -1), 1}, /* pipe */
	{PL_NR(293, 59), 1}, /* pipe2 */
	{PL_NR(74, 82), 1}, /* fsync */
	{PL_NR(75, 83), 1}, /* fdatasync */
	{PL_NR(277, 84), 1}, /* sync_file_range */
	{PL_NR(77, 46), 1}, /* ftruncate */
	{PL_NR(285, 47), 1}, /* fallocate */
	{PL_NR(221, 223), 1}, /* fadvise64 */
	{PL_NR(187, 213), 1}, /* readahead */
	{PL_NR(451, 451), 1}, /* cachestat */
	{PL_NR(40, 71), 1}, /* sendfile */
	{PL_NR(275, 76), 1}, /* splice */
	{PL_NR(276, 77), 1}, /* tee */
	{PL_NR(326, 285), 1}, /* copy_file_range */
	{PL_NR(5, 80), 1}, /* fstat */
	{PL_NR(262, 79), 7}, /* newfstatat */
	{PL_NR(332, 291), 5}, /* statx */
	{PL_NR(81, 50), 1}, /* fchdir */
	{PL_NR(73, 32), 1}, /* flock */
	{PL_NR(9, 222), 3}, /* mmap */
	{PL_NR(10, 226), 3}, /* mprotect */
	{PL_NR(329, 288), 2}, /* pkey_mprotect */
	{PL_NR(11, 215), 1}, /* munmap */
	{PL_NR(25, 216), 1}, /* mremap */
	{PL_NR(28, 233), 1}, /* madvise */
	{PL_NR(27, 232), 1}, /* mincore */
	{PL_NR(26, 227), 1}, /* msync */
	{PL_NR(12, 214), 1}, /* brk */
	{PL_NR(462, 462), 1}, /* mseal */
	{PL_NR(330, 289), 1}, /* pkey_alloc */
	{PL_NR(331, 290), 1}, /* pkey_free */
	{PL_NR(324, 283), 1}, /* membarrier */
	{PL_NR(149, 228), 1}, /* mlock */
	{PL_NR(325, 284), 1}, /* mlock2 */
	{PL_NR(151, 230), 1}, /* mlockall */
	{PL_NR(150, 229), 1}, /* munlock */
	{PL_NR(152, 231), 1}, /* munlockall */
	{PL_NR(319, 279), 2}, /* memfd_create */
	{PL_NR(205, -1), 1}, /* set_thread_area */
	{PL_NR(211, -1), 1}, /* get_thread_area */
	{PL_NR(158, -1), 3}, /* arch_prctl */
	{PL_NR(56, 220), 2}, /* clone */
	{PL_NR(435, 435), 1}, /* clone3 */
	{PL_NR(202, 98), 1}, /* futex */
	{PL_NR(449, 449), 1}, /* futex_waitv */
	{PL_NR(454, 454), 1}, /* futex_wake */
	{PL_NR(455, 455), 1}, /* futex_wait */
	{PL_NR(456, 456), 1}, /* futex_requeue */
	{PL_NR(273, 99), 1}, /* set_robust_list */
	{PL_NR(274, 100), 2}, /* get_robust_list */
	{PL_NR(218, 96), 1}, /* set_tid_address */
	{PL_NR(334, 293), 1}, /* rseq */
	{PL_NR(24, 124), 1}, /* sched_yield */
	{PL_NR(309, 168), 1}, /* getcpu */
	{PL_NR(204, 123), 3}, /* sched_getaffinity */
	{PL_NR(146, 125), 1}, /* sched_get_priority_max */
	{PL_NR(147, 126), 1}, /* sched_get_priority_min */
	{PL_NR(143, 121), 2}, /* sched_getparam */
	{PL_NR(145, 120), 2}, /* sched_getscheduler */
	{PL_NR(315, 275), 2}, /* sched_getattr */
	{PL_NR(148, 127), 1}, /* sched_rr_get_interval */
	{PL_NR(239, 236), 1}, /* get_mempolicy */
	{PL_NR(238, 237), 1}, /* set_mempolicy */
	{PL_NR(237, 235), 1}, /* mbind */
	{PL_NR(450, 450), 1}, /* set_mempolicy_home_node */
	{PL_NR(228, 113), 1}, /* clock_gettime */
	{PL_NR(229, 114), 1}, /* clock_getres */
	{PL_NR(230, 115), 1}, /* clock_nanosleep */
	{PL_NR(35, 101), 1}, /* nanosleep */
	{PL_NR(96, 169), 1}, /* gettimeofday */
	{PL_NR(201, -1), 1}, /* time */
	{PL_NR(100, 153), 1}, /* times */
	{PL_NR(222, 107), 1}, /* timer_create */
	{PL_NR(223, 110), 1}, /* timer_settime */
	{PL_NR(224, 108), 1}, /* timer_gettime */
	{PL_NR(225, 109), 1}, /* timer_getoverrun */
	{PL_NR(226, 111), 1}, /* timer_delete */
	{PL_NR(283, 85), 1}, /* timerfd_create */
	{PL_NR(286, 86), 1}, /* timerfd_settime */
	{PL_NR(287, 87), 1}, /* timerfd_gettime */
	{PL_NR(37, -1), 1}, /* alarm */
	{PL_NR(36, 102), 1}, /* getitimer */
	{PL_NR(38, 103), 1}, /* setitimer */
	{PL_NR(164, 170), 1}, /* settimeofday */
	{PL_NR(227, 112), 1}, /* clock_settime */
	{PL_NR(159, 171), 2}, /* adjtimex */
	{PL_NR(305, 266), 2}, /* clock_adjtime */
	{PL_NR(13, 134), 4}, /* rt_sigaction */
	{PL_NR(14, 135), 1}, /* rt_sigprocmask */
	{PL_NR(127, 136), 1}, /* rt_sigpending */
	{PL_NR(130, 133), 1}, /* rt_sigsuspend */
	{PL_NR(128, 137), 1}, /* rt_sigtimedwait */
	{PL_NR(131, 132), 1}, /* sigaltstack */
	{PL_NR(34, -1), 1}, /* pause */
	{PL_NR(282, -1), 1}, /* signalfd */
	{PL_NR(289, 74), 1}, /* signalfd4 */
	{PL_NR(62, 129), 3}, /* kill */
	{PL_NR(200, 130), 4}, /* tkill */
	{PL_NR(129, 138), 1}, /* rt_sigqueueinfo */
	{PL_NR(297, 240), 1}, /* rt_tgsigqueueinfo */
	{PL_NR(434, 434), 2}, /* pidfd_open */
	{PL_NR(424, 424), 2}, /* pidfd_send_signal */
	{PL_NR(7, -1), 1}, /* poll */
	{PL_NR(271, 73), 1}, /* ppoll */
	{PL_NR(23, -1), 1}, /* select */
	{PL_NR(270, 72), 1}, /* pselect6 */
	{PL_NR(213, -1), 1}, /* epoll_create */
	{PL_NR(291, 20), 1}, /* epoll_create1 */
	{PL_NR(233, 21), 1}, /* epoll_ctl */
	{PL_NR(232, -1), 1}, /* epoll_wait */
	{PL_NR(281, 22), 1}, /* epoll_pwait */
	{PL_NR(441, 441), 1}, /* epoll_pwait2 */
	{PL_NR(284, -1), 1}, /* eventfd */
	{PL_NR(290, 19), 1}, /* eventfd2 */
	{PL_NR(61, 260), 1}, /* wait4 */
	{PL_NR(247, 95), 1}, /* waitid */
	{PL_NR(102, 174), 1}, /* getuid */
	{PL_NR(107, 175), 1}, /* geteuid */
	{PL_NR(104, 176), 1}, /* getgid */
	{PL_NR(108, 177), 1}, /* getegid */
	{PL_NR(118, 148), 1}, /* getresuid */
	{PL_NR(120, 150), 1}, /* getresgid */
	{PL_NR(115, 158), 1}, /* getgroups */
	{PL_NR(110, 173), 1}, /* getppid */
	{PL_NR(121, 155), 1}, /* getpgid */
	{PL_NR(111, -1), 1}, /* getpgrp */
	{PL_NR(124, 156), 1}, /* getsid */
	{PL_NR(97, 163), 1}, /* getrlimit */
	{PL_NR(98, 165), 1}, /* getrusage */
	{PL_NR(302, 261), 7}, /* prlimit64 */
	{PL_NR(160, 164), 2}, /* setrlimit */
	{PL_NR(140, 141), 2}, /* getpriority */
	{PL_NR(141, 140), 4}, /* setpriority */
	{PL_NR(63, 160), 1}, /* uname */
	{PL_NR(99, 179), 1}, /* sysinfo */
	{PL_NR(95, 166), 1}, /* umask */
	{PL_NR(318, 278), 1}, /* getrandom */
	{PL_NR(135, 92), 1}, /* personality */
	{PL_NR(125, 90), 3}, /* capget */
	{PL_NR(126, 91), 4}, /* capset */
	{PL_NR(105, 146), 1}, /* setuid */
	{PL_NR(106, 144), 1}, /* setgid */
	{PL_NR(113, 145), 1}, /* setreuid */
	{PL_NR(114, 143), 1}, /* setregid */
	{PL_NR(117, 147), 1}, /* setresuid */
	{PL_NR(119, 149), 1}, /* setresgid */
	{PL_NR(122, 151), 1}, /* setfsuid */
	{PL_NR(123, 152), 1}, /* setfsgid */
	{PL_NR(116, 159), 1}, /* setgroups */
	{PL_NR(41, 198), 14}, /* socket */
	{PL_NR(53, 199), 2}, /* socketpair */
	{PL_NR(42, 203), 13}, /* connect */
	{PL_NR(49, 200), 13}, /* bind */
	{PL_NR(50, 201), 7}, /* listen */
	{PL_NR(43, 202), 2}, /* accept */
	{PL_NR(288, 242), 2}, /* accept4 */
	{PL_NR(44, 206), 18}, /* sendto */
	{PL_NR(46, 211), 11}, /* sendmsg */
	{PL_NR(307, 269), 9}, /* sendmmsg */
	{PL_NR(45, 207), 1}, /* recvfrom */
	{PL_NR(47, 212), 6}, /* recvmsg */
	{PL_NR(299, 243), 4}, /* recvmmsg */
	{PL_NR(48, 210), 1}, /* shutdown */
	{PL_NR(51, 204), 1}, /* getsockname */
	{PL_NR(52, 205), 1}, /* getpeername */
	{PL_NR(55, 209), 17}, /* getsockopt */
	{PL_NR(54, 208), 22}, /* setsockopt */
	{PL_NR(72, 25), 4}, /* fcntl */
	{PL_NR(16, 29), 24}, /* ioctl */
	{PL_NR(157, 167), 21}, /* prctl */
	{PL_NR(2, -1), 15}, /* open */
	{PL_NR(257, 56), 15}, /* openat */
	{PL_NR(437, 437), 1}, /* openat2 */
	{PL_NR(85, -1), 3}, /* creat */
	{PL_NR(4, -1), 3}, /* stat */
	{PL_NR(6, -1), 3}, /* lstat */
	{PL_NR(21, -1), 4}, /* access */
	{PL_NR(269, 48), 5}, /* faccessat */
	{PL_NR(439, 439), 3}, /* faccessat2 */
	{PL_NR(89, -1), 4}, /* readlink */
	{PL_NR(267, 78), 5}, /* readlinkat */
	{PL_NR(80, 49), 2}, /* chdir */
	{PL_NR(79, 17), 1}, /* getcwd */
	{PL_NR(78, -1), 2}, /* getdents */
	{PL_NR(217, 61), 2}, /* getdents64 */
	{PL_NR(137, 43), 2}, /* statfs */
	{PL_NR(138, 44), 1}, /* fstatfs */
	{PL_NR(253, -1), 1}, /* inotify_init */
	{PL_NR(294, 26), 1}, /* inotify_init1 */
	{PL_NR(254, 27), 2}, /* inotify_add_watch */
	{PL_NR(255, 28), 1}, /* inotify_rm_watch */
	{PL_NR(191, 8), 2}, /* getxattr */
	{PL_NR(192, 9), 2}, /* lgetxattr */
	{PL_NR(193, 10), 1}, /* fgetxattr */
	{PL_NR(194, 11), 2}, /* listxattr */
	{PL_NR(195, 12), 2}, /* llistxattr */
	{PL_NR(196, 13), 1}, /* flistxattr */
	{PL_NR(303, 264), 1}, /* name_to_handle_at */
	{PL_NR(83, -1), 2}, /* mkdir */
	{PL_NR(258, 34), 2}, /* mkdirat */
	{PL_NR(84, -1), 2}, /* rmdir */
	{PL_NR(87, -1), 3}, /* unlink */
	{PL_NR(263, 35), 3}, /* unlinkat */
	{PL_NR(88, -1), 2}, /* symlink */
	{PL_NR(266, 36), 2}, /* symlinkat */
	{PL_NR(86, -1), 2}, /* link */
	{PL_NR(265, 37), 2}, /* linkat */
	{PL_NR(82, -1), 2}, /* rename */
	{PL_NR(264, 38), 2}, /* renameat */
	{PL_NR(316, 276), 2}, /* renameat2 */
	{PL_NR(133, -1), 5}, /* mknod */
	{PL_NR(259, 33), 5}, /* mknodat */
	{PL_NR(90, -1), 2}, /* chmod */
	{PL_NR(91, 52), 2}, /* fchmod */
	{PL_NR(268, 53), 2}, /* fchmodat */
	{PL_NR(452, 452), 2}, /* fchmodat2 */
	{PL_NR(132, -1), 1}, /* utime */
	{PL_NR(235, -1), 1}, /* utimes */
	{PL_NR(261, -1), 1}, /* futimesat */
	{PL_NR(280, 88), 2}, /* utimensat */
	{PL_NR(76, 45), 4}, /* truncate */
	{PL_NR(188, 5), 1}, /* setxattr */
	{PL_NR(189, 6), 1}, /* lsetxattr */
	{PL_NR(190, 7), 1}, /* fsetxattr */
	{PL_NR(197, 14), 1}, /* removexattr */
	{PL_NR(198, 15), 1}, /* lremovexattr */
	{PL_NR(199, 16), 1}, /* fremovexattr */
	{PL_NR(92, -1), 3}, /* chown */
	{PL_NR(94, -1), 3}, /* lchown */
	{PL_NR(93, 55), 3}, /* fchown */
	{PL_NR(260, 54), 3}, /* fchownat */
	{PL_NR(57, -1), 1}, /* fork */
	{PL_NR(58, -1), 1}, /* vfork */
	{PL_NR(109, 154), 1}, /* setpgid */
	{PL_NR(112, 157), 1}, /* setsid */
	{PL_NR(252, 31), 1}, /* ioprio_get */
	{PL_NR(251, 30), 1}, /* ioprio_set */
	{PL_NR(203, 122), 2}, /* sched_setaffinity */
	{PL_NR(142, 118), 1}, /* sched_setparam */
	{PL_NR(144, 119), 1}, /* sched_setscheduler */
	{PL_NR(314, 274), 1}, /* sched_setattr */
	{PL_NR(59, 221), 3}, /* execve */
	{PL_NR(322, 281), 1}, /* execveat */
	{PL_NR(444, 444), 6}, /* landlock_create_ruleset */
	{PL_NR(445, 445), 6}, /* landlock_add_rule */
	{PL_NR(446, 446), 9}, /* landlock_restrict_self */
	{PL_NR(101, 117), 1}, /* ptrace */
	{PL_NR(310, 270), 1}, /* process_vm_readv */
	{PL_NR(311, 271), 1}, /* process_vm_writev */
	{PL_NR(312, 272), 1}, /* kcmp */
	{PL_NR(298, 241), 1}, /* perf_event_open */
	{PL_NR(256, 238), 1}, /* migrate_pages */
	{PL_NR(279, 239), 1}, /* move_pages */
	{PL_NR(216, 234), 1}, /* remap_file_pages */
	{PL_NR(161, 51), 1}, /* chroot */
	{PL_NR(155, 41), 1}, /* pivot_root */
	{PL_NR(165, 40), 1}, /* mount */
	{PL_NR(166, 39), 1}, /* umount2 */
	{PL_NR(429, 429), 1}, /* move_mount */
	{PL_NR(428, 428), 1}, /* open_tree */
	{PL_NR(430, 430), 1}, /* fsopen */
	{PL_NR(431, 431), 1}, /* fsconfig */
	{PL_NR(432, 432), 1}, /* fsmount */
	{PL_NR(433, 433), 1}, /* fspick */
	{PL_NR(272, 97), 1}, /* unshare */
	{PL_NR(308, 268), 1}, /* setns */
	{PL_NR(167, 224), 1}, /* swapon */
	{PL_NR(168, 225), 1}, /* swapoff */
	{PL_NR(169, 142), 1}, /* reboot */
	{PL_NR(246, 104), 1}, /* kexec_load */
	{PL_NR(320, 294), 1}, /* kexec_file_load */
	{PL_NR(175, 105), 1}, /* init_module */
	{PL_NR(313, 273), 1}, /* finit_module */
	{PL_NR(176, 106), 1}, /* delete_module */
	{PL_NR(321, 280), 1}, /* bpf */
	{PL_NR(163, 89), 1}, /* acct */
	{PL_NR(179, 60), 1}, /* quotactl */
	{PL_NR(162, 81), 1}, /* sync */
	{PL_NR(306, 267), 1}, /* syncfs */
	{PL_NR(170, 161), 1}, /* sethostname */
	{PL_NR(171, 162), 1}, /* setdomainname */
	{PL_NR(103, 116), 1}, /* syslog */
	{PL_NR(153, 58), 1}, /* vhangup */
	{PL_NR(172, -1), 1}, /* iopl */
	{PL_NR(173, -1), 1}, /* ioperm */
	{PL_NR(154, -1), 1}, /* modify_ldt */
	{PL_NR(134, -1), 1}, /* uselib */
	{PL_NR(212, 18), 1}, /* lookup_dcookie */
	{PL_NR(304, 265), 1}, /* open_by_handle_at */
	{PL_NR(300, 262), 1}, /* fanotify_init */
	{PL_NR(301, 263), 1}, /* fanotify_mark */
	{PL_NR(29, 194), 1}, /* shmget */
	{PL_NR(30, 196), 1}, /* shmat */
	{PL_NR(31, 195), 1}, /* shmctl */
	{PL_NR(67, 197), 1}, /* shmdt */
	{PL_NR(64, 190), 1}, /* semget */
	{PL_NR(65, 193), 1}, /* semop */
	{PL_NR(66, 191), 1}, /* semctl */
	{PL_NR(220, 192), 1}, /* semtimedop */
	{PL_NR(68, 186), 1}, /* msgget */
	{PL_NR(69, 189), 1}, /* msgsnd */
	{PL_NR(70, 188), 1}, /* msgrcv */
	{PL_NR(71, 187), 1}, /* msgctl */
	{PL_NR(240, 180), 1}, /* mq_open */
	{PL_NR(241, 181), 1}, /* mq_unlink */
	{PL_NR(242, 182), 1}, /* mq_timedsend */
	{PL_NR(243, 183), 1}, /* mq_timedreceive */
	{PL_NR(244, 184), 1}, /* mq_notify */
	{PL_NR(245, 185), 1}, /* mq_getsetattr */
	{PL_NR(425, 425), 1}, /* io_uring_setup */
	{PL_NR(426, 426), 1}, /* io_uring_enter */
	{PL_NR(427, 427), 1}, /* io_uring_register */
	{PL_NR(206, 0), 1}, /* io_setup */
	{PL_NR(207, 1), 1}, /* io_destroy */
	{PL_NR(209, 2), 1}, /* io_submit */
	{PL_NR(210, 3), 1}, /* io_cancel */
	{PL_NR(208, 4), 1}, /* io_getevents */
	{PL_NR(333, 292), 1}, /* io_pgetevents */
	{PL_NR(323, 282), 1}, /* userfaultfd */
	{PL_NR(447, 447), 1}, /* memfd_secret */
	{PL_NR(453, 453), 1}, /* map_shadow_stack */
	{PL_NR(440, 440), 1}, /* process_madvise */
	{PL_NR(448, 448), 1}, /* process_mrelease */
	{PL_NR(438, 438), 1}, /* pidfd_getfd */
	{PL_NR(278, 75), 1}, /* vmsplice */
	{PL_NR(250, 219), 1}, /* keyctl */
	{PL_NR(248, 217), 1}, /* add_key */
	{PL_NR(249, 218), 1}, /* request_key */
	{PL_NR(442, 442), 1}, /* mount_setattr */
	{PL_NR(467, 467), 1}, /* open_tree_attr */
	{PL_NR(443, 443), 1}, /* quotactl_fd */
	{PL_NR(457, 457), 1}, /* statmount */
	{PL_NR(458, 458), 1}, /* listmount */
	{PL_NR(470, 470), 1}, /* listns */
	{PL_NR(459, 459), 1}, /* lsm_get_self_attr */
	{PL_NR(460, 460), 1}, /* lsm_set_self_attr */
	{PL_NR(461, 461), 1}, /* lsm_list_modules */
	{PL_NR(464, 464), 1}, /* getxattrat */
	{PL_NR(463, 463), 1}, /* setxattrat */
	{PL_NR(465, 465), 1}, /* listxattrat */
	{PL_NR(466, 466), 1}, /* removexattrat */
	{PL_NR(468, 468), 1}, /* file_getattr */
	{PL_NR(469, 469), 1}, /* file_setattr */
	{PL_NR(471, 471), 1}, /* rseq_slice_yield */
	{PL_NR(335, -1), 1}, /* uretprobe */
	{PL_NR(336, -1), 1}, /* uprobe */
	{PL_NR(136, -1), 1}, /* ustat */
	{PL_NR(139, -1), 1}, /* sysfs */
	{PL_NR(156, -1), 1}, /* _sysctl */
	{PL_NR(180, 42), 1}, /* nfsservctl */
	{PL_NR(183, -1), 1}, /* afs_syscall */
	{PL_NR(-1, 244), 1}, /* arch_specific_syscall */
	{PL_NR(174, -1), 1}, /* create_module */
	{PL_NR(214, -1), 1}, /* epoll_ctl_old */
	{PL_NR(215, -1), 1}, /* epoll_wait_old */
	{PL_NR(177, -1), 1}, /* get_kernel_syms */
	{PL_NR(181, -1), 1}, /* getpmsg */
	{PL_NR(182, -1), 1}, /* putpmsg */
	{PL_NR(178, -1), 1}, /* query_module */
	{PL_NR(185, -1), 1}, /* security */
	{PL_NR(184, -1), 1}, /* tuxcall */
	{PL_NR(236, -1), 1}, /* vserver */
};

static const struct pl_rule pl_rules[] = {
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 0, 0}, /* exit */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 0, 0}, /* exit_group */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 0, 0}, /* rt_sigreturn */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 0, 0}, /* restart_syscall */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 0, 0}, /* getpid */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 0, 0}, /* gettid */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 0, 0}, /* tgkill */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 0, 1}, /* tgkill */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 1, 1}, /* seccomp */
	{UINT64_C(0x400000000000), UINT64_C(0x0), 0x16, 2, 2}, /* seccomp */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 4, 2}, /* seccomp */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* read */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* readv */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* pread64 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* preadv */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* preadv2 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* write */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* writev */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* pwrite64 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* pwritev */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* pwritev2 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* lseek */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 0}, /* close */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 6, 1}, /* close_range */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* dup */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* dup2 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* dup3 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* pipe */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* pipe2 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* fsync */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* fdatasync */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* sync_file_range */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* ftruncate */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* fallocate */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* fadvise64 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* readahead */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* cachestat */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* sendfile */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* splice */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* tee */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* copy_file_range */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 7, 0}, /* fstat */
	{UINT64_C(0x800000000000), UINT64_C(0x0), 0x10001, 7, 1}, /* newfstatat */
	{UINT64_C(0x400000000000000), UINT64_C(0x2000000000000), 0x10002, 8, 0}, /* newfstatat */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 8, 0}, /* newfstatat */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 8, 1}, /* newfstatat */
	{UINT64_C(0x1000000000001000), UINT64_C(0x0), 0xd, 9, 0}, /* newfstatat */
	{UINT64_C(0x1000000000002000), UINT64_C(0x0), 0xd, 9, 0}, /* newfstatat */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 9, 0}, /* newfstatat */
	{UINT64_C(0x800000000000), UINT64_C(0x0), 0x10001, 9, 1}, /* statx */
	{UINT64_C(0x400000000000000), UINT64_C(0x2000000000000), 0x10002, 10, 0}, /* statx */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 10, 0}, /* statx */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 10, 1}, /* statx */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 11, 0}, /* statx */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 11, 0}, /* fchdir */
	{UINT64_C(0x400), UINT64_C(0x0), 0x10001, 11, 0}, /* flock */
	{UINT64_C(0x100000), UINT64_C(0x0), 0x10001, 11, 0}, /* mmap */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 11, 1}, /* mmap */
	{UINT64_C(0x1000000000001), UINT64_C(0x0), 0x10001, 12, 2}, /* mmap */
	{UINT64_C(0x100000), UINT64_C(0x0), 0x10001, 14, 0}, /* mprotect */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 14, 1}, /* mprotect */
	{UINT64_C(0x1000000000001), UINT64_C(0x0), 0x1, 15, 1}, /* mprotect */
	{UINT64_C(0x100000), UINT64_C(0x0), 0x10001, 16, 0}, /* pkey_mprotect */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 16, 1}, /* pkey_mprotect */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* munmap */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* mremap */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* madvise */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* mincore */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* msync */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* brk */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* mseal */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* pkey_alloc */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* pkey_free */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* membarrier */
	{UINT64_C(0x1), UINT64_C(0x0), 0x1, 17, 0}, /* mlock */
	{UINT64_C(0x1), UINT64_C(0x0), 0x1, 17, 0}, /* mlock2 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x1, 17, 0}, /* mlockall */
	{UINT64_C(0x1), UINT64_C(0x0), 0x1, 17, 0}, /* munlock */
	{UINT64_C(0x1), UINT64_C(0x0), 0x1, 17, 0}, /* munlockall */
	{UINT64_C(0x1), UINT64_C(0x80000), 0x10001, 17, 0}, /* memfd_create */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 17, 0}, /* memfd_create */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* set_thread_area */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 0}, /* get_thread_area */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 17, 1}, /* arch_prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 18, 1}, /* arch_prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x16, 19, 0}, /* arch_prctl */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 19, 1}, /* clone */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 20, 1}, /* clone */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 21, 0}, /* clone3 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 21, 0}, /* futex */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 21, 0}, /* futex_waitv */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 21, 0}, /* futex_wake */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 21, 0}, /* futex_wait */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 21, 0}, /* futex_requeue */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 21, 0}, /* set_robust_list */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 21, 1}, /* get_robust_list */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 22, 1}, /* get_robust_list */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 23, 0}, /* set_tid_address */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 23, 0}, /* rseq */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 23, 0}, /* sched_yield */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 23, 0}, /* getcpu */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 23, 0}, /* sched_getaffinity */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 23, 1}, /* sched_getaffinity */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 24, 1}, /* sched_getaffinity */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 25, 0}, /* sched_get_priority_max */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 25, 0}, /* sched_get_priority_min */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 25, 0}, /* sched_getparam */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 25, 1}, /* sched_getparam */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 26, 0}, /* sched_getscheduler */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 26, 1}, /* sched_getscheduler */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 27, 0}, /* sched_getattr */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 27, 1}, /* sched_getattr */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 28, 1}, /* sched_rr_get_interval */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 29, 0}, /* get_mempolicy */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 29, 0}, /* set_mempolicy */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 29, 0}, /* mbind */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 29, 0}, /* set_mempolicy_home_node */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* clock_gettime */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* clock_getres */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* clock_nanosleep */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* nanosleep */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* gettimeofday */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* time */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* times */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* timer_create */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* timer_settime */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* timer_gettime */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* timer_getoverrun */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* timer_delete */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* timerfd_create */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* timerfd_settime */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* timerfd_gettime */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* alarm */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* getitimer */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 29, 0}, /* setitimer */
	{UINT64_C(0x200000), UINT64_C(0x0), 0x10001, 29, 0}, /* settimeofday */
	{UINT64_C(0x200000), UINT64_C(0x0), 0x10001, 29, 1}, /* clock_settime */
	{UINT64_C(0x200000), UINT64_C(0x0), 0x10001, 30, 0}, /* adjtimex */
	{UINT64_C(0x1), UINT64_C(0x0), 0x1, 30, 0}, /* adjtimex */
	{UINT64_C(0x200000), UINT64_C(0x0), 0x10001, 30, 1}, /* clock_adjtime */
	{UINT64_C(0x1), UINT64_C(0x0), 0x1, 31, 0}, /* clock_adjtime */
	{UINT64_C(0x8000000000000000), UINT64_C(0x0), 0x10001, 31, 2}, /* rt_sigaction */
	{UINT64_C(0x8000000000000000), UINT64_C(0x0), 0x0, 33, 1}, /* rt_sigaction */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 34, 0}, /* rt_sigaction */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 34, 1}, /* rt_sigaction */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 35, 0}, /* rt_sigprocmask */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 35, 0}, /* rt_sigpending */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 35, 0}, /* rt_sigsuspend */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 35, 0}, /* rt_sigtimedwait */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 35, 0}, /* sigaltstack */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 35, 0}, /* pause */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 35, 0}, /* signalfd */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 35, 0}, /* signalfd4 */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 35, 0}, /* kill */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 35, 1}, /* kill */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 36, 1}, /* kill */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 37, 0}, /* tkill */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 37, 1}, /* tkill */
	{UINT64_C(0x1), UINT64_C(0x2000000000000), 0x10002, 38, 0}, /* tkill */
	{UINT64_C(0x6000000000001), UINT64_C(0x0), 0x10001, 38, 0}, /* tkill */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 38, 0}, /* rt_sigqueueinfo */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 38, 0}, /* rt_tgsigqueueinfo */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 38, 0}, /* pidfd_open */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 38, 0}, /* pidfd_open */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 38, 0}, /* pidfd_send_signal */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 38, 0}, /* pidfd_send_signal */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* poll */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* ppoll */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* select */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* pselect6 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* epoll_create */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* epoll_create1 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* epoll_ctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* epoll_wait */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* epoll_pwait */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* epoll_pwait2 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* eventfd */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* eventfd2 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* wait4 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* waitid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getuid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* geteuid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getgid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getegid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getresuid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getresgid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getgroups */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getppid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getpgid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getpgrp */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getsid */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getrlimit */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 38, 0}, /* getrusage */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 38, 1}, /* prlimit64 */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 39, 1}, /* prlimit64 */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 40, 1}, /* prlimit64 */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 41, 1}, /* prlimit64 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 42, 2}, /* prlimit64 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 44, 2}, /* prlimit64 */
	{UINT64_C(0x0), UINT64_C(0x0), 0x1, 46, 2}, /* prlimit64 */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 48, 0}, /* setrlimit */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 48, 0}, /* setrlimit */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 48, 0}, /* getpriority */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 48, 0}, /* getpriority */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 48, 2}, /* setpriority */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 50, 2}, /* setpriority */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 52, 2}, /* setpriority */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 54, 2}, /* setpriority */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 56, 0}, /* uname */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 56, 0}, /* sysinfo */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 56, 0}, /* umask */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 56, 0}, /* getrandom */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 56, 1}, /* personality */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 57, 0}, /* capget */
	{UINT64_C(0x80000), UINT64_C(0x0), 0x10001, 57, 0}, /* capget */
	{UINT64_C(0x0), UINT64_C(0x0), 0x1, 57, 0}, /* capget */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 57, 0}, /* capset */
	{UINT64_C(0x80000), UINT64_C(0x0), 0x10001, 57, 0}, /* capset */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* capset */
	{UINT64_C(0x0), UINT64_C(0x0), 0x1, 57, 0}, /* capset */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* setuid */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* setgid */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* setreuid */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* setregid */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* setresuid */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* setresgid */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* setfsuid */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* setfsgid */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 57, 0}, /* setgroups */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 57, 3}, /* socket */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x10001, 60, 3}, /* socket */
	{UINT64_C(0x40), UINT64_C(0x0), 0x5d, 63, 2}, /* socket */
	{UINT64_C(0x1000), UINT64_C(0x40), 0x5d, 65, 2}, /* socket */
	{UINT64_C(0x800), UINT64_C(0x0), 0x10001, 67, 3}, /* socket */
	{UINT64_C(0x1000), UINT64_C(0x800), 0x61, 70, 1}, /* socket */
	{UINT64_C(0x2000), UINT64_C(0x800), 0x61, 71, 1}, /* socket */
	{UINT64_C(0x4000000), UINT64_C(0x0), 0x10001, 72, 3}, /* socket */
	{UINT64_C(0x8000000), UINT64_C(0x0), 0x10001, 75, 3}, /* socket */
	{UINT64_C(0x40), UINT64_C(0x20000000000000), 0x10001, 78, 3}, /* socket */
	{UINT64_C(0x1000), UINT64_C(0x20000000000000), 0x10001, 81, 3}, /* socket */
	{UINT64_C(0x40), UINT64_C(0x0), 0x61, 84, 2}, /* socket */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x61, 86, 2}, /* socket */
	{UINT64_C(0x0), UINT64_C(0x0), 0x5d, 88, 2}, /* socket */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 90, 3}, /* socketpair */
	{UINT64_C(0x800), UINT64_C(0x0), 0x10001, 93, 3}, /* socketpair */
	{UINT64_C(0x840), UINT64_C(0x80c0000000000), 0x10001, 96, 0}, /* connect */
	{UINT64_C(0x40), UINT64_C(0x8060000000800), 0x10001, 96, 0}, /* connect */
	{UINT64_C(0x40), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* connect */
	{UINT64_C(0x800), UINT64_C(0xd0000001000), 0x10001, 96, 0}, /* connect */
	{UINT64_C(0x800), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* connect */
	{UINT64_C(0x1000), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* connect */
	{UINT64_C(0x4000000), UINT64_C(0x70000001800), 0x10001, 96, 0}, /* connect */
	{UINT64_C(0x8000000), UINT64_C(0x70000001800), 0x10001, 96, 0}, /* connect */
	{UINT64_C(0x4000000), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* connect */
	{UINT64_C(0x8000000), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* connect */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 96, 0}, /* connect */
	{UINT64_C(0x800), UINT64_C(0x0), 0x10001, 96, 0}, /* connect */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x10001, 96, 0}, /* connect */
	{UINT64_C(0x400000000000800), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* bind */
	{UINT64_C(0x840), UINT64_C(0x8040000000000), 0x10001, 96, 0}, /* bind */
	{UINT64_C(0x40), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* bind */
	{UINT64_C(0x800), UINT64_C(0x50000001000), 0x10001, 96, 0}, /* bind */
	{UINT64_C(0x800), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* bind */
	{UINT64_C(0x1000), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* bind */
	{UINT64_C(0x4000000), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* bind */
	{UINT64_C(0x8000000), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* bind */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 96, 0}, /* bind */
	{UINT64_C(0x800), UINT64_C(0x0), 0x10001, 96, 0}, /* bind */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x10001, 96, 0}, /* bind */
	{UINT64_C(0x4000000), UINT64_C(0x40070000000000), 0x10001, 96, 0}, /* bind */
	{UINT64_C(0x8000000), UINT64_C(0x40070000000000), 0x10001, 96, 0}, /* bind */
	{UINT64_C(0x40), UINT64_C(0x8000000000000), 0x10001, 96, 0}, /* listen */
	{UINT64_C(0x40), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* listen */
	{UINT64_C(0x800), UINT64_C(0x10000001040), 0x10001, 96, 0}, /* listen */
	{UINT64_C(0x800), UINT64_C(0x8000000001000), 0x10001, 96, 0}, /* listen */
	{UINT64_C(0x800), UINT64_C(0x2000000000000), 0x10002, 96, 0}, /* listen */
	{UINT64_C(0x40), UINT64_C(0x10000000000000), 0x10001, 96, 0}, /* listen */
	{UINT64_C(0x800), UINT64_C(0x10000000000000), 0x10001, 96, 0}, /* listen */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 96, 0}, /* accept */
	{UINT64_C(0x800), UINT64_C(0x0), 0x10001, 96, 0}, /* accept */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 96, 0}, /* accept4 */
	{UINT64_C(0x800), UINT64_C(0x0), 0x10001, 96, 0}, /* accept4 */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 96, 2}, /* sendto */
	{UINT64_C(0x841), UINT64_C(0x80c0000000000), 0x10001, 98, 0}, /* sendto */
	{UINT64_C(0x841), UINT64_C(0xc0000000000), 0x10001, 98, 1}, /* sendto */
	{UINT64_C(0x41), UINT64_C(0x8060000000800), 0x10001, 99, 0}, /* sendto */
	{UINT64_C(0x41), UINT64_C(0x60000000800), 0x10001, 99, 1}, /* sendto */
	{UINT64_C(0x41), UINT64_C(0xa000000000000), 0x10002, 100, 0}, /* sendto */
	{UINT64_C(0x41), UINT64_C(0x2000000000000), 0x10002, 100, 1}, /* sendto */
	{UINT64_C(0x801), UINT64_C(0xd0000001000), 0x10001, 101, 1}, /* sendto */
	{UINT64_C(0x801), UINT64_C(0x2000000000000), 0x10002, 102, 1}, /* sendto */
	{UINT64_C(0x1001), UINT64_C(0x2000000000000), 0x10002, 103, 1}, /* sendto */
	{UINT64_C(0x4000001), UINT64_C(0x70000001800), 0x10001, 104, 1}, /* sendto */
	{UINT64_C(0x8000001), UINT64_C(0x70000001800), 0x10001, 105, 1}, /* sendto */
	{UINT64_C(0x4000001), UINT64_C(0x2000000000000), 0x10002, 106, 1}, /* sendto */
	{UINT64_C(0x8000001), UINT64_C(0x2000000000000), 0x10002, 107, 1}, /* sendto */
	{UINT64_C(0x41), UINT64_C(0x8000000000000), 0x10001, 108, 0}, /* sendto */
	{UINT64_C(0x41), UINT64_C(0x0), 0x10001, 108, 1}, /* sendto */
	{UINT64_C(0x801), UINT64_C(0x0), 0x10001, 109, 1}, /* sendto */
	{UINT64_C(0x1001), UINT64_C(0x0), 0x10001, 110, 1}, /* sendto */
	{UINT64_C(0x41), UINT64_C(0x48040000000800), 0x10001, 111, 0}, /* sendmsg */
	{UINT64_C(0x41), UINT64_C(0x40040000000800), 0x10001, 111, 1}, /* sendmsg */
	{UINT64_C(0x4000001), UINT64_C(0x40070000001800), 0x10001, 112, 1}, /* sendmsg */
	{UINT64_C(0x8000001), UINT64_C(0x40070000001800), 0x10001, 113, 1}, /* sendmsg */
	{UINT64_C(0x41), UINT64_C(0xa000000000000), 0x10002, 114, 0}, /* sendmsg */
	{UINT64_C(0x1), UINT64_C(0x2000000000000), 0x10002, 114, 1}, /* sendmsg */
	{UINT64_C(0x4001), UINT64_C(0x0), 0x10001, 115, 1}, /* sendmsg */
	{UINT64_C(0x801), UINT64_C(0x1000000000000000), 0x10001, 116, 1}, /* sendmsg */
	{UINT64_C(0x1000000000000800), UINT64_C(0x4000), 0x10000, 117, 0}, /* sendmsg */
	{UINT64_C(0x1040000000000000), UINT64_C(0x4000), 0x10000, 117, 0}, /* sendmsg */
	{UINT64_C(0x1001), UINT64_C(0x0), 0x10001, 117, 1}, /* sendmsg */
	{UINT64_C(0x41), UINT64_C(0x48040000000800), 0x10001, 118, 0}, /* sendmmsg */
	{UINT64_C(0x41), UINT64_C(0x40040000000800), 0x10001, 118, 1}, /* sendmmsg */
	{UINT64_C(0x41), UINT64_C(0xa000000000000), 0x10002, 119, 0}, /* sendmmsg */
	{UINT64_C(0x1), UINT64_C(0x2000000000000), 0x10002, 119, 1}, /* sendmmsg */
	{UINT64_C(0x4001), UINT64_C(0x0), 0x10001, 120, 1}, /* sendmmsg */
	{UINT64_C(0x801), UINT64_C(0x1000000000000000), 0x10001, 121, 1}, /* sendmmsg */
	{UINT64_C(0x1000000000000800), UINT64_C(0x4000), 0x1, 122, 0}, /* sendmmsg */
	{UINT64_C(0x1040000000000000), UINT64_C(0x4000), 0x1, 122, 0}, /* sendmmsg */
	{UINT64_C(0x1001), UINT64_C(0x0), 0x10001, 122, 1}, /* sendmmsg */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 123, 0}, /* recvfrom */
	{UINT64_C(0x41), UINT64_C(0x40000000000800), 0x10001, 123, 0}, /* recvmsg */
	{UINT64_C(0x4000001), UINT64_C(0x40000000000800), 0x10001, 123, 0}, /* recvmsg */
	{UINT64_C(0x1001), UINT64_C(0x40000000000800), 0x10001, 123, 0}, /* recvmsg */
	{UINT64_C(0x1), UINT64_C(0x2000000000000), 0x10002, 123, 0}, /* recvmsg */
	{UINT64_C(0x8001), UINT64_C(0x0), 0x10001, 123, 0}, /* recvmsg */
	{UINT64_C(0x801), UINT64_C(0x1000000000000000), 0x10001, 123, 0}, /* recvmsg */
	{UINT64_C(0x41), UINT64_C(0x40000000000800), 0x10001, 123, 0}, /* recvmmsg */
	{UINT64_C(0x1001), UINT64_C(0x40000000000800), 0x10001, 123, 0}, /* recvmmsg */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x26, 123, 0}, /* recvmmsg */
	{UINT64_C(0x8001), UINT64_C(0x0), 0x10001, 123, 0}, /* recvmmsg */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 123, 0}, /* shutdown */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 123, 0}, /* getsockname */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 123, 0}, /* getpeername */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 123, 2}, /* getsockopt */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 125, 2}, /* getsockopt */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 127, 2}, /* getsockopt */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 129, 2}, /* getsockopt */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x10001, 131, 2}, /* getsockopt */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x10001, 133, 2}, /* getsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 135, 2}, /* getsockopt */
	{UINT64_C(0x800), UINT64_C(0x0), 0x10001, 137, 2}, /* getsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 139, 2}, /* getsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 141, 2}, /* getsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 143, 2}, /* getsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 145, 2}, /* getsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 147, 1}, /* getsockopt */
	{UINT64_C(0xc0), UINT64_C(0x0), 0x10001, 148, 2}, /* getsockopt */
	{UINT64_C(0xc0), UINT64_C(0x0), 0x10001, 150, 2}, /* getsockopt */
	{UINT64_C(0x8000000), UINT64_C(0x0), 0x10001, 152, 2}, /* getsockopt */
	{UINT64_C(0x40000000), UINT64_C(0x0), 0x10001, 154, 2}, /* getsockopt */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 156, 2}, /* setsockopt */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 158, 2}, /* setsockopt */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 160, 2}, /* setsockopt */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 162, 2}, /* setsockopt */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x10001, 164, 2}, /* setsockopt */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x10001, 166, 2}, /* setsockopt */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x10001, 168, 2}, /* setsockopt */
	{UINT64_C(0x1000), UINT64_C(0x0), 0x10001, 170, 2}, /* setsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 172, 2}, /* setsockopt */
	{UINT64_C(0x800), UINT64_C(0x0), 0x10001, 174, 2}, /* setsockopt */
	{UINT64_C(0x40), UINT64_C(0x8000000000000), 0x10001, 176, 2}, /* setsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 178, 2}, /* setsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 180, 2}, /* setsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 182, 2}, /* setsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 184, 2}, /* setsockopt */
	{UINT64_C(0xc0), UINT64_C(0x0), 0x10001, 186, 2}, /* setsockopt */
	{UINT64_C(0xc0), UINT64_C(0x0), 0x10001, 188, 2}, /* setsockopt */
	{UINT64_C(0x8000000), UINT64_C(0x0), 0x10001, 190, 2}, /* setsockopt */
	{UINT64_C(0x4000000), UINT64_C(0x0), 0x10001, 192, 2}, /* setsockopt */
	{UINT64_C(0x4000000), UINT64_C(0x0), 0x10001, 194, 2}, /* setsockopt */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 196, 2}, /* setsockopt */
	{UINT64_C(0x0), UINT64_C(0x0), 0x1, 198, 2}, /* setsockopt */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 200, 1}, /* fcntl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 201, 2}, /* fcntl */
	{UINT64_C(0x40001), UINT64_C(0x0), 0x10001, 203, 1}, /* fcntl */
	{UINT64_C(0x400), UINT64_C(0x0), 0x10001, 204, 1}, /* fcntl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 205, 1}, /* ioctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 206, 1}, /* ioctl */
	{UINT64_C(0x40), UINT64_C(0x0), 0x10001, 207, 1}, /* ioctl */
	{UINT64_C(0x20000), UINT64_C(0x0), 0x10001, 208, 1}, /* ioctl */
	{UINT64_C(0x60000), UINT64_C(0x0), 0x10001, 209, 1}, /* ioctl */
	{UINT64_C(0x20006), UINT64_C(0x0), 0x10001, 210, 1}, /* ioctl */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 211, 1}, /* ioctl */
	{UINT64_C(0x100), UINT64_C(0x0), 0x10001, 212, 1}, /* ioctl */
	{UINT64_C(0x100), UINT64_C(0x0), 0x10001, 213, 1}, /* ioctl */
	{UINT64_C(0x10000), UINT64_C(0x0), 0x10001, 214, 1}, /* ioctl */
	{UINT64_C(0x4000000), UINT64_C(0x0), 0x10001, 215, 1}, /* ioctl */
	{UINT64_C(0x8000000), UINT64_C(0x0), 0x10001, 216, 1}, /* ioctl */
	{UINT64_C(0x8000000), UINT64_C(0x0), 0x10001, 217, 1}, /* ioctl */
	{UINT64_C(0x10000000), UINT64_C(0x0), 0x10001, 218, 1}, /* ioctl */
	{UINT64_C(0x20000000), UINT64_C(0x0), 0x10001, 219, 1}, /* ioctl */
	{UINT64_C(0x400000000), UINT64_C(0x0), 0x10001, 220, 1}, /* ioctl */
	{UINT64_C(0x400000000), UINT64_C(0x0), 0x10001, 221, 1}, /* ioctl */
	{UINT64_C(0x400000000), UINT64_C(0x0), 0x10001, 222, 1}, /* ioctl */
	{UINT64_C(0x800000000), UINT64_C(0x0), 0x10001, 223, 1}, /* ioctl */
	{UINT64_C(0x800000000), UINT64_C(0x0), 0x10001, 224, 1}, /* ioctl */
	{UINT64_C(0x800000000), UINT64_C(0x0), 0x10001, 225, 1}, /* ioctl */
	{UINT64_C(0x200000000), UINT64_C(0x0), 0x10001, 226, 1}, /* ioctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x5f, 227, 1}, /* ioctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x19, 228, 1}, /* ioctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 229, 2}, /* prctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 231, 1}, /* prctl */
	{UINT64_C(0x400000000000), UINT64_C(0x0), 0x16, 232, 1}, /* prctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10001, 233, 2}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 235, 1}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 236, 1}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 237, 1}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x2000000000000), 0x10002, 238, 2}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 240, 2}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 242, 1}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 243, 1}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 244, 1}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 245, 2}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 247, 2}, /* prctl */
	{UINT64_C(0x1), UINT64_C(0x0), 0x10001, 249, 1}, /* prctl */
	{UINT64_C(0x1000000), UINT64_C(0x0), 0x10001, 250, 1}, /* prctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 251, 1}, /* prctl */
	{UINT64_C(0x40000), UINT64_C(0x2000000000000), 0x10002, 252, 1}, /* prctl */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 253, 1}, /* prctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 254, 1}, /* prctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x16, 255, 0}, /* prctl */
	{UINT64_C(0x100000000000000), UINT64_C(0x2000000000000), 0x10002, 255, 0}, /* open */
	{UINT64_C(0x2), UINT64_C(0x0), 0x16, 255, 1}, /* open */
	{UINT64_C(0x4), UINT64_C(0x0), 0x16, 256, 1}, /* open */
	{UINT64_C(0x2), UINT64_C(0x0), 0x16, 257, 1}, /* open */
	{UINT64_C(0xc), UINT64_C(0x0), 0x1, 258, 2}, /* open */
	{UINT64_C(0xa), UINT64_C(0x0), 0x1, 260, 2}, /* open */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 262, 1}, /* open */
	{UINT64_C(0x4), UINT64_C(0x0), 0x10001, 263, 1}, /* open */
	{UINT64_C(0x6), UINT64_C(0x0), 0x10001, 264, 1}, /* open */
	{UINT64_C(0xa), UINT64_C(0x80000000000000), 0x10001, 265, 1}, /* open */
	{UINT64_C(0xc), UINT64_C(0x80000000000000), 0x10001, 266, 1}, /* open */
	{UINT64_C(0xe), UINT64_C(0x80000000000000), 0x10001, 267, 1}, /* open */
	{UINT64_C(0x802000000000000), UINT64_C(0x0), 0x10001, 268, 1}, /* open */
	{UINT64_C(0x4002000000000000), UINT64_C(0x0), 0x10001, 269, 1}, /* open */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 270, 0}, /* open */
	{UINT64_C(0x100000000000000), UINT64_C(0x2000000000000), 0x10002, 270, 0}, /* openat */
	{UINT64_C(0x2), UINT64_C(0x0), 0x16, 270, 1}, /* openat */
	{UINT64_C(0x4), UINT64_C(0x0), 0x16, 271, 1}, /* openat */
	{UINT64_C(0x2), UINT64_C(0x0), 0x16, 272, 1}, /* openat */
	{UINT64_C(0xc), UINT64_C(0x0), 0x1, 273, 2}, /* openat */
	{UINT64_C(0xa), UINT64_C(0x0), 0x1, 275, 2}, /* openat */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 277, 1}, /* openat */
	{UINT64_C(0x4), UINT64_C(0x0), 0x10001, 278, 1}, /* openat */
	{UINT64_C(0x6), UINT64_C(0x0), 0x10001, 279, 1}, /* openat */
	{UINT64_C(0xa), UINT64_C(0x80000000000000), 0x10001, 280, 1}, /* openat */
	{UINT64_C(0xc), UINT64_C(0x80000000000000), 0x10001, 281, 1}, /* openat */
	{UINT64_C(0xe), UINT64_C(0x80000000000000), 0x10001, 282, 1}, /* openat */
	{UINT64_C(0x802000000000000), UINT64_C(0x0), 0x10001, 283, 1}, /* openat */
	{UINT64_C(0x4002000000000000), UINT64_C(0x0), 0x10001, 284, 1}, /* openat */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 285, 0}, /* openat */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 285, 0}, /* openat2 */
	{UINT64_C(0xc), UINT64_C(0x0), 0x1, 285, 1}, /* creat */
	{UINT64_C(0xc), UINT64_C(0x80000000000000), 0x10001, 286, 0}, /* creat */
	{UINT64_C(0x20), UINT64_C(0x2000000000000), 0x10002, 286, 0}, /* creat */
	{UINT64_C(0x400000000000000), UINT64_C(0x2000000000000), 0x10002, 286, 0}, /* stat */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 286, 0}, /* stat */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 286, 0}, /* stat */
	{UINT64_C(0x400000000000000), UINT64_C(0x2000000000000), 0x10002, 286, 0}, /* lstat */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 286, 0}, /* lstat */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 286, 0}, /* lstat */
	{UINT64_C(0x400000000000000), UINT64_C(0x2000000000000), 0x10002, 286, 0}, /* access */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 286, 0}, /* access */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 286, 0}, /* access */
	{UINT64_C(0x3000000000000), UINT64_C(0x0), 0x10001, 286, 0}, /* access */
	{UINT64_C(0x800000000000), UINT64_C(0x0), 0x10001, 286, 1}, /* faccessat */
	{UINT64_C(0x400000000000000), UINT64_C(0x2000000000000), 0x10002, 287, 0}, /* faccessat */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 287, 0}, /* faccessat */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 287, 0}, /* faccessat */
	{UINT64_C(0x3000000000000), UINT64_C(0x0), 0x10001, 287, 0}, /* faccessat */
	{UINT64_C(0x400000000000000), UINT64_C(0x0), 0x26, 287, 0}, /* faccessat2 */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 287, 0}, /* faccessat2 */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 287, 0}, /* faccessat2 */
	{UINT64_C(0x400000000000000), UINT64_C(0x2000000000000), 0x10002, 287, 0}, /* readlink */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 287, 0}, /* readlink */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 287, 0}, /* readlink */
	{UINT64_C(0x3000000000000), UINT64_C(0x0), 0x2, 287, 0}, /* readlink */
	{UINT64_C(0x800000000000), UINT64_C(0x0), 0x10001, 287, 1}, /* readlinkat */
	{UINT64_C(0x400000000000000), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* readlinkat */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* readlinkat */
	{UINT64_C(0x0), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* readlinkat */
	{UINT64_C(0x3000000000000), UINT64_C(0x0), 0x2, 288, 0}, /* readlinkat */
	{UINT64_C(0x400000000000002), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* chdir */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* chdir */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* getcwd */
	{UINT64_C(0x800000000000), UINT64_C(0x0), 0x10001, 288, 0}, /* getdents */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* getdents */
	{UINT64_C(0x800000000000), UINT64_C(0x0), 0x10001, 288, 0}, /* getdents64 */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* getdents64 */
	{UINT64_C(0x400000000000002), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* statfs */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* statfs */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* fstatfs */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* inotify_init */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* inotify_init1 */
	{UINT64_C(0x400000000000002), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* inotify_add_watch */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* inotify_add_watch */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* inotify_rm_watch */
	{UINT64_C(0x400000000000002), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* getxattr */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* getxattr */
	{UINT64_C(0x400000000000002), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* lgetxattr */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* lgetxattr */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* fgetxattr */
	{UINT64_C(0x400000000000002), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* listxattr */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* listxattr */
	{UINT64_C(0x400000000000002), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* llistxattr */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* llistxattr */
	{UINT64_C(0x2), UINT64_C(0x0), 0x10001, 288, 0}, /* flistxattr */
	{UINT64_C(0x2), UINT64_C(0x0), 0x5f, 288, 0}, /* name_to_handle_at */
	{UINT64_C(0x400000000000008), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* mkdir */
	{UINT64_C(0x8), UINT64_C(0x0), 0x10001, 288, 0}, /* mkdir */
	{UINT64_C(0x400000000000008), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* mkdirat */
	{UINT64_C(0x8), UINT64_C(0x0), 0x10001, 288, 0}, /* mkdirat */
	{UINT64_C(0x400000000000008), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* rmdir */
	{UINT64_C(0x8), UINT64_C(0x0), 0x10001, 288, 0}, /* rmdir */
	{UINT64_C(0x400000000000008), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* unlink */
	{UINT64_C(0x8), UINT64_C(0x0), 0x10001, 288, 0}, /* unlink */
	{UINT64_C(0x20), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* unlink */
	{UINT64_C(0x400000000000008), UINT64_C(0x2000000000000), 0x10002, 288, 0}, /* unlinkat */
	{UINT64_C(0x8), UINT64_C(0x0), 0x10001, 288, 0}, /* unlinkat */
	{UINT64_C(0x20), UINT64_C(0x2000000000000), 0x10002, 288, 1}, /* unlinkat */
	{UINT64_C(0x400000000000008), UINT64_C(0x2000000000000), 0x10002, 289, 0}, /* symlink */
	{UINT64_C(0x8), UINT64_C(0x0), 0x10001, 289, 0}, /* symlink */
	{UINT64_C(0x400000000000008), UINT64_C(0x2000000000000), 0x10002, 289, 0}, /* symlinkat */
	{UINT64_C(0x8), UINT64_C(0x0), 0x10001, 289, 0}, /* symlinkat */
	{UINT64_C(0x40000000000000a), UINT64_C(0x2000000000000), 0x10002, 289, 0}, /* link */
	{UINT64_C(0xa), UINT64_C(0x0), 0x10001, 289, 0}, /* link */
	{UINT64_C(0x40000000000000a), UINT64_C(0x2000000000000), 0x10002, 289, 0}, /* linkat */
	{UINT64_C(0xa), UINT64_C(0x0), 0x10001, 289, 0}, /* linkat */
	{UINT64_C(0x40000000000000a), UINT64_C(0x2000000000000), 0x10002, 289, 0}, /* rename */
	{UINT64_C(0xa), UINT64_C(0x0), 0x10001, 289, 0}, /* rename */
	{UINT64_C(0x40000000000000a), UINT64_C(0x2000000000000), 0x10002, 289, 0}, /* renameat */
	{UINT64_C(0xa), UINT64_C(0x0), 0x10001, 289, 0}, /* renameat */
	{UINT64_C(0x40000000000000a), UINT64_C(0x2000000000000), 0x10002, 289, 1}, /* renameat2 */
	{UINT64_C(0xa), UINT64_C(0x0), 0x10001, 290, 1}, /* renameat2 */
	{UINT64_C(0x400000000000010), UINT64_C(0x2000000000000), 0x10002, 291, 1}, /* mknod */
	{UINT64_C(0x10), UINT64_C(0x0), 0x10001, 292, 1}, /* mknod */
	{UINT64_C(0x10), UINT64_C(0x0), 0x1, 293, 1}, /* mknod */
	{UINT64_C(0x40000000000000c), UINT64_C(0x2000000000000), 0x10002, 294, 1}, /* mknod */
	{UINT64_C(0xc), UINT64_C(0x0), 0x10001, 295, 1}, /* mknod */
	{UINT64_C(0x400000000000010), UINT64_C(0x2000000000000), 0x10002, 296, 1}, /* mknodat */
	{UINT64_C(0x10), UINT64_C(0x0), 0x10001, 297, 1}, /* mknodat */
	{UINT64_C(0x10), UINT64_C(0x0), 0x1, 298, 1}, /* mknodat */
	{UINT64_C(0x40000000000000c), UINT64_C(0x2000000000000), 0x10002, 299, 1}, /* mknodat */
	{UINT64_C(0xc), UINT64_C(0x0), 0x10001, 300, 1}, /* mknodat */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 301, 1}, /* chmod */
	{UINT64_C(0x102), UINT64_C(0x0), 0x1, 302, 0}, /* chmod */
	{UINT64_C(0x100), UINT64_C(0x0), 0x10001, 302, 1}, /* fchmod */
	{UINT64_C(0x100), UINT64_C(0x0), 0x1, 303, 0}, /* fchmod */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 303, 1}, /* fchmodat */
	{UINT64_C(0x102), UINT64_C(0x0), 0x1, 304, 0}, /* fchmodat */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 304, 1}, /* fchmodat2 */
	{UINT64_C(0x102), UINT64_C(0x0), 0x1, 305, 0}, /* fchmodat2 */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 305, 0}, /* utime */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 305, 0}, /* utimes */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 305, 0}, /* futimesat */
	{UINT64_C(0x100), UINT64_C(0x0), 0x10001, 305, 1}, /* utimensat */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 306, 0}, /* utimensat */
	{UINT64_C(0x400000000000106), UINT64_C(0x2000000000000), 0x10002, 306, 0}, /* truncate */
	{UINT64_C(0x100000000106), UINT64_C(0x2000000000000), 0x10002, 306, 0}, /* truncate */
	{UINT64_C(0x100000000106), UINT64_C(0x0), 0xd, 306, 0}, /* truncate */
	{UINT64_C(0x106), UINT64_C(0x0), 0x10001, 306, 0}, /* truncate */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 306, 0}, /* setxattr */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 306, 0}, /* lsetxattr */
	{UINT64_C(0x100), UINT64_C(0x0), 0x10001, 306, 0}, /* fsetxattr */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 306, 0}, /* removexattr */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 306, 0}, /* lremovexattr */
	{UINT64_C(0x100), UINT64_C(0x0), 0x10001, 306, 0}, /* fremovexattr */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 306, 2}, /* chown */
	{UINT64_C(0x202), UINT64_C(0x0), 0x10001, 308, 0}, /* chown */
	{UINT64_C(0x102), UINT64_C(0x0), 0x1, 308, 0}, /* chown */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 308, 2}, /* lchown */
	{UINT64_C(0x202), UINT64_C(0x0), 0x10001, 310, 0}, /* lchown */
	{UINT64_C(0x102), UINT64_C(0x0), 0x1, 310, 0}, /* lchown */
	{UINT64_C(0x100), UINT64_C(0x0), 0x10001, 310, 2}, /* fchown */
	{UINT64_C(0x200), UINT64_C(0x0), 0x10001, 312, 0}, /* fchown */
	{UINT64_C(0x100), UINT64_C(0x0), 0x1, 312, 0}, /* fchown */
	{UINT64_C(0x102), UINT64_C(0x0), 0x10001, 312, 2}, /* fchownat */
	{UINT64_C(0x202), UINT64_C(0x0), 0x10001, 314, 0}, /* fchownat */
	{UINT64_C(0x102), UINT64_C(0x0), 0x1, 314, 0}, /* fchownat */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 314, 0}, /* fork */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 314, 0}, /* vfork */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 314, 0}, /* setpgid */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 314, 0}, /* setsid */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 314, 0}, /* ioprio_get */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 314, 2}, /* ioprio_set */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 316, 1}, /* sched_setaffinity */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 317, 1}, /* sched_setaffinity */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 318, 1}, /* sched_setparam */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 319, 1}, /* sched_setscheduler */
	{UINT64_C(0x40000), UINT64_C(0x0), 0x10001, 320, 1}, /* sched_setattr */
	{UINT64_C(0x2000000000080000), UINT64_C(0x0), 0xd, 321, 0}, /* execve */
	{UINT64_C(0x400000000080000), UINT64_C(0x2000000000000), 0x10002, 321, 0}, /* execve */
	{UINT64_C(0x80000), UINT64_C(0x0), 0x10001, 321, 0}, /* execve */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* execveat */
	{UINT64_C(0x80000000), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_create_ruleset */
	{UINT64_C(0x1000000000000000), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_create_ruleset */
	{UINT64_C(0x2000000000000), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_create_ruleset */
	{UINT64_C(0x2), UINT64_C(0x20020), 0x10001, 321, 0}, /* landlock_create_ruleset */
	{UINT64_C(0x6), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_create_ruleset */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* landlock_create_ruleset */
	{UINT64_C(0x80000000), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_add_rule */
	{UINT64_C(0x1000000000000000), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_add_rule */
	{UINT64_C(0x2000000000000), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_add_rule */
	{UINT64_C(0x2), UINT64_C(0x20020), 0x10001, 321, 0}, /* landlock_add_rule */
	{UINT64_C(0x6), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_add_rule */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* landlock_add_rule */
	{UINT64_C(0x80000000), UINT64_C(0x2000000000000), 0x10002, 321, 0}, /* landlock_restrict_self */
	{UINT64_C(0x2), UINT64_C(0x2000000020020), 0x10002, 321, 0}, /* landlock_restrict_self */
	{UINT64_C(0x6), UINT64_C(0x2000000000000), 0x10002, 321, 0}, /* landlock_restrict_self */
	{UINT64_C(0x80000000), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_restrict_self */
	{UINT64_C(0x1000000000000000), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_restrict_self */
	{UINT64_C(0x2000000000000), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_restrict_self */
	{UINT64_C(0x2), UINT64_C(0x20020), 0x10001, 321, 0}, /* landlock_restrict_self */
	{UINT64_C(0x6), UINT64_C(0x0), 0x10001, 321, 0}, /* landlock_restrict_self */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* landlock_restrict_self */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* ptrace */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* process_vm_readv */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* process_vm_writev */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* kcmp */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* perf_event_open */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* migrate_pages */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* move_pages */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* remap_file_pages */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* chroot */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* pivot_root */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* mount */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* umount2 */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* move_mount */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* open_tree */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* fsopen */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* fsconfig */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* fsmount */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* fspick */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* unshare */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* setns */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* swapon */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* swapoff */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* reboot */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* kexec_load */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* kexec_file_load */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* init_module */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* finit_module */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* delete_module */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* bpf */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* acct */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* quotactl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* sync */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* syncfs */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* sethostname */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* setdomainname */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* syslog */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* vhangup */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* iopl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* ioperm */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* modify_ldt */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* uselib */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* lookup_dcookie */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* open_by_handle_at */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* fanotify_init */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* fanotify_mark */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* shmget */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* shmat */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* shmctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* shmdt */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* semget */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* semop */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* semctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* semtimedop */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* msgget */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* msgsnd */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* msgrcv */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* msgctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* mq_open */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* mq_unlink */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* mq_timedsend */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* mq_timedreceive */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* mq_notify */
	{UINT64_C(0x0), UINT64_C(0x0), 0x10000, 321, 0}, /* mq_getsetattr */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* io_uring_setup */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* io_uring_enter */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* io_uring_register */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* io_setup */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* io_destroy */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* io_submit */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* io_cancel */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* io_getevents */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* io_pgetevents */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* userfaultfd */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* memfd_secret */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* map_shadow_stack */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* process_madvise */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* process_mrelease */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* pidfd_getfd */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* vmsplice */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* keyctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* add_key */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* request_key */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* mount_setattr */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* open_tree_attr */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* quotactl_fd */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* statmount */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* listmount */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* listns */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* lsm_get_self_attr */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* lsm_set_self_attr */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* lsm_list_modules */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* getxattrat */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* setxattrat */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* listxattrat */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* removexattrat */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* file_getattr */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* file_setattr */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* rseq_slice_yield */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* uretprobe */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* uprobe */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* ustat */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* sysfs */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* _sysctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* nfsservctl */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* afs_syscall */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* arch_specific_syscall */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* create_module */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* epoll_ctl_old */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* epoll_wait_old */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* get_kernel_syms */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* getpmsg */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* putpmsg */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* query_module */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* security */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* tuxcall */
	{UINT64_C(0x0), UINT64_C(0x0), 0x26, 321, 0}, /* vserver */
};

static const struct pl_cond pl_conds[] = {
	{UINT64_C(0xffffffff), 0, 1, 0, 2},
	{UINT64_C(0xffffffff), 1, 2, 0, 0},
	{UINT64_C(0xffffffff), 3, 1, 0, 0},
	{UINT64_C(0x8), 4, 1, 1, 0},
	{UINT64_C(0xffffffff), 5, 1, 0, 0},
	{UINT64_C(0x8), 6, 1, 1, 0},
	{UINT64_C(0x2), 7, 1, 2, 0},
	{UINT64_C(0xffffffff), 8, 1, 0, 1},
	{UINT64_C(0x1000), 9, 1, 3, 0},
	{UINT64_C(0xffffffff), 10, 1, 0, 1},
	{UINT64_C(0x1000), 11, 1, 2, 0},
	{UINT64_C(0x4), 12, 1, 2, 0},
	{UINT64_C(0x20), 13, 1, 3, 0},
	{UINT64_C(0x2), 14, 1, 2, 0},
	{UINT64_C(0x4), 15, 1, 2, 0},
	{UINT64_C(0xffffffffffffffff), 16, 1, 2, 0},
	{UINT64_C(0x4), 17, 1, 2, 0},
	{UINT64_C(0xffffffff), 18, 4, 0, 0},
	{UINT64_C(0xffffffff), 22, 6, 0, 0},
	{UINT64_C(0x7e82a080), 28, 1, 0, 0},
	{UINT64_C(0x7e83af80), 29, 1, 0, 0},
	{UINT64_C(0xffffffff), 30, 1, 0, 0},
	{UINT64_C(0xffffffff), 31, 1, 0, 2},
	{UINT64_C(0xffffffff), 32, 1, 0, 0},
	{UINT64_C(0xffffffff), 33, 1, 0, 2},
	{UINT64_C(0xffffffff), 34, 1, 0, 0},
	{UINT64_C(0xffffffff), 35, 1, 0, 0},
	{UINT64_C(0xffffffff), 36, 1, 0, 0},
	{UINT64_C(0xffffffff), 37, 1, 0, 0},
	{UINT64_C(0xffffffff), 38, 1, 0, 0},
	{UINT64_C(0xffffffff), 39, 1, 0, 0},
	{UINT64_C(0xffffffff), 40, 1, 0, 0},
	{UINT64_C(0xffffffffffffffff), 41, 1, 1, 0},
	{UINT64_C(0xffffffff), 42, 1, 0, 0},
	{UINT64_C(0xffffffff), 43, 1, 0, 0},
	{UINT64_C(0xffffffff), 44, 1, 0, 0},
	{UINT64_C(0xffffffff), 45, 1, 0, 2},
	{UINT64_C(0xffffffff), 46, 1, 0, 2},
	{UINT64_C(0xffffffff), 47, 1, 0, 0},
	{UINT64_C(0xffffffff), 48, 1, 0, 2},
	{UINT64_C(0xffffffff), 49, 1, 0, 0},
	{UINT64_C(0xffffffff), 50, 1, 0, 2},
	{UINT64_C(0xffffffff), 51, 1, 0, 0},
	{UINT64_C(0xffffffffffffffff), 52, 1, 2, 0},
	{UINT64_C(0xffffffff), 53, 1, 0, 2},
	{UINT64_C(0xffffffffffffffff), 54, 1, 2, 0},
	{UINT64_C(0xffffffff), 55, 1, 0, 0},
	{UINT64_C(0xffffffff), 56, 1, 1, 0},
	{UINT64_C(0xffffffff), 57, 1, 0, 0},
	{UINT64_C(0xffffffff), 58, 1, 1, 0},
	{UINT64_C(0xffffffff), 59, 1, 0, 0},
	{UINT64_C(0xffffffff), 60, 1, 1, 2},
	{UINT64_C(0xffffffff), 61, 1, 0, 0},
	{UINT64_C(0xffffffff), 62, 1, 1, 0},
	{UINT64_C(0xffffffff), 63, 1, 0, 0},
	{UINT64_C(0xffffffff), 64, 1, 1, 2},
	{UINT64_C(0xffffffff), 65, 1, 0, 0},
	{UINT64_C(0xffffffff), 66, 2, 0, 0},
	{UINT64_C(0xf), 68, 3, 1, 0},
	{UINT64_C(0xffffffff), 71, 6, 2, 0},
	{UINT64_C(0xffffffff), 77, 2, 0, 0},
	{UINT64_C(0xf), 79, 2, 1, 0},
	{UINT64_C(0xffffffff), 81, 3, 2, 0},
	{UINT64_C(0xffffffff), 84, 2, 0, 0},
	{UINT64_C(0xffffffff), 86, 6, 2, 1},
	{UINT64_C(0xffffffff), 92, 2, 0, 0},
	{UINT64_C(0xffffffff), 94, 3, 2, 1},
	{UINT64_C(0xffffffff), 97, 1, 0, 0},
	{UINT64_C(0xf), 98, 3, 1, 0},
	{UINT64_C(0xffffffff), 101, 1, 2, 0},
	{UINT64_C(0xffffffff), 102, 1, 0, 0},
	{UINT64_C(0xffffffff), 103, 1, 0, 0},
	{UINT64_C(0xffffffff), 104, 1, 0, 0},
	{UINT64_C(0xf), 105, 2, 1, 0},
	{UINT64_C(0xffffffff), 107, 1, 2, 0},
	{UINT64_C(0xffffffff), 108, 1, 0, 0},
	{UINT64_C(0xf), 109, 2, 1, 0},
	{UINT64_C(0xffffffff), 111, 1, 2, 0},
	{UINT64_C(0xffffffff), 112, 1, 0, 0},
	{UINT64_C(0xf), 113, 2, 1, 0},
	{UINT64_C(0xffffffff), 115, 1, 2, 0},
	{UINT64_C(0xffffffff), 116, 1, 0, 0},
	{UINT64_C(0xf), 117, 2, 1, 0},
	{UINT64_C(0xffffffff), 119, 1, 2, 0},
	{UINT64_C(0xffffffff), 120, 1, 0, 0},
	{UINT64_C(0xffffffff), 121, 1, 2, 0},
	{UINT64_C(0xffffffff), 122, 1, 0, 0},
	{UINT64_C(0xffffffff), 123, 1, 2, 0},
	{UINT64_C(0xffffffff), 124, 1, 0, 0},
	{UINT64_C(0xffffffff), 125, 1, 2, 0},
	{UINT64_C(0xffffffff), 126, 1, 0, 0},
	{UINT64_C(0xf), 127, 2, 1, 0},
	{UINT64_C(0xffffffff), 129, 1, 2, 0},
	{UINT64_C(0xffffffff), 130, 1, 0, 0},
	{UINT64_C(0xf), 131, 3, 1, 0},
	{UINT64_C(0xffffffff), 134, 1, 2, 0},
	{UINT64_C(0xffffffffffffffff), 135, 1, 4, 0},
	{UINT64_C(0x20000000), 136, 1, 3, 0},
	{UINT64_C(0x20000000), 137, 1, 3, 0},
	{UINT64_C(0x20000000), 138, 1, 3, 0},
	{UINT64_C(0x20000000), 139, 1, 3, 0},
	{UINT64_C(0x20000000), 140, 1, 3, 0},
	{UINT64_C(0x20000000), 141, 1, 3, 0},
	{UINT64_C(0x20000000), 142, 1, 3, 0},
	{UINT64_C(0x20000000), 143, 1, 3, 0},
	{UINT64_C(0x20000000), 144, 1, 3, 0},
	{UINT64_C(0x20000000), 145, 1, 3, 0},
	{UINT64_C(0x20000000), 146, 1, 3, 0},
	{UINT64_C(0x20000000), 147, 1, 3, 0},
	{UINT64_C(0x20000000), 148, 1, 3, 0},
	{UINT64_C(0x20000000), 149, 1, 3, 0},
	{UINT64_C(0x20000000), 150, 1, 2, 0},
	{UINT64_C(0x20000000), 151, 1, 2, 0},
	{UINT64_C(0x20000000), 152, 1, 2, 0},
	{UINT64_C(0x20000000), 153, 1, 2, 0},
	{UINT64_C(0x20000000), 154, 1, 2, 0},
	{UINT64_C(0x20000000), 155, 1, 2, 0},
	{UINT64_C(0x20000000), 156, 1, 2, 0},
	{UINT64_C(0x20000000), 157, 1, 3, 0},
	{UINT64_C(0x20000000), 158, 1, 3, 0},
	{UINT64_C(0x20000000), 159, 1, 3, 0},
	{UINT64_C(0x20000000), 160, 1, 3, 0},
	{UINT64_C(0x20000000), 161, 1, 3, 0},
	{UINT64_C(0xffffffff), 162, 1, 1, 0},
	{UINT64_C(0xffffffff), 163, 6, 2, 0},
	{UINT64_C(0xffffffff), 169, 1, 1, 0},
	{UINT64_C(0xffffffff), 170, 1, 2, 0},
	{UINT64_C(0xffffffff), 171, 1, 1, 0},
	{UINT64_C(0xffffffff), 172, 1, 2, 0},
	{UINT64_C(0xffffffff), 173, 1, 1, 0},
	{UINT64_C(0xffffffff), 174, 1, 2, 0},
	{UINT64_C(0xffffffff), 175, 1, 1, 0},
	{UINT64_C(0xffffffff), 176, 4, 2, 0},
	{UINT64_C(0xffffffff), 180, 1, 1, 0},
	{UINT64_C(0xffffffff), 181, 3, 2, 0},
	{UINT64_C(0xffffffff), 184, 1, 1, 0},
	{UINT64_C(0xffffffff), 185, 57, 2, 0},
	{UINT64_C(0xffffffff), 242, 1, 1, 0},
	{UINT64_C(0xffffffff), 243, 57, 2, 0},
	{UINT64_C(0xffffffff), 300, 1, 1, 0},
	{UINT64_C(0xffffffff), 301, 17, 2, 0},
	{UINT64_C(0xffffffff), 318, 1, 1, 0},
	{UINT64_C(0xffffffff), 319, 15, 2, 0},
	{UINT64_C(0xffffffff), 334, 1, 1, 0},
	{UINT64_C(0xffffffff), 335, 1, 2, 0},
	{UINT64_C(0xffffffff), 336, 1, 1, 0},
	{UINT64_C(0xffffffff), 337, 15, 2, 0},
	{UINT64_C(0xffffffff), 352, 1, 1, 0},
	{UINT64_C(0xffffffff), 353, 1, 1, 0},
	{UINT64_C(0xffffffff), 354, 18, 2, 0},
	{UINT64_C(0xffffffff), 372, 1, 1, 0},
	{UINT64_C(0xffffffff), 373, 13, 2, 0},
	{UINT64_C(0xffffffff), 386, 1, 1, 0},
	{UINT64_C(0xffffffff), 387, 3, 2, 0},
	{UINT64_C(0xffffffff), 390, 1, 1, 0},
	{UINT64_C(0xffffffff), 391, 1, 2, 0},
	{UINT64_C(0xffffffff), 392, 1, 1, 0},
	{UINT64_C(0xffffffff), 393, 2, 2, 0},
	{UINT64_C(0xffffffff), 395, 1, 1, 0},
	{UINT64_C(0xffffffff), 396, 1, 2, 0},
	{UINT64_C(0xffffffff), 397, 1, 1, 0},
	{UINT64_C(0xffffffff), 398, 1, 2, 0},
	{UINT64_C(0xffffffff), 399, 1, 1, 0},
	{UINT64_C(0xffffffff), 400, 1, 2, 0},
	{UINT64_C(0xffffffff), 401, 1, 1, 0},
	{UINT64_C(0xffffffff), 402, 6, 2, 0},
	{UINT64_C(0xffffffff), 408, 1, 1, 0},
	{UINT64_C(0xffffffff), 409, 2, 2, 0},
	{UINT64_C(0xffffffff), 411, 1, 1, 0},
	{UINT64_C(0xffffffff), 412, 6, 2, 0},
	{UINT64_C(0xffffffff), 418, 1, 1, 0},
	{UINT64_C(0xffffffff), 419, 3, 2, 0},
	{UINT64_C(0xffffffff), 422, 1, 1, 0},
	{UINT64_C(0xffffffff), 423, 57, 2, 0},
	{UINT64_C(0xffffffff), 480, 1, 1, 0},
	{UINT64_C(0xffffffff), 481, 57, 2, 0},
	{UINT64_C(0xffffffff), 538, 1, 1, 0},
	{UINT64_C(0xffffffff), 539, 1, 2, 0},
	{UINT64_C(0xffffffff), 540, 1, 1, 0},
	{UINT64_C(0xffffffff), 541, 17, 2, 0},
	{UINT64_C(0xffffffff), 558, 1, 1, 0},
	{UINT64_C(0xffffffff), 559, 15, 2, 0},
	{UINT64_C(0xffffffff), 574, 1, 1, 0},
	{UINT64_C(0xffffffff), 575, 15, 2, 0},
	{UINT64_C(0xffffffff), 590, 1, 1, 0},
	{UINT64_C(0xffffffff), 591, 5, 2, 0},
	{UINT64_C(0xffffffff), 596, 1, 1, 0},
	{UINT64_C(0xffffffff), 597, 18, 2, 0},
	{UINT64_C(0xffffffff), 615, 1, 1, 0},
	{UINT64_C(0xffffffff), 616, 13, 2, 0},
	{UINT64_C(0xffffffff), 629, 1, 1, 0},
	{UINT64_C(0xffffffff), 630, 3, 2, 0},
	{UINT64_C(0xffffffff), 633, 1, 1, 0},
	{UINT64_C(0xffffffff), 634, 2, 2, 0},
	{UINT64_C(0xffffffff), 636, 1, 1, 0},
	{UINT64_C(0xffffffff), 637, 2, 2, 0},
	{UINT64_C(0xffffffff), 639, 1, 1, 0},
	{UINT64_C(0xffffffff), 640, 2, 2, 0},
	{UINT64_C(0xffffffff), 642, 1, 1, 0},
	{UINT64_C(0xffffffff), 643, 2, 2, 0},
	{UINT64_C(0xffffffff), 645, 16, 1, 0},
	{UINT64_C(0xffffffff), 661, 1, 1, 0},
	{UINT64_C(0x2000), 662, 1, 2, 0},
	{UINT64_C(0xffffffff), 663, 4, 1, 0},
	{UINT64_C(0xffffffff), 667, 6, 1, 0},
	{UINT64_C(0xffffffff), 673, 4, 1, 0},
	{UINT64_C(0xffffffff), 677, 3, 1, 0},
	{UINT64_C(0xffffffff), 680, 3, 1, 0},
	{UINT64_C(0xffffffff), 683, 32, 1, 0},
	{UINT64_C(0xffffffff), 715, 1, 1, 0},
	{UINT64_C(0xffffffff), 716, 2, 1, 0},
	{UINT64_C(0xffffffff), 718, 5, 1, 0},
	{UINT64_C(0xffffffff), 723, 3, 1, 0},
	{UINT64_C(0xffffffff), 726, 3, 1, 0},
	{UINT64_C(0xffffffff), 729, 5, 1, 0},
	{UINT64_C(0xffffffff), 734, 13, 1, 0},
	{UINT64_C(0xffffffff), 747, 13, 1, 0},
	{UINT64_C(0xffffffff), 760, 3, 1, 0},
	{UINT64_C(0xffffffff), 763, 164, 1, 0},
	{UINT64_C(0xffffffff), 927, 117, 1, 0},
	{UINT64_C(0xffffffff), 1044, 142, 1, 0},
	{UINT64_C(0xffc0), 1186, 1, 1, 0},
	{UINT64_C(0xffe0), 1187, 1, 1, 0},
	{UINT64_C(0xffe0), 1188, 1, 1, 0},
	{UINT64_C(0xffc0), 1189, 1, 1, 0},
	{UINT64_C(0xff80), 1190, 1, 1, 0},
	{UINT64_C(0xffffffff), 1191, 8, 1, 0},
	{UINT64_C(0xffffffff), 1199, 4, 1, 0},
	{UINT64_C(0xffffffff), 1203, 3, 1, 0},
	{UINT64_C(0xffffffff), 1206, 1, 0, 0},
	{UINT64_C(0xffffffffffffffff), 1207, 1, 1, 0},
	{UINT64_C(0xffffffff), 1208, 2, 0, 0},
	{UINT64_C(0xffffffff), 1210, 1, 0, 0},
	{UINT64_C(0xffffffff), 1211, 1, 0, 0},
	{UINT64_C(0xffffffffffffffff), 1212, 1, 1, 0},
	{UINT64_C(0xffffffff), 1213, 2, 0, 0},
	{UINT64_C(0xffffffff), 1215, 1, 0, 0},
	{UINT64_C(0xffffffff), 1216, 7, 0, 0},
	{UINT64_C(0xffffffff), 1223, 1, 0, 0},
	{UINT64_C(0xffffffffffffffff), 1224, 1, 1, 0},
	{UINT64_C(0xffffffff), 1225, 1, 0, 0},
	{UINT64_C(0xffffffffffffffff), 1226, 1, 1, 0},
	{UINT64_C(0xffffffff), 1227, 3, 0, 0},
	{UINT64_C(0xffffffff), 1230, 1, 0, 0},
	{UINT64_C(0xffffffff), 1231, 5, 0, 0},
	{UINT64_C(0xffffffff), 1236, 1, 0, 0},
	{UINT64_C(0xffffffff), 1237, 1, 1, 0},
	{UINT64_C(0xffffffff), 1238, 1, 0, 0},
	{UINT64_C(0xffffffff), 1239, 2, 1, 0},
	{UINT64_C(0xffffffff), 1241, 3, 0, 0},
	{UINT64_C(0xffffffff), 1244, 5, 0, 0},
	{UINT64_C(0xffffffff), 1249, 2, 0, 0},
	{UINT64_C(0xffffffff), 1251, 1, 0, 0},
	{UINT64_C(0xffffffff), 1252, 3, 0, 0},
	{UINT64_C(0xffffffff), 1255, 4, 0, 0},
	{UINT64_C(0x3), 1259, 1, 1, 0},
	{UINT64_C(0x3), 1260, 1, 1, 0},
	{UINT64_C(0x203), 1261, 1, 1, 0},
	{UINT64_C(0x400040), 1262, 1, 1, 1},
	{UINT64_C(0xe00), 1263, 1, 2, 1},
	{UINT64_C(0x40), 1264, 1, 1, 0},
	{UINT64_C(0xe00), 1265, 1, 2, 1},
	{UINT64_C(0x400043), 1266, 1, 1, 0},
	{UINT64_C(0x400043), 1267, 1, 1, 0},
	{UINT64_C(0x400043), 1268, 1, 1, 0},
	{UINT64_C(0x400043), 1269, 1, 1, 0},
	{UINT64_C(0x400043), 1270, 3, 1, 0},
	{UINT64_C(0x400043), 1273, 1, 1, 0},
	{UINT64_C(0x600243), 1274, 1, 1, 0},
	{UINT64_C(0x400243), 1275, 2, 1, 0},
	{UINT64_C(0x3), 1277, 1, 2, 0},
	{UINT64_C(0x3), 1278, 1, 2, 0},
	{UINT64_C(0x203), 1279, 1, 2, 0},
	{UINT64_C(0x400040), 1280, 1, 2, 1},
	{UINT64_C(0xe00), 1281, 1, 3, 1},
	{UINT64_C(0x40), 1282, 1, 2, 0},
	{UINT64_C(0xe00), 1283, 1, 3, 1},
	{UINT64_C(0x400043), 1284, 1, 2, 0},
	{UINT64_C(0x400043), 1285, 1, 2, 0},
	{UINT64_C(0x400043), 1286, 1, 2, 0},
	{UINT64_C(0x400043), 1287, 1, 2, 0},
	{UINT64_C(0x400043), 1288, 3, 2, 0},
	{UINT64_C(0x400043), 1291, 1, 2, 0},
	{UINT64_C(0x600243), 1292, 1, 2, 0},
	{UINT64_C(0x400243), 1293, 2, 2, 0},
	{UINT64_C(0xe00), 1295, 1, 1, 1},
	{UINT64_C(0xffffffff), 1296, 1, 0, 1},
	{UINT64_C(0xffffffff), 1297, 1, 0, 1},
	{UINT64_C(0x200), 1298, 1, 2, 0},
	{UINT64_C(0x4), 1299, 1, 4, 0},
	{UINT64_C(0x4), 1300, 1, 4, 0},
	{UINT64_C(0xfe00), 1301, 1, 1, 0},
	{UINT64_C(0xfe00), 1302, 1, 1, 0},
	{UINT64_C(0xf000), 1303, 1, 1, 0},
	{UINT64_C(0xfe00), 1304, 2, 1, 0},
	{UINT64_C(0xfe00), 1306, 2, 1, 0},
	{UINT64_C(0xfe00), 1308, 1, 2, 0},
	{UINT64_C(0xfe00), 1309, 1, 2, 0},
	{UINT64_C(0xf000), 1310, 1, 2, 0},
	{UINT64_C(0xfe00), 1311, 2, 2, 0},
	{UINT64_C(0xfe00), 1313, 2, 2, 0},
	{UINT64_C(0xe00), 1315, 1, 1, 0},
	{UINT64_C(0xe00), 1316, 1, 1, 0},
	{UINT64_C(0xe00), 1317, 1, 2, 0},
	{UINT64_C(0xe00), 1318, 1, 2, 0},
	{UINT64_C(0xffffffffffffffff), 1319, 1, 1, 0},
	{UINT64_C(0xffffffff), 1320, 1, 1, 2},
	{UINT64_C(0xffffffff), 1321, 1, 2, 2},
	{UINT64_C(0xffffffff), 1322, 1, 1, 2},
	{UINT64_C(0xffffffff), 1323, 1, 2, 2},
	{UINT64_C(0xffffffff), 1324, 1, 1, 2},
	{UINT64_C(0xffffffff), 1325, 1, 2, 2},
	{UINT64_C(0xffffffff), 1326, 1, 2, 2},
	{UINT64_C(0xffffffff), 1327, 1, 3, 2},
	{UINT64_C(0xffffffff), 1328, 1, 0, 0},
	{UINT64_C(0xffffffff), 1329, 1, 1, 0},
	{UINT64_C(0xffffffff), 1330, 1, 0, 0},
	{UINT64_C(0xffffffff), 1331, 1, 0, 2},
	{UINT64_C(0xffffffff), 1332, 1, 0, 0},
	{UINT64_C(0xffffffff), 1333, 1, 0, 0},
	{UINT64_C(0xffffffff), 1334, 1, 0, 0},
};

static const uint64_t pl_values[] = {
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0xffffff9c),
	UINT64_C(0x1000),
	UINT64_C(0xffffff9c),
	UINT64_C(0x1000),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x15),
	UINT64_C(0x0),
	UINT64_C(0x1001),
	UINT64_C(0x1002),
	UINT64_C(0x1003),
	UINT64_C(0x1004),
	UINT64_C(0x3001),
	UINT64_C(0x5001),
	UINT64_C(0x5002),
	UINT64_C(0x5003),
	UINT64_C(0x5004),
	UINT64_C(0x5005),
	UINT64_C(0x0),
	UINT64_C(0x10f00),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x1f),
	UINT64_C(0x0),
	UINT64_C(0x1f),
	UINT64_C(0x6),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x7),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0xffffffff),
	UINT64_C(0x2),
	UINT64_C(0xa),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x0),
	UINT64_C(0x6),
	UINT64_C(0x11),
	UINT64_C(0x88),
	UINT64_C(0x1),
	UINT64_C(0x3a),
	UINT64_C(0x2),
	UINT64_C(0xa),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x0),
	UINT64_C(0x6),
	UINT64_C(0x11),
	UINT64_C(0x2),
	UINT64_C(0xa),
	UINT64_C(0x0),
	UINT64_C(0x6),
	UINT64_C(0x11),
	UINT64_C(0x88),
	UINT64_C(0x1),
	UINT64_C(0x3a),
	UINT64_C(0x2),
	UINT64_C(0xa),
	UINT64_C(0x0),
	UINT64_C(0x6),
	UINT64_C(0x11),
	UINT64_C(0x1),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x5),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x1),
	UINT64_C(0x10),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x0),
	UINT64_C(0x10),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x0),
	UINT64_C(0x10),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x0),
	UINT64_C(0x10),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x0),
	UINT64_C(0x10),
	UINT64_C(0x0),
	UINT64_C(0x10),
	UINT64_C(0x0),
	UINT64_C(0x10),
	UINT64_C(0x9),
	UINT64_C(0x1),
	UINT64_C(0x1),
	UINT64_C(0x5),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x5),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x4),
	UINT64_C(0x8),
	UINT64_C(0x3),
	UINT64_C(0x1e),
	UINT64_C(0x26),
	UINT64_C(0x27),
	UINT64_C(0x6),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x29),
	UINT64_C(0x43),
	UINT64_C(0x1),
	UINT64_C(0x1d),
	UINT64_C(0x3f),
	UINT64_C(0x23),
	UINT64_C(0x40),
	UINT64_C(0x29),
	UINT64_C(0x18),
	UINT64_C(0x31),
	UINT64_C(0x3f),
	UINT64_C(0x1),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x4),
	UINT64_C(0x5),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0x9),
	UINT64_C(0xa),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0xd),
	UINT64_C(0xe),
	UINT64_C(0xf),
	UINT64_C(0x10),
	UINT64_C(0x11),
	UINT64_C(0x12),
	UINT64_C(0x13),
	UINT64_C(0x14),
	UINT64_C(0x15),
	UINT64_C(0x1c),
	UINT64_C(0x1d),
	UINT64_C(0x1e),
	UINT64_C(0x1f),
	UINT64_C(0x22),
	UINT64_C(0x23),
	UINT64_C(0x25),
	UINT64_C(0x26),
	UINT64_C(0x27),
	UINT64_C(0x28),
	UINT64_C(0x29),
	UINT64_C(0x2a),
	UINT64_C(0x2b),
	UINT64_C(0x2d),
	UINT64_C(0x2e),
	UINT64_C(0x2f),
	UINT64_C(0x30),
	UINT64_C(0x31),
	UINT64_C(0x35),
	UINT64_C(0x37),
	UINT64_C(0x38),
	UINT64_C(0x39),
	UINT64_C(0x3b),
	UINT64_C(0x3c),
	UINT64_C(0x3d),
	UINT64_C(0x3f),
	UINT64_C(0x40),
	UINT64_C(0x41),
	UINT64_C(0x42),
	UINT64_C(0x43),
	UINT64_C(0x45),
	UINT64_C(0x46),
	UINT64_C(0x47),
	UINT64_C(0x48),
	UINT64_C(0x49),
	UINT64_C(0x4a),
	UINT64_C(0x1),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x4),
	UINT64_C(0x5),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0x9),
	UINT64_C(0xa),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0xd),
	UINT64_C(0xe),
	UINT64_C(0xf),
	UINT64_C(0x10),
	UINT64_C(0x11),
	UINT64_C(0x12),
	UINT64_C(0x13),
	UINT64_C(0x14),
	UINT64_C(0x15),
	UINT64_C(0x1c),
	UINT64_C(0x1d),
	UINT64_C(0x1e),
	UINT64_C(0x1f),
	UINT64_C(0x22),
	UINT64_C(0x23),
	UINT64_C(0x25),
	UINT64_C(0x26),
	UINT64_C(0x27),
	UINT64_C(0x28),
	UINT64_C(0x29),
	UINT64_C(0x2a),
	UINT64_C(0x2b),
	UINT64_C(0x2d),
	UINT64_C(0x2e),
	UINT64_C(0x2f),
	UINT64_C(0x30),
	UINT64_C(0x31),
	UINT64_C(0x35),
	UINT64_C(0x37),
	UINT64_C(0x38),
	UINT64_C(0x39),
	UINT64_C(0x3b),
	UINT64_C(0x3c),
	UINT64_C(0x3d),
	UINT64_C(0x3f),
	UINT64_C(0x40),
	UINT64_C(0x41),
	UINT64_C(0x42),
	UINT64_C(0x43),
	UINT64_C(0x45),
	UINT64_C(0x46),
	UINT64_C(0x47),
	UINT64_C(0x48),
	UINT64_C(0x49),
	UINT64_C(0x4a),
	UINT64_C(0x6),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x4),
	UINT64_C(0x5),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0x9),
	UINT64_C(0xa),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0xd),
	UINT64_C(0xe),
	UINT64_C(0x12),
	UINT64_C(0x17),
	UINT64_C(0x19),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0xa),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0xd),
	UINT64_C(0xe),
	UINT64_C(0xf),
	UINT64_C(0x14),
	UINT64_C(0x15),
	UINT64_C(0x18),
	UINT64_C(0x33),
	UINT64_C(0x0),
	UINT64_C(0x4),
	UINT64_C(0x29),
	UINT64_C(0x10),
	UINT64_C(0x17),
	UINT64_C(0x18),
	UINT64_C(0x19),
	UINT64_C(0x1a),
	UINT64_C(0x31),
	UINT64_C(0x32),
	UINT64_C(0x33),
	UINT64_C(0x34),
	UINT64_C(0x3e),
	UINT64_C(0x42),
	UINT64_C(0x43),
	UINT64_C(0x46),
	UINT64_C(0x48),
	UINT64_C(0x49),
	UINT64_C(0x11),
	UINT64_C(0x0),
	UINT64_C(0x20),
	UINT64_C(0x21),
	UINT64_C(0x22),
	UINT64_C(0x23),
	UINT64_C(0x24),
	UINT64_C(0x25),
	UINT64_C(0x26),
	UINT64_C(0x27),
	UINT64_C(0x28),
	UINT64_C(0x29),
	UINT64_C(0x2a),
	UINT64_C(0x2b),
	UINT64_C(0x2c),
	UINT64_C(0x2d),
	UINT64_C(0x2e),
	UINT64_C(0x2f),
	UINT64_C(0x30),
	UINT64_C(0x31),
	UINT64_C(0x29),
	UINT64_C(0x11),
	UINT64_C(0x12),
	UINT64_C(0x13),
	UINT64_C(0x14),
	UINT64_C(0x15),
	UINT64_C(0x1d),
	UINT64_C(0x2a),
	UINT64_C(0x2b),
	UINT64_C(0x2c),
	UINT64_C(0x2d),
	UINT64_C(0x2e),
	UINT64_C(0x2f),
	UINT64_C(0x30),
	UINT64_C(0x1),
	UINT64_C(0x19),
	UINT64_C(0x24),
	UINT64_C(0x3e),
	UINT64_C(0x107),
	UINT64_C(0x6),
	UINT64_C(0x1),
	UINT64_C(0x4),
	UINT64_C(0x8),
	UINT64_C(0x6),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x29),
	UINT64_C(0x43),
	UINT64_C(0x1),
	UINT64_C(0x1d),
	UINT64_C(0x3f),
	UINT64_C(0x23),
	UINT64_C(0x40),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x0),
	UINT64_C(0xa),
	UINT64_C(0xb),
	UINT64_C(0x29),
	UINT64_C(0x17),
	UINT64_C(0x18),
	UINT64_C(0x19),
	UINT64_C(0x1a),
	UINT64_C(0x31),
	UINT64_C(0x3f),
	UINT64_C(0x6),
	UINT64_C(0x4),
	UINT64_C(0x5),
	UINT64_C(0x6),
	UINT64_C(0x1),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x4),
	UINT64_C(0x5),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0x9),
	UINT64_C(0xa),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0xd),
	UINT64_C(0xe),
	UINT64_C(0xf),
	UINT64_C(0x10),
	UINT64_C(0x11),
	UINT64_C(0x12),
	UINT64_C(0x13),
	UINT64_C(0x14),
	UINT64_C(0x15),
	UINT64_C(0x1c),
	UINT64_C(0x1d),
	UINT64_C(0x1e),
	UINT64_C(0x1f),
	UINT64_C(0x22),
	UINT64_C(0x23),
	UINT64_C(0x25),
	UINT64_C(0x26),
	UINT64_C(0x27),
	UINT64_C(0x28),
	UINT64_C(0x29),
	UINT64_C(0x2a),
	UINT64_C(0x2b),
	UINT64_C(0x2d),
	UINT64_C(0x2e),
	UINT64_C(0x2f),
	UINT64_C(0x30),
	UINT64_C(0x31),
	UINT64_C(0x35),
	UINT64_C(0x37),
	UINT64_C(0x38),
	UINT64_C(0x39),
	UINT64_C(0x3b),
	UINT64_C(0x3c),
	UINT64_C(0x3d),
	UINT64_C(0x3f),
	UINT64_C(0x40),
	UINT64_C(0x41),
	UINT64_C(0x42),
	UINT64_C(0x43),
	UINT64_C(0x45),
	UINT64_C(0x46),
	UINT64_C(0x47),
	UINT64_C(0x48),
	UINT64_C(0x49),
	UINT64_C(0x4a),
	UINT64_C(0x1),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x4),
	UINT64_C(0x5),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0x9),
	UINT64_C(0xa),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0xd),
	UINT64_C(0xe),
	UINT64_C(0xf),
	UINT64_C(0x10),
	UINT64_C(0x11),
	UINT64_C(0x12),
	UINT64_C(0x13),
	UINT64_C(0x14),
	UINT64_C(0x15),
	UINT64_C(0x1c),
	UINT64_C(0x1d),
	UINT64_C(0x1e),
	UINT64_C(0x1f),
	UINT64_C(0x22),
	UINT64_C(0x23),
	UINT64_C(0x25),
	UINT64_C(0x26),
	UINT64_C(0x27),
	UINT64_C(0x28),
	UINT64_C(0x29),
	UINT64_C(0x2a),
	UINT64_C(0x2b),
	UINT64_C(0x2d),
	UINT64_C(0x2e),
	UINT64_C(0x2f),
	UINT64_C(0x30),
	UINT64_C(0x31),
	UINT64_C(0x35),
	UINT64_C(0x37),
	UINT64_C(0x38),
	UINT64_C(0x39),
	UINT64_C(0x3b),
	UINT64_C(0x3c),
	UINT64_C(0x3d),
	UINT64_C(0x3f),
	UINT64_C(0x40),
	UINT64_C(0x41),
	UINT64_C(0x42),
	UINT64_C(0x43),
	UINT64_C(0x45),
	UINT64_C(0x46),
	UINT64_C(0x47),
	UINT64_C(0x48),
	UINT64_C(0x49),
	UINT64_C(0x4a),
	UINT64_C(0x6),
	UINT64_C(0x1e),
	UINT64_C(0x6),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x4),
	UINT64_C(0x5),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0x9),
	UINT64_C(0xa),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0xd),
	UINT64_C(0xe),
	UINT64_C(0x12),
	UINT64_C(0x17),
	UINT64_C(0x19),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0xa),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0xd),
	UINT64_C(0xe),
	UINT64_C(0xf),
	UINT64_C(0x14),
	UINT64_C(0x15),
	UINT64_C(0x18),
	UINT64_C(0x33),
	UINT64_C(0x29),
	UINT64_C(0x10),
	UINT64_C(0x17),
	UINT64_C(0x18),
	UINT64_C(0x19),
	UINT64_C(0x1a),
	UINT64_C(0x31),
	UINT64_C(0x32),
	UINT64_C(0x33),
	UINT64_C(0x34),
	UINT64_C(0x3e),
	UINT64_C(0x42),
	UINT64_C(0x43),
	UINT64_C(0x46),
	UINT64_C(0x48),
	UINT64_C(0x49),
	UINT64_C(0x11),
	UINT64_C(0x1),
	UINT64_C(0x65),
	UINT64_C(0x66),
	UINT64_C(0x67),
	UINT64_C(0x68),
	UINT64_C(0x0),
	UINT64_C(0x20),
	UINT64_C(0x21),
	UINT64_C(0x22),
	UINT64_C(0x23),
	UINT64_C(0x24),
	UINT64_C(0x25),
	UINT64_C(0x26),
	UINT64_C(0x27),
	UINT64_C(0x28),
	UINT64_C(0x29),
	UINT64_C(0x2a),
	UINT64_C(0x2b),
	UINT64_C(0x2c),
	UINT64_C(0x2d),
	UINT64_C(0x2e),
	UINT64_C(0x2f),
	UINT64_C(0x30),
	UINT64_C(0x31),
	UINT64_C(0x29),
	UINT64_C(0x11),
	UINT64_C(0x12),
	UINT64_C(0x13),
	UINT64_C(0x14),
	UINT64_C(0x15),
	UINT64_C(0x1d),
	UINT64_C(0x2a),
	UINT64_C(0x2b),
	UINT64_C(0x2c),
	UINT64_C(0x2d),
	UINT64_C(0x2e),
	UINT64_C(0x2f),
	UINT64_C(0x30),
	UINT64_C(0x1),
	UINT64_C(0x19),
	UINT64_C(0x24),
	UINT64_C(0x3e),
	UINT64_C(0x1),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0x10e),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0x10e),
	UINT64_C(0xb),
	UINT64_C(0xc),
	UINT64_C(0x1),
	UINT64_C(0x20),
	UINT64_C(0x21),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x9),
	UINT64_C(0xb),
	UINT64_C(0x10),
	UINT64_C(0x401),
	UINT64_C(0x403),
	UINT64_C(0x406),
	UINT64_C(0x407),
	UINT64_C(0x408),
	UINT64_C(0x409),
	UINT64_C(0x40a),
	UINT64_C(0x40b),
	UINT64_C(0x40d),
	UINT64_C(0x4),
	UINT64_C(0x0),
	UINT64_C(0x4),
	UINT64_C(0x8),
	UINT64_C(0xa),
	UINT64_C(0xf),
	UINT64_C(0x5),
	UINT64_C(0x6),
	UINT64_C(0x7),
	UINT64_C(0x24),
	UINT64_C(0x25),
	UINT64_C(0x26),
	UINT64_C(0x541b),
	UINT64_C(0x5421),
	UINT64_C(0x5451),
	UINT64_C(0x5450),
	UINT64_C(0x5401),
	UINT64_C(0x802c542a),
	UINT64_C(0x5413),
	UINT64_C(0x8905),
	UINT64_C(0x8910),
	UINT64_C(0x8933),
	UINT64_C(0x5402),
	UINT64_C(0x5403),
	UINT64_C(0x5404),
	UINT64_C(0x5405),
	UINT64_C(0x5406),
	UINT64_C(0x5407),
	UINT64_C(0x5408),
	UINT64_C(0x5409),
	UINT64_C(0x540a),
	UINT64_C(0x540b),
	UINT64_C(0x540c),
	UINT64_C(0x540d),
	UINT64_C(0x540e),
	UINT64_C(0x540f),
	UINT64_C(0x5411),
	UINT64_C(0x5414),
	UINT64_C(0x5415),
	UINT64_C(0x5416),
	UINT64_C(0x5417),
	UINT64_C(0x5418),
	UINT64_C(0x5420),
	UINT64_C(0x5422),
	UINT64_C(0x5425),
	UINT64_C(0x5427),
	UINT64_C(0x5428),
	UINT64_C(0x5429),
	UINT64_C(0x402c542b),
	UINT64_C(0x402c542c),
	UINT64_C(0x402c542d),
	UINT64_C(0x80045430),
	UINT64_C(0x80045439),
	UINT64_C(0x80045440),
	UINT64_C(0x5410),
	UINT64_C(0x40045431),
	UINT64_C(0x5441),
	UINT64_C(0x8901),
	UINT64_C(0x8902),
	UINT64_C(0x5452),
	UINT64_C(0x8903),
	UINT64_C(0x8904),
	UINT64_C(0x40086602),
	UINT64_C(0x401c5820),
	UINT64_C(0x40046602),
	UINT64_C(0x80086601),
	UINT64_C(0x801c581f),
	UINT64_C(0x80046601),
	UINT64_C(0x40086d01),
	UINT64_C(0x80306d02),
	UINT64_C(0x80086d03),
	UINT64_C(0x801c6d02),
	UINT64_C(0x80046d03),
	UINT64_C(0x8912),
	UINT64_C(0x8913),
	UINT64_C(0x8915),
	UINT64_C(0x8917),
	UINT64_C(0x8919),
	UINT64_C(0x891b),
	UINT64_C(0x891d),
	UINT64_C(0x8921),
	UINT64_C(0x8927),
	UINT64_C(0x8933),
	UINT64_C(0x8910),
	UINT64_C(0x8942),
	UINT64_C(0x8970),
	UINT64_C(0x8912),
	UINT64_C(0x8913),
	UINT64_C(0x8915),
	UINT64_C(0x8917),
	UINT64_C(0x8919),
	UINT64_C(0x891b),
	UINT64_C(0x891d),
	UINT64_C(0x8921),
	UINT64_C(0x8927),
	UINT64_C(0x8933),
	UINT64_C(0x8910),
	UINT64_C(0x8942),
	UINT64_C(0x8970),
	UINT64_C(0x8916),
	UINT64_C(0x8936),
	UINT64_C(0x8922),
	UINT64_C(0x4112),
	UINT64_C(0x4122),
	UINT64_C(0x4140),
	UINT64_C(0x4141),
	UINT64_C(0x4142),
	UINT64_C(0x4143),
	UINT64_C(0x4144),
	UINT64_C(0x4147),
	UINT64_C(0x4148),
	UINT64_C(0x4161),
	UINT64_C(0x5000),
	UINT64_C(0x5001),
	UINT64_C(0x5008),
	UINT64_C(0x500e),
	UINT64_C(0x5015),
	UINT64_C(0x5016),
	UINT64_C(0x40044102),
	UINT64_C(0x40044103),
	UINT64_C(0x40044104),
	UINT64_C(0x40044145),
	UINT64_C(0x40044146),
	UINT64_C(0x40044149),
	UINT64_C(0x40044160),
	UINT64_C(0x40045010),
	UINT64_C(0x40045017),
	UINT64_C(0x40045042),
	UINT64_C(0x40045532),
	UINT64_C(0x40045542),
	UINT64_C(0x40084146),
	UINT64_C(0x40084149),
	UINT64_C(0x400c4150),
	UINT64_C(0x400c4152),
	UINT64_C(0x40184150),
	UINT64_C(0x40184152),
	UINT64_C(0x40405514),
	UINT64_C(0x40405515),
	UINT64_C(0x80044100),
	UINT64_C(0x80044121),
	UINT64_C(0x80044d00),
	UINT64_C(0x80044d01),
	UINT64_C(0x80044d02),
	UINT64_C(0x80044d03),
	UINT64_C(0x80044d04),
	UINT64_C(0x80044d05),
	UINT64_C(0x80044d06),
	UINT64_C(0x80044d07),
	UINT64_C(0x80044d08),
	UINT64_C(0x80044d09),
	UINT64_C(0x80044d0a),
	UINT64_C(0x80044d0b),
	UINT64_C(0x80044d0c),
	UINT64_C(0x80044d0d),
	UINT64_C(0x80044d0e),
	UINT64_C(0x80044d0f),
	UINT64_C(0x80044d10),
	UINT64_C(0x80044d1f),
	UINT64_C(0x80044d76),
	UINT64_C(0x80044dfb),
	UINT64_C(0x80044dfc),
	UINT64_C(0x80044dfd),
	UINT64_C(0x80044dfe),
	UINT64_C(0x80044dff),
	UINT64_C(0x80045002),
	UINT64_C(0x80045005),
	UINT64_C(0x80045006),
	UINT64_C(0x80045007),
	UINT64_C(0x8004500b),
	UINT64_C(0x8004500f),
	UINT64_C(0x80045010),
	UINT64_C(0x80045017),
	UINT64_C(0x80045043),
	UINT64_C(0x80045500),
	UINT64_C(0x80045530),
	UINT64_C(0x800455d1),
	UINT64_C(0x80084121),
	UINT64_C(0x80085013),
	UINT64_C(0x80085014),
	UINT64_C(0x800c4151),
	UINT64_C(0x800c4153),
	UINT64_C(0x800c5011),
	UINT64_C(0x800c5012),
	UINT64_C(0x80104132),
	UINT64_C(0x8010500c),
	UINT64_C(0x8010500d),
	UINT64_C(0x80105013),
	UINT64_C(0x80105014),
	UINT64_C(0x80184132),
	UINT64_C(0x80184151),
	UINT64_C(0x80184153),
	UINT64_C(0x80304d65),
	UINT64_C(0x805c4d65),
	UINT64_C(0x806c4120),
	UINT64_C(0x80984120),
	UINT64_C(0x80dc5521),
	UINT64_C(0x81204101),
	UINT64_C(0x81785501),
	UINT64_C(0xc0044d00),
	UINT64_C(0xc0044d01),
	UINT64_C(0xc0044d02),
	UINT64_C(0xc0044d03),
	UINT64_C(0xc0044d04),
	UINT64_C(0xc0044d05),
	UINT64_C(0xc0044d06),
	UINT64_C(0xc0044d07),
	UINT64_C(0xc0044d08),
	UINT64_C(0xc0044d09),
	UINT64_C(0xc0044d0a),
	UINT64_C(0xc0044d0b),
	UINT64_C(0xc0044d0c),
	UINT64_C(0xc0044d0d),
	UINT64_C(0xc0044d0e),
	UINT64_C(0xc0044d0f),
	UINT64_C(0xc0044d10),
	UINT64_C(0xc0044d1f),
	UINT64_C(0xc0044d67),
	UINT64_C(0xc0044d68),
	UINT64_C(0xc0044d6f),
	UINT64_C(0xc0044d70),
	UINT64_C(0xc0044d71),
	UINT64_C(0xc0044d72),
	UINT64_C(0xc0044d73),
	UINT64_C(0xc0044dff),
	UINT64_C(0xc0045002),
	UINT64_C(0xc0045003),
	UINT64_C(0xc0045004),
	UINT64_C(0xc0045005),
	UINT64_C(0xc0045006),
	UINT64_C(0xc0045007),
	UINT64_C(0xc0045009),
	UINT64_C(0xc004500a),
	UINT64_C(0xc0045040),
	UINT64_C(0xc0045041),
	UINT64_C(0xc0045516),
	UINT64_C(0xc0045520),
	UINT64_C(0xc0045540),
	UINT64_C(0xc00455d0),
	UINT64_C(0xc008551a),
	UINT64_C(0xc008551b),
	UINT64_C(0xc008551c),
	UINT64_C(0xc0405519),
	UINT64_C(0xc0485510),
	UINT64_C(0xc0505510),
	UINT64_C(0xc0684113),
	UINT64_C(0xc06c4124),
	UINT64_C(0xc0804d66),
	UINT64_C(0xc0844123),
	UINT64_C(0xc0884113),
	UINT64_C(0xc0884123),
	UINT64_C(0xc0984124),
	UINT64_C(0xc0a44d74),
	UINT64_C(0xc0a44d75),
	UINT64_C(0xc10c5541),
	UINT64_C(0xc1105511),
	UINT64_C(0xc1105517),
	UINT64_C(0xc1105518),
	UINT64_C(0xc1205531),
	UINT64_C(0xc25c4110),
	UINT64_C(0xc25c4111),
	UINT64_C(0xc2604110),
	UINT64_C(0xc2604111),
	UINT64_C(0xc2c45512),
	UINT64_C(0xc2c45513),
	UINT64_C(0xc4c85512),
	UINT64_C(0xc4c85513),
	UINT64_C(0x5646),
	UINT64_C(0x4004560e),
	UINT64_C(0x40045612),
	UINT64_C(0x40045613),
	UINT64_C(0x40045644),
	UINT64_C(0x40085618),
	UINT64_C(0x4014563c),
	UINT64_C(0x4020565a),
	UINT64_C(0x4020565b),
	UINT64_C(0x402c560b),
	UINT64_C(0x402c5639),
	UINT64_C(0x4030560b),
	UINT64_C(0x40305652),
	UINT64_C(0x40345622),
	UINT64_C(0x40345632),
	UINT64_C(0x4038564f),
	UINT64_C(0x40445637),
	UINT64_C(0x4054561e),
	UINT64_C(0x408c563e),
	UINT64_C(0x80045626),
	UINT64_C(0x8004562e),
	UINT64_C(0x80045643),
	UINT64_C(0x80085617),
	UINT64_C(0x8008563f),
	UINT64_C(0x80085665),
	UINT64_C(0x802c560a),
	UINT64_C(0x8030560a),
	UINT64_C(0x80345621),
	UINT64_C(0x80345631),
	UINT64_C(0x80405600),
	UINT64_C(0x80685600),
	UINT64_C(0x80785659),
	UINT64_C(0x80845663),
	UINT64_C(0x80885659),
	UINT64_C(0x808c563d),
	UINT64_C(0x8818564c),
	UINT64_C(0xc0045627),
	UINT64_C(0xc004562f),
	UINT64_C(0xc008561b),
	UINT64_C(0xc008561c),
	UINT64_C(0xc0085666),
	UINT64_C(0xc0145608),
	UINT64_C(0xc014563b),
	UINT64_C(0xc0185647),
	UINT64_C(0xc0185648),
	UINT64_C(0xc0185649),
	UINT64_C(0xc0205647),
	UINT64_C(0xc0205648),
	UINT64_C(0xc0205649),
	UINT64_C(0xc0245628),
	UINT64_C(0xc0245629),
	UINT64_C(0xc0285628),
	UINT64_C(0xc0285629),
	UINT64_C(0xc028564d),
	UINT64_C(0xc028564e),
	UINT64_C(0xc02c5625),
	UINT64_C(0xc02c5638),
	UINT64_C(0xc02c563a),
	UINT64_C(0xc02c564a),
	UINT64_C(0xc0305602),
	UINT64_C(0xc0305615),
	UINT64_C(0xc0305616),
	UINT64_C(0xc0345641),
	UINT64_C(0xc0345642),
	UINT64_C(0xc034564b),
	UINT64_C(0xc038563b),
	UINT64_C(0xc038563c),
	UINT64_C(0xc0385650),
	UINT64_C(0xc0405602),
	UINT64_C(0xc0405610),
	UINT64_C(0xc0405619),
	UINT64_C(0xc0405626),
	UINT64_C(0xc0405627),
	UINT64_C(0xc040563d),
	UINT64_C(0xc040563e),
	UINT64_C(0xc040564a),
	UINT64_C(0xc040564b),
	UINT64_C(0xc040565e),
	UINT64_C(0xc040565f),
	UINT64_C(0xc0405665),
	UINT64_C(0xc0405668),
	UINT64_C(0xc0445609),
	UINT64_C(0xc044560f),
	UINT64_C(0xc0445611),
	UINT64_C(0xc0445624),
	UINT64_C(0xc0445636),
	UINT64_C(0xc044565d),
	UINT64_C(0xc0485619),
	UINT64_C(0xc0485630),
	UINT64_C(0xc0485660),
	UINT64_C(0xc0485661),
	UINT64_C(0xc04c561a),
	UINT64_C(0xc050561a),
	UINT64_C(0xc054561d),
	UINT64_C(0xc0585604),
	UINT64_C(0xc0585605),
	UINT64_C(0xc0585609),
	UINT64_C(0xc058560f),
	UINT64_C(0xc0585611),
	UINT64_C(0xc058565d),
	UINT64_C(0xc0745645),
	UINT64_C(0xc0845657),
	UINT64_C(0xc0845658),
	UINT64_C(0xc0905664),
	UINT64_C(0xc0945662),
	UINT64_C(0xc0c85666),
	UINT64_C(0xc0cc5604),
	UINT64_C(0xc0cc5605),
	UINT64_C(0xc0cc5615),
	UINT64_C(0xc0cc5616),
	UINT64_C(0xc0cc5640),
	UINT64_C(0xc0d05604),
	UINT64_C(0xc0d05605),
	UINT64_C(0xc0d05640),
	UINT64_C(0xc0e85667),
	UINT64_C(0xc0f8565c),
	UINT64_C(0xc100565c),
	UINT64_C(0x641e),
	UINT64_C(0x641f),
	UINT64_C(0x6430),
	UINT64_C(0x6431),
	UINT64_C(0x40046411),
	UINT64_C(0x40046432),
	UINT64_C(0x40086408),
	UINT64_C(0x40086409),
	UINT64_C(0x40086410),
	UINT64_C(0x40086414),
	UINT64_C(0x4008641a),
	UINT64_C(0x4008641c),
	UINT64_C(0x40086422),
	UINT64_C(0x40086424),
	UINT64_C(0x40086425),
	UINT64_C(0x4008642a),
	UINT64_C(0x4008642b),
	UINT64_C(0x4008642c),
	UINT64_C(0x40086432),
	UINT64_C(0x40086436),
	UINT64_C(0x40086437),
	UINT64_C(0x40086439),
	UINT64_C(0x4010640d),
	UINT64_C(0x40106410),
	UINT64_C(0x4010641a),
	UINT64_C(0x4010641c),
	UINT64_C(0x40106435),
	UINT64_C(0x40106436),
	UINT64_C(0x40106437),
	UINT64_C(0x40106439),
	UINT64_C(0x4014643f),
	UINT64_C(0x40186417),
	UINT64_C(0x4018641b),
	UINT64_C(0x4018643f),
	UINT64_C(0x40206417),
	UINT64_C(0x40206435),
	UINT64_C(0x4028641b),
	UINT64_C(0x80046402),
	UINT64_C(0x80206433),
	UINT64_C(0x80386433),
	UINT64_C(0x807c6406),
	UINT64_C(0x80f86406),
	UINT64_C(0xc0046412),
	UINT64_C(0xc0046413),
	UINT64_C(0xc0046427),
	UINT64_C(0xc0046428),
	UINT64_C(0xc00464af),
	UINT64_C(0xc00464b4),
	UINT64_C(0xc00464be),
	UINT64_C(0xc00464c9),
	UINT64_C(0xc0086401),
	UINT64_C(0xc008640a),
	UINT64_C(0xc0086418),
	UINT64_C(0xc008641d),
	UINT64_C(0xc0086420),
	UINT64_C(0xc0086421),
	UINT64_C(0xc0086423),
	UINT64_C(0xc0086426),
	UINT64_C(0xc0086438),
	UINT64_C(0xc00864bf),
	UINT64_C(0xc00864c0),
	UINT64_C(0xc00864d0),
	UINT64_C(0xc00864d2),
	UINT64_C(0xc00c6419),
	UINT64_C(0xc00c642d),
	UINT64_C(0xc00c642e),
	UINT64_C(0xc00c64b5),
	UINT64_C(0xc0106401),
	UINT64_C(0xc0106403),
	UINT64_C(0xc0106407),
	UINT64_C(0xc010640b),
	UINT64_C(0xc010640c),
	UINT64_C(0xc0106418),
	UINT64_C(0xc010641d),
	UINT64_C(0xc0106426),
	UINT64_C(0xc0106434),
	UINT64_C(0xc0106438),
	UINT64_C(0xc010643a),
	UINT64_C(0xc01064ab),
	UINT64_C(0xc01064ac),
	UINT64_C(0xc01064b3),
	UINT64_C(0xc01064b5),
	UINT64_C(0xc01064bd),
	UINT64_C(0xc01064c1),
	UINT64_C(0xc01064c2),
	UINT64_C(0xc01064c4),
	UINT64_C(0xc01064c5),
	UINT64_C(0xc01064c7),
	UINT64_C(0xc01064c8),
	UINT64_C(0xc01064d1),
	UINT64_C(0xc01464a6),
	UINT64_C(0xc01464ba),
	UINT64_C(0xc0186404),
	UINT64_C(0xc0186405),
	UINT64_C(0xc0186415),
	UINT64_C(0xc0186416),
	UINT64_C(0xc0186419),
	UINT64_C(0xc018643a),
	UINT64_C(0xc018643b),
	UINT64_C(0xc018643c),
	UINT64_C(0xc01864b0),
	UINT64_C(0xc01864b1),
	UINT64_C(0xc01864ba),
	UINT64_C(0xc01864c6),
	UINT64_C(0xc01864cb),
	UINT64_C(0xc01864cd),
	UINT64_C(0xc01864cf),
	UINT64_C(0xc01c64a3),
	UINT64_C(0xc01c64ad),
	UINT64_C(0xc01c64ae),
	UINT64_C(0xc01c64b9),
	UINT64_C(0xc0206416),
	UINT64_C(0xc0206434),
	UINT64_C(0xc02064a4),
	UINT64_C(0xc02064a5),
	UINT64_C(0xc02064b2),
	UINT64_C(0xc02064b6),
	UINT64_C(0xc02064b9),
	UINT64_C(0xc02064c3),
	UINT64_C(0xc02064cc),
	UINT64_C(0xc0246400),
	UINT64_C(0xc02464bb),
	UINT64_C(0xc0286404),
	UINT64_C(0xc0286405),
	UINT64_C(0xc0286415),
	UINT64_C(0xc0286429),
	UINT64_C(0xc02864ca),
	UINT64_C(0xc03064b7),
	UINT64_C(0xc03864bc),
	UINT64_C(0xc0406400),
	UINT64_C(0xc0406429),
	UINT64_C(0xc04064a0),
	UINT64_C(0xc04064aa),
	UINT64_C(0xc04864a8),
	UINT64_C(0xc04864a9),
	UINT64_C(0xc05064a7),
	UINT64_C(0xc06464b8),
	UINT64_C(0xc06464ce),
	UINT64_C(0xc06864a1),
	UINT64_C(0xc06864a2),
	UINT64_C(0xc06864b8),
	UINT64_C(0xc06864ce),
	UINT64_C(0x6440),
	UINT64_C(0x6480),
	UINT64_C(0xae00),
	UINT64_C(0xae40),
	UINT64_C(0xae80),
	UINT64_C(0x80081272),
	UINT64_C(0x80041272),
	UINT64_C(0x1268),
	UINT64_C(0x127b),
	UINT64_C(0x125f),
	UINT64_C(0x1269),
	UINT64_C(0x301),
	UINT64_C(0x1260),
	UINT64_C(0x40049409),
	UINT64_C(0x4020940d),
	UINT64_C(0xc0189436),
	UINT64_C(0xc020660b),
	UINT64_C(0x80086601),
	UINT64_C(0x801c581f),
	UINT64_C(0x80046601),
	UINT64_C(0x26),
	UINT64_C(0x1),
	UINT64_C(0x27),
	UINT64_C(0x15),
	UINT64_C(0x16),
	UINT64_C(0x16),
	UINT64_C(0x2),
	UINT64_C(0xf),
	UINT64_C(0x10),
	UINT64_C(0x53564d41),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x17),
	UINT64_C(0x1b),
	UINT64_C(0x1e),
	UINT64_C(0x2a),
	UINT64_C(0x42),
	UINT64_C(0x4),
	UINT64_C(0x0),
	UINT64_C(0x4),
	UINT64_C(0x0),
	UINT64_C(0x1d),
	UINT64_C(0x29),
	UINT64_C(0x41),
	UINT64_C(0x41555856),
	UINT64_C(0x33),
	UINT64_C(0x36),
	UINT64_C(0x38),
	UINT64_C(0x3d),
	UINT64_C(0x40),
	UINT64_C(0x2f),
	UINT64_C(0x1),
	UINT64_C(0x2f),
	UINT64_C(0x3),
	UINT64_C(0x4),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0x18),
	UINT64_C(0x7),
	UINT64_C(0x8),
	UINT64_C(0x18),
	UINT64_C(0x1c),
	UINT64_C(0x2f),
	UINT64_C(0x1c),
	UINT64_C(0x2f),
	UINT64_C(0x1),
	UINT64_C(0x24),
	UINT64_C(0x25),
	UINT64_C(0x1),
	UINT64_C(0x23),
	UINT64_C(0x59616d61),
	UINT64_C(0x3b),
	UINT64_C(0x16),
	UINT64_C(0x3),
	UINT64_C(0x3),
	UINT64_C(0x200),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x40),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x40),
	UINT64_C(0x41),
	UINT64_C(0x400001),
	UINT64_C(0x400002),
	UINT64_C(0x42),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x3),
	UINT64_C(0x200),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x40),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x40),
	UINT64_C(0x41),
	UINT64_C(0x400001),
	UINT64_C(0x400002),
	UINT64_C(0x42),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x2),
	UINT64_C(0x0),
	UINT64_C(0xffffff9c),
	UINT64_C(0xffffff9c),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x1000),
	UINT64_C(0x1000),
	UINT64_C(0x1000),
	UINT64_C(0x0),
	UINT64_C(0x8000),
	UINT64_C(0x0),
	UINT64_C(0x8000),
	UINT64_C(0x1000),
	UINT64_C(0x1000),
	UINT64_C(0x1000),
	UINT64_C(0x0),
	UINT64_C(0x8000),
	UINT64_C(0x0),
	UINT64_C(0x8000),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x2),
	UINT64_C(0x3),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x1),
	UINT64_C(0x0),
	UINT64_C(0x0),
	UINT64_C(0x0),
};

