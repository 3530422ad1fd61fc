#include "textflag.h"

// A signal handler in the kernel's C convention (R0 signal, R1 siginfo, R2
// ucontext); see broadcastRuleset. The registers are given back by sigreturn.
TEXT ·broadcastHandler(SB),NOSPLIT|NOFRAME|TOPFRAME,$0
	MOVD	R0, R19
	MOVD	R1, R20
	MOVD	R2, R21
	MOVD	$178, R8	// gettid
	SVC
	MOVD	$·broadcast(SB), R9
	LDARW	(R9), R10	// n
	ADD	$16, R9, R11	// tid
	MOVD	$0, R12
next:
	CMPW	R10, R12
	BGE	theirs
	MOVWU	(R11), R13
	CMPW	R13, R0
	BEQ	found
	ADD	$4, R11
	ADD	$1, R12
	B	next
found:
	MOVD	$16384, R13	// from tid to done
	ADD	R13, R11
	MOVWU	(R11), R13
	CBNZW	R13, theirs
	MOVD	$38, R0	// PR_SET_NO_NEW_PRIVS
	MOVD	$1, R1
	MOVD	ZR, R2
	MOVD	ZR, R3
	MOVD	ZR, R4
	MOVD	$167, R8	// prctl
	SVC
	CBNZ	R0, store
	MOVWU	4(R9), R0
	MOVD	ZR, R1
	MOVD	$446, R8	// landlock_restrict_self
	SVC
	CBNZ	R0, store
	MOVD	$1, R0
store:
	STLRW	R0, (R11)
	RET
theirs:
	MOVD	8(R9), R13
	CMP	$1, R13	// SIG_DFL, SIG_IGN
	BLS	end
	MOVD	R19, R0
	MOVD	R20, R1
	MOVD	R21, R2
	JMP	(R13)
end:
	RET

// func broadcastAddress() uintptr
TEXT ·broadcastAddress(SB),NOSPLIT,$0-8
	MOVD	$·broadcastHandler(SB), R9
	MOVD	R9, ret+0(FP)
	RET
