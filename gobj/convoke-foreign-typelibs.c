/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Python uses the repository under its interpreter's lock, on any thread. Other
 * languages (JavaScript, Lua) use it on the main thread.
 */

#include "config.h"

#include <unistd.h>

#include "convoke-foreign-typelibs-private.h"
#include "convoke-mapped-symbol-private.h"

#define NOTHING_TO_LEAVE (-1)

static gboolean
has_python (void)
{
  int (*is_initialized) (void) = convoke_find_mapped_symbol ("Py_IsInitialized");

  return is_initialized != NULL && is_initialized ();
}

gboolean
convoke_foreign_typelibs_enter (int *state)
{
  int (*ensure) (void) = has_python () ? convoke_find_mapped_symbol ("PyGILState_Ensure") : NULL;

  *state = ensure != NULL ? ensure () : NOTHING_TO_LEAVE;
  return ensure != NULL || gettid () == getpid ();
}

void
convoke_foreign_typelibs_leave (int state)
{
  void (*release) (int) = state != NOTHING_TO_LEAVE ? convoke_find_mapped_symbol ("PyGILState_Release") : NULL;

  if (release != NULL)
    release (state);
}
