/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-disconnection-private.h"
#include "convoke-error.h"
#include "convoke-record-private.h"

gint convoke_disconnections = 1;

static GMutex mark_lock;

static GQuark
mark_quark (void)
{
  return g_quark_from_static_string ("convoke-disconnected");
}

guint
convoke_disconnection_mark (GObject *target)
{
  guint mark;

  g_mutex_lock (&mark_lock);
  mark = convoke_disconnection_now () + 1;
  g_object_set_qdata (target, mark_quark (), GUINT_TO_POINTER (mark));
  g_atomic_int_set (&convoke_disconnections, (gint) mark);
  g_mutex_unlock (&mark_lock);

  return mark;
}

GError *
convoke_disconnection_make_error (GObject *target)
{
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED,
                      "The %s was disconnected from its clients by its own program", G_OBJECT_TYPE_NAME (target));
}

gboolean
convoke_disconnection_check (GObject  *target,
                             guint     since,
                             GError  **error)
{
  guint mark;

  if (since == 0 || since == convoke_disconnection_now ())
    return TRUE;

  mark = GPOINTER_TO_UINT (g_object_get_qdata (target, mark_quark ()));
  if (mark <= since)
    return TRUE;

  g_propagate_error (error, convoke_disconnection_make_error (target));
  return FALSE;
}

/* --- calls --- */

typedef struct
{
  GObject *target;
  guint    mark;
} Disconnected;

static gboolean
is_for (ConvokeTask *task,
        gpointer     data)
{
  ConvokeRecord *record = convoke_record_from_task (task);
  const Disconnected *what = data;

  return record != NULL && record->target == what->target && record->frame.tag != 0 && record->frame.tag < what->mark;
}

void
convoke_disconnection_end_calls (GObject          *target,
                                 ConvokeApartment *apartment,
                                 guint             mark,
                                 const GError     *why)
{
  Disconnected what = { target, mark };
  ConvokeTask *next;

  for (ConvokeTask *task = convoke_apartment_take_tasks (apartment, is_for, &what); task != NULL; task = next)
    {
      next = task->next;
      task->funcs->drop (task, g_error_copy (why));
    }

  convoke_server_call_abort_all (target, mark, why);
}
