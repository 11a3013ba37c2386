/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * From the name of a class to an object: what was registered at run time under
 * that name makes it here; otherwise find the keyfile, choose the distance,
 * let its placer make the object. Ask it for the interface, and keep with it
 * where it was placed and why.
 *
 * How a distance is reached is not known here: there is a placer for each
 * (convoke-component-file-private.h), none of them in this folder.
 */

#include "config.h"

#include "convoke-catalog-depends-private.h"
#include "convoke-catalog-private.h"
#include "convoke-class-factory.h"
#include "convoke-class-table-private.h"
#include "convoke-error.h"
#include "convoke-firewall-private.h"
#include "convoke-hooks-private.h"
#include "convoke-unknown.h"

ConvokePlacer convoke_placers[CONVOKE_N_DISTANCES];

/* --- one activation --- */

typedef struct
{
  ConvokeCatalog       *catalog;      /* (owned) */
  char                 *class_name;
  GType                 iface;
  ConvokeWishes         wishes;
  GObject              *home;         /* (owned) (nullable): the apartment of who asked */

  GObject              *class_object; /* (owned): of a class that was registered at run time; from here on found out on the way */
  ConvokeComponentFile *file;         /* (owned): of any other */
  GPtrArray            *needed;       /* (owned): the files that it depends on, in the order in which they are loaded */
  ConvokeDistance       wanted;
  ConvokePlacement      placement;
  ConvokeDistance       distance;
  char                 *why;
  GObject              *object;       /* (owned): the result */
} Job;

static void
job_free (Job *self)
{
  g_clear_object (&self->object);
  g_clear_object (&self->class_object);
  g_clear_object (&self->catalog);
  g_clear_object (&self->home);
  convoke_wishes_clear (&self->wishes);
  g_clear_pointer (&self->file, convoke_component_file_unref);
  g_clear_pointer (&self->needed, g_ptr_array_unref);
  g_free (self->class_name);
  g_free (self->why);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static Job *
job_new (ConvokeCatalog    *catalog,
         const char        *class_name,
         GType              iface,
         ConvokeActivation *activation)
{
  Job *self = g_new0 (Job, 1);

  self->catalog = g_object_ref (catalog);
  self->class_name = g_strdup (class_name);
  self->iface = iface;
  self->wishes = convoke_activation_get_wishes (activation);
  if (convoke_hooks.dup_home != NULL)
    self->home = convoke_hooks.dup_home ();

  return self;
}

static gboolean
may_go_on (const Job     *self,
           GCancellable  *cancellable,
           GError       **error)
{
  if (g_cancellable_is_cancelled (cancellable))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "The activation of %s was cancelled", self->class_name);
  else if (self->wishes.deadline >= 0 && g_get_monotonic_time () >= self->wishes.deadline)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "The activation of %s took too long", self->class_name);
  else
    return TRUE;

  return FALSE;
}

/* --- how far away --- */

/* What was registered at run time is an object of this process. */
static gboolean
is_available_to_registered (ConvokeDistance   distance,
                            GError          **error)
{
  if (distance == CONVOKE_DISTANCE_IN_PROCESS)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                       "it was registered at run time, in this process only");
  return FALSE;
}

static gboolean
is_available (const Job        *self,
              ConvokeDistance   distance,
              GError          **error)
{
  const ConvokePlacer *placer = &convoke_placers[distance];

  if (self->file == NULL)
    return is_available_to_registered (distance, error);

  if (placer->activate == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "this distance is not supported here");
      return FALSE;
    }

  if (distance < CONVOKE_DISTANCE_PROCESS && !convoke_firewall_admits (self->file, error))
    return FALSE;

  return placer->is_available == NULL || placer->is_available (self->file, error);
}

static gboolean
refuse_distance (const Job     *self,
                 const GError  *reason,
                 GError       **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s cannot be had at the distance %s: %s",
               self->class_name, convoke_distance_get_name (self->wanted), reason->message);
  return FALSE;
}

