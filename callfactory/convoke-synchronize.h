/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * ConvokeWaitFlags:
 * @CONVOKE_WAIT_DEFAULT: serve the calls of the own chain and of what is waited for
 * @CONVOKE_WAIT_ALL: wait for all objects of [func@Convoke.wait_for_multiple], not for one of
 *   them; means nothing to a wait for one object
 * @CONVOKE_WAIT_DISPATCH_CALLS: also serve every call to objects of the thread's own context
 * @CONVOKE_WAIT_NO_SERVE: serve nothing; a call that needs this thread fails with
 *   %CONVOKE_ERROR_DEADLOCK when this thread is one of its ancestors
 *
 * What a thread does while it waits (SY-12, SY-20).
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  CONVOKE_WAIT_DEFAULT        = 0,
  CONVOKE_WAIT_ALL            = 1 << 0,
  CONVOKE_WAIT_DISPATCH_CALLS = 1 << 3,
  CONVOKE_WAIT_NO_SERVE       = 1 << 8,
} ConvokeWaitFlags;

#define CONVOKE_TYPE_SYNCHRONIZE (convoke_synchronize_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeSynchronize, convoke_synchronize, CONVOKE, SYNCHRONIZE, GObject)

struct _ConvokeSynchronizeInterface
{
  GTypeInterface parent_iface;

  gboolean (*wait)   (ConvokeSynchronize  *self,
                      ConvokeWaitFlags     flags,
                      gint64               timeout,
                      GError             **error);
  gboolean (*signal) (ConvokeSynchronize  *self,
                      GError             **error);
  gboolean (*reset)  (ConvokeSynchronize  *self,
                      GError             **error);
};

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_synchronize_wait (ConvokeSynchronize  *self,
                                   ConvokeWaitFlags     flags,
                                   gint64               timeout,
                                   GError             **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_synchronize_signal (ConvokeSynchronize  *self,
                                     GError             **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_synchronize_reset (ConvokeSynchronize  *self,
                                    GError             **error);

G_END_DECLS
