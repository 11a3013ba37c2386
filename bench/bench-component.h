/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The component of ours, activated by one of the keyfiles in components/. */

#include "bench-echo.h"

G_BEGIN_DECLS

#define BENCH_COMPONENT         "org.convoke.Bench"
#define BENCH_COMPONENT_CONTEXT "org.convoke.BenchContext"
#define BENCH_COMPONENT_ALONE   "org.convoke.BenchAlone"
#define BENCH_COMPONENT_PYTHON  "org.convoke.BenchPython"

/* (transfer full) */
ConvokeBenchEcho *bench_component_activate (const char       *class_name);
GPid              bench_component_get_pid  (ConvokeBenchEcho *component);

G_END_DECLS
