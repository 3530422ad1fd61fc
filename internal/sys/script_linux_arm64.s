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
	MOVD	steps+0(FP), R19
	MOVD	n+8(FP), R20
	MOVD	$0, R21
loop:
	CMP	R20, R21
	BGE	done
	MOVD	STEP_NR(R19), R8
	MOVD	(STEP_ARGS+0)(R19), R0
	MOVD	(STEP_ARGS+8)(R19), R1
	MOVD	(STEP_ARGS+16)(R19), R2
	MOVD	(STEP_ARGS+24)(R19), R3
	MOVD	(STEP_ARGS+32)(R19), R4
	MOVD	(STEP_ARGS+40)(R19), R5
	SVC
	CMN	$4095, R0
	BCS	error
	MOVD	STEP_STORE(R19), R9
	CBZ	R9, next
	MOVW	R0, (R9)
next:
	ADD	$STEP_SIZE, R19
	ADD	$1, R21
	B	loop
error:
	MOVD	STEP_IGNORE(R19), R9
	CBNZ	R9, next
	NEG	R0, R0
	MOVD	R21, failed+16(FP)
	MOVD	R0, errno+24(FP)
	RET
done:
	MOVD	$-1, R9
	MOVD	R9, failed+16(FP)
	MOVD	ZR, errno+24(FP)
	RET

// func vforkSteps(nr, arg0, arg1 uintptr, steps *step, n uintptr, failure *failure) (pid uintptr, errno uintptr)
//
// Starts a child by clone or clone3, one that shares this thread's memory,
// performs the steps in it and ends it if one of them fails. The child runs
// nothing but the loop below, on registers alone: it never touches the stack
// that it shares.
TEXT ·vforkSteps(SB),NOSPLIT|NOFRAME,$0-64
	MOVD	nr+0(FP), R8
	MOVD	arg0+8(FP), R0
	MOVD	arg1+16(FP), R1
	MOVD	steps+24(FP), R19
	MOVD	n+32(FP), R20
	MOVD	failure+40(FP), R22
	MOVD	$0, R2
	MOVD	$0, R3
	MOVD	$0, R4
	MOVD	$0, R5
	SVC
	CBZ	R0, child
	CMN	$4095, R0
	BCS	refused
	MOVD	R0, pid+48(FP)
	MOVD	ZR, errno+56(FP)
	RET
refused:
	NEG	R0, R0
	MOVD	ZR, pid+48(FP)
	MOVD	R0, errno+56(FP)
	RET
child:
	MOVD	$0, R21
childloop:
	CMP	R20, R21
	BGE	childend
	MOVD	STEP_NR(R19), R8
	CMN	$1, R8
	BEQ	childbranch
	MOVD	(STEP_ARGS+0)(R19), R0
	MOVD	(STEP_ARGS+8)(R19), R1
	MOVD	(STEP_ARGS+16)(R19), R2
	MOVD	(STEP_ARGS+24)(R19), R3
	MOVD	(STEP_ARGS+32)(R19), R4
	MOVD	(STEP_ARGS+40)(R19), R5
	SVC
	CMN	$4095, R0
	BCS	childerror
childstore:
	MOVD	STEP_STORE(R19), R9
	CBZ	R9, childnext
	MOVW	R0, (R9)
childnext:
	ADD	$STEP_SIZE, R19
	ADD	$1, R21
	B	childloop
childerror:
	MOVD	STEP_IGNORE(R19), R9
	CBNZ	R9, childstore
	NEG	R0, R0
	MOVD	R21, 0(R22)
	MOVD	R0, 8(R22)
	B	childend
childbranch:
	MOVD	(STEP_ARGS+16)(R19), R9
	CBZ	R9, childgo
	MOVHU	(R9), R10
	MOVD	(STEP_ARGS+24)(R19), R11
	AND	R11, R10, R10
	CBNZ	R10, childend
childgo:
	MOVD	(STEP_ARGS+8)(R19), R21
	MOVD	STEP_ARGS(R19), R19
	B	childloop
childend:
	MOVD	$127, R0
	MOVD	$94, R8	// exit_group
	SVC
	B	childend
