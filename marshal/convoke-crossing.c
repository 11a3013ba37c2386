/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-crossing.h"
#include "convoke-wire-private.h"

/**
 * convoke_method_info_can_cross:
 * @self: a method
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Whether calls of the method can leave the process.
 *
 * What can travel: numbers, booleans, enumerations, flags, strings, file
 * names, bytes, [struct@GLib.Variant]s, `GError`s, [struct@GObject.Value]s
 * that hold one of these, structures of numbers, arrays, lists and hash tables
 * of these; and objects, which stay where they are and are referred to, as
 * long as the method asks for an interface or for [class@GObject.Object].
 * What cannot: callbacks, pointers without a type, opaque boxed values and
 * objects of a class.
 *
 * A [class@Gio.Cancellable] does not travel and is no hindrance: cancelling it
 * cancels the call. Nor is the callback of an `_async` method whose `_finish`
 * can cross.
 *
 * Any thread may call this. It looks at the description only, and only once
 * per method.
 *
 * Fails with %CONVOKE_ERROR_NOT_SUPPORTED naming the method, the argument and
 * the reason.
 *
 * Returns: %TRUE if they can
 *
 * Since: 0.1
 */
gboolean
convoke_method_info_can_cross (const ConvokeMethodInfo  *self,
                               GError                  **error)
{
  const ConvokePlan *plan;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!convoke_method_info_check (self, error))
    return FALSE;

  plan = convoke_plan_get ((ConvokeCallableInfo *) &self->callable, error);
  return plan != NULL && convoke_wire_can_cross (plan, error);
}

static void
add_if_confined (const ConvokeMethodInfo *method,
                 GPtrArray               *names,
                 GPtrArray               *reasons)
{
  g_autoptr (GError) error = NULL;

  /* Nobody calls the default handler of a signal. */
  if (method->signal_slot || convoke_method_info_can_cross (method, &error))
    return;

  g_ptr_array_add (names, g_strdup (method->callable.name));
  g_ptr_array_add (reasons, g_strdup (error->message));
}

/**
 * convoke_interface_info_dup_confined_methods:
 * @self: an interface
 * @reasons: (out) (optional) (array zero-terminated=1) (transfer full): why, for each of them
 *
 * The methods that cannot be called in another process.
 *
 * A proxy of an object of another process has them all the same; calling one
 * fails with %CONVOKE_ERROR_NOT_SUPPORTED and the same reason. See
 * [method@Convoke.MethodInfo.can_cross] for what can.
 *
 * Any thread may call this.
 *
 * Returns: (array zero-terminated=1) (transfer full): their names, in the
 *   order of the interface
 *
 * Since: 0.1
 */
char **
convoke_interface_info_dup_confined_methods (const ConvokeInterfaceInfo   *self,
                                             char                       ***reasons)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) texts = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  names = g_ptr_array_new_with_free_func (g_free);
  texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->n_methods; i++)
    add_if_confined (&self->methods[i], names, texts);

  g_ptr_array_add (names, NULL);
  g_ptr_array_add (texts, NULL);
  if (reasons != NULL)
    *reasons = (char **) g_ptr_array_steal (texts, NULL);

  return (char **) g_ptr_array_steal (names, NULL);
}
