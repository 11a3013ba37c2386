/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CONVOKE_AVAILABLE_IN_0_1: (skip)
 *
 * Marks what is exported since 0.1.
 */
#define CONVOKE_AVAILABLE_IN_0_1 extern __attribute__ ((visibility ("default")))

G_END_DECLS
