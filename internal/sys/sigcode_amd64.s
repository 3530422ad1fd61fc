#include "textflag.h"

// A signal handler in the kernel's C convention (DI signal, SI siginfo, DX
// context): keeps si_code of the signal and goes on to the handler before it.
TEXT ·sigcodeHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVL	8(SI), AX
	LEAQ	·sigcodes(SB), CX
	MOVL	AX, (CX)(DI*4)
	MOVQ	·sigcodeNext(SB), AX
	JMP	AX

// func sigcodeAddress() uintptr
TEXT ·sigcodeAddress(SB),NOSPLIT,$0-8
	LEAQ	·sigcodeHandler(SB), AX
	MOVQ	AX, ret+0(FP)
	RET
