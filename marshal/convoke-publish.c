/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What this process publishes. How a name is had is in convoke-claim.c, who
 * comes in through its socket in convoke-listener.c, the other side in
 * convoke-attach.c.
 */

#include "config.h"

#include "convoke-publish-private.h"

#include "convoke-apartment-private.h"
#include "convoke-claim-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-give-private.h"
#include "convoke-listener-private.h"
#include "convoke-parcel-private.h"
#include "convoke-proxy.h"
#include "convoke-token-private.h"
#include "convoke-unknown.h"

typedef struct
{
  guint64           cookie;
  char             *name;
  GObject          *object;     /* (owned) */
  ConvokeApartment *apartment;  /* (owned) where it lives */
  ConvokeClaim     *claim;      /* (owned) */
  ConvokeListener  *listener;   /* (owned) (nullable): NULL until it is known here */
} Publication;

static GMutex  lock;
static GList  *publications;  /* LOCK: lock; (element-type Publication) */
static guint64 last_cookie;   /* LOCK: lock */

/* --- publications --- */

/* What is let go of may run the object's code. */
static void
publication_free (Publication *self)
{
  if (self->listener != NULL)
    convoke_listener_close (self->listener);
  if (self->claim != NULL)
    {
      convoke_claim_give_back (self->claim);
      convoke_claim_unref (self->claim);
    }
  convoke_apartment_release (self->apartment, self->object);
  g_object_unref (self->apartment);
  g_free (self->name);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Publication, publication_free)

/* Where no interface of it can be called from outside, or it stands for nothing, that is said now and not to whoever attaches. It
 * belongs to a place from now on. */
static GObject *
get_ready (GObject  *object,
           GError  **error)
{
  g_autoptr (GObject) target = convoke_give_dup_target (object, error);
  g_autoptr (GObject) proxy = target != NULL ? convoke_create_proxy (object, error) : NULL;

  return proxy != NULL ? convoke_query_interface (object, G_TYPE_OBJECT, error) : NULL;
}

static Publication *
publication_new (const char  *name,
                 GObject     *object,
                 GError     **error)
{
  g_autoptr (Publication) self = NULL;
  GObject *identity = get_ready (object, error);

  if (identity == NULL)
    return NULL;

  self = g_new0 (Publication, 1);
  self->name = g_strdup (name);
  self->object = identity;
  self->apartment = convoke_apartment_dup_for_object (identity);
  self->claim = convoke_claim_new (name, error);
  return self->claim != NULL ? g_steal_pointer (&self) : NULL;
}

static Publication *
find_locked (guint64 cookie)
{
  for (GList *l = publications; l != NULL; l = l->next)
    if (((Publication *) l->data)->cookie == cookie)
      return l->data;

  return NULL;
}

/* Takes @self. Nobody comes in before it is known. */
static guint64
add (Publication  *self,
     GError      **error)
{
  guint64 cookie = 0;

  g_mutex_lock (&lock);
  self->listener = convoke_listener_new (self->claim, error);
  if (self->listener != NULL)
    {
      cookie = self->cookie = ++last_cookie;
      publications = g_list_prepend (publications, self);
    }
  g_mutex_unlock (&lock);

  if (cookie == 0)
    publication_free (self);
  return cookie;
}

GObject *
convoke_publish_dup_own (const char *name)
{
  GObject *object = NULL;

  g_mutex_lock (&lock);
  for (GList *l = publications; object == NULL && l != NULL; l = l->next)
    {
      Publication *self = l->data;

      if (g_str_equal (self->name, name))
        object = g_object_ref (self->object);
    }
  g_mutex_unlock (&lock);

  return object;
}

/* --- who comes --- */

/* What is wanted (transfer full): @name or @token is NULL. */
static GObject *
find_wanted (const char  *name,
             const char  *token,
             GError     **error)
{
  GObject *object;

  if (token != NULL)
    return convoke_token_resolve (token, G_TYPE_OBJECT, error);

  object = convoke_publish_dup_own (name);
  if (object == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND, "The program does not publish “%s” any more", name);
  return object;
}

static gboolean
read_wanted (ConvokeWireReader  *body,
             const char        **name,
             const char        **token,
             GError            **error)
{
  if (!convoke_wire_get_string (body, name, error) || !convoke_wire_get_string (body, token, error) ||
      !convoke_wire_reader_end (body, error))
    return FALSE;
  if ((*name == NULL) != (*token == NULL))
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "Either a name or a token is attached to");
  return FALSE;
}

