/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * From the name of a class to an object: find the keyfile, read it, choose
 * the distance, let its placer make the object, ask it for the interface, and
 * keep with it where it was placed and why.
 *
 * How a distance is reached is not known here: there is a placer for each
 * (convoke-component-file-private.h), none of them in this folder.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "convoke-catalog-private.h"
#include "convoke-component-file-private.h"
#include "convoke-error.h"
#include "convoke-hooks-private.h"
#include "convoke-unknown.h"

#define SEARCH_PATH "CONVOKE_COMPONENT_PATH"
#define SUBDIRECTORY "convoke-1", "components"

ConvokePlacer convoke_placers[CONVOKE_N_DISTANCES];

struct _ConvokeCatalog
{
  GObject   parent_instance;

  char    **directories;   /* set before anybody else has the catalog */
};

/**
 * ConvokeCatalog:
 *
 * Knows which classes of components there are, and activates them.
 *
 * A class `org.example.Coffee` is registered by a keyfile,
 * `org.example.Coffee.component`, in one of the catalog's directories. The
 * keyfile says what implements the class, how far from the caller it is to
 * live, and what happens when it dies. Looking for classes runs no code of
 * anybody.
 *
 * Any thread may use a catalog.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeCatalog, convoke_catalog, G_TYPE_OBJECT)

static void
convoke_catalog_finalize (GObject *object)
{
  ConvokeCatalog *self = CONVOKE_CATALOG (object);

  g_strfreev (self->directories);

  G_OBJECT_CLASS (convoke_catalog_parent_class)->finalize (object);
}

static void
convoke_catalog_class_init (ConvokeCatalogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_catalog_finalize;
}

static void
convoke_catalog_init (ConvokeCatalog *self)
{
}

/* --- where it looks --- */

static void
add_directory (GStrvBuilder *builder,
               const char   *directory)
{
  g_autofree char *absolute = g_canonicalize_filename (directory, NULL);

  g_strv_builder_add (builder, absolute);
}

static void
add_data_directory (GStrvBuilder *builder,
                    const char   *data_directory)
{
  g_autofree char *directory = g_build_filename (data_directory, SUBDIRECTORY, NULL);

  add_directory (builder, directory);
}

static void
add_search_path (GStrvBuilder *builder,
                 const char   *search_path)
{
  g_auto (GStrv) parts = g_strsplit (search_path, G_SEARCHPATH_SEPARATOR_S, -1);

  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0')
      add_directory (builder, *part);
}

static void
add_directories_of_environment (GStrvBuilder *builder)
{
  const char *search_path = g_getenv (SEARCH_PATH);

  if (search_path != NULL)
    add_search_path (builder, search_path);

  add_data_directory (builder, g_get_user_data_dir ());
  for (const char * const *dir = g_get_system_data_dirs (); *dir != NULL; dir++)
    add_data_directory (builder, *dir);
}

static char **
make_default_directories (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  /* A privileged program must not run what its caller's environment names. */
  if (getauxval (AT_SECURE) == 0)
    {
      add_directories_of_environment (builder);
    }
  else
    {
      add_data_directory (builder, "/usr/local/share");
      add_data_directory (builder, "/usr/share");
    }

  return g_strv_builder_end (builder);
}

static char **
make_absolute (const char * const *directories)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (; *directories != NULL; directories++)
    add_directory (builder, *directories);

  return g_strv_builder_end (builder);
}

/**
 * convoke_catalog_new:
 * @directories: (nullable) (array zero-terminated=1) (element-type filename): where keyfiles are, the most important
 *   first, or %NULL for the usual places
 *
 * Makes a catalog.
 *
 * The usual places are the directories that the environment variable
 * `CONVOKE_COMPONENT_PATH` lists, separated by colons, then
 * `convoke-1/components` in the user's and in the system's data directories
 * (`XDG_DATA_HOME`, `XDG_DATA_DIRS`). A program that runs with privileges
 * looks below `/usr/local/share` and `/usr/share` only. A keyfile hides those
 * of the same name in later directories.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the catalog
 *
 * Since: 0.1
 */
ConvokeCatalog *
convoke_catalog_new (const char * const *directories)
{
  ConvokeCatalog *self = g_object_new (CONVOKE_TYPE_CATALOG, NULL);

  self->directories = directories != NULL ? make_absolute (directories) : make_default_directories ();
  return self;
}

/**
 * convoke_catalog_dup_default:
 *
 * Gets the catalog of the usual places, as they were when it was first asked
 * for.
 *
 * Any thread may call this.
 *
 * Returns: (transfer full): the catalog
 *
 * Since: 0.1
 */
ConvokeCatalog *
convoke_catalog_dup_default (void)
{
  static gsize kept;

  if (g_once_init_enter (&kept))
    g_once_init_leave (&kept, GPOINTER_TO_SIZE (convoke_catalog_new (NULL)));

  return g_object_ref (CONVOKE_CATALOG (GSIZE_TO_POINTER (kept)));
}

/**
 * convoke_catalog_get_directories:
 * @self: a catalog
 *
 * Gets where the catalog looks, the most important place first.
 *
 * Any thread may call this.
 *
 * Returns: (array zero-terminated=1) (element-type filename) (transfer none): the directories
 *
 * Since: 0.1
 */
const char * const *
convoke_catalog_get_directories (ConvokeCatalog *self)
{
  g_return_val_if_fail (CONVOKE_IS_CATALOG (self), NULL);

  return (const char * const *) self->directories;
}

