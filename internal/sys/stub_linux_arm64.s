#include "textflag.h"

// The code of a stub; see Stub for the layout of what it works on. It is copied
// to another address and uses none of its own.
TEXT ·stubEntry(SB),NOSPLIT|NOFRAME,$0
	MOVD	RSP, R22
	MOVD	$0x20000000, R21
	MOVD	0(R21), R20	// steps to go
	ADD	$0x40, R21, R19
loop:
	CBZ	R20, exec
	MOVD	0(R19), R8
	MOVD	8(R19), R0
	MOVD	16(R19), R1
	MOVD	24(R19), R2
	MOVD	32(R19), R3
	MOVD	40(R19), R4
	MOVD	48(R19), R5
	MOVD	96(R19), R9	// is the first argument an address of it?
	CBZ	R9, call
	CMP	$2, R9
	BEQ	mask
	BHI	masked
	MOVD	(R0), R0
call:
	SVC
	CMN	$4095, R0
	BCS	error
store:
	MOVD	56(R19), R9
	CBZ	R9, next
	MOVW	R0, (R9)
next:
	ADD	$104, R19
	SUB	$1, R20
	B	loop
mask:
	MOVWU	(R0), R9
	AND	R1, R9, R10
	MOVW	R10, (R0)
	EOR	R10, R9, R9
	MOVWU	40(R21), R10
	ORR	R9, R10, R10
	MOVW	R10, 40(R21)	// what was taken away
	B	next
masked:
	MOVWU	40(R21), R9
	CBNZ	R9, call
	B	next
error:
	MOVD	64(R19), R9
	CBZ	R9, fail
	MOVD	$-1, R0	// no descriptor: what was there before might be one
	B	store
fail:
	MOVD	$2, R0
	MOVD	72(R19), R1
	MOVD	80(R19), R2
	MOVD	$64, R8	// write
	SVC
	MOVD	88(R19), R0
	MOVD	$94, R8	// exit_group
	SVC
	B	fail
exec:
	MOVD	8(R21), R0
	ADD	$8, R22, R1	// argv
	MOVD	0(R22), R9	// argc
	ADD	$16, R22, R2
	ADD	R9<<3, R2, R2	// envp
	MOVD	16(R21), R3
	MOVD	24(R21), R4
	MOVD	32(R21), R5
	MOVD	$221, R8	// execve
	SVC
	B	fail

// func stubAddress() *[512]byte
TEXT ·stubAddress(SB),NOSPLIT,$0-8
	MOVD	$·stubEntry(SB), R9
	MOVD	R9, ret+0(FP)
	RET
