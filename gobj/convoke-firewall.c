/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Two versions of a library of GObject's cannot be in one process: both
 * register the same names of types, and what comes second ends the program.
 *
 * A component is refused where it needs a version of a namespace, or of a
 * library, and another version is here. The libraries tell what is here; and,
 * because a language opens those of a namespace late, the typelibs that it has
 * loaded. Namespaces without libraries clash with nothing.
 *
 * The answer is good until something else is mapped.
 */

#include "config.h"

#include <string.h>

#include "convoke-component-needs-private.h"
#include "convoke-error.h"
#include "convoke-firewall-private.h"
#include "convoke-foreign-typelibs-private.h"

/* Modules that were built for another version of ours are refused when they are opened, at every distance. */
#define OWN_STEM "libconvoke-"

typedef struct
{
  guint64   state;        /* of what was mapped */
  gboolean  asks_others;  /* it depends on typelibs, too, which can be loaded with nothing mapped */
  GError   *refusal;      /* (owned) (nullable) */
} Verdict;

static GMutex      verdicts_lock;
static GHashTable *verdicts;        /* LOCK: verdicts_lock; owned key -> owned Verdict */

static void
verdict_free (gpointer data)
{
  Verdict *self = data;

  g_clear_error (&self->refusal);
  g_free (self);
}

/* --- namespaces --- */

static gboolean
is_mapped (const ConvokeTypelibLook     *look,
           const ConvokeMappedLibraries *mapped)
{
  for (char **soname = look->libraries; *soname != NULL; soname++)
    if (!convoke_mapped_libraries_has (mapped, *soname))
      return FALSE;

  return TRUE;
}

/* A library of @other that is mapped, and is none of @look. */
static const char *
find_library_of_other (const ConvokeTypelibLook     *look,
                       const ConvokeTypelibLook     *other,
                       const ConvokeMappedLibraries *mapped)
{
  for (char **soname = other->libraries; *soname != NULL; soname++)
    if (!g_strv_contains ((const char * const *) look->libraries, *soname) && convoke_mapped_libraries_has (mapped, *soname))
      return *soname;

  return NULL;
}

static gboolean
refuse_namespace (const ConvokeTypelibLook  *look,
                  const char                *version,
                  const char                *soname,
                  GError                   **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH,
               "it needs %s %s, and this process has %s %s%s%s%s", look->namespace_, look->version, look->namespace_, version,
               soname != NULL ? " (" : "", soname != NULL ? soname : "", soname != NULL ? ")" : "");
  return FALSE;
}

/* The typelib that the program's language has loaded. */
static gboolean
check_foreign (const ConvokeTypelibLook  *look,
               GError                   **error)
{
  g_autofree char *version = NULL;
  const ConvokeTypelibLook *other;
  int state;

  if (convoke_foreign_typelibs_enter (&state))
    version = convoke_typelib_dup_foreign_version (look->namespace_);
  convoke_foreign_typelibs_leave (state);

  if (version == NULL || strcmp (version, look->version) == 0)
    return TRUE;

  other = convoke_typelib_look (NULL, look->namespace_, version);
  if (other != NULL && (*other->libraries == NULL || g_strv_equal ((const char * const *) other->libraries,
                                                                   (const char * const *) look->libraries)))
    return TRUE;

  return refuse_namespace (look, version, NULL, error);
}

static gboolean
check_namespace (Verdict                       *self,
                 const ConvokeTypelibLook      *look,
                 const ConvokeMappedLibraries  *mapped,
                 GError                       **error)
{
  g_auto (GStrv) versions = convoke_typelib_list_versions (look->namespace_);
  gboolean has_others = FALSE;

  for (char **version = versions; *version != NULL; version++)
    {
      const ConvokeTypelibLook *other = strcmp (*version, look->version) != 0
                                        ? convoke_typelib_look (NULL, look->namespace_, *version) : NULL;
      const char *soname = other != NULL ? find_library_of_other (look, other, mapped) : NULL;

      if (soname != NULL)
        return refuse_namespace (look, *version, soname, error);
      has_others |= other != NULL;
    }

  self->asks_others |= has_others;
  return !has_others || check_foreign (look, error);
}

