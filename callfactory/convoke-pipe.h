/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <convoke-event.h>

G_BEGIN_DECLS

/**
 * ConvokePipeFlags:
 * @CONVOKE_PIPE_DEFAULT: the pipe keeps the order of the pipes of its call, and ends with that
 * @CONVOKE_PIPE_UNORDERED: it may be used before the pipes on its left in the same call are through
 * @CONVOKE_PIPE_OUTLIVES_CALL: the end of the call that it is an argument of is not its end, and no order holds for it
 *
 * What a pipe has to do with the call that one of its ends is passed to.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  CONVOKE_PIPE_DEFAULT       = 0,
  CONVOKE_PIPE_UNORDERED     = 1 << 0,
  CONVOKE_PIPE_OUTLIVES_CALL = 1 << 1,
} ConvokePipeFlags;

#define CONVOKE_TYPE_PIPE (convoke_pipe_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokePipe, convoke_pipe, CONVOKE, PIPE, GObject)

struct _ConvokePipeInterface
{
  GTypeInterface parent_iface;

  gboolean   (*push)          (ConvokePipe   *self,
                               const guint8  *data,
                               gsize          size,
                               gint64         timeout,
                               GError       **error);
  GBytes   * (*pull)          (ConvokePipe   *self,
                               gsize          max,
                               gint64         timeout,
                               GError       **error);
  gboolean   (*push_items)    (ConvokePipe   *self,
                               GVariant      *items,
                               gint64         timeout,
                               GError       **error);
  GVariant * (*pull_items)    (ConvokePipe   *self,
                               guint          max,
                               gint64         timeout,
                               GError       **error);
  gboolean   (*end)           (ConvokePipe   *self,
                               GError       **error);
  gboolean   (*abort)         (ConvokePipe   *self,
                               const GError  *reason,
                               GError       **error);
  gboolean   (*close)         (ConvokePipe   *self,
                               GError       **error);
  gboolean   (*check)         (ConvokePipe   *self,
                               GError       **error);
  char     * (*dup_item_type) (ConvokePipe   *self,
                               GError       **error);
};

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_new (ConvokePipeFlags   flags,
                           gsize              capacity,
                           ConvokePipe      **writer,
                           ConvokePipe      **reader,
                           GError           **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_new_items (ConvokePipeFlags     flags,
                                 const GVariantType  *type,
                                 guint                capacity,
                                 ConvokePipe        **writer,
                                 ConvokePipe        **reader,
                                 GError             **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_push (ConvokePipe   *self,
                            const guint8  *data,
                            gsize          size,
                            gint64         timeout,
                            GError       **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_push_bytes (ConvokePipe  *self,
                                  GBytes       *bytes,
                                  gint64        timeout,
                                  GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_try_push (ConvokePipe   *self,
                                const guint8  *data,
                                gsize          size,
                                GError       **error);

CONVOKE_AVAILABLE_IN_0_1
GBytes *convoke_pipe_pull (ConvokePipe  *self,
                           gsize         max,
                           gint64        timeout,
                           GError      **error);

CONVOKE_AVAILABLE_IN_0_1
GBytes *convoke_pipe_try_pull (ConvokePipe  *self,
                               gsize         max,
                               GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_push_items (ConvokePipe  *self,
                                  GVariant     *items,
                                  gint64        timeout,
                                  GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_try_push_items (ConvokePipe  *self,
                                      GVariant     *items,
                                      GError      **error);

CONVOKE_AVAILABLE_IN_0_1
GVariant *convoke_pipe_pull_items (ConvokePipe  *self,
                                   guint         max,
                                   gint64        timeout,
                                   GError      **error);

CONVOKE_AVAILABLE_IN_0_1
GVariant *convoke_pipe_try_pull_items (ConvokePipe  *self,
                                       guint         max,
                                       GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_end (ConvokePipe  *self,
                           GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_abort (ConvokePipe   *self,
                             const GError  *reason,
                             GError       **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_close (ConvokePipe  *self,
                             GError      **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_pipe_check (ConvokePipe  *self,
                             GError      **error);

CONVOKE_AVAILABLE_IN_0_1
char *convoke_pipe_dup_item_type (ConvokePipe  *self,
                                  GError      **error);

CONVOKE_AVAILABLE_IN_0_1
ConvokeEvent *convoke_pipe_dup_event (ConvokePipe  *self,
                                      GError      **error);

G_END_DECLS
