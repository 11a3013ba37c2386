/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "bench-halves.h"

/**
 * ConvokeBenchLeft:
 *
 * Four slots.
 */
G_DEFINE_INTERFACE (ConvokeBenchLeft, convoke_bench_left, G_TYPE_OBJECT)

static void
convoke_bench_left_default_init (ConvokeBenchLeftInterface *iface)
{
}

/**
 * convoke_bench_left_one:
 * @self: an object
 * @number: a number
 *
 * Returns: another number
 */
gint32
convoke_bench_left_one (ConvokeBenchLeft *self,
                        gint32           number)
{
  return CONVOKE_BENCH_LEFT_GET_IFACE (self)->one (self, number);
}

static gint32
do_left_one (ConvokeBenchLeft *self,
             gint32           number)
{
  return number + 1;
}

/**
 * convoke_bench_left_two:
 * @self: an object
 * @number: a number
 *
 * Returns: another number
 */
gint32
convoke_bench_left_two (ConvokeBenchLeft *self,
                        gint32           number)
{
  return CONVOKE_BENCH_LEFT_GET_IFACE (self)->two (self, number);
}

static gint32
do_left_two (ConvokeBenchLeft *self,
             gint32           number)
{
  return number + 2;
}

/**
 * convoke_bench_left_three:
 * @self: an object
 * @number: a number
 *
 * Returns: another number
 */
gint32
convoke_bench_left_three (ConvokeBenchLeft *self,
                          gint32           number)
{
  return CONVOKE_BENCH_LEFT_GET_IFACE (self)->three (self, number);
}

static gint32
do_left_three (ConvokeBenchLeft *self,
               gint32           number)
{
  return number + 3;
}

/**
 * convoke_bench_left_four:
 * @self: an object
 * @number: a number
 *
 * Returns: another number
 */
gint32
convoke_bench_left_four (ConvokeBenchLeft *self,
                         gint32           number)
{
  return CONVOKE_BENCH_LEFT_GET_IFACE (self)->four (self, number);
}

static gint32
do_left_four (ConvokeBenchLeft *self,
              gint32           number)
{
  return number + 4;
}

static void
left_init (ConvokeBenchLeftInterface *iface)
{
  iface->one = do_left_one;
  iface->two = do_left_two;
  iface->three = do_left_three;
  iface->four = do_left_four;
}

/**
 * ConvokeBenchRight:
 *
 * Four slots.
 */
G_DEFINE_INTERFACE (ConvokeBenchRight, convoke_bench_right, G_TYPE_OBJECT)

static void
convoke_bench_right_default_init (ConvokeBenchRightInterface *iface)
{
}

/**
 * convoke_bench_right_one:
 * @self: an object
 * @number: a number
 *
 * Returns: another number
 */
gint32
convoke_bench_right_one (ConvokeBenchRight *self,
                         gint32            number)
{
  return CONVOKE_BENCH_RIGHT_GET_IFACE (self)->one (self, number);
}

static gint32
do_right_one (ConvokeBenchRight *self,
              gint32            number)
{
  return number + 1;
}

/**
 * convoke_bench_right_two:
 * @self: an object
 * @number: a number
 *
 * Returns: another number
 */
gint32
convoke_bench_right_two (ConvokeBenchRight *self,
                         gint32            number)
{
  return CONVOKE_BENCH_RIGHT_GET_IFACE (self)->two (self, number);
}

static gint32
do_right_two (ConvokeBenchRight *self,
              gint32            number)
{
  return number + 2;
}

/**
 * convoke_bench_right_three:
 * @self: an object
 * @number: a number
 *
 * Returns: another number
 */
gint32
convoke_bench_right_three (ConvokeBenchRight *self,
                           gint32            number)
{
  return CONVOKE_BENCH_RIGHT_GET_IFACE (self)->three (self, number);
}

static gint32
do_right_three (ConvokeBenchRight *self,
                gint32            number)
{
  return number + 3;
}

/**
 * convoke_bench_right_four:
 * @self: an object
 * @number: a number
 *
 * Returns: another number
 */
gint32
convoke_bench_right_four (ConvokeBenchRight *self,
                          gint32            number)
{
  return CONVOKE_BENCH_RIGHT_GET_IFACE (self)->four (self, number);
}

static gint32
do_right_four (ConvokeBenchRight *self,
               gint32            number)
{
  return number + 4;
}

static void
right_init (ConvokeBenchRightInterface *iface)
{
  iface->one = do_right_one;
  iface->two = do_right_two;
  iface->three = do_right_three;
  iface->four = do_right_four;
}

typedef struct { GObject parent_instance; } ConvokeBenchLeftPart;
typedef struct { GObjectClass parent_class; } ConvokeBenchLeftPartClass;

G_DEFINE_TYPE_WITH_CODE (ConvokeBenchLeftPart, convoke_bench_left_part, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (convoke_bench_left_get_type (), left_init))

static void
convoke_bench_left_part_class_init (ConvokeBenchLeftPartClass *klass)
{
}

static void
convoke_bench_left_part_init (ConvokeBenchLeftPart *self)
{
}

typedef struct { GObject parent_instance; } ConvokeBenchRightPart;
typedef struct { GObjectClass parent_class; } ConvokeBenchRightPartClass;

G_DEFINE_TYPE_WITH_CODE (ConvokeBenchRightPart, convoke_bench_right_part, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (convoke_bench_right_get_type (), right_init))

static void
convoke_bench_right_part_class_init (ConvokeBenchRightPartClass *klass)
{
}

static void
convoke_bench_right_part_init (ConvokeBenchRightPart *self)
{
}

typedef struct { GObject parent_instance; } ConvokeBenchWhole;
typedef struct { GObjectClass parent_class; } ConvokeBenchWholeClass;

G_DEFINE_TYPE_WITH_CODE (ConvokeBenchWhole, convoke_bench_whole, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (convoke_bench_left_get_type (), left_init)
                         G_IMPLEMENT_INTERFACE (convoke_bench_right_get_type (), right_init))

static void
convoke_bench_whole_class_init (ConvokeBenchWholeClass *klass)
{
}

static void
convoke_bench_whole_init (ConvokeBenchWhole *self)
{
}
