/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where published objects are found: what is refused there, and that nothing of it is touched. */

#include "publish/published.h"

#include "convoke-publish-dir-private.h"

#include <sys/types.h>

/* --- the folder --- */

static char *
make_dir (const char *name,
          int         mode)
{
  char *path = g_build_filename (runtime_dir, name, NULL);

  g_assert_cmpint (mkdir (path, 0700), ==, 0);
  g_assert_cmpint (chmod (path, mode), ==, 0);
  return path;
}

static void
assert_refused (const char  *runtime,
                int         code,
                const char  *named)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = convoke_publish_dir_ensure_in (runtime, NULL, NULL, &error);

  g_assert_null (path);
  g_assert_error (error, CONVOKE_ERROR, code);
  assert_contains (error, named);
  assert_contains (error, "XDG_RUNTIME_DIR");
}

static void
test_made (void)
{
  g_autofree char *runtime = make_dir ("plain", 0700);
  g_autofree char *wanted = g_build_filename (runtime, "convoke-1", "published", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = convoke_publish_dir_ensure_in (runtime, NULL, NULL, &error);
  g_autofree char *again = NULL;
  struct stat info;

  g_test_summary ("The folder is made for its user alone, once");

  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, wanted);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  again = convoke_publish_dir_ensure_in (runtime, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, wanted);
}

static void
test_missing (void)
{
  g_test_summary ("A folder that is not there is NOT_FOUND and named");

  assert_refused ("/nonexistent/runtime", CONVOKE_ERROR_NOT_FOUND, "/nonexistent/runtime");
}

static void
test_relative (void)
{
  g_test_summary ("A relative path is refused");

  assert_refused ("runtime", CONVOKE_ERROR_ACCESS_DENIED, "absolute");
}

static void
test_writable (void)
{
  g_autofree char *runtime = make_dir ("writable", 0777);

  g_test_summary ("A folder that others can write to is refused: they could put another in the place of ours");

  assert_refused (runtime, CONVOKE_ERROR_ACCESS_DENIED, runtime);
}

static void
test_own_writable (void)
{
  g_autofree char *runtime = make_dir ("inside-writable", 0700);
  g_autofree char *own = make_dir ("inside-writable/convoke-1", 0755);

  g_test_summary ("A folder of ours that others can read is refused");

  assert_refused (runtime, CONVOKE_ERROR_ACCESS_DENIED, own);
}

static void
test_link (void)
{
  g_autofree char *runtime = make_dir ("with-link", 0700);
  g_autofree char *elsewhere = make_dir ("elsewhere", 0700);
  g_autofree char *own = g_build_filename (runtime, "convoke-1", NULL);
  g_autofree char *inside = g_build_filename (elsewhere, "published", NULL);

  g_test_summary ("A link in the place of ours is refused, and nothing is made where it leads");

  g_assert_cmpint (symlink (elsewhere, own), ==, 0);
  assert_refused (runtime, CONVOKE_ERROR_ACCESS_DENIED, own);
  g_assert_false (g_file_test (inside, G_FILE_TEST_EXISTS));
}

static void
test_file (void)
{
  g_autofree char *runtime = make_dir ("with-file", 0700);
  g_autofree char *own = g_build_filename (runtime, "convoke-1", NULL);

  g_test_summary ("A file in the place of ours is refused, and stays");

  g_assert_true (g_file_set_contents (own, "mine", -1, NULL));
  assert_refused (runtime, CONVOKE_ERROR_ACCESS_DENIED, own);
  g_assert_true (g_file_test (own, G_FILE_TEST_IS_REGULAR));
}

static void
test_other_user (void)
{
  g_autofree char *runtime = make_dir ("foreign", 0700);

  g_test_summary ("A folder of another user is refused");

  if (chown (runtime, 65534, (gid_t) -1) < 0)
    {
      g_test_skip ("Only root can give a folder away");
      return;
    }
  assert_refused (runtime, CONVOKE_ERROR_ACCESS_DENIED, "another user");
}

static void
test_other_user_inside (void)
{
  g_autofree char *runtime = make_dir ("squatted", 01777);
  g_autofree char *own = make_dir ("squatted/convoke-1", 0700);

  g_test_summary ("What another user made in the place of ours, where all can write, is refused");

  if (chown (own, 65534, (gid_t) -1) < 0)
    {
      g_test_skip ("Only root can give a folder away");
      return;
    }
  assert_refused (runtime, CONVOKE_ERROR_ACCESS_DENIED, "another user");
}

static void
test_without_variable (void)
{
  g_autofree char *sessions = make_dir ("sessions", 0755);
  g_autofree char *name = g_strdup_printf ("sessions/%u", (guint) geteuid ());
  g_autofree char *session = make_dir (name, 0700);
  g_autofree char *temporary = make_dir ("temporary", 01777);
  g_autofree char *wanted = g_build_filename (session, "convoke-1", "published", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = convoke_publish_dir_ensure_in (NULL, sessions, temporary, &error);

  g_test_summary ("Without the variable it is the folder of the user's session, which others have the variable for");

  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, wanted);
}

static void
test_without_session (void)
{
  g_autofree char *temporary = make_dir ("no-session", 01777);
  g_autofree char *wanted = g_strdup_printf ("%s/convoke-1-%u/published", temporary, (guint) geteuid ());
  g_autoptr (GError) error = NULL;
  g_autofree char *path = convoke_publish_dir_ensure_in ("", "/nonexistent", temporary, &error);

  g_test_summary ("Without a session it is a folder of one's own where temporary files are");

  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, wanted);
}

/* --- what is in it --- */

static void
assert_in_the_way (const char *name,
                   const char *file)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (convoke_publish (name, G_OBJECT (server), &error), ==, 0);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);
  assert_contains (error, file);
}

