/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <gio/gio.h>
#include <string.h>

#include "convoke-error.h"

#define N_CODES (CONVOKE_ERROR_FOREIGN + 1)

static guint32
status_of (GQuark             domain,
           int                code,
           ConvokeErrorFamily family)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "message");

  return convoke_error_to_status (error, family);
}

static void
assert_statuses (ConvokeError code,
                 guint32      com,
                 guint32      mf,
                 guint32      rpc,
                 guint32      tapi,
                 guint32      inet)
{
  g_test_message ("%s", convoke_error_get_name (code));
  g_assert_cmphex (status_of (CONVOKE_ERROR, code, CONVOKE_ERROR_FAMILY_COM), ==, com);
  g_assert_cmphex (status_of (CONVOKE_ERROR, code, CONVOKE_ERROR_FAMILY_MF), ==, mf);
  g_assert_cmpuint (status_of (CONVOKE_ERROR, code, CONVOKE_ERROR_FAMILY_RPC), ==, rpc);
  g_assert_cmphex (status_of (CONVOKE_ERROR, code, CONVOKE_ERROR_FAMILY_TAPI), ==, tapi);
  g_assert_cmpuint (status_of (CONVOKE_ERROR, code, CONVOKE_ERROR_FAMILY_INET), ==, inet);
}

static void
test_busy (void)
{
  g_test_summary ("P-12: a busy object reads 80010115 in COM, 997 in RPC and 12026 in INET");

  assert_statuses (CONVOKE_ERROR_CALL_PENDING, 0x80010115, 0x8000000A, 997, 0x80000001, 12026);
}

static void
test_idle (void)
{
  g_test_summary ("P-12: an idle RPC state has a code of its own, 1702, and is 1914 for everything else");

  g_assert_cmpuint (status_of (CONVOKE_ERROR, CONVOKE_ERROR_HANDLE_IDLE, CONVOKE_ERROR_FAMILY_RPC), ==, 1702);
  g_assert_cmpuint (status_of (CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE, CONVOKE_ERROR_FAMILY_RPC), ==, 1914);
  g_assert_cmpuint (status_of (CONVOKE_ERROR, CONVOKE_ERROR_INVALID_HANDLE, CONVOKE_ERROR_FAMILY_RPC), ==, 1914);
}

static void
test_timeout (void)
{
  g_test_summary ("P-1: an expiry is RPC_E_TIMEOUT");

  g_assert_cmphex (status_of (CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, CONVOKE_ERROR_FAMILY_COM), ==, 0x8001011F);
}