/* What the firewall keeps out of this process goes to another one. */
static gboolean
choose_apart (Job          *self,
              const GError *reason)
{
  if (!g_error_matches (reason, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH) ||
      self->placement == CONVOKE_PLACEMENT_MUST || self->wanted == CONVOKE_DISTANCE_PROCESS ||
      !is_available (self, CONVOKE_DISTANCE_PROCESS, NULL))
    return FALSE;

  self->distance = CONVOKE_DISTANCE_PROCESS;
  self->why = g_strdup_printf ("The distance %s cannot be had: %s", convoke_distance_get_name (self->wanted), reason->message);
  return TRUE;
}

/* Of the distances from the wanted one down the first that can be had. */
static gboolean
choose_nearer (Job     *self,
               GError **error)
{
  g_autoptr (GError) first = NULL;

  for (self->distance = self->wanted; self->distance > CONVOKE_DISTANCE_DEFAULT; self->distance--)
    {
      g_autoptr (GError) reason = NULL;

      if (is_available (self, self->distance, &reason))
        {
          if (first != NULL)
            self->why = g_strdup_printf ("The distance %s cannot be had: %s",
                                         convoke_distance_get_name (self->wanted), first->message);
          return TRUE;
        }

      if (choose_apart (self, reason))
        return TRUE;
      if (first == NULL)
        first = g_steal_pointer (&reason);
      if (self->placement == CONVOKE_PLACEMENT_MUST)
        break;
    }

  return refuse_distance (self, first, error);
}

/* What is usual for the class. */
static void
take_usual_distance (Job *self)
{
  self->wanted = self->file != NULL ? self->file->distance : CONVOKE_DISTANCE_IN_PROCESS;
  self->placement = self->file != NULL ? self->file->placement : CONVOKE_PLACEMENT_PREFER;
}

static const char *
get_usual_reason (const Job *self)
{
  if (self->wishes.distance != CONVOKE_DISTANCE_DEFAULT)
    return "The caller asked for it";

  return self->file != NULL ? "The keyfile says so" : "The class was registered at run time";
}

/* An aggregate does not cross the border of a process, nor of a thread (OM-24). */
static gboolean
check_outer (const Job  *self,
             GError    **error)
{
  if (self->wishes.outer == NULL || self->distance == CONVOKE_DISTANCE_IN_PROCESS)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_AGGREGATION,
               "%s cannot be a part of another object at the distance %s; ask for it in-process",
               self->class_name, convoke_distance_get_name (self->distance));
  return FALSE;
}

static gboolean
choose_here (Job     *self,
             GError **error)
{
  g_autoptr (GError) reason = NULL;

  self->distance = CONVOKE_DISTANCE_IN_PROCESS;
  self->why = g_strdup ("Distances are switched off");
  if (is_available (self, self->distance, &reason))
    return TRUE;

  self->wanted = self->distance;
  return refuse_distance (self, reason, error);
}

static gboolean
choose_distance (Job     *self,
                 GError **error)
{
  take_usual_distance (self);
  if (self->wishes.distance != CONVOKE_DISTANCE_DEFAULT)
    self->wanted = self->wishes.distance;
  if (self->wishes.placement != CONVOKE_PLACEMENT_DEFAULT)
    self->placement = self->wishes.placement;

  if (self->placement == CONVOKE_PLACEMENT_OFF)
    return choose_here (self, error);

  if (!choose_nearer (self, error) || !check_outer (self, error))
    return FALSE;

  if (self->why == NULL)
    self->why = g_strdup (get_usual_reason (self));
  return TRUE;
}

/* --- which class --- */

