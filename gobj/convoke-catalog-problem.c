/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <string.h>

#include "convoke-catalog-problem-private.h"

struct _ConvokeCatalogProblem
{
  GObject                    parent_instance;

  /* Fixed. */
  ConvokeCatalogProblemKind  kind;
  char                      *path;
  guint                      line;
  char                      *message;   /* begins with path and line */
};

/**
 * ConvokeCatalogProblem:
 *
 * Something that a [class@Convoke.Catalog] could not use, and why.
 *
 * Any thread may use it.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (ConvokeCatalogProblem, convoke_catalog_problem, G_TYPE_OBJECT)

static void
convoke_catalog_problem_finalize (GObject *object)
{
  ConvokeCatalogProblem *self = CONVOKE_CATALOG_PROBLEM (object);

  g_free (self->path);
  g_free (self->message);

  G_OBJECT_CLASS (convoke_catalog_problem_parent_class)->finalize (object);
}

static void
convoke_catalog_problem_class_init (ConvokeCatalogProblemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_catalog_problem_finalize;
}

static void
convoke_catalog_problem_init (ConvokeCatalogProblem *self)
{
}

/* What @message has behind the path: 0 where it is no line. */
static guint
find_line (const char *shown_path,
           const char *message)
{
  gsize length = strlen (shown_path);
  char *end = NULL;
  guint64 line;

  if (strncmp (message, shown_path, length) != 0 || message[length] != ':' || !g_ascii_isdigit (message[length + 1]))
    return 0;

  line = g_ascii_strtoull (message + length + 1, &end, 10);
  return *end == ':' && line <= G_MAXUINT ? line : 0;
}

ConvokeCatalogProblem *
convoke_catalog_problem_new (ConvokeCatalogProblemKind  kind,
                             const char                *path,
                             const char                *message)
{
  ConvokeCatalogProblem *self = g_object_new (CONVOKE_TYPE_CATALOG_PROBLEM, NULL);
  g_autofree char *shown = g_filename_display_name (path);

  self->kind = kind;
  self->path = g_strdup (path);
  self->line = find_line (shown, message);
  self->message = g_str_has_prefix (message, shown) ? g_strdup (message) : g_strdup_printf ("%s: %s", shown, message);
  return self;
}

gboolean
convoke_catalog_problem_equal (ConvokeCatalogProblem *self,
                               ConvokeCatalogProblem *other)
{
  return self->kind == other->kind && strcmp (self->path, other->path) == 0 && strcmp (self->message, other->message) == 0;
}

int
convoke_catalog_problem_compare (ConvokeCatalogProblem *self,
                                 ConvokeCatalogProblem *other)
{
  int order = strcmp (self->path, other->path);

  return order != 0 ? order : (self->line > other->line) - (self->line < other->line);
}

/**
 * convoke_catalog_problem_get_kind:
 * @self: a problem
 *
 * Gets what became of the file.
 *
 * Any thread may call this.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
ConvokeCatalogProblemKind
convoke_catalog_problem_get_kind (ConvokeCatalogProblem *self)
{
  g_return_val_if_fail (CONVOKE_IS_CATALOG_PROBLEM (self), CONVOKE_CATALOG_PROBLEM_BROKEN);

  return self->kind;
}

/**
 * convoke_catalog_problem_get_path:
 * @self: a problem
 *
 * Gets the file or directory that has it.
 *
 * Any thread may call this.
 *
 * Returns: (transfer none) (type filename): the path
 *
 * Since: 0.1
 */
const char *
convoke_catalog_problem_get_path (ConvokeCatalogProblem *self)
{
  g_return_val_if_fail (CONVOKE_IS_CATALOG_PROBLEM (self), NULL);

  return self->path;
}

/**
 * convoke_catalog_problem_get_line:
 * @self: a problem
 *
 * Gets where in the file it is.
 *
 * Any thread may call this.
 *
 * Returns: the line, counted from 1; 0 for all of the file
 *
 * Since: 0.1
 */
guint
convoke_catalog_problem_get_line (ConvokeCatalogProblem *self)
{
  g_return_val_if_fail (CONVOKE_IS_CATALOG_PROBLEM (self), 0);

  return self->line;
}

/**
 * convoke_catalog_problem_get_message:
 * @self: a problem
 *
 * Gets what is wrong, for people; file and line come first.
 *
 * Any thread may call this.
 *
 * Returns: (transfer none): the message
 *
 * Since: 0.1
 */
const char *
convoke_catalog_problem_get_message (ConvokeCatalogProblem *self)
{
  g_return_val_if_fail (CONVOKE_IS_CATALOG_PROBLEM (self), NULL);

  return self->message;
}