static void
test_own_numbers (void)
{
  static const struct
  {
    ConvokeError       code;
    ConvokeErrorFamily family;
    guint32            status;
  } numbers[] = {
    { CONVOKE_ERROR_FAILED, CONVOKE_ERROR_FAMILY_COM, 0x80004005 },
    { CONVOKE_ERROR_NOT_SUPPORTED, CONVOKE_ERROR_FAMILY_COM, 0x80004021 },
    { CONVOKE_ERROR_NO_INTERFACE, CONVOKE_ERROR_FAMILY_COM, 0x80004002 },
    { CONVOKE_ERROR_NO_CLASS, CONVOKE_ERROR_FAMILY_COM, 0x80040154 },
    { CONVOKE_ERROR_CLASS_NOT_AVAILABLE, CONVOKE_ERROR_FAMILY_COM, 0x80040111 },
    { CONVOKE_ERROR_NO_AGGREGATION, CONVOKE_ERROR_FAMILY_COM, 0x80040110 },
    { CONVOKE_ERROR_NO_METHOD, CONVOKE_ERROR_FAMILY_COM, 0x80004001 },
    { CONVOKE_ERROR_INVALID_ARGUMENT, CONVOKE_ERROR_FAMILY_COM, 0x80070057 },
    { CONVOKE_ERROR_INVALID_ARGUMENT, CONVOKE_ERROR_FAMILY_RPC, 87 },
    { CONVOKE_ERROR_INVALID_ARGUMENT, CONVOKE_ERROR_FAMILY_TAPI, 0x80000032 },
    { CONVOKE_ERROR_ACCESS_DENIED, CONVOKE_ERROR_FAMILY_COM, 0x8001011B },
    { CONVOKE_ERROR_ACCESS_DENIED, CONVOKE_ERROR_FAMILY_MF, 0x80070005 },
    { CONVOKE_ERROR_UNEXPECTED, CONVOKE_ERROR_FAMILY_COM, 0x8000FFFF },
    { CONVOKE_ERROR_CALL_COMPLETE, CONVOKE_ERROR_FAMILY_COM, 0x80010117 },
    { CONVOKE_ERROR_CALL_COMPLETE, CONVOKE_ERROR_FAMILY_RPC, 1914 },
    { CONVOKE_ERROR_CANCELLED, CONVOKE_ERROR_FAMILY_COM, 0x80010002 },
    { CONVOKE_ERROR_CANCELLED, CONVOKE_ERROR_FAMILY_MF, 0xC00D36ED },
    { CONVOKE_ERROR_CANCELLED, CONVOKE_ERROR_FAMILY_RPC, 1818 },
    { CONVOKE_ERROR_CANCELLED, CONVOKE_ERROR_FAMILY_TAPI, 0x80000048 },
    { CONVOKE_ERROR_CANCELLED, CONVOKE_ERROR_FAMILY_INET, 12017 },
    { CONVOKE_ERROR_CANCEL_DISABLED, CONVOKE_ERROR_FAMILY_COM, 0x80010140 },
    { CONVOKE_ERROR_TOO_LATE, CONVOKE_ERROR_FAMILY_COM, 0x80010119 },
    { CONVOKE_ERROR_NO_CONTEXT, CONVOKE_ERROR_FAMILY_COM, 0x8001011E },
    { CONVOKE_ERROR_NO_CONTEXT, CONVOKE_ERROR_FAMILY_INET, 12024 },
    { CONVOKE_ERROR_SERVER_FAULT, CONVOKE_ERROR_FAMILY_COM, 0x80010105 },
    { CONVOKE_ERROR_SERVER_DIED, CONVOKE_ERROR_FAMILY_COM, 0x80010007 },
    { CONVOKE_ERROR_SERVER_DIED, CONVOKE_ERROR_FAMILY_TAPI, 0x80000052 },
    { CONVOKE_ERROR_SERVER_EXEC_FAILURE, CONVOKE_ERROR_FAMILY_COM, 0x80080005 },
    { CONVOKE_ERROR_SERVER_STOPPING, CONVOKE_ERROR_FAMILY_COM, 0x80080008 },
    { CONVOKE_ERROR_DISCONNECTED, CONVOKE_ERROR_FAMILY_COM, 0x80010108 },
    { CONVOKE_ERROR_CALL_REJECTED, CONVOKE_ERROR_FAMILY_COM, 0x80010001 },
    { CONVOKE_ERROR_BUSY, CONVOKE_ERROR_FAMILY_COM, 0x8001010A },
    { CONVOKE_ERROR_OUT_OF_RESOURCES, CONVOKE_ERROR_FAMILY_COM, 0x80010101 },
    { CONVOKE_ERROR_OUT_OF_RESOURCES, CONVOKE_ERROR_FAMILY_TAPI, 0x8000004B },
    { CONVOKE_ERROR_NO_SYNC, CONVOKE_ERROR_FAMILY_COM, 0x80010120 },
    { CONVOKE_ERROR_NOT_REGISTERED, CONVOKE_ERROR_FAMILY_COM, 0x800401FB },
    { CONVOKE_ERROR_NOT_REGISTERED, CONVOKE_ERROR_FAMILY_TAPI, 0x80000014 },
    { CONVOKE_ERROR_ALREADY_REGISTERED, CONVOKE_ERROR_FAMILY_COM, 0x800401FC },
    { CONVOKE_ERROR_NOT_CONNECTED, CONVOKE_ERROR_FAMILY_COM, 0x800401FD },
    { CONVOKE_ERROR_NOT_STARTED, CONVOKE_ERROR_FAMILY_COM, 0x800401F0 },
    { CONVOKE_ERROR_NOT_STARTED, CONVOKE_ERROR_FAMILY_MF, 0xC00D36B0 },
    { CONVOKE_ERROR_NOT_STARTED, CONVOKE_ERROR_FAMILY_TAPI, 0x80000050 },
    { CONVOKE_ERROR_SHUTDOWN, CONVOKE_ERROR_FAMILY_MF, 0xC00D3E85 },
    { CONVOKE_ERROR_SHUTDOWN, CONVOKE_ERROR_FAMILY_TAPI, 0x80000014 },
    { CONVOKE_ERROR_NOT_FOUND, CONVOKE_ERROR_FAMILY_MF, 0xC00D36D5 },
    { CONVOKE_ERROR_INVALID_QUEUE, CONVOKE_ERROR_FAMILY_MF, 0xC00D36FF },
    { CONVOKE_ERROR_MULTIPLE_BEGIN, CONVOKE_ERROR_FAMILY_MF, 0xC00D36D9 },
    { CONVOKE_ERROR_MULTIPLE_SUBSCRIBERS, CONVOKE_ERROR_FAMILY_MF, 0xC00D36DA },
    { CONVOKE_ERROR_NO_EVENTS, CONVOKE_ERROR_FAMILY_MF, 0xC00D3E80 },
    { CONVOKE_ERROR_VERSION_MISMATCH, CONVOKE_ERROR_FAMILY_MF, 0xC00D36E3 },
    { CONVOKE_ERROR_INVALID_HANDLE, CONVOKE_ERROR_FAMILY_INET, 6 },
    { CONVOKE_ERROR_HANDLE_TYPE, CONVOKE_ERROR_FAMILY_INET, 12018 },
    { CONVOKE_ERROR_HANDLE_STATE, CONVOKE_ERROR_FAMILY_INET, 12019 },
    { CONVOKE_ERROR_HANDLE_STATE, CONVOKE_ERROR_FAMILY_RPC, 1915 },
    { CONVOKE_ERROR_PIPE_ORDER, CONVOKE_ERROR_FAMILY_RPC, 1831 },
    { CONVOKE_ERROR_PIPE_CLOSED, CONVOKE_ERROR_FAMILY_RPC, 1916 },
    { CONVOKE_ERROR_PIPE_DISCIPLINE, CONVOKE_ERROR_FAMILY_RPC, 1917 },
    { CONVOKE_ERROR_PIPE_EMPTY, CONVOKE_ERROR_FAMILY_RPC, 1918 },
    { CONVOKE_ERROR_NAME_NOT_RESOLVED, CONVOKE_ERROR_FAMILY_INET, 12007 },
    { CONVOKE_ERROR_CANNOT_CONNECT, CONVOKE_ERROR_FAMILY_INET, 12029 },
    { CONVOKE_ERROR_HEADER_NOT_FOUND, CONVOKE_ERROR_FAMILY_INET, 12150 },
    { CONVOKE_ERROR_NO_CALLBACK, CONVOKE_ERROR_FAMILY_INET, 12025 },
  };

  g_test_summary ("P-12: a code has the number of the family that has a word for it");

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_test_message ("%s", convoke_error_get_name (numbers[i].code));
      g_assert_cmphex (status_of (CONVOKE_ERROR, numbers[i].code, numbers[i].family), ==, numbers[i].status);
    }
}

