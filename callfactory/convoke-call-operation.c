/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Calls of the program's own work. There is no method and no interface, but a
 * record like any other, whose plan is that of a method which takes nothing and
 * returns a value. So whatever can be done with a call can be done with an
 * operation.
 */

#include "config.h"

#include "convoke-call-operation.h"

#include "convoke-call-private.h"
#include "convoke-error.h"
#include "convoke-interface-info-private.h"

#define INTERFACE_NAME "Convoke-1.Operation"

static GMutex lock;
static GHashTable *infos; /* LOCK: lock; name -> Operation, which stay, as all descriptions do */

/* An interface of one method. */
typedef struct
{
  ConvokeInterfaceInfo info;
  ConvokeMethodInfo    method;
} Operation;

static Operation *
operation_new (const char *name)
{
  Operation *self = g_new0 (Operation, 1);
  ConvokeMethodInfo *method = &self->method;

  self->info.gtype = G_TYPE_NONE;
  self->info.name = g_strdup (INTERFACE_NAME);
  self->info.methods = method;
  self->info.n_methods = 1;
  self->info.by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (self->info.by_name, (gpointer) name, method);

  method->owner = &self->info;
  method->slot_name = g_strdup (name);
  method->refusal = g_strdup ("it is an operation, which convoke_call_begin_operation() begins");
  method->callable.name = g_strdup (name);
  method->callable.is_method = TRUE;
  method->callable.throws = TRUE;
  method->callable.ret = (ConvokeArgInfo) {
    .direction = CONVOKE_DIRECTION_OUT, .transfer = CONVOKE_TRANSFER_FULL, .nullable = TRUE,
    .closure = -1, .destroy = -1, .length_of = -1, .closure_of = -1,
    .type = {
      .kind = CONVOKE_TYPE_KIND_VALUE, .is_pointer = TRUE, .length_arg = -1, .fixed_size = -1,
      .name = g_strdup ("GObject.Value"), .type_name = g_strdup ("GValue"), .size = sizeof (GValue),
    },
  };

  return self;
}

static const ConvokeInterfaceInfo *
get_info (const char *name)
{
  Operation *operation;

  g_mutex_lock (&lock);
  if (infos == NULL)
    infos = g_hash_table_new (g_str_hash, g_str_equal);
  operation = g_hash_table_lookup (infos, name);
  if (operation == NULL)
    {
      const char *kept = g_intern_string (name);

      operation = operation_new (kept);
      g_hash_table_insert (infos, (gpointer) kept, operation);
    }
  g_mutex_unlock (&lock);

  return &operation->info;
}

gboolean
convoke_call_is_operation (const ConvokeInterfaceInfo *info)
{
  return info != NULL && info->gtype == G_TYPE_NONE;
}

/**
 * convoke_call_new_operation: (constructor)
 * @source: (nullable): whose work it is; kept as long as the call object
 * @name: what is done, for messages, details and finish
 *
 * Makes a call object for work of the program's own, for which there is no
 * method: whoever begins it ends it too, from any thread.
 *
 * Everything else is as with every call: one in progress at a time, waiting,
 * cancel, deadline, progress, and all that can be told of its end. Names are
 * never forgotten, so there should be few of them.
 *
 * Returns: (transfer full): a new call object
 *
 * Since: 0.1
 */
ConvokeCall *
convoke_call_new_operation (GObject    *source,
                            const char *name)
{
  g_return_val_if_fail (source == NULL || G_IS_OBJECT (source), NULL);
  g_return_val_if_fail (name != NULL && *name != '\0', NULL);

  return convoke_call_new_own (source, get_info (name));
}

/**
 * convoke_call_begin_operation:
 * @self: a call object that [ctor@Convoke.Call.new_operation] made
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Begins the operation.
 *
 * The work's side ends it with [method@Convoke.ServerCall.complete_operation] or
 * [method@Convoke.ServerCall.abort]; it learns of a cancel, and reports progress,
 * as every server does. When it is dropped without either, the call ends with
 * %CONVOKE_ERROR_SERVER_FAULT. The call may have ended when this returns: by its
 * deadline, or a cancel that came early.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_CALL_PENDING while the
 * operation is in progress or was not finished, and with
 * %CONVOKE_ERROR_INVALID_ARGUMENT for a call object of another kind.
 *
 * Returns: (transfer full) (nullable): the work's side, or %NULL when it was not begun
 *
 * Since: 0.1
 */
ConvokeServerCall *
convoke_call_begin_operation (ConvokeCall  *self,
                              GError      **error)
{
  g_return_val_if_fail (CONVOKE_IS_CALL (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (convoke_call_get_operation (self) != NULL)
    return convoke_call_begin_own (self, error);

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                       "The call object calls methods: it is for no operation");
  return NULL;
}

static void
move_value (GValue *from,
            GValue *result)
{
  if (result != NULL && from != NULL && G_IS_VALUE (from))
    {
      *result = *from;
      *from = (GValue) G_VALUE_INIT;
    }
  else if (result != NULL)
    g_value_init (result, G_TYPE_POINTER);

  if (from != NULL)
    g_boxed_free (G_TYPE_VALUE, from);
}

/**
 * convoke_call_finish_operation:
 * @self: a call object whose operation has ended
 * @result: (out caller-allocates) (optional): the result; a pointer that is
 *   %NULL when there is none, and left unset on failure
 * @error: return location for an error, or %NULL
 *
 * Takes the result of an operation, and makes the call object idle; as
 * `convoke_call_finish()` otherwise.
 *
 * Returns: %TRUE when it ended well
 *
 * Since: 0.1
 */
gboolean
convoke_call_finish_operation (ConvokeCall  *self,
                               GValue       *result,
                               GError      **error)
{
  const char *name;
  GValue *value = NULL;

  g_return_val_if_fail (CONVOKE_IS_CALL (self), FALSE);

  if (result != NULL)
    *result = (GValue) G_VALUE_INIT;

  name = convoke_call_get_operation (self);
  if (name == NULL)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE,
                           "The call object calls methods: it is for no operation");
      return FALSE;
    }
  if (!convoke_call_finish (self, name, error, &value))
    return FALSE;

  move_value (value, result);

  return TRUE;
}

/**
 * convoke_server_call_complete_operation:
 * @self: the work's side of an operation
 * @result: (nullable): the result, which is copied
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Ends an operation with its result.
 *
 * Any thread may call this. An object in @result is handed over as it is,
 * whichever thread takes it. Fails as [method@Convoke.ServerCall.complete] does.
 *
 * Returns: %TRUE when this was its end
 *
 * Since: 0.1
 */
gboolean
convoke_server_call_complete_operation (ConvokeServerCall  *self,
                                        const GValue       *result,
                                        GError            **error)
{
  const ConvokeMethodInfo *method;

  g_return_val_if_fail (CONVOKE_IS_SERVER_CALL (self), FALSE);
  g_return_val_if_fail (result == NULL || G_IS_VALUE (result), FALSE);

  method = convoke_record_get_method (convoke_server_call_get_record (self));
  if (convoke_call_is_operation (method->owner))
    return convoke_server_call_complete (self, error, result);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "%s is a method: complete its call with what it returns", method->callable.name);
  return FALSE;
}
