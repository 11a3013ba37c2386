/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Class objects by the names of their classes.
 *
 * A class can be registered several times. The oldest registration that is
 * neither suspended nor used up serves, so that one who registers a name that
 * is taken changes nothing for those who use it.
 *
 * A class object is somebody's code. Nothing of it runs under the lock.
 */

#include "config.h"

#include "convoke-class-table-private.h"
#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-hooks-private.h"

typedef struct
{
  guint64   cookie;
  char     *class_name;
  GObject  *object;      /* (owned) */
  gboolean  single_use;
  gboolean  suspended;   /* LOCK: table_lock */
  gboolean  used;        /* LOCK: table_lock; of single use, and it served */
} Registration;

static GMutex      table_lock;
static GHashTable *classes;        /* LOCK: table_lock; name -> GQueue of Registration, the oldest first; none is empty */
static GHashTable *registrations;  /* LOCK: table_lock; cookie -> Registration */
static guint64     last_cookie;    /* LOCK: table_lock; never given twice */
static gboolean    stopping;       /* LOCK: table_lock */

static Registration *
registration_new (const char               *class_name,
                  GObject                  *object,
                  ConvokeRegistrationFlags  flags)
{
  Registration *self = g_new0 (Registration, 1);

  self->class_name = g_strdup (class_name);
  self->object = g_object_ref_sink (object);
  self->single_use = (flags & CONVOKE_REGISTRATION_SINGLE_USE) != 0;
  self->suspended = (flags & CONVOKE_REGISTRATION_SUSPENDED) != 0;

  return self;
}

/* Runs the class object's own code where this is its last reference. */
static void
registration_free (Registration *self)
{
  g_object_unref (self->object);
  g_free (self->class_name);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Registration, registration_free)

/* --- the table --- */

static GQueue *
find_queue_locked (const char *class_name)
{
  return classes != NULL ? g_hash_table_lookup (classes, class_name) : NULL;
}

static void
ensure_tables_locked (void)
{
  if (classes != NULL)
    return;

  classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_queue_free);
  registrations = g_hash_table_new (g_int64_hash, g_int64_equal);
}

static guint64
add_locked (Registration *registration)
{
  GQueue *queue;

  ensure_tables_locked ();
  registration->cookie = ++last_cookie;
  g_hash_table_insert (registrations, &registration->cookie, registration);

  queue = find_queue_locked (registration->class_name);
  if (queue == NULL)
    {
      queue = g_queue_new ();
      g_hash_table_insert (classes, g_strdup (registration->class_name), queue);
    }
  g_queue_push_tail (queue, registration);

  return registration->cookie;
}

static Registration *
remove_locked (guint64 cookie)
{
  Registration *registration = registrations != NULL ? g_hash_table_lookup (registrations, &cookie) : NULL;
  GQueue *queue;

  if (registration == NULL)
    return NULL;

  g_hash_table_remove (registrations, &cookie);
  queue = find_queue_locked (registration->class_name);
  g_queue_remove (queue, registration);
  if (g_queue_is_empty (queue))
    g_hash_table_remove (classes, registration->class_name);

  return registration;
}

static Registration *
find_serving_locked (const char *class_name)
{
  GQueue *queue = find_queue_locked (class_name);

  for (GList *link = queue != NULL ? queue->head : NULL; link != NULL; link = link->next)
    {
      Registration *registration = link->data;

      if (!registration->suspended && !registration->used)
        return registration;
    }

  return NULL;
}

static void
set_suspended_locked (gboolean suspended)
{
  GHashTableIter iter;
  gpointer registration;

  if (registrations == NULL)
    return;

  g_hash_table_iter_init (&iter, registrations);
  while (g_hash_table_iter_next (&iter, NULL, &registration))
    ((Registration *) registration)->suspended = suspended;
}

/* --- who activates --- */

/* What the library itself has serves where nobody registered anything that does. */
static GObject *
dup_stock (const char *class_name)
{
  return convoke_hooks.dup_stock_class != NULL ? convoke_hooks.dup_stock_class (class_name) : NULL;
}

gboolean
convoke_class_table_has (const char *class_name)
{
  g_autoptr (GObject) stock = dup_stock (class_name);
  gboolean has;

  g_mutex_lock (&table_lock);
  has = stopping ? find_queue_locked (class_name) != NULL : find_serving_locked (class_name) != NULL;
  g_mutex_unlock (&table_lock);

  return has || stock != NULL;
}

static GObject *
take_locked (const char *class_name)
{
  Registration *registration = find_serving_locked (class_name);

  if (registration == NULL)
    return NULL;

  registration->used = registration->single_use;
  return g_object_ref (registration->object);
}

GObject *
convoke_class_table_take (const char  *class_name,
                          GError     **error)
{
  GObject *taken = NULL;
  gboolean refused;

  g_mutex_lock (&table_lock);
  refused = stopping && find_queue_locked (class_name) != NULL;
  if (!refused)
    taken = take_locked (class_name);
  g_mutex_unlock (&table_lock);

  if (refused)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_STOPPING,
                 "%s cannot be activated: this process is going away, since nobody uses it any more", class_name);
  else if (taken == NULL)
    taken = dup_stock (class_name);
  return taken;
}

