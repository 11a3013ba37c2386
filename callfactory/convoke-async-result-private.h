/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-async-result.h"

G_BEGIN_DECLS

/* Invokes the callback and lets go of one reference to @result: what a queue runs. */
void convoke_async_result_run (gpointer result);

G_END_DECLS