/* TRUE without a class object: it was revoked, or used up, on the way. */
static gboolean
take_registered (Job     *self,
                 GError **error)
{
  g_autoptr (GError) local_error = NULL;

  /* An activation that cannot be had at its distance does not use a registration up. */
  if (!choose_distance (self, error))
    return FALSE;

  self->class_object = convoke_class_table_take (self->class_name, &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
find_keyfile (Job     *self,
              GError **error)
{
  self->file = convoke_catalog_find_file (self->catalog, self->class_name, error);
  if (self->file == NULL)
    {
      convoke_class_table_explain (self->class_name, error);
      return FALSE;
    }

  self->needed = convoke_catalog_resolve_depends (self->catalog, self->file, error);
  return self->needed != NULL;
}

static gboolean
prepare (Job           *self,
         GCancellable  *cancellable,
         GError       **error)
{
  if (!may_go_on (self, cancellable, error))
    return FALSE;

  if (convoke_class_table_has (self->class_name) && !take_registered (self, error))
    return FALSE;
  if (self->class_object != NULL)
    return TRUE;

  g_clear_pointer (&self->why, g_free);
  return find_keyfile (self, error) && choose_distance (self, error) && convoke_component_require (self->file, error);
}

/* --- the object --- */

static GQuark
placement_quark (void)
{
  return g_quark_from_static_string ("convoke-placement");
}

/* The innermost object that @object is a view of; it stays until the same is given to leave_denoted (). */
static GObject *
enter_denoted (GObject **object)
{
  GObject *next;

  if (convoke_hooks.identity != NULL && (next = convoke_hooks.identity (*object)) != NULL)
    *object = next;
  if (convoke_hooks.enter != NULL && (next = convoke_hooks.enter (*object)) != NULL)
    return next;

  return *object;
}

static void
leave_denoted (GObject *object,
               GObject *denoted)
{
  if (denoted != object)
    convoke_hooks.leave (object);
}

void
convoke_placement_set (GObject  *object,
                       GVariant *placement)
{
  GObject *denoted = enter_denoted (&object);

  g_object_set_qdata_full (denoted, placement_quark (), g_variant_ref_sink (placement), (GDestroyNotify) g_variant_unref);
  leave_denoted (object, denoted);
}

static GVariant *
end_placement (const Job    *self,
               GVariantDict *about)
{
  g_variant_dict_insert (about, "class", "s", self->class_name);
  if (self->file != NULL)
    g_variant_dict_insert (about, "file", "^ay", self->file->path);
  g_variant_dict_insert (about, "distance", "s", convoke_distance_get_name (self->distance));
  g_variant_dict_insert (about, "wanted", "s", convoke_distance_get_name (self->wanted));
  g_variant_dict_insert (about, "why", "s", self->why);

  return g_variant_dict_end (about);
}

static GObject *
ask_class_object (Job     *self,
                  GError **error)
{
  g_autoptr (GObject) factory = convoke_query_interface (self->class_object, CONVOKE_TYPE_CLASS_FACTORY, error);

  if (factory != NULL)
    return convoke_properties_create (self->wishes.properties, CONVOKE_CLASS_FACTORY (factory), self->wishes.outer,
                                      self->iface, error);

  g_prefix_error (error, "The class object of %s makes no instances: ", self->class_name);
  return NULL;
}

/* Of what has no placer: a class of run time, or a part of an object that is here. */
static GObject *
make_here (Job     *self,
           GError **error)
{
  GObject *made;

  if (self->class_object != NULL)
    made = ask_class_object (self, error);
  else
    made = convoke_component_create (self->file, self->wishes.properties, self->wishes.outer, self->iface, error);

  if (made == NULL || convoke_hooks.place_here == NULL)
    return made;

  return convoke_hooks.place_here (made, self->home, error);
}

static GObject *
make (Job           *self,
      GVariantDict  *about,
      GCancellable  *cancellable,
      GError       **error)
{
  if (self->class_object != NULL || self->wishes.outer != NULL)
    return make_here (self, error);

  if (self->distance < CONVOKE_DISTANCE_PROCESS && !convoke_catalog_load_depends (self->needed, error))
    return NULL;

  return convoke_placers[self->distance].activate (self->file, self->wishes.properties, self->iface, self->home,
                                                   self->wishes.deadline, cancellable, about, error);
}

static gboolean
place (Job           *self,
       GCancellable  *cancellable,
       GError       **error)
{
  g_auto (GVariantDict) about = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GObject) made = NULL;

  if (!may_go_on (self, cancellable, error))
    return FALSE;

  made = make (self, &about, cancellable, error);
  if (made == NULL || !may_go_on (self, cancellable, error))
    return FALSE;

  self->object = convoke_query_interface (made, self->iface, error);
  if (self->object == NULL)
    return FALSE;

  /* The outer is where it was before. */
  if (self->wishes.outer == NULL)
    convoke_placement_set (made, end_placement (self, &about));
  return TRUE;
}

static gboolean
is_askable (GType iface)
{
  return iface == G_TYPE_OBJECT || (G_TYPE_IS_INTERFACE (iface) && iface != G_TYPE_INTERFACE);
}

/**
 * convoke_catalog_activate:
 * @self: a catalog
 * @class_name: the name of a class, such as `org.example.Coffee`
 * @iface: the interface that is wanted of the object, or `G_TYPE_OBJECT`
 * @activation: (nullable): what is wished, or %NULL
 * @cancellable: (nullable): ends the activation from another thread, or %NULL
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Makes an object of a class, as far away as its keyfile or @activation says.
 *
 * A class that was registered at run time ([func@Convoke.register_class_object])
 * goes before a keyfile of its name. It is had in this process only.
 *
 * An object of this process whose code may run on the calling thread is
 * returned itself; any other is returned as its proxy. Signals of the proxy
 * arrive where those of [func@Convoke.create_proxy] do.
 *
 * In the caller's process the code of the component runs on the calling
 * thread, and neither a deadline nor @cancellable can interrupt it; they count
 * as soon as it returns. Hold no lock of yours across this call. Any thread
 * may call this, and several threads may activate one class at once.
 *
 * Fails with %CONVOKE_ERROR_NO_CLASS when no directory has the keyfile,
 * %CONVOKE_ERROR_ACCESS_DENIED when the class is disabled
 * ([method@Catalog.set_enabled]), both also for the classes that it needs,
 * %CONVOKE_ERROR_INVALID_ARGUMENT when @class_name cannot be one, the
 * keyfile is wrong, or classes need each other in a circle, %CONVOKE_ERROR_NO_TYPELIB when the typelib of one of the
 * component's interfaces is missing, %CONVOKE_ERROR_NOT_SUPPORTED when the
 * distance cannot be had, %CONVOKE_ERROR_NO_INTERFACE when the object does not
 * implement @iface (it is gone then) or what was registered at run time makes no
 * instances, %CONVOKE_ERROR_SERVER_STOPPING when it was registered by a process
 * that is going away now, %CONVOKE_ERROR_NO_AGGREGATION when it is to be a part of
 * another object and cannot be one, %CONVOKE_ERROR_TIMEOUT,
 * %CONVOKE_ERROR_CANCELLED, and with what kept the component from being loaded,
 * started or made.
 *
 * Returns: (transfer full): the object to call @iface on
 *
 * Since: 0.1
 */
GObject *
convoke_catalog_activate (ConvokeCatalog     *self,
                          const char         *class_name,
                          GType               iface,
                          ConvokeActivation  *activation,
                          GCancellable       *cancellable,
                          GError            **error)
{
  g_autoptr (Job) job = NULL;

  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), NULL);
  g_return_val_if_fail (class_name != NULL, NULL);
  g_return_val_if_fail (is_askable (iface), NULL);
  g_return_val_if_fail (activation == NULL || CONVOKE_IS_ACTIVATION (activation), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  job = job_new (self, class_name, iface, activation);
  if (!prepare (job, cancellable, error) || !place (job, cancellable, error))
    return NULL;

  return g_steal_pointer (&job->object);
}

