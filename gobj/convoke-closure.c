/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One closure per (callable, function), made when it is first needed. The
 * callable and the run-time classes that use the closure are never freed, so
 * neither is the closure: nothing is generated per object.
 */

#include "config.h"

#include "convoke-closure-private.h"
#include "convoke-error.h"

typedef struct
{
  const ConvokeCallableInfo *callable;
  ConvokeClosureFunc         func;
  const ConvokePlan         *plan;
  GCallback                  code;
} Closure;

static GMutex      closures_lock;
static GHashTable *closures;      /* LOCK: closures_lock; (owned) Closure, a set */

static guint
closure_hash (gconstpointer key)
{
  const Closure *self = key;

  return g_direct_hash (self->callable) ^ g_direct_hash ((gpointer) self->func);
}

static gboolean
closure_equal (gconstpointer a,
               gconstpointer b)
{
  const Closure *one = a;
  const Closure *other = b;

  return one->callable == other->callable && one->func == other->func;
}

static void
run_closure (ffi_cif  *cif,
             void     *ret,
             void    **args,
             void     *data)
{
  const Closure *self = data;

  self->func (self->callable, self->plan, args, ret);
}

static gboolean
make_code (Closure  *self,
           GError  **error)
{
  gpointer code = NULL;
  ffi_closure *closure = ffi_closure_alloc (sizeof (ffi_closure), &code);

  if (closure == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "Cannot make a function for %s at run time: "
                   "this system denies executable memory to the program (libffi closures)",
                   self->callable->name);
      return FALSE;
    }

  if (ffi_prep_closure_loc (closure, convoke_plan_get_cif (self->plan), run_closure, self, code) != FFI_OK)
    {
      ffi_closure_free (closure);
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "Cannot make a function for %s at run time: libffi refuses its signature",
                   self->callable->name);
      return FALSE;
    }

  self->code = (GCallback) code;
  return TRUE;
}

static GCallback
get_code_locked (const Closure  *wanted,
                 GError        **error)
{
  Closure *self;

  if (closures == NULL)
    closures = g_hash_table_new (closure_hash, closure_equal);

  self = g_hash_table_lookup (closures, wanted);
  if (self != NULL)
    return self->code;

  self = g_memdup2 (wanted, sizeof *wanted);
  if (!make_code (self, error))
    {
      g_free (self);
      return NULL;
    }

  g_hash_table_add (closures, self);
  return self->code;
}

GCallback
convoke_closure_get (const ConvokeCallableInfo  *callable,
                     ConvokeClosureFunc          func,
                     GError                    **error)
{
  Closure wanted = { callable, func, NULL, NULL };
  GCallback code;

  wanted.plan = convoke_plan_get ((ConvokeCallableInfo *) callable, error);
  if (wanted.plan == NULL)
    return NULL;

  g_mutex_lock (&closures_lock);
  code = get_code_locked (&wanted, error);
  g_mutex_unlock (&closures_lock);

  return code;
}
