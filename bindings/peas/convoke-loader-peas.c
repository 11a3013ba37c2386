/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The loader of libpeas's plug-ins: libpeas loads them, and this makes
 * components of what it gives.
 *
 * libpeas may be used on one thread only, and there is one of it in a process:
 * the first thread that asks for a plug-in is the one from then on.
 *
 * Each directory has an engine of its own, since plug-ins of one name in two
 * directories hide each other in one engine. An engine scans its directory
 * when it is made; it and all that it loads stay as long as the process. What
 * libpeas would say on the terminal meanwhile is what the error says.
 */

#include "config.h"

#include <convoke.h>
#include <girepository.h>
#include <libpeas/peas.h>
#include <string.h>

/* Of libpeas, and of its loader of Python, which has none. */
static const char * const log_domains[] = { "libpeas", NULL };

#define LOG_LEVELS (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE)
/* Of what libpeas says at most so much is told. */
#define MOST_WORDS 4096

#define CONVOKE_TYPE_LOADER_PEAS (convoke_loader_peas_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeLoaderPeas, convoke_loader_peas, CONVOKE, LOADER_PEAS, ConvokeLoader)

struct _ConvokeLoaderPeas
{
  ConvokeLoader parent_instance;
};

G_DEFINE_FINAL_TYPE (ConvokeLoaderPeas, convoke_loader_peas, CONVOKE_TYPE_LOADER)

G_MODULE_EXPORT GType convoke_loader_module_get_type (void);

static GThread    *owner;     /* atomic; the one thread */
static GHashTable *engines;   /* of that thread: directory -> owned PeasEngine */

GType
convoke_loader_module_get_type (void)
{
  return CONVOKE_TYPE_LOADER_PEAS;
}

static gboolean
check_thread (GError **error)
{
  GThread *self = g_thread_self ();

  if (g_atomic_pointer_compare_and_exchange (&owner, NULL, self) || g_atomic_pointer_get (&owner) == self)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                       "libpeas can be used on one thread of a process only, and another one was first: "
                       "activate its plug-ins there, or in another process");
  return FALSE;
}

/* --- what libpeas says --- */

typedef struct
{
  GString *words;    /* (owned) */
  guint    handlers[G_N_ELEMENTS (log_domains)];
} Listening;

static void
log_cb (const char     *domain,
        GLogLevelFlags  level,
        const char     *message,
        gpointer        data)
{
  Listening *self = data;

  /* Other threads' words are not about this. */
  if (g_thread_self () != g_atomic_pointer_get (&owner))
    g_log_default_handler (domain, level, message, NULL);
  else if (self->words->len < MOST_WORDS)
    g_string_append_printf (self->words, "%s%.*s", self->words->len > 0 ? "\n" : "", MOST_WORDS, message);
}

static void
listening_begin (Listening *self)
{
  self->words = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (log_domains); i++)
    self->handlers[i] = g_log_set_handler (log_domains[i], LOG_LEVELS, log_cb, self);
}

static void
listening_end (Listening *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (log_domains); i++)
    g_log_remove_handler (log_domains[i], self->handlers[i]);
  g_string_free (self->words, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listening, listening_end)

static void
set_error (const Listening  *self,
           ConvokeError      code,
           const char       *module,
           const char       *what,
           GError          **error)
{
  g_autofree char *words = g_utf8_make_valid (self->words->str, -1);

  g_set_error (error, CONVOKE_ERROR, code, "The plug-in %s of libpeas's %s%s%s", module, what, *words != '\0' ? ": " : "", words);
}

/* --- the plug-in --- */

static PeasEngine *
make_engine (const char *directory)
{
  PeasEngine *engine;

  /* The first one ever becomes the process's own, which is the program's. */
  peas_engine_get_default ();
  engine = peas_engine_new ();
  peas_engine_enable_loader (engine, "python3");
  peas_engine_add_search_path (engine, directory, NULL);
  return engine;
}

static PeasEngine *
ensure_engine (const char *directory)
{
  PeasEngine *engine;

  if (engines == NULL)
    engines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  engine = g_hash_table_lookup (engines, directory);
  if (engine == NULL)
    {
      engine = make_engine (directory);
      g_hash_table_insert (engines, g_strdup (directory), engine);
    }

  return engine;
}