/* --- the same without waiting --- */

/* Reading files and starting threads and processes is a worker's; what runs the component's code here is not. */
static void
activate_in_worker (GTask        *preparation,
                    gpointer      source,
                    gpointer      data,
                    GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (prepare (job, cancellable, &error) &&
      (job->distance == CONVOKE_DISTANCE_IN_PROCESS || place (job, cancellable, &error)))
    g_task_return_boolean (preparation, TRUE);
  else
    g_task_return_error (preparation, error);
}

/* Back in the caller's main context. */
static void
prepared_cb (GObject      *source,
             GAsyncResult *preparation,
             gpointer      data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (G_TASK (preparation));
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (preparation), &error) &&
      (job->object != NULL || place (job, g_task_get_cancellable (task), &error)))
    g_task_return_pointer (task, g_steal_pointer (&job->object), g_object_unref);
  else
    g_task_return_error (task, error);
  /* Here: the worker can be the last to have the job. */
  convoke_wishes_clear (&job->wishes);
}

/**
 * convoke_catalog_activate_async:
 * @self: a catalog
 * @class_name: the name of a class
 * @iface: the interface that is wanted of the object, or `G_TYPE_OBJECT`
 * @activation: (nullable): what is wished, or %NULL
 * @cancellable: (nullable): ends the activation, or %NULL
 * @callback: (scope async): called when it has ended, in the thread-default
 *   main context of the calling thread
 * @user_data: for @callback
 *
 * As [method@Catalog.activate], without waiting.
 *
 * The code of a component that is to live in the caller's process runs in the
 * thread-default main context of the calling thread, as @callback does;
 * everything else is done elsewhere. What @activation says is taken now.
 *
 * Since: 0.1
 */
