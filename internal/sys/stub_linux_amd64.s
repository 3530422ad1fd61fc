#include "textflag.h"

// The code of a stub; see Stub for the layout of what it works on. It is copied
// to another address and uses none of its own.
TEXT ·stubEntry(SB),NOSPLIT|NOFRAME,$0
	MOVQ	SP, R15
	MOVQ	$0x20000000, R14
	MOVQ	0(R14), R13	// steps to go
	LEAQ	0x40(R14), R12
loop:
	TESTQ	R13, R13
	JZ	exec
	MOVQ	0(R12), AX
	MOVQ	8(R12), DI
	MOVQ	16(R12), SI
	MOVQ	24(R12), DX
	MOVQ	32(R12), R10
	MOVQ	40(R12), R8
	MOVQ	48(R12), R9
	MOVQ	96(R12), BX	// is the first argument an address of it?
	TESTQ	BX, BX
	JZ	call
	CMPQ	BX, $2
	JEQ	mask
	JHI	masked
	MOVQ	(DI), DI
call:
	SYSCALL
	CMPQ	AX, $0xfffffffffffff001
	JCC	error
store:
	MOVQ	56(R12), BX
	TESTQ	BX, BX
	JZ	next
	MOVL	AX, (BX)
next:
	ADDQ	$104, R12
	DECQ	R13
	JMP	loop
mask:
	MOVL	(DI), AX
	ANDL	SI, (DI)
	XORL	(DI), AX
	ORL	AX, 40(R14)	// what was taken away
	JMP	next
masked:
	CMPL	40(R14), $0
	JNE	call
	JMP	next
error:
	MOVQ	64(R12), BX
	TESTQ	BX, BX
	JZ	fail
	MOVQ	$-1, AX	// no descriptor: what was there before might be one
	JMP	store
fail:
	MOVQ	$2, DI
	MOVQ	72(R12), SI
	MOVQ	80(R12), DX
	MOVQ	$1, AX	// write
	SYSCALL
	MOVQ	88(R12), DI
	MOVQ	$231, AX	// exit_group
	SYSCALL
	JMP	fail
exec:
	MOVQ	8(R14), DI
	LEAQ	8(R15), SI	// argv
	MOVQ	0(R15), AX	// argc
	LEAQ	16(R15)(AX*8), DX	// envp
	MOVQ	16(R14), R10
	MOVQ	24(R14), R8
	MOVQ	32(R14), R9
	MOVQ	$59, AX	// execve
	SYSCALL
	JMP	fail

// func stubAddress() *[512]byte
TEXT ·stubAddress(SB),NOSPLIT,$0-8
	LEAQ	·stubEntry(SB), AX
	MOVQ	AX, ret+0(FP)
	RET
