#include "textflag.h"

// A signal handler in the kernel's C convention (R0 signal, R1 siginfo): sends
// the signal on to forwardTo unless the kernel sent it, which then sent it to
// the whole process group. Before there is a forwardTo it keeps the signal, whoever sent it.
TEXT ·forwardHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVW	8(R1), R9	// si_code
	MOVD	R0, R1
	MOVW	·forwardTo(SB), R0
	CMPW	$0, R0
	BLE	early
	CMPW	$0, R9
	BGT	done
	MOVD	$129, R8	// kill
	SVC
	RET
early:
	MOVD	$1, R9
	LSL	R1, R9, R9
	MOVD	$·earlySignals(SB), R10
again:
	LDAXR	(R10), R11
	ORR	R9, R11, R11
	STLXR	R11, (R10), R12
	CBNZ	R12, again
	MOVW	·forwardTo(SB), R0	// it may have been there when the signal was kept
	CMPW	$0, R0
	BLE	done
	MOVD	$129, R8	// kill
	SVC
done:
	RET

// A signal handler that counts in childEvents.
TEXT ·childHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVW	·childEvents(SB), R0
	MOVD	$·childCount(SB), R1
	MOVD	$8, R2
	MOVD	$64, R8	// write
	SVC
	RET

// A signal handler that counts in continued.
TEXT ·continueHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVD	$·continued(SB), R10
again:
	LDAXRW	(R10), R11
	ADDW	$1, R11, R11
	STLXRW	R11, (R10), R12
	CBNZ	R12, again
	RET

// func continueAddress() uintptr
TEXT ·continueAddress(SB),NOSPLIT,$0-8
	MOVD	$·continueHandler(SB), R9
	MOVD	R9, ret+0(FP)
	RET

// func childAddress() uintptr
TEXT ·childAddress(SB),NOSPLIT,$0-8
	MOVD	$·childHandler(SB), R9
	MOVD	R9, ret+0(FP)
	RET

// func forwardAddress() uintptr
TEXT ·forwardAddress(SB),NOSPLIT,$0-8
	MOVD	$·forwardHandler(SB), R9
	MOVD	R9, ret+0(FP)
	RET