static ConvokeComponentFile *
load_first (ConvokeCatalog  *self,
            const char      *class_name,
            GError         **error)
{
  g_autofree char *basename = g_strconcat (class_name, ".component", NULL);
  g_autofree char *tried = NULL;

  for (char **directory = self->directories; *directory != NULL; directory++)
    {
      g_autofree char *path = g_build_filename (*directory, basename, NULL);
      g_autoptr (GError) local_error = NULL;
      ConvokeComponentFile *file = convoke_component_file_load (path, &local_error);

      if (file != NULL)
        return file;

      if (!g_error_matches (local_error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  tried = g_strjoinv (", ", self->directories);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_CLASS,
               "There is no class %s: no file %s in %s", class_name, basename, *tried != '\0' ? tried : "no directory");
  return NULL;
}

static ConvokeComponentFile *
find_file (ConvokeCatalog  *self,
           const char      *class_name,
           GError         **error)
{
  if (!convoke_component_file_is_class_name (class_name))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "“%s” is no name of a class: letters, digits, “.”, “-” and “_” only", class_name);
      return NULL;
    }

  return load_first (self, class_name, error);
}

/* --- one activation --- */

typedef struct
{
  ConvokeCatalog       *catalog;      /* (owned) */
  char                 *class_name;
  GType                 iface;
  ConvokeWishes         wishes;
  GObject              *home;         /* (owned) (nullable): the apartment of who asked */

  ConvokeComponentFile *file;         /* (owned): from here on found out on the way */
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
  g_clear_object (&self->catalog);
  g_clear_object (&self->home);
  g_clear_pointer (&self->file, convoke_component_file_unref);
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

static gboolean
is_available (const Job        *self,
              ConvokeDistance   distance,
              GError          **error)
{
  const ConvokePlacer *placer = &convoke_placers[distance];

  if (placer->activate == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "this distance is not supported here");
      return FALSE;
    }

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

      if (first == NULL)
        first = g_steal_pointer (&reason);
      if (self->placement == CONVOKE_PLACEMENT_MUST)
        break;
    }

  return refuse_distance (self, first, error);
}

static gboolean
choose_distance (Job     *self,
                 GError **error)
{
  gboolean asked = self->wishes.distance != CONVOKE_DISTANCE_DEFAULT;

  self->wanted = asked ? self->wishes.distance : self->file->distance;
  self->placement = self->wishes.placement != CONVOKE_PLACEMENT_DEFAULT ? self->wishes.placement : self->file->placement;

  if (self->placement == CONVOKE_PLACEMENT_OFF)
    {
      self->distance = CONVOKE_DISTANCE_IN_PROCESS;
      self->why = g_strdup ("Distances are switched off");
      return is_available (self, self->distance, error);
    }

  if (!choose_nearer (self, error))
    return FALSE;

  if (self->why == NULL)
    self->why = g_strdup (asked ? "The caller asked for it" : "The keyfile says so");
  return TRUE;
}

static gboolean
prepare (Job           *self,
         GCancellable  *cancellable,
         GError       **error)
{
  if (!may_go_on (self, cancellable, error))
    return FALSE;

  self->file = find_file (self->catalog, self->class_name, error);

  return self->file != NULL && choose_distance (self, error) && convoke_component_require (self->file, error);
}

/* --- the object --- */

static GQuark
placement_quark (void)
{
  return g_quark_from_static_string ("convoke-placement");
}

/* The innermost object that @object is a view of; borrowed. */
static GObject *
get_denoted (GObject *object)
{
  GObject *next;

  if (convoke_hooks.identity != NULL && (next = convoke_hooks.identity (object)) != NULL)
    object = next;
  if (convoke_hooks.unwrap != NULL && (next = convoke_hooks.unwrap (object)) != NULL)
    object = next;

  return object;
}

void
convoke_placement_set (GObject  *object,
                       GVariant *placement)
{
  g_object_set_qdata_full (get_denoted (object), placement_quark (),
                           g_variant_ref_sink (placement), (GDestroyNotify) g_variant_unref);
}

static GVariant *
end_placement (const Job    *self,
               GVariantDict *about)
{
  g_variant_dict_insert (about, "class", "s", self->class_name);
  g_variant_dict_insert (about, "file", "^ay", self->file->path);
  g_variant_dict_insert (about, "distance", "s", convoke_distance_get_name (self->distance));
  g_variant_dict_insert (about, "wanted", "s", convoke_distance_get_name (self->wanted));
  g_variant_dict_insert (about, "why", "s", self->why);

  return g_variant_dict_end (about);
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

  made = convoke_placers[self->distance].activate (self->file, self->iface, self->home, self->wishes.deadline,
                                                   cancellable, &about, error);
  if (made == NULL || !may_go_on (self, cancellable, error))
    return FALSE;

  self->object = convoke_query_interface (made, self->iface, error);
  if (self->object == NULL)
    return FALSE;

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
 * %CONVOKE_ERROR_INVALID_ARGUMENT when @class_name cannot be one or the
 * keyfile is wrong, %CONVOKE_ERROR_NO_TYPELIB when the typelib of one of the
 * component's interfaces is missing, %CONVOKE_ERROR_NOT_SUPPORTED when the
 * distance cannot be had, %CONVOKE_ERROR_NO_INTERFACE when the object does not
 * implement @iface (it is gone then), %CONVOKE_ERROR_TIMEOUT,
 * %CONVOKE_ERROR_CANCELLED, and with what kept the component from being
 * loaded, started or made.
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
 * The answer is a dictionary (`a{sv}`) with at least `class` (`s`), `file`
 * (`ay`: the keyfile), `distance` and `wanted` (`s`: `in-process`, `thread` or
 * `process`; the distance that it got and the one that was asked for) and
 * `why` (`s`: a sentence for people). For an object in another process there are
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
  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  return g_object_dup_qdata (get_denoted (object), placement_quark (), ref_placement, NULL);
}
