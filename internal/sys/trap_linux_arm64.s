#include "textflag.h"

// A signal handler in the kernel's C convention (R0 signal, R1 siginfo, R2
// ucontext); see CatchTraps.
TEXT ·trapHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVD	$·trapClaimed(SB), R9
	MOVW	$1, R10
claim:
	LDAXRW	(R9), R11
	CBNZW	R11, hold
	STLXRW	R10, (R9), R12
	CBNZW	R12, claim
	MOVD	$·trapRecord(SB), R9
	MOVD	184(R2), R10	// x0 to x5
	MOVD	R10, 0(R9)
	MOVD	192(R2), R10
	MOVD	R10, 8(R9)
	MOVD	200(R2), R10
	MOVD	R10, 16(R9)
	MOVD	208(R2), R10
	MOVD	R10, 24(R9)
	MOVD	216(R2), R10
	MOVD	R10, 32(R9)
	MOVD	224(R2), R10
	MOVD	R10, 40(R9)
	MOVD	16(R1), R10	// si_call_addr
	MOVD	R10, 48(R9)
	MOVW	24(R1), R10	// si_syscall
	MOVW	R10, 56(R9)
	MOVW	28(R1), R10	// si_arch
	MOVW	R10, 60(R9)
	MOVD	416(R2), R10	// x29
	MOVD	R10, 72(R9)
	MOVD	432(R2), R10	// sp
	MOVD	R10, 80(R9)
	MOVD	$178, R8	// gettid
	SVC
	MOVW	R0, 64(R9)
	MOVW	·trapEvent(SB), R0
	MOVD	$·trapCount(SB), R1
	MOVD	$8, R2
	MOVD	$64, R8	// write
	SVC
hold:
	MOVD	$1000, R19
nap:
	MOVWU	·trapDone(SB), R9
	CBNZW	R9, die
	MOVD	$·trapNap(SB), R0
	MOVD	ZR, R1
	MOVD	$101, R8	// nanosleep
	SVC
	SUB	$1, R19
	CBNZ	R19, nap
die:
	MOVD	$272, R8	// kcmp, which nothing admits: SIGSYS is blocked here
	SVC
	MOVD	$159, R0
	MOVD	$94, R8	// exit_group
	SVC
	B	die

// func trapAddress() uintptr
TEXT ·trapAddress(SB),NOSPLIT,$0-8
	MOVD	$·trapHandler(SB), R9
	MOVD	R9, ret+0(FP)
	RET