static const char *
get_excuse_locked (const char *class_name)
{
  GQueue *queue = find_queue_locked (class_name);
  const Registration *oldest;

  if (queue == NULL || find_serving_locked (class_name) != NULL)
    return NULL;

  oldest = queue->head->data;
  return oldest->used ? "was registered for a single use, which was made of it" : "is registered, but suspended";
}

void
convoke_class_table_explain (const char  *class_name,
                             GError     **error)
{
  const char *excuse;

  g_mutex_lock (&table_lock);
  excuse = get_excuse_locked (class_name);
  g_mutex_unlock (&table_lock);

  if (excuse != NULL)
    g_prefix_error (error, "The class object of %s %s. ", class_name, excuse);
}

void
convoke_class_table_stop (void)
{
  g_mutex_lock (&table_lock);
  stopping = TRUE;
  set_suspended_locked (TRUE);
  g_mutex_unlock (&table_lock);
}

/* --- who registers --- */

/* Takes the registration where it succeeds. */
static guint64
try_add (Registration  *registration,
         GError       **error)
{
  guint64 cookie = 0;

  g_mutex_lock (&table_lock);
  if (!stopping)
    cookie = add_locked (registration);
  g_mutex_unlock (&table_lock);

  if (cookie == 0)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_STOPPING,
                 "%s cannot be registered: this process is going away, since nobody uses it any more",
                 registration->class_name);
  return cookie;
}

/**
 * convoke_register_class_object:
 * @class_name: the name of a class, such as `org.example.Coffee`
 * @class_object: what makes the instances of the class: a
 *   [iface@Convoke.ClassFactory]
 * @flags: how it is registered
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Registers a class at run time: activation of @class_name asks
 * @class_object for an instance, before it looks for a keyfile.
 *
 * The registration belongs to the process and lives until it is revoked, from
 * any thread (P-13). It keeps @class_object. One class can be registered several
 * times, each with a cookie of its own (OM-26); the oldest one that is neither
 * suspended nor used up serves.
 *
 * A class object can be any object. One that is no class factory can be had with
 * [method@Catalog.dup_class_object], and activations fail with
 * %CONVOKE_ERROR_NO_INTERFACE (OM-30). It is used on the thread that activates,
 * and by several threads at once.
 *
 * Any thread may call this.
 *
 * Fails with %CONVOKE_ERROR_INVALID_ARGUMENT when @class_name cannot be the name
 * of a class, and with %CONVOKE_ERROR_SERVER_STOPPING when the process is going
 * away ([func@Convoke.server_process_release]).
 *
 * Returns: the cookie to revoke the registration with, or 0
 *
 * Since: 0.1
 */
guint64
convoke_register_class_object (const char                *class_name,
                               GObject                   *class_object,
                               ConvokeRegistrationFlags   flags,
                               GError                   **error)
{
  g_autoptr (Registration) registration = NULL;
  guint64 cookie;

  g_return_val_if_fail (class_name != NULL, 0);
  g_return_val_if_fail (G_IS_OBJECT (class_object), 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (!convoke_component_file_check_name (class_name, "a class", error))
    return 0;

  registration = registration_new (class_name, class_object, flags);
  cookie = try_add (registration, error);
  if (cookie != 0)
    g_steal_pointer (&registration);

  return cookie;
}

/**
 * convoke_revoke_class_object:
 * @cookie: what [func@Convoke.register_class_object] returned
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Ends a registration, and drops its reference to the class object.
 *
 * Instances live on, and so does a class object that somebody else has. An
 * activation that runs at the same time can still get its instance.
 *
 * Any thread may call this; where the reference was the last one, the class
 * object's own code runs on it.
 *
 * Fails with %CONVOKE_ERROR_NOT_REGISTERED when there is no such registration:
 * it was revoked before, or never made. Cookies are not used again.
 *
 * Returns: %TRUE if the registration was ended
 *
 * Since: 0.1
 */
gboolean
convoke_revoke_class_object (guint64   cookie,
                             GError  **error)
{
  g_autoptr (Registration) registration = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_mutex_lock (&table_lock);
  registration = remove_locked (cookie);
  g_mutex_unlock (&table_lock);

  if (registration == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_REGISTERED,
                 "No class object is registered with the cookie %" G_GUINT64_FORMAT
                 ": it was revoked before, or never registered", cookie);
  return registration != NULL;
}

/**
 * convoke_suspend_class_objects:
 *
 * Suspends every class object that is registered in this process: until they
 * are resumed, their classes are not registered for those who activate.
 *
 * One that is registered later is not suspended by this.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_suspend_class_objects (void)
{
  g_mutex_lock (&table_lock);
  set_suspended_locked (TRUE);
  g_mutex_unlock (&table_lock);
}

/**
 * convoke_resume_class_objects:
 *
 * Makes every class object of this process that is suspended serve, all at once
 * (OM-34).
 *
 * A process that registers several classes registers them with
 * %CONVOKE_REGISTRATION_SUSPENDED and resumes them when all are there: nobody
 * activates one before the others can be. A process that was going away
 * ([func@Convoke.server_process_release]) stays after all.
 *
 * Any thread may call this.
 *
 * Since: 0.1
 */
void
convoke_resume_class_objects (void)
{
  g_mutex_lock (&table_lock);
  stopping = FALSE;
  set_suspended_locked (FALSE);
  g_mutex_unlock (&table_lock);
}