static PeasPluginInfo *
find_plugin (const Listening  *listening,
             PeasEngine       *engine,
             const char       *module,
             GError          **error)
{
  PeasPluginInfo *info = peas_engine_get_plugin_info (engine, module);

  if (info == NULL)
    {
      /* It came after the directory was scanned. */
      peas_engine_rescan_plugins (engine);
      info = peas_engine_get_plugin_info (engine, module);
    }

  if (info == NULL)
    set_error (listening, CONVOKE_ERROR_NOT_FOUND, module, "is not in its directory", error);
  return info;
}

static gboolean
load_plugin (const Listening  *listening,
             PeasEngine       *engine,
             PeasPluginInfo   *info,
             GError          **error)
{
  g_autoptr (GError) reason = NULL;

  if (peas_engine_load_plugin (engine, info))
    return TRUE;

  if (peas_plugin_info_is_available (info, &reason))
    set_error (listening, CONVOKE_ERROR_FAILED, peas_plugin_info_get_module_name (info), "was not loaded", error);
  else
    {
      g_autofree char *what = g_strdup_printf ("was not loaded: %s", reason->message);
      gboolean no_loader = g_error_matches (reason, PEAS_PLUGIN_INFO_ERROR, PEAS_PLUGIN_INFO_ERROR_LOADER_NOT_FOUND);

      set_error (listening, no_loader ? CONVOKE_ERROR_NOT_SUPPORTED : CONVOKE_ERROR_FAILED,
                 peas_plugin_info_get_module_name (info), what, error);
    }
  return FALSE;
}

/* --- the interface: Namespace-Version.Name --- */

static GType
find_type (GIRepository *repository,
           const char   *namespace_,
           const char   *name)
{
  GIBaseInfo *info = g_irepository_find_by_name (repository, namespace_, name);
  GType type = info != NULL && GI_IS_INTERFACE_INFO (info) ? g_registered_type_info_get_g_type (info) : G_TYPE_INVALID;

  g_clear_pointer (&info, g_base_info_unref);
  return type;
}

static GType
find_interface (const char  *name,
                GError     **error)
{
  const char *dash = strchr (name, '-');
  const char *dot = strrchr (name, '.');
  g_autofree char *namespace_ = dash != NULL ? g_strndup (name, dash - name) : NULL;
  g_autofree char *version = dash != NULL && dot > dash ? g_strndup (dash + 1, dot - dash - 1) : NULL;
  GType type = G_TYPE_INVALID;

  if (version != NULL && g_irepository_require (NULL, namespace_, version, 0, error) == NULL)
    return G_TYPE_INVALID;

  if (version != NULL)
    type = find_type (NULL, namespace_, dot + 1);
  if (G_TYPE_IS_INTERFACE (type))
    return type;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CLASS_NOT_AVAILABLE, "%s is no interface that plug-ins can have", name);
  return G_TYPE_INVALID;
}

/* --- properties: those of the interface, as libpeas has it --- */

typedef struct
{
  guint   n;
  GValue *values;
} Converted;

static void
converted_clear (Converted *self)
{
  for (guint i = 0; i < self->n; i++)
    if (G_IS_VALUE (&self->values[i]))
      g_value_unset (&self->values[i]);

  g_free (self->values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Converted, converted_clear)

static gboolean
convert_value (const GValue *value,
               GType         wanted,
               GValue       *converted)
{
  GObject *object = G_VALUE_HOLDS_OBJECT (value) ? g_value_get_object (value) : NULL;

  g_value_init (converted, wanted);
  if (object != NULL && g_type_is_a (G_OBJECT_TYPE (object), wanted))
    g_value_set_object (converted, object);
  else if (g_value_type_compatible (G_VALUE_TYPE (value), wanted))
    g_value_copy (value, converted);
  else
    return FALSE;

  return TRUE;
}

static GParamSpec *
find_property (GType        iface,
               const char  *name,
               GError     **error)
{
  gpointer vtable = g_type_default_interface_ref (iface);
  GParamSpec *pspec = g_object_interface_find_property (vtable, name);

  g_type_default_interface_unref (vtable);
  if (pspec == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "%s has no property '%s'", g_type_name (iface), name);
  else if (!(pspec->flags & G_PARAM_WRITABLE))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The property '%s' of %s cannot be written",
                 name, g_type_name (iface));
  else
    return pspec;

  return NULL;
}

