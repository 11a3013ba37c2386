/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * An interface whose methods take pipes, in a namespace of its own: what has
 * nothing to do with pipes needs nothing of Convoke. The library links nothing
 * of Convoke either; it only knows the type.
 */

#include <convoke.h>

G_BEGIN_DECLS

#define CONVOKE_TEST_TYPE_MILL (convoke_test_mill_get_type ())
G_DECLARE_INTERFACE (ConvokeTestMill, convoke_test_mill, CONVOKE_TEST, MILL, GObject)

/**
 * ConvokeTestMillInterface:
 * @parent_iface: the parent interface
 * @take: pulls @input to its end
 * @give: pushes @n chunks of @size bytes, and the end
 * @grind: pulls @input to its end, and pushes it to @output
 * @mix: pulls @first to its end, then @second
 * @work: does what @what says
 * @open: gives the reader of a pipe of its own
 */
struct _ConvokeTestMillInterface
{
  GTypeInterface parent_iface;

  gint64        (*take)  (ConvokeTestMill  *self,
                          ConvokePipe      *input,
                          GError          **error);
  gboolean      (*give)  (ConvokeTestMill  *self,
                          ConvokePipe      *output,
                          guint             n,
                          guint             size,
                          GError          **error);
  gint64        (*grind) (ConvokeTestMill  *self,
                          ConvokePipe      *input,
                          ConvokePipe      *output,
                          GError          **error);
  gint64        (*mix)   (ConvokeTestMill  *self,
                          ConvokePipe      *first,
                          ConvokePipe      *second,
                          GError          **error);
  gint64        (*work)  (ConvokeTestMill  *self,
                          const char       *what,
                          ConvokePipe      *pipe,
                          GError          **error);
  ConvokePipe * (*open)  (ConvokeTestMill  *self,
                          guint             n,
                          GError          **error);
};

gint64       convoke_test_mill_take  (ConvokeTestMill  *self,
                                      ConvokePipe      *input,
                                      GError          **error);
gboolean     convoke_test_mill_give  (ConvokeTestMill  *self,
                                      ConvokePipe      *output,
                                      guint             n,
                                      guint             size,
                                      GError          **error);
gint64       convoke_test_mill_grind (ConvokeTestMill  *self,
                                      ConvokePipe      *input,
                                      ConvokePipe      *output,
                                      GError          **error);
gint64       convoke_test_mill_mix   (ConvokeTestMill  *self,
                                      ConvokePipe      *first,
                                      ConvokePipe      *second,
                                      GError          **error);
gint64       convoke_test_mill_work  (ConvokeTestMill  *self,
                                      const char       *what,
                                      ConvokePipe      *pipe,
                                      GError          **error);
ConvokePipe *convoke_test_mill_open  (ConvokeTestMill  *self,
                                      guint             n,
                                      GError          **error);

G_END_DECLS
