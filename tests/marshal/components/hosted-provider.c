/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A provider for hosts: each request is completed by a thread, but for those that the host does not survive. */

#include <convoke.h>

#include <signal.h>

#define HOSTED_TYPE_PROVIDER (hosted_provider_get_type ())
G_DECLARE_FINAL_TYPE (HostedProvider, hosted_provider, HOSTED, PROVIDER, ConvokeReplyProvider)

struct _HostedProvider
{
  ConvokeReplyProvider parent_instance;
};

G_DEFINE_FINAL_TYPE (HostedProvider, hosted_provider, CONVOKE_TYPE_REPLY_PROVIDER)

G_MODULE_EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

typedef struct
{
  ConvokeReplyProvider *provider;   /* (owned) */
  gint32                id;
  GVariant             *parameters; /* (owned) (nullable) */
} Work;

static gpointer
work_thread (gpointer data)
{
  Work *work = data;

  convoke_reply_provider_complete (work->provider, work->id, work->parameters, NULL);
  g_object_unref (work->provider);
  g_clear_pointer (&work->parameters, g_variant_unref);
  g_free (work);
  return NULL;
}

static gint32
hosted_provider_request (ConvokeReplyProvider  *provider,
                         gint32                 request_id,
                         const char            *name,
                         GVariant              *parameters,
                         GError               **error)
{
  Work *work;

  if (g_str_equal (name, "death"))
    raise (SIGKILL);
  if (g_str_equal (name, "zero"))
    return 0;
  if (g_str_equal (name, "keep"))
    return request_id;

  work = g_new0 (Work, 1);
  work->provider = g_object_ref (provider);
  work->id = request_id;
  work->parameters = parameters != NULL ? g_variant_ref (parameters) : NULL;
  g_thread_unref (g_thread_new ("work", work_thread, work));
  return request_id;
}

static void
hosted_provider_class_init (HostedProviderClass *klass)
{
  CONVOKE_REPLY_PROVIDER_CLASS (klass)->request = hosted_provider_request;
}

static void
hosted_provider_init (HostedProvider *self)
{
}

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  return convoke_class_factory_new_for_type (HOSTED_TYPE_PROVIDER);
}
