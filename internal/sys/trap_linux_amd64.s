#include "textflag.h"

// A signal handler in the kernel's C convention (DI signal, SI siginfo, DX
// ucontext); see CatchTraps.
TEXT ·trapHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVL	$1, CX
	XORL	AX, AX
	LOCK
	CMPXCHGL	CX, ·trapClaimed(SB)
	JNE	hold
	MOVQ	104(DX), AX	// rdi
	MOVQ	AX, ·trapRecord+0(SB)
	MOVQ	112(DX), AX	// rsi
	MOVQ	AX, ·trapRecord+8(SB)
	MOVQ	136(DX), AX	// rdx
	MOVQ	AX, ·trapRecord+16(SB)
	MOVQ	56(DX), AX	// r10
	MOVQ	AX, ·trapRecord+24(SB)
	MOVQ	40(DX), AX	// r8
	MOVQ	AX, ·trapRecord+32(SB)
	MOVQ	48(DX), AX	// r9
	MOVQ	AX, ·trapRecord+40(SB)
	MOVQ	16(SI), AX	// si_call_addr
	MOVQ	AX, ·trapRecord+48(SB)
	MOVL	24(SI), AX	// si_syscall
	MOVL	AX, ·trapRecord+56(SB)
	MOVL	28(SI), AX	// si_arch
	MOVL	AX, ·trapRecord+60(SB)
	MOVQ	120(DX), AX	// rbp
	MOVQ	AX, ·trapRecord+72(SB)
	MOVQ	160(DX), AX	// rsp
	MOVQ	AX, ·trapRecord+80(SB)
	MOVQ	$186, AX	// gettid
	SYSCALL
	MOVL	AX, ·trapRecord+64(SB)
	MOVL	·trapEvent(SB), DI
	LEAQ	·trapCount(SB), SI
	MOVQ	$8, DX
	MOVQ	$1, AX	// write
	SYSCALL
hold:
	MOVQ	$1000, R12
nap:
	MOVL	·trapDone(SB), AX
	TESTL	AX, AX
	JNZ	die
	LEAQ	·trapNap(SB), DI
	XORQ	SI, SI
	MOVQ	$35, AX	// nanosleep
	SYSCALL
	DECQ	R12
	JNZ	nap
die:
	MOVQ	$312, AX	// kcmp, which nothing admits: SIGSYS is blocked here
	SYSCALL
	MOVQ	$159, DI
	MOVQ	$231, AX	// exit_group
	SYSCALL
	JMP	die

// func trapAddress() uintptr
TEXT ·trapAddress(SB),NOSPLIT,$0-8
	LEAQ	·trapHandler(SB), AX
	MOVQ	AX, ret+0(FP)
	RET
