#include "textflag.h"

// A signal handler in the kernel's C convention (DI signal, SI siginfo): sends
// the signal on to forwardTo unless the kernel sent it, which then sent it to
// the whole process group. Before there is a forwardTo it keeps the signal, whoever sent it.
TEXT ·forwardHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVL	8(SI), AX	// si_code
	MOVL	DI, SI
	MOVL	·forwardTo(SB), DI
	TESTL	DI, DI
	JLE	early
	TESTL	AX, AX
	JGT	done
	MOVL	$62, AX	// kill
	SYSCALL
	RET
early:
	MOVL	SI, CX
	MOVQ	$1, AX
	SHLQ	CX, AX
	LOCK
	ORQ	AX, ·earlySignals(SB)
	MOVL	·forwardTo(SB), DI	// it may have been there when the signal was kept
	TESTL	DI, DI
	JLE	done
	MOVL	$62, AX	// kill
	SYSCALL
done:
	RET

// A signal handler that counts in childEvents.
TEXT ·childHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVL	·childEvents(SB), DI
	LEAQ	·childCount(SB), SI
	MOVQ	$8, DX
	MOVQ	$1, AX	// write
	SYSCALL
	RET

// A signal handler that counts in continued.
TEXT ·continueHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	LOCK
	INCL	·continued(SB)
	RET

// func continueAddress() uintptr
TEXT ·continueAddress(SB),NOSPLIT,$0-8
	LEAQ	·continueHandler(SB), AX
	MOVQ	AX, ret+0(FP)
	RET

// func childAddress() uintptr
TEXT ·childAddress(SB),NOSPLIT,$0-8
	LEAQ	·childHandler(SB), AX
	MOVQ	AX, ret+0(FP)
	RET

// func forwardAddress() uintptr
TEXT ·forwardAddress(SB),NOSPLIT,$0-8
	LEAQ	·forwardHandler(SB), AX
	MOVQ	AX, ret+0(FP)
	RET