static void
test_never_success (void)
{
  g_test_summary ("No error reads as success in any family");

  for (int code = 0; code < N_CODES; code++)
    for (int family = 0; family <= CONVOKE_ERROR_FAMILY_INET; family++)
      g_assert_cmphex (status_of (CONVOKE_ERROR, code, family), !=, 0);
}

static void
test_names (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  g_test_summary ("Each code has a name of its own, and nothing else has one");

  for (int code = 0; code < N_CODES; code++)
    {
      const char *name = convoke_error_get_name (code);

      g_assert_nonnull (name);
      g_assert_cmpuint (strspn (name, "abcdefghijklmnopqrstuvwxyz-"), ==, strlen (name));
      g_assert_true (g_hash_table_add (names, (gpointer) name));
    }

  g_assert_null (convoke_error_get_name (N_CODES));
  g_assert_null (convoke_error_get_name ((ConvokeError) -1));
}

static void
test_name_of_code (void)
{
  g_test_summary ("A name is that of its code");

  g_assert_cmpstr (convoke_error_get_name (CONVOKE_ERROR_FAILED), ==, "failed");
  g_assert_cmpstr (convoke_error_get_name (CONVOKE_ERROR_CALL_PENDING), ==, "call-pending");
  g_assert_cmpstr (convoke_error_get_name (CONVOKE_ERROR_HANDLE_IDLE), ==, "handle-idle");
  g_assert_cmpstr (convoke_error_get_name (CONVOKE_ERROR_FOREIGN), ==, "foreign");
}

