/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Typed values from the variants that tell them, and back. */

#include <convoke-test.h>

G_BEGIN_DECLS

/* @called: whose method it is. @whole: the variant itself is the value. */
void      conformance_make (ConvokeTestKinds *called,
                            const char       *kind,
                            GVariant         *tells,
                            gboolean          whole,
                            GValue           *value);

/* @kind: NULL where the value itself is the variant that tells something. */
GVariant *conformance_tell (ConvokeTestKinds *called,
                            const char       *kind,
                            const char       *type,
                            const GValue     *value);

G_END_DECLS
