/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Two interfaces of four slots, and classes that have one of them, the other, and both. */

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVOKE_BENCH_TYPE_LEFT (convoke_bench_left_get_type ())
G_DECLARE_INTERFACE (ConvokeBenchLeft, convoke_bench_left, CONVOKE_BENCH, LEFT, GObject)

struct _ConvokeBenchLeftInterface
{
  GTypeInterface parent_iface;

  gint32 (*one) (ConvokeBenchLeft *self,
               gint32           number);
  gint32 (*two) (ConvokeBenchLeft *self,
               gint32           number);
  gint32 (*three) (ConvokeBenchLeft *self,
                 gint32           number);
  gint32 (*four) (ConvokeBenchLeft *self,
                gint32           number);
};

gint32 convoke_bench_left_one (ConvokeBenchLeft *self,
                               gint32           number);
gint32 convoke_bench_left_two (ConvokeBenchLeft *self,
                               gint32           number);
gint32 convoke_bench_left_three (ConvokeBenchLeft *self,
                                 gint32           number);
gint32 convoke_bench_left_four (ConvokeBenchLeft *self,
                                gint32           number);

#define CONVOKE_BENCH_TYPE_RIGHT (convoke_bench_right_get_type ())
G_DECLARE_INTERFACE (ConvokeBenchRight, convoke_bench_right, CONVOKE_BENCH, RIGHT, GObject)

struct _ConvokeBenchRightInterface
{
  GTypeInterface parent_iface;

  gint32 (*one) (ConvokeBenchRight *self,
               gint32            number);
  gint32 (*two) (ConvokeBenchRight *self,
               gint32            number);
  gint32 (*three) (ConvokeBenchRight *self,
                 gint32            number);
  gint32 (*four) (ConvokeBenchRight *self,
                gint32            number);
};

gint32 convoke_bench_right_one (ConvokeBenchRight *self,
                                gint32            number);
gint32 convoke_bench_right_two (ConvokeBenchRight *self,
                                gint32            number);
gint32 convoke_bench_right_three (ConvokeBenchRight *self,
                                  gint32            number);
gint32 convoke_bench_right_four (ConvokeBenchRight *self,
                                 gint32            number);

GType convoke_bench_left_part_get_type  (void);
GType convoke_bench_right_part_get_type (void);
GType convoke_bench_whole_get_type      (void);

G_END_DECLS