static void
test_no_error (void)
{
  g_test_summary ("No error is success");

  for (int family = 0; family <= CONVOKE_ERROR_FAMILY_INET; family++)
    g_assert_cmphex (convoke_error_to_status (NULL, family), ==, 0);
  g_assert_cmphex (convoke_error_to_hresult (NULL), ==, 0);
}

static void
test_hresult (void)
{
  g_autoptr (GError) error = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_TOO_LATE, "message");

  g_test_summary ("The HRESULT is the number of the family COM");

  g_assert_cmphex (convoke_error_to_hresult (error), ==, 0x80010119);
}

static void
test_io_errors (void)
{
  g_test_summary ("GIO's errors read as what means the same");

  g_assert_cmphex (status_of (G_IO_ERROR, G_IO_ERROR_CANCELLED, CONVOKE_ERROR_FAMILY_COM), ==, 0x80010002);
  g_assert_cmphex (status_of (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, CONVOKE_ERROR_FAMILY_COM), ==, 0x8001011F);
  g_assert_cmpuint (status_of (G_IO_ERROR, G_IO_ERROR_PENDING, CONVOKE_ERROR_FAMILY_RPC), ==, 997);
  g_assert_cmpuint (status_of (G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, CONVOKE_ERROR_FAMILY_INET), ==, 12007);
  g_assert_cmpuint (status_of (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, CONVOKE_ERROR_FAMILY_INET), ==, 12029);
}

static void
test_unknown (void)
{
  g_test_summary ("What is not known reads as the family's failure in general");

  g_assert_cmphex (status_of (G_MARKUP_ERROR, 0, CONVOKE_ERROR_FAMILY_COM), ==, 0x80004005);
  g_assert_cmpuint (status_of (G_MARKUP_ERROR, 0, CONVOKE_ERROR_FAMILY_RPC), ==, 1726);
  g_assert_cmphex (status_of (G_IO_ERROR, G_IO_ERROR_WRONG_ETAG, CONVOKE_ERROR_FAMILY_TAPI), ==, 0x80000048);
  g_assert_cmphex (status_of (CONVOKE_ERROR, N_CODES, CONVOKE_ERROR_FAMILY_COM), ==, 0x80004005);
  g_assert_cmphex (status_of (CONVOKE_ERROR, -1, CONVOKE_ERROR_FAMILY_COM), ==, 0x80004005);
}

static void
test_domain (void)
{
  g_test_summary ("The domain has the name by which other processes know it");

  g_assert_cmpstr (g_quark_to_string (CONVOKE_ERROR), ==, "convoke-error-quark");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gobj/error/busy", test_busy);
  g_test_add_func ("/gobj/error/idle", test_idle);
  g_test_add_func ("/gobj/error/timeout", test_timeout);
  g_test_add_func ("/gobj/error/own-numbers", test_own_numbers);
  g_test_add_func ("/gobj/error/never-success", test_never_success);
  g_test_add_func ("/gobj/error/names", test_names);
  g_test_add_func ("/gobj/error/name-of-code", test_name_of_code);
  g_test_add_func ("/gobj/error/no-error", test_no_error);
  g_test_add_func ("/gobj/error/hresult", test_hresult);
  g_test_add_func ("/gobj/error/io-errors", test_io_errors);
  g_test_add_func ("/gobj/error/unknown", test_unknown);
  g_test_add_func ("/gobj/error/domain", test_domain);

  return g_test_run ();
}
