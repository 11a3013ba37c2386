/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The seam between the library and the typelib reader.
 *
 * The reader is a module, because it links girepository, of which a process
 * can have one major version only and may have got one from the language that
 * it runs. It calls nothing of the library (so that it serves any copy of it)
 * and decides nothing: it says what the typelib says, and the rules of
 * convoke-interface-rules.c, which know no typelib, do the rest.
 */

#include "convoke-interface-info-private.h"

G_BEGIN_DECLS

#define CONVOKE_TYPELIB_READER_SYMBOL  "convoke_typelib_reader"
#define CONVOKE_TYPELIB_READER_VERSION 2

typedef enum
{
  CONVOKE_TYPELIB_OK,
  CONVOKE_TYPELIB_NOT_FOUND,          /* no such typelib, or the type is in none of those that were loaded */
  CONVOKE_TYPELIB_OTHER_VERSION,      /* the namespace is loaded in another version */
  CONVOKE_TYPELIB_NOT_AN_INTERFACE,   /* the typelib has the name for something else */
} ConvokeTypelibResult;

/* All calls come under one lock of the caller's. */
typedef struct
{
  guint version;                      /* CONVOKE_TYPELIB_READER_VERSION: the layout of this and of the infos */
  gsize sizes[3];                     /* of interface, method, argument info, as the reader was compiled */

  gpointer             (*repository_new) (void);

  /* @directory: (nullable): the only place to look in. @message: (out): what girepository said. */
  ConvokeTypelibResult (*require)        (gpointer      repository,
                                          const char   *directory,
                                          const char   *namespace_,
                                          const char   *version,
                                          char        **message);

  /* Of one that was required. */
  gboolean             (*has_interface)  (gpointer    repository,
                                          const char *namespace_,
                                          const char *name);

  /* The name of the function that registers it (transfer full); NULL: that version of the namespace was not required, or has no
   * such interface. */
  char                *(*find_type_init) (gpointer    repository,
                                          const char *namespace_,
                                          const char *version,
                                          const char *name);

  /* @result: all of the description but what convoke_interface_info_complete () adds. */
  ConvokeTypelibResult (*read_interface) (gpointer               repository,
                                          GType                  gtype,
                                          ConvokeInterfaceInfo **result);

  /* (nullable): the libraries, separated by commas, of the namespace that has @gtype. */
  const char          *(*get_libraries)  (gpointer repository,
                                          GType    gtype);

  /* What a typelib says of itself; it does not become known by that. Asked once for each. @libraries: (nullable) separated by
   * commas. @dependencies: (nullable) the next ones, Namespace-Version. */
  ConvokeTypelibResult (*look)           (const char   *directory,
                                          const char   *namespace_,
                                          const char   *version,
                                          char        **libraries,
                                          char       ***dependencies,
                                          char        **message);

  /* Those that can be had. */
  char               **(*list_versions)  (const char *namespace_);

  /* The one that the language has which the process runs; NULL for none. That repository has no lock: see
   * convoke-foreign-typelibs-private.h. */
  const char          *(*get_loaded_version) (const char *namespace_);
} ConvokeTypelibReader;

/* @interface: (nullable): the name of one that it must have; INVALID_ARGUMENT if it does not. */
gboolean                    convoke_typelib_require (const char  *directory,
                                                     const char  *namespace_,
                                                     const char  *version,
                                                     const char  *interface,
                                                     GError     **error);
const ConvokeInterfaceInfo *convoke_typelib_lookup  (GType        gtype,
                                                     GError     **error);

/* The type of an interface, Namespace-Version.Name, of a namespace that was required; registered now, if its library is mapped. Loads
 * nothing. G_TYPE_INVALID: it is not known here. */
GType                       convoke_typelib_find    (const char  *name);

/* What a typelib says of itself. Never freed. */
typedef struct
{
  char  *namespace_;
  char  *version;
  char **libraries;         /* their sonames; never NULL */
  char **dependencies;      /* Namespace-Version, the next ones only; never NULL */
} ConvokeTypelibLook;

/* Looks at a typelib without making it known: any version of anything. NULL: there is none. */
const ConvokeTypelibLook   *convoke_typelib_look          (const char *directory,
                                                           const char *namespace_,
                                                           const char *version);
char                      **convoke_typelib_list_versions (const char *namespace_);
/* Only between convoke_foreign_typelibs_enter () and leave (). */
char                       *convoke_typelib_dup_foreign_version (const char *namespace_);

/* What follows from a description: pairs, refusals, contracts, fingerprints. Once, before anybody else sees @self. */
void convoke_interface_info_complete (ConvokeInterfaceInfo *self);

/* "in", "array of utf8", ...: for messages. */
char *convoke_type_info_to_string (const ConvokeTypeInfo *self);

G_END_DECLS