static gboolean
handle_attach (ConvokeChannel     *channel,
               GObject            *none,
               ConvokeWireReader  *body,
               ConvokeWireWriter  *reply,
               GError            **error)
{
  const char *name, *token;
  GObject *object;

  if (!read_wanted (body, &name, &token, error))
    return FALSE;
  if (!convoke_listener_has_guest (channel))
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
                           "This process hands out what it publishes to those only that come through its sockets");
      return FALSE;
    }

  object = find_wanted (name, token, error);
  if (object == NULL)
    return FALSE;

  convoke_listener_admit (channel);
  return convoke_parcel_answer (convoke_channel_get_objects (channel), object, reply, error);
}

__attribute__ ((constructor)) static void
install_handler (void)
{
  convoke_request_handlers[CONVOKE_REQUEST_ATTACH] = handle_attach;
}

/* --- public --- */

/**
 * convoke_publish:
 * @name: a name, such as `org.example.Viewer`: letters, digits, `.`, `-` and `_`
 * @object: what is to be had under that name
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Publishes an object of this process: every process of the same user can get
 * hold of it with [func@Convoke.attach] and call it, until it is unpublished or
 * the process has ended.
 *
 * The object is kept until it is unpublished, and belongs from now on to the
 * thread-default main context of the calling thread, unless it belongs
 * somewhere already or its class says otherwise. Calls from other processes run there,
 * as all calls do: when the program runs its main loop. A program that does not
 * can be attached to, and the calls wait.
 *
 * A name belongs to one process at a time. What a process published that has
 * ended, however it did, is free. One object can have several names.
 *
 * The library lets in those who come, and nothing that one of them does or
 * does not do keeps the program from its work.
 *
 * Any thread may call this. Fails with %CONVOKE_ERROR_ALREADY_REGISTERED when the
 * name is taken, %CONVOKE_ERROR_INVALID_ARGUMENT when @name cannot be one or is
 * too long for the path of a socket, %CONVOKE_ERROR_NO_TYPELIB or
 * %CONVOKE_ERROR_NOT_SUPPORTED when no interface of @object can be called from
 * outside, %CONVOKE_ERROR_DISCONNECTED when it is a proxy that was disconnected,
 * %CONVOKE_ERROR_ACCESS_DENIED or %CONVOKE_ERROR_NOT_FOUND when
 * the folder for it cannot be used (the message says what to do),
 * %CONVOKE_ERROR_OUT_OF_RESOURCES, and %CONVOKE_ERROR_FORKED.
 *
 * Returns: the cookie to unpublish it with, or 0
 *
 * Since: 0.1
 */
guint64
convoke_publish (const char  *name,
                 GObject     *object,
                 GError     **error)
{
  Publication *publication;

  g_return_val_if_fail (name != NULL, 0);
  g_return_val_if_fail (G_IS_OBJECT (object), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  convoke_fork_init ();
  if (convoke_check_forked (error) || !convoke_claim_check_name (name, error))
    return 0;

  publication = publication_new (name, object, error);
  return publication != NULL ? add (publication, error) : 0;
}

/**
 * convoke_unpublish:
 * @cookie: what [func@Convoke.publish] returned
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Takes a published object back: nobody can attach to it any more, and the name
 * is free.
 *
 * Those who have the object keep it, and can go on calling it.
 *
 * Any thread may call this; where the reference to the object was the last one,
 * it is dropped where the object lives.
 *
 * Fails with %CONVOKE_ERROR_NOT_REGISTERED when there is no such publication: it
 * was taken back before, or never made. Cookies are not used again. Fails with
 * %CONVOKE_ERROR_FORKED in a forked child.
 *
 * Returns: %TRUE if the object was published until now
 *
 * Since: 0.1
 */
gboolean
convoke_unpublish (guint64   cookie,
                   GError  **error)
{
  Publication *publication;

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (convoke_check_forked (error))
    return FALSE;

  g_mutex_lock (&lock);
  publication = find_locked (cookie);
  if (publication != NULL)
    publications = g_list_remove (publications, publication);
  g_mutex_unlock (&lock);

  if (publication == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED,
                   "Nothing is published with the cookie %" G_GUINT64_FORMAT, cookie);
      return FALSE;
    }

  publication_free (publication);
  return TRUE;
}

/**
 * convoke_dup_published_names:
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Lists the names under which processes of this user publish objects now, this
 * process among them, in alphabetical order.
 *
 * Nobody is asked: no process is woken by this. Any thread may call this. Fails
 * with %CONVOKE_ERROR_ACCESS_DENIED or %CONVOKE_ERROR_NOT_FOUND when the folder
 * of published objects cannot be used; the message says what to do.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names
 *
 * Since: 0.1
 */
char **
convoke_dup_published_names (GError **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return convoke_claim_list_names (error);
}
