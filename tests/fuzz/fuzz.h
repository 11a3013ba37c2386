/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What a target is: reads bytes of a stranger, and aborts where a promise is broken. */
int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* How many changes of each file a bounded round looks at. */
extern const unsigned int fuzz_n_changes;
