/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Properties of an object, read and written where it lives. How they get to
 * another process is in convoke-remote-property.c.
 */

#include "config.h"

#include "convoke-disconnection-private.h"
#include "convoke-engine-private.h"
#include "convoke-fork-private.h"
#include "convoke-object-table-private.h"
#include "convoke-proxy-private.h"
#include "convoke-remote-property-private.h"

typedef struct
{
  GObject          *target;
  const char       *name;
  GValue           *value;
  gboolean          write;
  ConvokeApartment *apartment;
  ConvokeApartment *home;       /* (nullable) the caller's, where it is another */
  guint             since;
  GError           *error;      /* (owned) (nullable): it was disconnected meanwhile */
} PropertyAccess;

static void
access_property (gpointer data)
{
  PropertyAccess *self = data;

  if (!convoke_disconnection_check (self->target, self->since, &self->error))
    return;

  if (self->write)
    {
      g_object_set_property (self->target, self->name, self->value);
      return;
    }

  g_object_get_property (self->target, self->name, self->value);
  if (self->home != NULL)
    convoke_proxy_map_value (self->value, self->apartment, self->home);
}

static gboolean
invoke (PropertyAccess  *self,
        GError         **error)
{
  if (!convoke_engine_invoke (self->apartment, access_property, self, error))
    return FALSE;
  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, self->error);
  return FALSE;
}

gboolean
convoke_proxy_read_property (GObject           *target,
                             ConvokeApartment  *apartment,
                             GParamSpec        *pspec,
                             GValue            *value,
                             GError           **error)
{
  PropertyAccess access = { target, pspec->name, value, FALSE, apartment, NULL, convoke_disconnection_now () };
  g_autoptr (ConvokeApartment) home = NULL;

  if (convoke_check_forked (error))
    return FALSE;

  if (CONVOKE_IS_IMPORT (target))
    return convoke_remote_property_read (CONVOKE_IMPORT (target), pspec, value, error);

  if (convoke_apartment_is_current (apartment))
    {
      access_property (&access);
      return TRUE;
    }

  home = convoke_proxy_dup_home ();
  access.home = home;
  return invoke (&access, error);
}

gboolean
convoke_proxy_write_property (GObject           *target,
                              ConvokeApartment  *apartment,
                              GParamSpec        *pspec,
                              const GValue      *value,
                              GError           **error)
{
  GValue copy = G_VALUE_INIT;
  PropertyAccess access = { target, pspec->name, &copy, TRUE, apartment, NULL, convoke_disconnection_now () };
  gboolean ok = TRUE;

  if (convoke_check_forked (error))
    return FALSE;

  if (CONVOKE_IS_IMPORT (target))
    return convoke_remote_property_write (CONVOKE_IMPORT (target), pspec, value, error);

  g_value_init (&copy, G_VALUE_TYPE (value));
  g_value_copy (value, &copy);

  if (convoke_apartment_is_current (apartment))
    access_property (&access);
  else
    {
      g_autoptr (ConvokeApartment) home = convoke_proxy_dup_home ();

      convoke_proxy_map_value (&copy, home, apartment);
      ok = invoke (&access, error);
    }

  g_value_unset (&copy);
  return ok;
}

void
convoke_proxy_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ConvokeProxy *self = (ConvokeProxy *) object;
  GError *error = NULL;
  gboolean ok = FALSE;

  if (self->target == NULL)
    return;

  convoke_last_error_reset (&convoke_proxy_get_identity (self)->last_error);
  if (convoke_proxy_enter (self, &error))
    {
      ok = convoke_proxy_read_property (self->target, self->apartment, pspec, value, &error);
      convoke_proxy_leave (self);
    }
  if (!ok)
    convoke_proxy_tell_failure (self, pspec->name, FALSE, error);
}

void
convoke_proxy_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ConvokeProxy *self = (ConvokeProxy *) object;
  GError *error = NULL;
  gboolean ok = FALSE;

  /* What construction sets is not the object's: it has been constructed already. */
  if (self->target == NULL)
    return;

  convoke_last_error_reset (&convoke_proxy_get_identity (self)->last_error);
  if (convoke_proxy_enter (self, &error))
    {
      ok = convoke_proxy_write_property (self->target, self->apartment, pspec, value, &error);
      convoke_proxy_leave (self);
    }
  if (!ok)
    convoke_proxy_tell_failure (self, pspec->name, FALSE, error);
}
