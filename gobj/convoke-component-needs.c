/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Namespaces: those of Interfaces= and Requires=, and what their typelibs
 * depend on. Libraries: those of these namespaces, those that the module links,
 * and what all these link in turn. What the process has already is not gone
 * into: it has what that needs, too.
 *
 * A library is looked for where the dynamic linker would, but for the cache of
 * that: instead, where the libraries are that are mapped.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "convoke-component-needs-private.h"
#include "convoke-elf-private.h"
#include "convoke-module-private.h"

/* A desktop's program has some two hundred. */
#define MOST_LIBRARIES 4096

/* --- namespaces --- */

static gboolean
has_namespace (const ConvokeComponentNeeds *self,
               const char                  *namespace_)
{
  for (guint i = 0; i < self->namespaces->len; i++)
    if (strcmp (((const ConvokeTypelibLook *) self->namespaces->pdata[i])->namespace_, namespace_) == 0)
      return TRUE;

  return FALSE;
}

/* A typelib beside the keyfile comes first. */
static const ConvokeTypelibLook *
look (const char *directory,
      const char *namespace_,
      const char *version)
{
  g_autofree char *basename = g_strdup_printf ("%s-%s.typelib", namespace_, version);
  g_autofree char *beside = directory != NULL ? g_build_filename (directory, basename, NULL) : NULL;
  gboolean is_beside = beside != NULL && g_file_test (beside, G_FILE_TEST_EXISTS);

  return convoke_typelib_look (is_beside ? directory : NULL, namespace_, version);
}

/* @name: Namespace-Version. One whose typelib is missing is somebody else's business to tell. */
static void
add_namespace (ConvokeComponentNeeds *self,
               const char            *directory,
               const char            *name)
{
  const char *dash = strchr (name, '-');
  g_autofree char *namespace_ = dash != NULL ? g_strndup (name, dash - name) : NULL;
  const ConvokeTypelibLook *found;

  if (namespace_ == NULL || has_namespace (self, namespace_))
    return;

  found = look (directory, namespace_, dash + 1);
  if (found != NULL)
    g_ptr_array_add (self->namespaces, (gpointer) found);
}

/* @interface: Namespace-Version.Interface. */
static void
add_namespace_of (ConvokeComponentNeeds *self,
                  const char            *directory,
                  const char            *interface)
{
  const char *dot = strrchr (interface, '.');
  g_autofree char *name = g_strndup (interface, dot != NULL ? (gsize) (dot - interface) : strlen (interface));

  add_namespace (self, directory, name);
}

static void
add_namespaces (ConvokeComponentNeeds      *self,
                const ConvokeComponentFile *file)
{
  for (char **name = file->requires; *name != NULL; name++)
    add_namespace (self, file->directory, *name);
  for (char **interface = file->interfaces; *interface != NULL; interface++)
    add_namespace_of (self, file->directory, *interface);

  /* It grows meanwhile. */
  for (guint i = 0; i < self->namespaces->len; i++)
    for (char **name = ((const ConvokeTypelibLook *) self->namespaces->pdata[i])->dependencies; *name != NULL; name++)
      add_namespace (self, NULL, *name);
}

/* --- libraries --- */

typedef struct
{
  ConvokeComponentNeeds        *needs;
  const ConvokeMappedLibraries *mapped;
  GHashTable                   *seen;     /* (owned) owned sonames */
  GQueue                        queue;    /* owned Step: libraries whose files were not looked at yet */
} Walk;

typedef struct
{
  const char  *soname;          /* (borrowed) */
  char       **directories;     /* (owned): where who needs it wants it to be looked for; never NULL */
} Step;

static void
step_free (Step *self)
{
  g_strfreev (self->directories);
  g_free (self);
}

static void
add_library (Walk                     *walk,
             const char               *soname,
             const ConvokeTypelibLook *of,
             char                    **directories)
{
  ConvokeNeededLibrary *library;
  Step *step;

  if (*soname == '\0' || convoke_mapped_libraries_has (walk->mapped, soname) ||
      g_hash_table_size (walk->seen) >= MOST_LIBRARIES || !g_hash_table_add (walk->seen, g_strdup (soname)))
    return;

  library = g_new0 (ConvokeNeededLibrary, 1);
  library->soname = g_strdup (soname);
  library->of = of;
  g_ptr_array_add (walk->needs->libraries, library);

  step = g_new0 (Step, 1);
  step->soname = library->soname;
  step->directories = g_strdupv (directories);
  g_queue_push_tail (&walk->queue, step);
}