void
convoke_catalog_activate_async (ConvokeCatalog      *self,
                                const char          *class_name,
                                GType                iface,
                                ConvokeActivation   *activation,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) preparation = NULL;
  GTask *task;

  g_return_if_fail (CONVOKE_IS_CATALOG (self));
  g_return_if_fail (class_name != NULL);
  g_return_if_fail (is_askable (iface));
  g_return_if_fail (activation == NULL || CONVOKE_IS_ACTIVATION (activation));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, convoke_catalog_activate_async);
  /* The errors are ours. */
  g_task_set_check_cancellable (task, FALSE);

  preparation = g_task_new (self, cancellable, prepared_cb, task);
  g_task_set_source_tag (preparation, activate_in_worker);
  g_task_set_check_cancellable (preparation, FALSE);
  g_task_set_task_data (preparation, job_new (self, class_name, iface, activation), (GDestroyNotify) job_free);
  g_task_run_in_thread (preparation, activate_in_worker);
}

/**
 * convoke_catalog_activate_finish:
 * @self: the catalog
 * @result: what the callback was given
 * @error: return location for a [error@Convoke.Error], or %NULL
 *
 * Gets what [method@Catalog.activate_async] made. Fails as
 * [method@Catalog.activate] does.
 *
 * Returns: (transfer full): the object to call the interface on
 *
 * Since: 0.1
 */
GObject *
convoke_catalog_activate_finish (ConvokeCatalog  *self,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, convoke_catalog_activate_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- where it is --- */

static gpointer
ref_placement (gpointer data,
               gpointer user_data)
{
  return data != NULL ? g_variant_ref (data) : NULL;
}

/**
 * convoke_dup_placement:
 * @object: any object
 *
 * Gets where an object that was activated lives, and why there.
 *
 * The answer is a dictionary (`a{sv}`) with at least `class` (`s`),
 * `distance` and `wanted` (`s`: `in-process`, `thread` or `process`; the
 * distance that it got and the one that was asked for) and `why` (`s`: a
 * sentence for people). Unless the class was registered at run time there is
 * `file` (`ay`: the keyfile). For an object in another process there are
 * `pid` (`i`), `host` (`s`: the program) and `where` (`s`), for people too:
 * processes are not known by their numbers.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full) (nullable): the placement, or %NULL for an object
 *   that nobody activated
 *
 * Since: 0.1
 */
GVariant *
convoke_dup_placement (GObject *object)
{
  GVariant *placement;
  GObject *denoted;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  denoted = enter_denoted (&object);
  placement = g_object_dup_qdata (denoted, placement_quark (), ref_placement, NULL);
  leave_denoted (object, denoted);
  return placement;
}
