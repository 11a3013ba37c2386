/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The two ends of the library's own pipes, as objects of any thread. An end
 * knows its side, so that it can tell who is on the wrong one, and closes the
 * pipe when it goes: dropped by its owner here, or by a process that died.
 */

#include "config.h"

#include "convoke-apartment.h"
#include "convoke-error.h"
#include "convoke-pipe-private.h"

#define CONVOKE_TYPE_PIPE_END (convoke_pipe_end_get_type ())
G_DECLARE_FINAL_TYPE (ConvokePipeEnd, convoke_pipe_end, CONVOKE, PIPE_END, GObject)

struct _ConvokePipeEnd
{
  GObject          parent_instance;

  ConvokePipeCore *core;   /* owned; constant */
  ConvokePipeSide  side;   /* constant */
};

static void convoke_pipe_end_pipe_init (ConvokePipeInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokePipeEnd, convoke_pipe_end, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_PIPE, convoke_pipe_end_pipe_init))

static gboolean
check_side (ConvokePipeEnd   *self,
            ConvokePipeSide   side,
            GError          **error)
{
  if (self->side == side)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE,
                       side == CONVOKE_PIPE_WRITER ? "This is the pipe's reading end: the other one pushes"
                                                   : "This is the pipe's writing end: the other one pulls");
  return FALSE;
}

static gboolean
check_contents (ConvokePipeEnd  *self,
                gboolean         items,
                GError         **error)
{
  const GVariantType *type = convoke_pipe_core_get_type (self->core);
  g_autofree char *name = NULL;

  if (items == (type != NULL))
    return TRUE;

  name = type != NULL ? g_variant_type_dup_string (type) : NULL;
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               items ? "The pipe is for bytes, not for items" : "The pipe is for items of type '%s', not for bytes", name);
  return FALSE;
}

static gboolean
check_item_type (ConvokePipeEnd  *self,
                 GVariant        *items,
                 GError         **error)
{
  const GVariantType *type = convoke_pipe_core_get_type (self->core);

  if (items != NULL && g_variant_is_of_type (items, G_VARIANT_TYPE_ARRAY) &&
      g_variant_type_equal (g_variant_type_element (g_variant_get_type (items)), type))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "Items of type '%s' do not go into a pipe for '%.*s'",
               items != NULL ? g_variant_get_type_string (items) : "nothing",
               (int) g_variant_type_get_string_length (type), g_variant_type_peek_string (type));
  return FALSE;
}

/* --- the interface --- */

static gboolean
push_bytes (ConvokePipeEnd  *self,
            GBytes          *bytes,
            gint64           timeout,
            GError         **error)
{
  gsize size = g_bytes_get_size (bytes);

  if (size == 0)
    return convoke_pipe_core_end (self->core, error);

  return convoke_pipe_core_push (self->core, G_OBJECT (self), bytes, size, timeout, error);
}

gboolean
convoke_pipe_end_push_bytes (ConvokePipe  *end,
                             GBytes       *bytes,
                             gint64        timeout,
                             GError      **error)
{
  ConvokePipeEnd *self = CONVOKE_PIPE_END (end);

  return check_side (self, CONVOKE_PIPE_WRITER, error) && check_contents (self, FALSE, error) &&
         push_bytes (self, bytes, timeout, error);
}

static gboolean
convoke_pipe_end_push (ConvokePipe   *pipe,
                       const guint8  *data,
                       gsize          size,
                       gint64         timeout,
                       GError       **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (data == NULL && size > 0)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "A push of bytes that are not there");
      return FALSE;
    }

  bytes = g_bytes_new (data, size);
  return convoke_pipe_end_push_bytes (pipe, bytes, timeout, error);
}

static GBytes *
convoke_pipe_end_pull (ConvokePipe  *pipe,
                       gsize         max,
                       gint64        timeout,
                       GError      **error)
{
  ConvokePipeEnd *self = CONVOKE_PIPE_END (pipe);

  if (!check_side (self, CONVOKE_PIPE_READER, error) || !check_contents (self, FALSE, error))
    return NULL;

  return convoke_pipe_core_pull (self->core, G_OBJECT (self), max, timeout, error);
}

static gboolean
convoke_pipe_end_push_items (ConvokePipe  *pipe,
                             GVariant     *items,
                             gint64        timeout,
                             GError      **error)
{
  ConvokePipeEnd *self = CONVOKE_PIPE_END (pipe);
  gsize n;

  if (!check_side (self, CONVOKE_PIPE_WRITER, error) || !check_contents (self, TRUE, error) ||
      !check_item_type (self, items, error))
    return FALSE;

  n = g_variant_n_children (items);
  if (n == 0)
    return convoke_pipe_core_end (self->core, error);

  return convoke_pipe_core_push (self->core, G_OBJECT (self), items, n, timeout, error);
}

