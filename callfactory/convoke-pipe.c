/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-error.h"
#include "convoke-pipe-private.h"

/**
 * ConvokePipe:
 *
 * One end of a pipe: bytes or typed items on their way from a writer to a
 * reader, in this process or from one process to another.
 *
 * A pipe is made with [func@Convoke.Pipe.new] or [func@Convoke.Pipe.new_items],
 * which give its two ends. Keep one and pass the other to a method that takes
 * an argument of this type: the reader for data that goes in, the writer for
 * data that comes out (RA-31). The methods of an end are methods like any
 * others, so they can be begun, cancelled and awaited, and in another process
 * the end is a proxy of the same type.
 *
 * What is in the pipe is bounded. A writer waits while there is no room.
 *
 * The writer ends the pipe with [method@Convoke.Pipe.end]; without that the
 * reader gets an error, whatever became of the writer. The pipe belongs to the
 * first call that carries one of its ends, unless it was made with
 * %CONVOKE_PIPE_OUTLIVES_CALL: when that call ends before the pipe is through,
 * both ends fail with %CONVOKE_ERROR_PIPE_DISCIPLINE, or with what ended the
 * call.
 *
 * All of it may be used from any thread.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (ConvokePipe, convoke_pipe, G_TYPE_OBJECT)

static void
convoke_pipe_default_init (ConvokePipeInterface *iface)
{
}

static gboolean
make (ConvokePipeFlags     flags,
      const GVariantType  *type,
      gsize                capacity,
      ConvokePipe        **writer,
      ConvokePipe        **reader,
      GError             **error)
{
  const ConvokePipeFlags known = CONVOKE_PIPE_UNORDERED | CONVOKE_PIPE_OUTLIVES_CALL;

  if (capacity > 0 && !(flags & ~known))
    {
      convoke_pipe_ends_new (convoke_pipe_core_new (flags, type, capacity), writer, reader);
      return TRUE;
    }

  *writer = *reader = NULL;
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               capacity > 0 ? "There are no such flags of a pipe: %x" : "A pipe with room for nothing", flags & ~known);
  return FALSE;
}

/**
 * convoke_pipe_new:
 * @flags: what it has to do with the call that carries one of its ends
 * @capacity: bytes that it holds at most
 * @writer: (out) (transfer full): the end that pushes
 * @reader: (out) (transfer full): the end that pulls
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a pipe for bytes.
 *
 * A push that is larger than @capacity goes in whole once the pipe is empty.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when
 * @capacity is 0 or there are no such @flags.
 *
 * Returns: (skip): %TRUE if there is a pipe
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_new (ConvokePipeFlags   flags,
                  gsize              capacity,
                  ConvokePipe      **writer,
                  ConvokePipe      **reader,
                  GError           **error)
{
  g_return_val_if_fail (writer != NULL, FALSE);
  g_return_val_if_fail (reader != NULL, FALSE);

  return make (flags, NULL, capacity, writer, reader, error);
}

/**
 * convoke_pipe_new_items:
 * @flags: what it has to do with the call that carries one of its ends
 * @type: the type of an item; a definite one
 * @capacity: items that it holds at most
 * @writer: (out) (transfer full): the end that pushes
 * @reader: (out) (transfer full): the end that pulls
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes a pipe for items of one type.
 *
 * A push of more than @capacity items goes in whole once the pipe is empty.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when
 * @capacity is 0, there are no such @flags, or @type could be several types.
 *
 * Returns: (skip): %TRUE if there is a pipe
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_new_items (ConvokePipeFlags     flags,
                        const GVariantType  *type,
                        guint                capacity,
                        ConvokePipe        **writer,
                        ConvokePipe        **reader,
                        GError             **error)
{
  g_return_val_if_fail (type != NULL, FALSE);
  g_return_val_if_fail (writer != NULL, FALSE);
  g_return_val_if_fail (reader != NULL, FALSE);

  if (g_variant_type_is_definite (type))
    return make (flags, type, capacity, writer, reader, error);

  *writer = *reader = NULL;
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The items of a pipe have one type, and '%.*s' is many",
               (int) g_variant_type_get_string_length (type), g_variant_type_peek_string (type));
  return FALSE;
}

/* A class that implements an interface need not implement all of it. */
static gboolean
refuse (gpointer     self,
        const char  *method,
        GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s does not implement %s", G_OBJECT_TYPE_NAME (self), method);
  return FALSE;
}

