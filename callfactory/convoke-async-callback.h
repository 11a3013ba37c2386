/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <gio/gio.h>
#include <convoke-version.h>

G_BEGIN_DECLS

typedef struct _ConvokeAsyncResult ConvokeAsyncResult;
typedef struct _ConvokeWorkQueue ConvokeWorkQueue;

/**
 * ConvokeAsyncCallbackFlags:
 * @CONVOKE_ASYNC_CALLBACK_NONE: nothing is promised
 * @CONVOKE_ASYNC_CALLBACK_FAST_IO: the callback is very short; only for queues that are made for input and output
 * @CONVOKE_ASYNC_CALLBACK_SIGNAL: the callback only signals something; as above
 * @CONVOKE_ASYNC_CALLBACK_BLOCKING: the callback may take long
 * @CONVOKE_ASYNC_CALLBACK_REPLY: a serial queue goes on when the result that the
 *   callback was invoked with is itself invoked, with
 *   [method@Convoke.AsyncResult.invoke_callback]; on others it means nothing
 *
 * What a callback tells about itself (MF-12).
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  CONVOKE_ASYNC_CALLBACK_NONE     = 0,
  CONVOKE_ASYNC_CALLBACK_FAST_IO  = 1 << 0,
  CONVOKE_ASYNC_CALLBACK_SIGNAL   = 1 << 1,
  CONVOKE_ASYNC_CALLBACK_BLOCKING = 1 << 2,
  CONVOKE_ASYNC_CALLBACK_REPLY    = 1 << 3,
} ConvokeAsyncCallbackFlags;

#define CONVOKE_TYPE_ASYNC_CALLBACK (convoke_async_callback_get_type ())
CONVOKE_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (ConvokeAsyncCallback, convoke_async_callback, CONVOKE, ASYNC_CALLBACK, GObject)

struct _ConvokeAsyncCallbackInterface
{
  GTypeInterface parent_iface;

  void     (*invoke)         (ConvokeAsyncCallback       *self,
                              ConvokeAsyncResult         *result);
  /* May be NULL: no flags, the standard queue. */
  gboolean (*get_parameters) (ConvokeAsyncCallback       *self,
                              ConvokeAsyncCallbackFlags  *flags,
                              ConvokeWorkQueue          **queue);
};

CONVOKE_AVAILABLE_IN_0_1
void convoke_async_callback_invoke (ConvokeAsyncCallback *self,
                                    ConvokeAsyncResult   *result);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_async_callback_get_parameters (ConvokeAsyncCallback       *self,
                                                ConvokeAsyncCallbackFlags  *flags,
                                                ConvokeWorkQueue          **queue);

G_END_DECLS