static GVariant *
convoke_pipe_end_pull_items (ConvokePipe  *pipe,
                             guint         max,
                             gint64        timeout,
                             GError      **error)
{
  ConvokePipeEnd *self = CONVOKE_PIPE_END (pipe);

  if (!check_side (self, CONVOKE_PIPE_READER, error) || !check_contents (self, TRUE, error))
    return NULL;

  return convoke_pipe_core_pull (self->core, G_OBJECT (self), max, timeout, error);
}

static gboolean
convoke_pipe_end_end (ConvokePipe  *pipe,
                      GError      **error)
{
  ConvokePipeEnd *self = CONVOKE_PIPE_END (pipe);

  return check_side (self, CONVOKE_PIPE_WRITER, error) && convoke_pipe_core_end (self->core, error);
}

static gboolean
convoke_pipe_end_abort (ConvokePipe   *pipe,
                        const GError  *reason,
                        GError       **error)
{
  ConvokePipeEnd *self = CONVOKE_PIPE_END (pipe);

  if (reason != NULL)
    return convoke_pipe_core_abort (self->core, self->side, reason, error);

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "A pipe is aborted for a reason");
  return FALSE;
}

static gboolean
convoke_pipe_end_close (ConvokePipe  *pipe,
                        GError      **error)
{
  ConvokePipeEnd *self = CONVOKE_PIPE_END (pipe);

  convoke_pipe_core_close (self->core, self->side);
  return TRUE;
}

static gboolean
convoke_pipe_end_check (ConvokePipe  *pipe,
                        GError      **error)
{
  ConvokePipeEnd *self = CONVOKE_PIPE_END (pipe);

  return convoke_pipe_core_check (self->core, self->side, error);
}

static char *
convoke_pipe_end_dup_item_type (ConvokePipe  *pipe,
                                GError      **error)
{
  const GVariantType *type = convoke_pipe_core_get_type (CONVOKE_PIPE_END (pipe)->core);

  return type != NULL ? g_variant_type_dup_string (type) : NULL;
}

static void
convoke_pipe_end_pipe_init (ConvokePipeInterface *iface)
{
  iface->push = convoke_pipe_end_push;
  iface->pull = convoke_pipe_end_pull;
  iface->push_items = convoke_pipe_end_push_items;
  iface->pull_items = convoke_pipe_end_pull_items;
  iface->end = convoke_pipe_end_end;
  iface->abort = convoke_pipe_end_abort;
  iface->close = convoke_pipe_end_close;
  iface->check = convoke_pipe_end_check;
  iface->dup_item_type = convoke_pipe_end_dup_item_type;
}

/* --- life --- */

static void
convoke_pipe_end_finalize (GObject *object)
{
  ConvokePipeEnd *self = CONVOKE_PIPE_END (object);

  if (self->core != NULL)
    convoke_pipe_core_close (self->core, self->side);
  g_clear_pointer (&self->core, convoke_pipe_core_unref);

  G_OBJECT_CLASS (convoke_pipe_end_parent_class)->finalize (object);
}

static void
convoke_pipe_end_class_init (ConvokePipeEndClass *class)
{
  G_OBJECT_CLASS (class)->finalize = convoke_pipe_end_finalize;
  convoke_type_set_threading (G_TYPE_FROM_CLASS (class), CONVOKE_THREADING_ANY);
}

static void
convoke_pipe_end_init (ConvokePipeEnd *self)
{
}

static ConvokePipe *
end_new (ConvokePipeCore *core,
         ConvokePipeSide  side)
{
  ConvokePipeEnd *self = g_object_new (CONVOKE_TYPE_PIPE_END, NULL);

  self->core = convoke_pipe_core_ref (core);
  self->side = side;
  return CONVOKE_PIPE (self);
}

void
convoke_pipe_ends_new (ConvokePipeCore  *core,
                       ConvokePipe     **writer,
                       ConvokePipe     **reader)
{
  *writer = end_new (core, CONVOKE_PIPE_WRITER);
  *reader = end_new (core, CONVOKE_PIPE_READER);
  convoke_pipe_core_unref (core);
}

ConvokePipeCore *
convoke_pipe_end_get_core (gpointer         object,
                           ConvokePipeSide *side)
{
  if (!G_TYPE_CHECK_INSTANCE_TYPE (object, CONVOKE_TYPE_PIPE_END))
    return NULL;

  *side = CONVOKE_PIPE_END (object)->side;
  return CONVOKE_PIPE_END (object)->core;
}
