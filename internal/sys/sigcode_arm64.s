#include "textflag.h"

// A signal handler in the kernel's C convention (R0 signal, R1 siginfo, R2
// context): keeps si_code of the signal and goes on to the handler before it.
TEXT ·sigcodeHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVW	8(R1), R9
	MOVD	$·sigcodes(SB), R10
	ADD	R0<<2, R10
	MOVW	R9, (R10)
	MOVD	·sigcodeNext(SB), R9
	B	(R9)

// func sigcodeAddress() uintptr
TEXT ·sigcodeAddress(SB),NOSPLIT,$0-8
	MOVD	$·sigcodeHandler(SB), R9
	MOVD	R9, ret+0(FP)
	RET
