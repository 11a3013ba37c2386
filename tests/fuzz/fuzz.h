/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What a target is: reads bytes of a stranger, and aborts where a promise is broken. */
int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* How many changes of each file a bounded round looks at. */
extern const unsigned int fuzz_n_changes;

/* --- libFuzzer's --- */

size_t LLVMFuzzerMutate        (uint8_t *data, size_t size, size_t max_size);
/* What a target may have beside it. */
size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t max_size, unsigned int seed);