static gboolean
convert (Converted     *self,
         GType          iface,
         const char   **names,
         const GValue  *values,
         GError       **error)
{
  self->values = g_new0 (GValue, self->n);
  for (guint i = 0; i < self->n; i++)
    {
      GParamSpec *pspec = find_property (iface, names[i], error);

      if (pspec == NULL)
        return FALSE;

      if (!convert_value (&values[i], pspec->value_type, &self->values[i]) ||
          g_param_value_validate (pspec, &self->values[i]))
        {
          g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "The property '%s' of %s is a %s, and cannot be this %s",
                       pspec->name, g_type_name (iface), g_type_name (pspec->value_type), G_VALUE_TYPE_NAME (&values[i]));
          return FALSE;
        }
    }

  return TRUE;
}

/* --- the component --- */

static GObject *
create_extension (const Listening  *listening,
                  PeasEngine       *engine,
                  PeasPluginInfo   *info,
                  GType             iface,
                  const char      **names,
                  const Converted  *properties,
                  GError          **error)
{
  const char *module = peas_plugin_info_get_module_name (info);
  g_autofree char *what = NULL;
  GObject *made;

  if (!peas_engine_provides_extension (engine, info, iface))
    {
      what = g_strdup_printf ("has no %s", g_type_name (iface));
      set_error (listening, CONVOKE_ERROR_NO_INTERFACE, module, what, error);
      return NULL;
    }

  made = peas_engine_create_extension_with_properties (engine, info, iface, properties->n, names, properties->values);
  if (made == NULL)
    set_error (listening, CONVOKE_ERROR_FAILED, module, "made nothing", error);
  return made;
}

static GObject *
load_and_create (const char       *directory,
                 const char       *module,
                 GType             iface,
                 const char      **names,
                 const Converted  *properties,
                 GError          **error)
{
  g_auto (Listening) listening = { NULL, };
  PeasEngine *engine;
  PeasPluginInfo *info;

  listening_begin (&listening);
  engine = ensure_engine (directory != NULL ? directory : ".");
  info = find_plugin (&listening, engine, module, error);
  if (info == NULL || !load_plugin (&listening, engine, info, error))
    return NULL;

  return create_extension (&listening, engine, info, iface, names, properties, error);
}

static GObject *
convoke_loader_peas_create_instance_with_properties (ConvokeLoader  *loader,
                                                     const char     *directory,
                                                     const char     *module,
                                                     const char     *type_name,
                                                     guint           n_properties,
                                                     const char    **names,
                                                     const GValue   *values,
                                                     GError        **error)
{
  g_auto (Converted) properties = { n_properties, NULL };
  GType iface;

  if (!check_thread (error))
    return NULL;

  iface = find_interface (type_name, error);
  if (iface == G_TYPE_INVALID || !convert (&properties, iface, names, values, error))
    return NULL;

  return load_and_create (directory, module, iface, names, &properties, error);
}

static GObject *
convoke_loader_peas_create_instance (ConvokeLoader  *loader,
                                     const char     *directory,
                                     const char     *module,
                                     const char     *type_name,
                                     GError        **error)
{
  return convoke_loader_peas_create_instance_with_properties (loader, directory, module, type_name, 0, NULL, NULL, error);
}

static void
convoke_loader_peas_class_init (ConvokeLoaderPeasClass *klass)
{
  CONVOKE_LOADER_CLASS (klass)->create_instance = convoke_loader_peas_create_instance;
  CONVOKE_LOADER_CLASS (klass)->create_instance_with_properties = convoke_loader_peas_create_instance_with_properties;
}

static void
convoke_loader_peas_init (ConvokeLoaderPeas *self)
{
}
