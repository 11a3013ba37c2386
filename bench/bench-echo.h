/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVOKE_BENCH_TYPE_ECHO (convoke_bench_echo_get_type ())
G_DECLARE_INTERFACE (ConvokeBenchEcho, convoke_bench_echo, CONVOKE_BENCH, ECHO, GObject)

struct _ConvokeBenchEchoInterface
{
  GTypeInterface parent_iface;

  gint32 (*add) (ConvokeBenchEcho *self,
                 gint32            number,
                 const char       *text);
};

gint32 convoke_bench_echo_add (ConvokeBenchEcho *self,
                               gint32            number,
                               const char       *text);

#define CONVOKE_BENCH_TYPE_ADDER (convoke_bench_adder_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeBenchAdder, convoke_bench_adder, CONVOKE_BENCH, ADDER, GObject)

ConvokeBenchAdder *convoke_bench_adder_new  (void);
void               convoke_bench_adder_hold (ConvokeBenchAdder *self,
                                             gboolean           hold);

G_END_DECLS