/**
 * convoke_pipe_push:
 * @self: the writing end
 * @data: (array length=size) (element-type guint8) (nullable): the bytes
 * @size: how many; 0 says the end, as [method@Convoke.Pipe.end] does
 * @timeout: microseconds to wait for room; 0 does not wait, -1 waits for ever
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Pushes bytes. They are copied: @data may be used for something else when
 * this has returned (RA-33).
 *
 * What is pushed goes in whole, behind what was pushed before, when there is
 * room for all of it, or when the pipe is empty.
 *
 * Any thread may call this. Called plainly it waits as all of the library
 * waits, serving the calls of its own chain; begun, or called from another
 * process, it keeps no thread. A begun push that is cancelled, or whose deadline
 * passes, has pushed nothing where the pipe is in this process.
 *
 * Fails with %CONVOKE_ERROR_TIMEOUT when there was no room in time,
 * %CONVOKE_ERROR_PIPE_CLOSED when the reader is gone or the end was said
 * before, %CONVOKE_ERROR_PIPE_DISCIPLINE on a reading end or when the pipe's
 * call ended before the pipe was drained, %CONVOKE_ERROR_PIPE_ORDER while
 * another pipe of the same call comes first, %CONVOKE_ERROR_CANCELLED when it
 * would have to wait and its call was cancelled, %CONVOKE_ERROR_INVALID_ARGUMENT
 * when the pipe is for items, and with the reader's own error when that aborted.
 * Nothing was pushed then.
 *
 * Returns: %TRUE if the bytes are in the pipe
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_push (ConvokePipe   *self,
                   const guint8  *data,
                   gsize          size,
                   gint64         timeout,
                   GError       **error)
{
  g_return_val_if_fail (CONVOKE_IS_PIPE (self), FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  if (CONVOKE_PIPE_GET_IFACE (self)->push == NULL)
    return refuse (self, "push", error);

  return CONVOKE_PIPE_GET_IFACE (self)->push (self, data, size, timeout, error);
}

/**
 * convoke_pipe_push_bytes:
 * @self: the writing end
 * @bytes: the bytes; none say the end
 * @timeout: microseconds to wait for room; 0 does not wait, -1 waits for ever
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Pushes bytes as [method@Convoke.Pipe.push] does. Where the pipe is in this
 * process they are referenced and not copied.
 *
 * Returns: %TRUE if the bytes are in the pipe
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_push_bytes (ConvokePipe  *self,
                         GBytes       *bytes,
                         gint64        timeout,
                         GError      **error)
{
  ConvokePipeSide side;
  gconstpointer data;
  gsize size;

  g_return_val_if_fail (CONVOKE_IS_PIPE (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);

  if (convoke_pipe_end_get_core (self, &side) != NULL)
    return convoke_pipe_end_push_bytes (self, bytes, timeout, error);

  data = g_bytes_get_data (bytes, &size);
  return convoke_pipe_push (self, data, size, timeout, error);
}

/* RA-32: "not yet" is no failure of a wait, since there was none. */
static void
as_pending (GError *error)
{
  if (g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT))
    error->code = CONVOKE_ERROR_CALL_PENDING;
}