static void
add_needed (Walk             *walk,
            const ConvokeElf *elf)
{
  for (char **soname = elf->needed; *soname != NULL; soname++)
    add_library (walk, *soname, NULL, elf->directories);
}

static ConvokeElf *
read_in (char       **directories,
         const char  *soname)
{
  for (char **directory = directories; *directory != NULL; directory++)
    {
      g_autofree char *path = g_build_filename (*directory, soname, NULL);
      ConvokeElf *elf = **directory == '/' ? convoke_elf_read (path, NULL) : NULL;

      if (elf != NULL)
        return elf;
    }

  return NULL;
}

static ConvokeElf *
read_library (const Walk *walk,
              const Step *step)
{
  static const char * const usual[] = { "/usr/local/lib", "/usr/lib", "/lib", NULL };
  const char *path = secure_getenv ("LD_LIBRARY_PATH");
  g_auto (GStrv) more = g_strsplit (path != NULL ? path : "", ":", -1);
  char **places[] = {
    step->directories, more, convoke_mapped_libraries_get_directories (walk->mapped), (char **) usual,
  };
  ConvokeElf *elf = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (places) && elf == NULL; i++)
    elf = read_in (places[i], step->soname);

  return elf;
}

static void
take_step (Walk *walk,
           Step *step)
{
  g_autoptr (ConvokeElf) elf = read_library (walk, step);

  if (elf != NULL)
    add_needed (walk, elf);
}

static void
add_libraries_of_namespaces (Walk *walk)
{
  static char *nowhere[] = { NULL };

  for (guint i = 0; i < walk->needs->namespaces->len; i++)
    {
      const ConvokeTypelibLook *namespace_ = walk->needs->namespaces->pdata[i];

      for (char **soname = namespace_->libraries; *soname != NULL; soname++)
        add_library (walk, *soname, namespace_, nowhere);
    }
}

/* What another loader than that of C calls a module is seldom the name of such a file. */
static void
add_libraries_of_module (Walk                       *walk,
                         const ConvokeComponentFile *file)
{
  g_autofree char *path = g_canonicalize_filename (file->module, file->directory);
  g_autofree char *found = convoke_module_find_file (path, NULL);
  g_autoptr (ConvokeElf) elf = found != NULL ? convoke_elf_read (found, NULL) : NULL;

  if (elf != NULL)
    add_needed (walk, elf);
}

static void
add_libraries (ConvokeComponentNeeds        *self,
               const ConvokeComponentFile   *file,
               const ConvokeMappedLibraries *mapped)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Walk walk = { .needs = self, .mapped = mapped, .seen = seen, .queue = G_QUEUE_INIT };
  Step *step;

  add_libraries_of_namespaces (&walk);
  add_libraries_of_module (&walk, file);
  while ((step = g_queue_pop_head (&walk.queue)) != NULL)
    {
      take_step (&walk, step);
      step_free (step);
    }
}

/* --- both --- */

static void
library_free (gpointer data)
{
  ConvokeNeededLibrary *self = data;

  g_free (self->soname);
  g_free (self);
}

ConvokeComponentNeeds *
convoke_component_needs_new (const ConvokeComponentFile   *file,
                             const ConvokeMappedLibraries *mapped)
{
  ConvokeComponentNeeds *self = g_new0 (ConvokeComponentNeeds, 1);

  self->namespaces = g_ptr_array_new ();
  self->libraries = g_ptr_array_new_with_free_func (library_free);
  add_namespaces (self, file);
  add_libraries (self, file, mapped);

  return self;
}

void
convoke_component_needs_free (ConvokeComponentNeeds *self)
{
  g_ptr_array_unref (self->namespaces);
  g_ptr_array_unref (self->libraries);
  g_free (self);
}