/* The folder is there. */
static char *
path_in_the_way (const char *name)
{
  g_autofree char *dir = convoke_publish_dir_ensure (NULL);

  g_assert_nonnull (dir);
  return published_path (name);
}

static void
assert_content (const char *path,
                const char *wanted)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, wanted);
}

static void
test_file_in_the_way (void)
{
  g_autofree char *path = path_in_the_way ("org.example.File");
  g_autofree char *lock = published_path ("org.example.File+lock");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A file in the place of a socket is an error, for both sides, and stays as it is");

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  assert_in_the_way ("org.example.File", path);
  g_assert_null (convoke_attach ("org.example.File", CONVOKE_TEST_TYPE_PRICE_FEED, -1, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);
  assert_content (path, "mine");
  g_assert_false (g_file_test (lock, G_FILE_TEST_EXISTS));
}

static void
test_link_in_the_way (void)
{
  g_autofree char *path = path_in_the_way ("org.example.Link");
  g_autofree char *target = g_build_filename (runtime_dir, "precious", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A link in the place of a socket is not followed");

  g_assert_true (g_file_set_contents (target, "precious", -1, NULL));
  g_assert_cmpint (symlink (target, path), ==, 0);
  assert_in_the_way ("org.example.Link", path);
  g_assert_null (convoke_attach ("org.example.Link", CONVOKE_TEST_TYPE_PRICE_FEED, -1, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED);
  assert_content (target, "precious");
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_SYMLINK));
}

static void
test_lock_is_link (void)
{
  g_autofree char *path = path_in_the_way ("org.example.Lock+lock");
  g_autofree char *target = g_build_filename (runtime_dir, "treasure", NULL);

  g_test_summary ("A link in the place of a lock is not followed: what it leads to is not written to");

  g_assert_true (g_file_set_contents (target, "treasure", -1, NULL));
  g_assert_cmpint (symlink (target, path), ==, 0);
  assert_in_the_way ("org.example.Lock", path);
  assert_content (target, "treasure");
}

static void
test_lock_is_hard_link (void)
{
  g_autofree char *path = path_in_the_way ("org.example.Hard+lock");
  g_autofree char *target = g_build_filename (runtime_dir, "jewel", NULL);

  g_test_summary ("Another name of some file in the place of a lock is not written to");

  g_assert_true (g_file_set_contents (target, "jewel", -1, NULL));
  g_assert_cmpint (link (target, path), ==, 0);
  assert_in_the_way ("org.example.Hard", path);
  assert_content (target, "jewel");
}

static void
test_folder_in_the_way (void)
{
  g_autofree char *path = path_in_the_way ("org.example.Folder");
  g_autofree char *lock = published_path ("org.example.Locker+lock");

  g_test_summary ("Folders in the place of a socket or a lock are an error");

  g_assert_cmpint (mkdir (path, 0700), ==, 0);
  g_assert_cmpint (mkdir (lock, 0700), ==, 0);
  assert_in_the_way ("org.example.Folder", path);
  assert_in_the_way ("org.example.Locker", lock);
}

static void
test_pipe_in_the_way (void)
{
  g_autofree char *path = path_in_the_way ("org.example.Pipe+lock");

  g_test_summary ("A pipe in the place of a lock holds nobody up");

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_in_the_way ("org.example.Pipe", path);
}

static void
test_nothing_left (void)
{
  g_autoptr (ConvokeTestServer) server = convoke_test_server_new ();
  g_autofree char *path = published_path ("org.example.Own");
  g_autofree char *lock = published_path ("org.example.Own+lock");
  g_autoptr (GError) error = NULL;
  guint64 cookie = convoke_publish ("org.example.Own", G_OBJECT (server), &error);
  struct stat info;

  g_test_summary ("Both files are for their user alone, are not to be tidied up, and go with the name");

  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 01600);
  g_assert_cmpint (stat (lock, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 01600);
  g_assert_true (convoke_unpublish (cookie, &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (lock, G_FILE_TEST_EXISTS));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  published_init ();

  g_test_add_func ("/marshal/publish-dir/made", test_made);
  g_test_add_func ("/marshal/publish-dir/missing", test_missing);
  g_test_add_func ("/marshal/publish-dir/relative", test_relative);
  g_test_add_func ("/marshal/publish-dir/writable", test_writable);
  g_test_add_func ("/marshal/publish-dir/own-writable", test_own_writable);
  g_test_add_func ("/marshal/publish-dir/link", test_link);
  g_test_add_func ("/marshal/publish-dir/file", test_file);
  g_test_add_func ("/marshal/publish-dir/other-user", test_other_user);
  g_test_add_func ("/marshal/publish-dir/other-user-inside", test_other_user_inside);
  g_test_add_func ("/marshal/publish-dir/without-variable", test_without_variable);
  g_test_add_func ("/marshal/publish-dir/without-session", test_without_session);
  g_test_add_func ("/marshal/publish-dir/file-in-the-way", test_file_in_the_way);
  g_test_add_func ("/marshal/publish-dir/link-in-the-way", test_link_in_the_way);
  g_test_add_func ("/marshal/publish-dir/lock-is-link", test_lock_is_link);
  g_test_add_func ("/marshal/publish-dir/lock-is-hard-link", test_lock_is_hard_link);
  g_test_add_func ("/marshal/publish-dir/folder-in-the-way", test_folder_in_the_way);
  g_test_add_func ("/marshal/publish-dir/pipe-in-the-way", test_pipe_in_the_way);
  g_test_add_func ("/marshal/publish-dir/nothing-left", test_nothing_left);

  return published_clear (g_test_run ());
}
