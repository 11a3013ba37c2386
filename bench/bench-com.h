/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void bench_com_setup    (void);
void bench_com_run      (guint64 n);
void bench_com_teardown (void);

G_END_DECLS
