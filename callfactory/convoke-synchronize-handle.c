/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-synchronize-handle.h"

#include "convoke-error.h"

/**
 * ConvokeSynchronizeHandle:
 *
 * Something that a main loop or `poll()` can wait for, through a descriptor.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokeSynchronizeHandle, convoke_synchronize_handle, G_TYPE_OBJECT)

static void
convoke_synchronize_handle_default_init (ConvokeSynchronizeHandleInterface *iface)
{
}

/**
 * convoke_synchronize_handle_get_fd:
 * @self: what to wait for
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets a descriptor that is readable while @self is signalled.
 *
 * Poll it, and do nothing else with it: it belongs to @self, stays the same
 * and is open for as long as @self lives. Duplicate it to keep it longer. While
 * another thread signals or resets, the descriptor can lag behind for a moment;
 * ask @self, with a time-out of 0, once it is readable.
 *
 * It is made when it is first asked for. Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_OUT_OF_RESOURCES when the process has no
 * descriptor left, and with %CONVOKE_ERROR_FORKED in a child made by `fork()`.
 *
 * Returns: the descriptor, or -1
 *
 * Since: 0.1
 */
int
convoke_synchronize_handle_get_fd (ConvokeSynchronizeHandle  *self,
                                   GError                   **error)
{
  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE_HANDLE (self), -1);
  g_return_val_if_fail (error == NULL || *error == NULL, -1);

  if (CONVOKE_SYNCHRONIZE_HANDLE_GET_IFACE (self)->get_fd != NULL)
    return CONVOKE_SYNCHRONIZE_HANDLE_GET_IFACE (self)->get_fd (self, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s does not implement get_fd", G_OBJECT_TYPE_NAME (self));
  return -1;
}

typedef struct
{
  GSource                   parent;
  ConvokeSynchronizeHandle *handle;  /* (owned) keeps the descriptor open */
  gpointer                  fd_tag;
} HandleSource;

static gboolean
handle_source_check (GSource *source)
{
  return g_source_query_unix_fd (source, ((HandleSource *) source)->fd_tag) != 0;
}

static gboolean
handle_source_dispatch (GSource     *source,
                        GSourceFunc  callback,
                        gpointer     user_data)
{
  return callback != NULL ? callback (user_data) : G_SOURCE_REMOVE;
}

static void
handle_source_finalize (GSource *source)
{
  g_clear_object (&((HandleSource *) source)->handle);
}

static gboolean
handle_source_closure_cb (gpointer data)
{
  GValue result = G_VALUE_INIT;
  gboolean again;

  g_value_init (&result, G_TYPE_BOOLEAN);
  g_closure_invoke (data, &result, 0, NULL, NULL);
  again = g_value_get_boolean (&result);
  g_value_unset (&result);

  return again;
}

static GSourceFuncs handle_source_funcs = {
  NULL,
  handle_source_check,
  handle_source_dispatch,
  handle_source_finalize,
  handle_source_closure_cb,
  NULL,
};

/**
 * convoke_synchronize_handle_create_source:
 * @self: what to wait for
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a source for a main loop that is ready while @self is signalled.
 *
 * Its callback is a #GSourceFunc. It comes again and again as long as @self is
 * signalled: reset @self, consume the signal with a wait of 0, or return
 * %G_SOURCE_REMOVE. The source keeps @self alive.
 *
 * Fails as [method@Convoke.SynchronizeHandle.get_fd] does.
 *
 * Returns: (transfer full): a source that is not attached yet
 *
 * Since: 0.1
 */
GSource *
convoke_synchronize_handle_create_source (ConvokeSynchronizeHandle  *self,
                                          GError                   **error)
{
  HandleSource *source;
  int fd;

  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE_HANDLE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  fd = convoke_synchronize_handle_get_fd (self, error);
  if (fd < 0)
    return NULL;

  source = (HandleSource *) g_source_new (&handle_source_funcs, sizeof (HandleSource));
  g_source_set_static_name ((GSource *) source, "ConvokeSynchronizeHandle");
  source->handle = g_object_ref (self);
  source->fd_tag = g_source_add_unix_fd ((GSource *) source, fd, G_IO_IN);

  return (GSource *) source;
}
