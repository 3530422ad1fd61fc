#include "textflag.h"

// The layout of step; see script_linux.go.
#define STEP_NR 0
#define STEP_ARGS 8
#define STEP_STORE 56
#define STEP_IGNORE 64
#define STEP_SIZE 72

// func runSteps(steps *step, n uintptr) (failed int64, errno uintptr)
//
// Performs the steps on the calling thread. failed is -1, or the index of the
// step that failed.
TEXT ·runSteps(SB),NOSPLIT|NOFRAME,$0-32
	MOVQ	steps+0(FP), R12
	MOVQ	n+8(FP), R13
	XORQ	R14, R14
loop:
	CMPQ	R14, R13
	JGE	done
	MOVQ	STEP_NR(R12), AX
	MOVQ	(STEP_ARGS+0)(R12), DI
	MOVQ	(STEP_ARGS+8)(R12), SI
	MOVQ	(STEP_ARGS+16)(R12), DX
	MOVQ	(STEP_ARGS+24)(R12), R10
	MOVQ	(STEP_ARGS+32)(R12), R8
	MOVQ	(STEP_ARGS+40)(R12), R9
	SYSCALL
	CMPQ	AX, $0xfffffffffffff001
	JCC	error
	MOVQ	STEP_STORE(R12), BX
	TESTQ	BX, BX
	JZ	next
	MOVL	AX, (BX)
next:
	ADDQ	$STEP_SIZE, R12
	INCQ	R14
	JMP	loop
error:
	MOVQ	STEP_IGNORE(R12), BX
	TESTQ	BX, BX
	JNZ	next
	NEGQ	AX
	MOVQ	R14, failed+16(FP)
	MOVQ	AX, errno+24(FP)
	RET
done:
	MOVQ	$-1, failed+16(FP)
	MOVQ	$0, errno+24(FP)
	RET

// func vforkSteps(nr, arg0, arg1 uintptr, steps *step, n uintptr, failure *failure) (pid uintptr, errno uintptr)
//
// Starts a child by clone or clone3, one that shares this thread's memory,
// performs the steps in it and ends it if one of them fails. The child runs
// nothing but the loop below, on registers alone: it never touches the stack
// that it shares.
TEXT ·vforkSteps(SB),NOSPLIT|NOFRAME,$0-64
	MOVQ	nr+0(FP), AX
	MOVQ	arg0+8(FP), DI
	MOVQ	arg1+16(FP), SI
	MOVQ	steps+24(FP), R12
	MOVQ	n+32(FP), R13
	MOVQ	failure+40(FP), R15
	XORQ	DX, DX
	XORQ	R10, R10
	XORQ	R8, R8
	XORQ	R9, R9
	SYSCALL
	TESTQ	AX, AX
	JZ	child
	CMPQ	AX, $0xfffffffffffff001
	JCC	refused
	MOVQ	AX, pid+48(FP)
	MOVQ	$0, errno+56(FP)
	RET
refused:
	NEGQ	AX
	MOVQ	$0, pid+48(FP)
	MOVQ	AX, errno+56(FP)
	RET
child:
	XORQ	R14, R14
childloop:
	CMPQ	R14, R13
	JGE	childend
	MOVQ	STEP_NR(R12), AX
	CMPQ	AX, $-1
	JEQ	childbranch
	MOVQ	(STEP_ARGS+0)(R12), DI
	MOVQ	(STEP_ARGS+8)(R12), SI
	MOVQ	(STEP_ARGS+16)(R12), DX
	MOVQ	(STEP_ARGS+24)(R12), R10
	MOVQ	(STEP_ARGS+32)(R12), R8
	MOVQ	(STEP_ARGS+40)(R12), R9
	SYSCALL
	CMPQ	AX, $0xfffffffffffff001
	JCC	childerror
childstore:
	MOVQ	STEP_STORE(R12), BX
	TESTQ	BX, BX
	JZ	childnext
	MOVL	AX, (BX)
childnext:
	ADDQ	$STEP_SIZE, R12
	INCQ	R14
	JMP	childloop
childerror:
	MOVQ	STEP_IGNORE(R12), BX
	TESTQ	BX, BX
	JNZ	childstore
	NEGQ	AX
	MOVQ	R14, 0(R15)
	MOVQ	AX, 8(R15)
	JMP	childend
childbranch:
	MOVQ	(STEP_ARGS+16)(R12), BX
	TESTQ	BX, BX
	JZ	childgo
	MOVWLZX	(BX), AX
	MOVQ	(STEP_ARGS+24)(R12), DX
	TESTQ	DX, AX
	JNZ	childend
childgo:
	MOVQ	(STEP_ARGS+8)(R12), R14
	MOVQ	STEP_ARGS(R12), R12
	JMP	childloop
childend:
	MOVQ	$127, DI
	MOVQ	$231, AX	// exit_group
	SYSCALL
	JMP	childend
