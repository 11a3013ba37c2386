/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-handle-private.h"

/**
 * ConvokeHandleResult:
 *
 * How a pending operation of a [class@Handle] ended: with results or with an
 * error (WI-17).
 *
 * It is an object, so that scripts can keep what their callback was given. It
 * never changes; any thread may use it.
 *
 * Since: 0.1
 */
struct _ConvokeHandleResult
{
  GObject  parent_instance;

  GValue  *values;   /* (nullable) (owned) constant, as all */
  guint    n_values;
  GError  *error;    /* (nullable) (owned) */
};

G_DEFINE_FINAL_TYPE (ConvokeHandleResult, convoke_handle_result, G_TYPE_OBJECT)

static void
convoke_handle_result_finalize (GObject *object)
{
  ConvokeHandleResult *self = CONVOKE_HANDLE_RESULT (object);

  for (guint i = 0; i < self->n_values; i++)
    g_value_unset (&self->values[i]);
  g_free (self->values);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (convoke_handle_result_parent_class)->finalize (object);
}

static void
convoke_handle_result_class_init (ConvokeHandleResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_handle_result_finalize;
}

static void
convoke_handle_result_init (ConvokeHandleResult *self)
{
}

ConvokeHandleResult *
convoke_handle_result_new (GValue *values,
                           guint   n_values,
                           GError *error)
{
  ConvokeHandleResult *self = g_object_new (CONVOKE_TYPE_HANDLE_RESULT, NULL);

  self->values = values;
  self->n_values = n_values;
  self->error = error;

  return self;
}

/**
 * convoke_handle_result_check:
 * @self: a result
 * @error: return location for an error, or %NULL
 *
 * Tells how the operation ended. Any thread may call this.
 *
 * Fails with the error of the operation, domain, code and message unchanged:
 * %CONVOKE_ERROR_CANCELLED when its handle was closed, %CONVOKE_ERROR_TIMEOUT
 * when its time was over.
 *
 * Returns: %TRUE when it ended well
 *
 * Since: 0.1
 */
gboolean
convoke_handle_result_check (ConvokeHandleResult  *self,
                             GError              **error)
{
  g_return_val_if_fail (CONVOKE_IS_HANDLE_RESULT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}

/**
 * convoke_handle_result_get_value:
 * @self: a result
 *
 * Gets what the operation gave; of a method its first result. Any thread may
 * call this.
 *
 * Returns: (nullable) (transfer none): the value, which belongs to @self; %NULL when it gave none, or failed
 *
 * Since: 0.1
 */
const GValue *
convoke_handle_result_get_value (ConvokeHandleResult *self)
{
  g_return_val_if_fail (CONVOKE_IS_HANDLE_RESULT (self), NULL);

  return self->n_values > 0 ? &self->values[0] : NULL;
}

/**
 * convoke_handle_result_get_values:
 * @self: a result
 * @n_values: (out): the number of values
 *
 * Gets all that the operation gave: of a method the return value, if it has
 * one, then the arguments that come out. Any thread may call this.
 *
 * Returns: (nullable) (transfer none) (array length=n_values): the values, which belong to @self
 *
 * Since: 0.1
 */
const GValue *
convoke_handle_result_get_values (ConvokeHandleResult *self,
                                  guint               *n_values)
{
  g_return_val_if_fail (CONVOKE_IS_HANDLE_RESULT (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  *n_values = self->n_values;

  return self->values;
}
