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
#define CONVOKE_TYPELIB_READER_VERSION 1

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

  /* @result: all of the description but what convoke_interface_info_complete () adds. */
  ConvokeTypelibResult (*read_interface) (gpointer               repository,
                                          GType                  gtype,
                                          ConvokeInterfaceInfo **result);
} ConvokeTypelibReader;

gboolean                    convoke_typelib_require (const char  *directory,
                                                     const char  *namespace_,
                                                     const char  *version,
                                                     GError     **error);
const ConvokeInterfaceInfo *convoke_typelib_lookup  (GType        gtype,
                                                     GError     **error);

/* What follows from a description: pairs, refusals, contracts, fingerprints. Once, before anybody else sees @self. */
void convoke_interface_info_complete (ConvokeInterfaceInfo *self);

/* "in", "array of utf8", ...: for messages. */
char *convoke_type_info_to_string (const ConvokeTypeInfo *self);

G_END_DECLS
