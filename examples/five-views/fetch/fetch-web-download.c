/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Downloads over HTTP. The method hands its call off and returns; what is told
 * of the request, on a queue, goes on with it, and ends the call when all is
 * there. It also learns when nobody wants the download any more.
 */

#include "fetch-web-download.h"

#include <convoke-inet.h>

#include "fetch-diary.h"

#define WHO "server side"
#define BLOCK 1000  /* bytes */
#define CONTEXT 1

struct _FetchWebDownload
{
  GObject parent_instance;
};

static void fetch_web_download_iface_init (FetchDownloadInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FetchWebDownload, fetch_web_download, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FETCH_TYPE_DOWNLOAD, fetch_web_download_iface_init))

/* Counted: the session's callback and the subscription have it. All but its making happens on one serial queue. */
typedef struct
{
  ConvokeServerCall  *call;     /* (owned) */
  ConvokeInetSession *session;  /* (owned) */
  ConvokeInetRequest *request;  /* (owned) (nullable) */
  guint64             done;
  guint64             total;
} Transfer;

static void
transfer_clear (gpointer data)
{
  Transfer *self = data;

  g_clear_object (&self->call);
  g_clear_object (&self->session);
  g_clear_object (&self->request);
}

static void
transfer_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, transfer_clear);
}

/* Nothing of the transfer is left after this but what is told of its handles' end. */
static void
transfer_end (Transfer     *self,
              const GError *error)
{
  if (error == NULL)
    {
      fetch_diary_write (WHO, "has all of it, completes the call");
      convoke_server_call_complete (self->call, NULL, self->done);
    }
  else
    {
      fetch_diary_write (WHO, "gave up, and says so");
      convoke_server_call_abort (self->call, error, NULL);
    }

  convoke_handle_close (CONVOKE_HANDLE (self->session), NULL);
}

/* Of all is told by the end. */
static void
transfer_report (Transfer *self)
{
  g_autoptr (ConvokeCallContext) context = convoke_server_call_dup_context (self->call);

  if (context != NULL && self->done % BLOCK == 0 && self->done < self->total)
    convoke_call_context_report_amount (context, self->done, self->total, "bytes");
}

/* FALSE: those were the last. */
static gboolean
transfer_take (Transfer *self,
               GBytes   *bytes)
{
  self->done += g_bytes_get_size (bytes);
  if (g_bytes_get_size (bytes) == 0)
    transfer_end (self, NULL);
  else
    transfer_report (self);

  return g_bytes_get_size (bytes) > 0;
}

/* What is there at once is taken; for the rest there will be a completion. */
static void
transfer_read (Transfer *self)
{
  ConvokeHandleOutcome outcome = CONVOKE_HANDLE_OUTCOME_DONE;
  gboolean more = TRUE;

  while (more && outcome == CONVOKE_HANDLE_OUTCOME_DONE)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;

      outcome = convoke_inet_file_read (CONVOKE_INET_FILE (self->request), BLOCK, &bytes, &error);
      if (outcome == CONVOKE_HANDLE_OUTCOME_DONE)
        more = transfer_take (self, bytes);
      else if (outcome == CONVOKE_HANDLE_OUTCOME_FAILED)
        transfer_end (self, error);
    }
}

static void
transfer_opened (Transfer           *self,
                 ConvokeInetRequest *request)
{
  g_autofree char *length = convoke_inet_request_query_header (request, "Content-Length", 0, NULL);

  self->request = g_object_ref (request);
  self->total = length != NULL ? g_ascii_strtoull (length, NULL, 10) : 0;
  transfer_read (self);
}

static void
transfer_completed (Transfer            *self,
                    ConvokeHandleResult *result)
{
  g_autoptr (GError) error = NULL;

  if (!convoke_handle_result_check (result, &error))
    transfer_end (self, error);
  else if (self->request == NULL)
    transfer_opened (self, g_value_get_object (convoke_handle_result_get_value (result)));
  else if (transfer_take (self, g_value_get_boxed (convoke_handle_result_get_value (result))))
    transfer_read (self);
}

static void
status_cb (ConvokeHandle       *handle,
           gsize                context,
           ConvokeHandleStatus  status,
           const GValue        *information,
           gpointer             user_data)
{
  if (status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    transfer_completed (user_data, g_value_get_object (information));
}

/* What is pending then completes with the cancel. */
static void
cancelled_cb (ConvokeServerCall       *call,
              ConvokeServerCallEvents  event,
              gpointer                 user_data)
{
  Transfer *self = user_data;

  fetch_diary_write (WHO, "was asked to stop");
  convoke_handle_close (CONVOKE_HANDLE (self->session), NULL);
}

static gboolean
transfer_start (Transfer    *self,
                const char  *url,
                GError     **error)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_SERIAL);
  g_autoptr (ConvokeInetRequest) request = NULL;

  self->session = convoke_inet_session_new ("five-views", TRUE, error);
  if (self->session == NULL)
    return FALSE;

  convoke_handle_set_work_queue (CONVOKE_HANDLE (self->session), queue);
  return convoke_handle_set_status_callback (CONVOKE_HANDLE (self->session), status_cb, g_atomic_rc_box_acquire (self),
                                             transfer_unref, error) &&
         convoke_server_call_subscribe_in_queue (self->call, CONVOKE_SERVER_CALL_EVENTS_CANCEL, queue, cancelled_cb,
                                                 g_atomic_rc_box_acquire (self), transfer_unref, error) &&
         convoke_inet_session_open_url (self->session, url, NULL, CONVOKE_INET_REQUEST_NONE, CONTEXT, &request, error) !=
         CONVOKE_HANDLE_OUTCOME_FAILED;
}

static guint64
fetch_web_download_fetch (FetchDownload  *download,
                          const char     *url,
                          GError        **error)
{
  g_autoptr (ConvokeServerCall) call = convoke_server_call_defer (G_OBJECT (download), error);
  g_autoptr (GError) cause = NULL;
  Transfer *transfer;

  if (call == NULL)
    return 0;

  fetch_diary_write (WHO, "was asked for a download");
  transfer = g_atomic_rc_box_new0 (Transfer);
  transfer->call = g_steal_pointer (&call);
  if (!transfer_start (transfer, url, &cause))
    convoke_server_call_abort (transfer->call, cause, NULL);
  transfer_unref (transfer);
  return 0;   /* of no meaning: the end of the transfer ends the call */
}

static void
fetch_web_download_iface_init (FetchDownloadInterface *iface)
{
  iface->fetch = fetch_web_download_fetch;
}

static void
fetch_web_download_class_init (FetchWebDownloadClass *klass)
{
  convoke_type_set_threading (FETCH_TYPE_WEB_DOWNLOAD, CONVOKE_THREADING_ANY);
}

static void
fetch_web_download_init (FetchWebDownload *self)
{
}

/**
 * fetch_web_download_new:
 *
 * Makes what downloads over HTTP.
 *
 * Returns: (transfer full): it
 */
FetchWebDownload *
fetch_web_download_new (void)
{
  return g_object_new (FETCH_TYPE_WEB_DOWNLOAD, NULL);
}