/**
 * convoke_pipe_try_push:
 * @self: the writing end
 * @data: (array length=size) (element-type guint8) (nullable): the bytes
 * @size: how many; 0 says the end
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Pushes bytes if there is room for them now.
 *
 * Fails with %CONVOKE_ERROR_CALL_PENDING when there is none yet: wait for the
 * event of [method@Convoke.Pipe.dup_event]. Otherwise fails as
 * [method@Convoke.Pipe.push] does.
 *
 * Returns: %TRUE if the bytes are in the pipe
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_try_push (ConvokePipe   *self,
                       const guint8  *data,
                       gsize          size,
                       GError       **error)
{
  g_autoptr (GError) local_error = NULL;

  if (convoke_pipe_push (self, data, size, 0, &local_error))
    return TRUE;

  as_pending (local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * convoke_pipe_pull:
 * @self: the reading end
 * @max: bytes wanted at most, at least 1
 * @timeout: microseconds to wait for bytes; 0 does not wait, -1 waits for ever
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Pulls bytes: what one push brought, or a part of that.
 *
 * No more than @max come, and no more than a mebibyte. None at all is the end of
 * the pipe (RA-32), which every later pull gives again.
 *
 * Any thread may call this. It waits as [method@Convoke.Pipe.push] does. A begun
 * pull that is cancelled, or whose deadline passes, has taken nothing where the
 * pipe is in this process. Where it is in another one and the outcome is
 * %CONVOKE_CANCEL_OUTCOME_ABANDONED, it can have taken what nobody gets: give
 * @timeout instead, or abort the pipe.
 *
 * Fails with %CONVOKE_ERROR_TIMEOUT when nothing came in time,
 * %CONVOKE_ERROR_PIPE_CLOSED when the writer is gone and had not said the end,
 * %CONVOKE_ERROR_PIPE_DISCIPLINE on a writing end or when the pipe's call ended
 * without the end of the pipe, %CONVOKE_ERROR_PIPE_ORDER while another pipe of
 * the same call comes first, %CONVOKE_ERROR_CANCELLED when it would have to wait
 * and its call was cancelled, %CONVOKE_ERROR_INVALID_ARGUMENT when the pipe is
 * for items, and with the writer's own error when that aborted, or with what
 * ended the pipe's call.
 *
 * Returns: (transfer full): the bytes; none at the end of the pipe
 *
 * Since: 0.1
 */
GBytes *
convoke_pipe_pull (ConvokePipe  *self,
                   gsize         max,
                   gint64        timeout,
                   GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_PIPE (self), NULL);

  if (CONVOKE_PIPE_GET_IFACE (self)->pull == NULL)
    {
      refuse (self, "pull", error);
      return NULL;
    }

  return CONVOKE_PIPE_GET_IFACE (self)->pull (self, max, timeout, error);
}

/**
 * convoke_pipe_try_pull:
 * @self: the reading end
 * @max: bytes wanted at most, at least 1
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Pulls bytes if there are any now.
 *
 * Fails with %CONVOKE_ERROR_CALL_PENDING when there are none yet: wait for the
 * event of [method@Convoke.Pipe.dup_event]. Otherwise fails as
 * [method@Convoke.Pipe.pull] does.
 *
 * Returns: (transfer full): the bytes; none at the end of the pipe
 *
 * Since: 0.1
 */
