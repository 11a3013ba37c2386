/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The table of thunks; convoke-thunks-private.h says what one does. Each is
 * CONVOKE_THUNKS_SIZE bytes, in the order of parts, then slots.
 *
 * A thunk touches no stack and saves nothing: one unwinding rule covers the
 * table, and the argument registers arrive as the caller filled them, but for
 * the first. Registers that are free at a call: %rax (variadic functions have
 * their count of vector registers there; a slot is none) and %r11; x16 and x17.
 */

#define N_PARTS 16
#define N_SLOTS 64
#define PARTS   24

#if defined (__x86_64__) && !defined (__ILP32__)

        .text
        .p2align 5
        .globl  convoke_thunks_table
        .hidden convoke_thunks_table
        .type   convoke_thunks_table, @function
convoke_thunks_table:
        .cfi_startproc
        .set    part, 0
        .rept   N_PARTS
        .set    slot, 0
        .rept   N_SLOTS
        .p2align 5
        endbr64
        movq    PARTS(%rdi), %rax
        movq    16*part+8(%rax), %r11
        movq    16*part(%rax), %rdi
        jmp     *8*slot(%r11)
        .set    slot, slot + 1
        .endr
        .set    part, part + 1
        .endr
        .p2align 5
        .cfi_endproc
        .size   convoke_thunks_table, .-convoke_thunks_table

/* Indirect branches land on endbr64 and no return address is touched: IBT and SHSTK. */
        .section .note.gnu.property, "a"
        .p2align 3
        .long   4
        .long   1f - 0f
        .long   5
        .asciz  "GNU"
0:
        .long   0xc0000002
        .long   4
        .long   3
        .long   0
1:

#elif defined (__aarch64__) && !defined (__ILP32__)

        .text
        .p2align 5
        .globl  convoke_thunks_table
        .hidden convoke_thunks_table
        .type   convoke_thunks_table, %function
convoke_thunks_table:
        .cfi_startproc
        .set    part, 0
        .rept   N_PARTS
        .set    slot, 0
        .rept   N_SLOTS
        .p2align 5
        hint    #34                     /* bti c */
        ldr     x16, [x0, #PARTS]
        ldr     x17, [x16, #(16*part+8)]
        ldr     x0, [x16, #(16*part)]
        ldr     x16, [x17, #(8*slot)]
        br      x16
        .set    slot, slot + 1
        .endr
        .set    part, part + 1
        .endr
        .p2align 5
        .cfi_endproc
        .size   convoke_thunks_table, .-convoke_thunks_table

/* Every entry is a landing pad, and no return address is touched: BTI and PAC. */
        .section .note.gnu.property, "a"
        .p2align 3
        .word   4
        .word   1f - 0f
        .word   5
        .asciz  "GNU"
0:
        .word   0xc0000000
        .word   4
        .word   3
        .word   0
1:

#endif

        .section .note.GNU-stack, "", %progbits