static gboolean
check_namespaces (Verdict                       *self,
                  const ConvokeComponentNeeds   *needs,
                  const ConvokeMappedLibraries  *mapped,
                  GError                       **error)
{
  for (guint i = 0; i < needs->namespaces->len; i++)
    {
      const ConvokeTypelibLook *look = needs->namespaces->pdata[i];

      /* What is here is here; and what has no library brings nothing. */
      if (!is_mapped (look, mapped) && !check_namespace (self, look, mapped, error))
        return FALSE;
    }

  return TRUE;
}

/* --- libraries --- */

static gboolean
check_library (const ConvokeNeededLibrary    *library,
               const ConvokeMappedLibraries  *mapped,
               GError                       **error)
{
  const char *other = convoke_mapped_libraries_find_other (mapped, library->soname);

  if (other == NULL || g_str_has_prefix (other, OWN_STEM))
    return TRUE;

  if (library->of != NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH, "it needs %s %s (%s), and this process has %s",
                 library->of->namespace_, library->of->version, library->soname, other);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH, "it needs %s, and this process has %s",
                 library->soname, other);
  return FALSE;
}

static gboolean
check_libraries (const ConvokeComponentNeeds   *needs,
                 const ConvokeMappedLibraries  *mapped,
                 GError                       **error)
{
  for (guint i = 0; i < needs->libraries->len; i++)
    if (!check_library (needs->libraries->pdata[i], mapped, error))
      return FALSE;

  return TRUE;
}

/* --- the answer --- */

static Verdict *
judge (const ConvokeComponentFile *file)
{
  g_autoptr (ConvokeMappedLibraries) mapped = convoke_mapped_libraries_dup ();
  g_autoptr (ConvokeComponentNeeds) needs = convoke_component_needs_new (file, mapped);
  Verdict *self = g_new0 (Verdict, 1);

  self->state = convoke_mapped_libraries_get_state_of (mapped);
  if (check_namespaces (self, needs, mapped, &self->refusal))
    check_libraries (needs, mapped, &self->refusal);

  return self;
}

/* All that the answer depends on, of the keyfile. */
static char *
make_key (const ConvokeComponentFile *file)
{
  g_autofree char *interfaces = g_strjoinv (";", file->interfaces);
  g_autofree char *requires = g_strjoinv (";", file->requires);

  return g_strjoin ("\n", file->directory, file->module, interfaces, requires, NULL);
}

static gboolean
tell (const Verdict  *verdict,
      GError        **error)
{
  if (verdict->refusal != NULL)
    g_propagate_error (error, g_error_copy (verdict->refusal));

  return verdict->refusal == NULL;
}

/* TRUE: *@admits is the answer. */
static gboolean
look_up (const char  *key,
         gboolean    *admits,
         GError     **error)
{
  guint64 state = convoke_mapped_libraries_get_state ();
  const Verdict *known;
  gboolean good;

  g_mutex_lock (&verdicts_lock);
  known = verdicts != NULL ? g_hash_table_lookup (verdicts, key) : NULL;
  good = known != NULL && known->state == state && !known->asks_others;
  if (good)
    *admits = tell (known, error);
  g_mutex_unlock (&verdicts_lock);

  return good;
}

static void
keep (char    *key,
      Verdict *verdict)
{
  g_mutex_lock (&verdicts_lock);
  if (verdicts == NULL)
    verdicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, verdict_free);
  g_hash_table_replace (verdicts, key, verdict);
  g_mutex_unlock (&verdicts_lock);
}

gboolean
convoke_firewall_admits (const ConvokeComponentFile  *file,
                         GError                     **error)
{
  g_autofree char *key = make_key (file);
  Verdict *verdict;
  gboolean admits;

  if (look_up (key, &admits, error))
    return admits;

  verdict = judge (file);
  admits = tell (verdict, error);
  keep (g_steal_pointer (&key), verdict);
  return admits;
}