GBytes *
convoke_pipe_try_pull (ConvokePipe  *self,
                       gsize         max,
                       GError      **error)
{
  g_autoptr (GError) local_error = NULL;
  GBytes *bytes = convoke_pipe_pull (self, max, 0, &local_error);

  if (local_error == NULL)
    return bytes;

  as_pending (local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * convoke_pipe_push_items:
 * @self: the writing end
 * @items: an array of items of the pipe's type; an empty one says the end
 * @timeout: microseconds to wait for room; 0 does not wait, -1 waits for ever
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Pushes items, all or none. If @items is floating it is consumed.
 *
 * Fails as [method@Convoke.Pipe.push] does, and with
 * %CONVOKE_ERROR_INVALID_ARGUMENT when the items are of another type.
 *
 * Returns: %TRUE if the items are in the pipe
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_push_items (ConvokePipe  *self,
                         GVariant     *items,
                         gint64        timeout,
                         GError      **error)
{
  g_autoptr (GVariant) owned = NULL;

  g_return_val_if_fail (CONVOKE_IS_PIPE (self), FALSE);
  g_return_val_if_fail (items != NULL, FALSE);

  owned = g_variant_ref_sink (items);
  if (CONVOKE_PIPE_GET_IFACE (self)->push_items == NULL)
    return refuse (self, "push_items", error);

  return CONVOKE_PIPE_GET_IFACE (self)->push_items (self, owned, timeout, error);
}

/**
 * convoke_pipe_try_push_items:
 * @self: the writing end
 * @items: an array of items of the pipe's type; an empty one says the end
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Pushes items if there is room for them now; see
 * [method@Convoke.Pipe.try_push].
 *
 * Returns: %TRUE if the items are in the pipe
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_try_push_items (ConvokePipe  *self,
                             GVariant     *items,
                             GError      **error)
{
  g_autoptr (GError) local_error = NULL;

  if (convoke_pipe_push_items (self, items, 0, &local_error))
    return TRUE;

  as_pending (local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * convoke_pipe_pull_items:
 * @self: the reading end
 * @max: items wanted at most, at least 1
 * @timeout: microseconds to wait for items; 0 does not wait, -1 waits for ever
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Pulls items: those of one push, or the first of them. An item is never
 * split.
 *
 * Fails as [method@Convoke.Pipe.pull] does.
 *
 * Returns: (transfer full): an array of items; empty at the end of the pipe
 *
 * Since: 0.1
 */
GVariant *
convoke_pipe_pull_items (ConvokePipe  *self,
                         guint         max,
                         gint64        timeout,
                         GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_PIPE (self), NULL);

  if (CONVOKE_PIPE_GET_IFACE (self)->pull_items == NULL)
    {
      refuse (self, "pull_items", error);
      return NULL;
    }

  return CONVOKE_PIPE_GET_IFACE (self)->pull_items (self, max, timeout, error);
}

/**
 * convoke_pipe_try_pull_items:
 * @self: the reading end
 * @max: items wanted at most, at least 1
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Pulls items if there are any now; see [method@Convoke.Pipe.try_pull].
 *
 * Returns: (transfer full): an array of items; empty at the end of the pipe
 *
 * Since: 0.1
 */
GVariant *
convoke_pipe_try_pull_items (ConvokePipe  *self,
                             guint         max,
                             GError      **error)
{
  g_autoptr (GError) local_error = NULL;
  GVariant *items = convoke_pipe_pull_items (self, max, 0, &local_error);

  if (local_error == NULL)
    return items;

  as_pending (local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * convoke_pipe_end:
 * @self: the writing end
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Says the end of the pipe, behind all that was pushed (RA-33). It does not
 * wait, also where pushes that were begun do.
 *
 * Any thread may call this. Fails as [method@Convoke.Pipe.push] does, with
 * %CONVOKE_ERROR_PIPE_CLOSED the second time.
 *
 * Returns: %TRUE if the end is in the pipe
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_end (ConvokePipe  *self,
                  GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_PIPE (self), FALSE);

  if (CONVOKE_PIPE_GET_IFACE (self)->end == NULL)
    return refuse (self, "end", error);

  return CONVOKE_PIPE_GET_IFACE (self)->end (self, error);
}

/**
 * convoke_pipe_abort:
 * @self: either end
 * @reason: why
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gives the pipe up in the middle. What is in it is thrown away, and the other
 * end fails with @reason (RA-38); this end fails with
 * %CONVOKE_ERROR_PIPE_CLOSED.
 *
 * Any thread may call this. Fails when the pipe has failed already, with that
 * error, and with %CONVOKE_ERROR_PIPE_CLOSED when its end was pulled.
 *
 * Returns: %TRUE if this was the end of the pipe
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_abort (ConvokePipe   *self,
                    const GError  *reason,
                    GError       **error)
{
  g_return_val_if_fail (CONVOKE_IS_PIPE (self), FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);

  if (CONVOKE_PIPE_GET_IFACE (self)->abort == NULL)
    return refuse (self, "abort", error);

  return CONVOKE_PIPE_GET_IFACE (self)->abort (self, reason, error);
}

/**
 * convoke_pipe_close:
 * @self: either end
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Says that this end will not be used any more, as dropping its last reference
 * does. The other end then fails with %CONVOKE_ERROR_PIPE_CLOSED: a writer at
 * once, a reader when it has pulled what was pushed and finds no end.
 *
 * A pipe whose end was said is not changed by closing the writer, nor one
 * whose end was pulled. Closing again changes nothing. Any thread may call
 * this.
 *
 * Returns: %TRUE, unless the end is in another process that cannot be reached
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_close (ConvokePipe  *self,
                    GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_PIPE (self), FALSE);

  if (CONVOKE_PIPE_GET_IFACE (self)->close == NULL)
    return refuse (self, "close", error);

  return CONVOKE_PIPE_GET_IFACE (self)->close (self, error);
}

/**
 * convoke_pipe_check:
 * @self: either end
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Asks what became of the pipe. Nothing is changed.
 *
 * A writer learns from it whether all that it pushed has been pulled, to the
 * end. Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_CALL_PENDING while the pipe is open, and with the
 * error that this end fails with when the pipe has failed.
 *
 * Returns: %TRUE if the end of the pipe was pulled
 *
 * Since: 0.1
 */
gboolean
convoke_pipe_check (ConvokePipe  *self,
                    GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_PIPE (self), FALSE);

  if (CONVOKE_PIPE_GET_IFACE (self)->check == NULL)
    return refuse (self, "check", error);

  return CONVOKE_PIPE_GET_IFACE (self)->check (self, error);
}

/**
 * convoke_pipe_dup_item_type:
 * @self: either end
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the type of the items. Any thread may call this. Fails where the end is
 * in another process that cannot be reached.
 *
 * Returns: (transfer full) (nullable): the type of an item as a string; %NULL
 *   with @error unset for a pipe of bytes
 *
 * Since: 0.1
 */
char *
convoke_pipe_dup_item_type (ConvokePipe  *self,
                            GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_PIPE (self), NULL);

  if (CONVOKE_PIPE_GET_IFACE (self)->dup_item_type == NULL)
    {
      refuse (self, "dup_item_type", error);
      return NULL;
    }

  return CONVOKE_PIPE_GET_IFACE (self)->dup_item_type (self, error);
}

/**
 * convoke_pipe_dup_event:
 * @self: either end
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets the event of this end. It is signalled while the end would not have to
 * wait: for a reader while there is something to pull or the pipe is over, for
 * a writer while there is any room or the pipe is over. It belongs to the pipe;
 * do not signal or reset it.
 *
 * It can be waited for, also together with calls and other events, and has a
 * descriptor and a source for a main loop.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_NOT_SUPPORTED where the
 * pipe is in another process, or is not the library's own: begin a call of
 * pull or push there, which can be waited for in all ways.
 *
 * Returns: (transfer full): the event, which is the same each time
 *
 * Since: 0.1
 */
ConvokeEvent *
convoke_pipe_dup_event (ConvokePipe  *self,
                        GError      **error)
{
  ConvokePipeSide side;
  ConvokePipeCore *core;

  g_return_val_if_fail (CONVOKE_IS_PIPE (self), NULL);

  core = convoke_pipe_end_get_core (self, &side);
  if (core != NULL)
    return convoke_pipe_core_dup_event (core, side);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The pipe that the %s stands for is elsewhere: begin a call of pull or push, and wait for that",
               G_OBJECT_TYPE_NAME (self));
  return NULL;
}
