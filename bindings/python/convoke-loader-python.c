/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The loader of components written in Python.
 *
 * It links no Python: the interpreter is the one that the process has (the
 * process is Python, or embeds it), or else the libpython that was found when
 * this was configured. That one is opened RTLD_GLOBAL, because extension
 * modules, that of PyGObject first, take its symbols from the global scope.
 * What is needed of it is looked up by name (python_api); all else is
 * done in Python (loader.py).
 *
 * An interpreter that was started here is never finalised: objects of its
 * classes can outlive every point at which one could do so.
 */

/* The names looked up by name are those of the stable ABI. */
#define Py_LIMITED_API 0x03080000
#include <Python.h>

#include "config.h"
#include "convoke-loader-python-config.h"

#include <convoke.h>
#include <dlfcn.h>
#include <gmodule.h>

#include "convoke-loader-python-resources.h"

#define BOOTSTRAP_PATH "/convoke/loader-python/loader.py"

#define PYTHON_API(API)            \
  API (Py_IsInitialized)           \
  API (Py_InitializeEx)            \
  API (Py_CompileString)           \
  API (Py_DecRef)                  \
  API (PyEval_EvalCode)            \
  API (PyEval_GetBuiltins)         \
  API (PyEval_SaveThread)          \
  API (PyGILState_Ensure)          \
  API (PyGILState_Release)         \
  API (PyErr_Clear)                \
  API (PyErr_Fetch)                \
  API (PyErr_NormalizeException)   \
  API (PyObject_Str)               \
  API (PyUnicode_AsUTF8String)     \
  API (PyBytes_AsString)           \
  API (PyDict_New)                 \
  API (PyDict_GetItemString)       \
  API (PyDict_SetItemString)       \
  API (PyObject_CallFunction)      \
  API (PyTuple_Size)               \
  API (PyTuple_GetItem)            \
  API (PyList_Size)                \
  API (PyList_GetItem)             \
  API (PyLong_AsLong)              \
  API (PyCapsule_GetPointer)

static struct
{
#define API(name) __typeof__ (&name) name;
  PYTHON_API (API)
#undef API
} python;

static GMutex start_lock;          /* innermost; held while the interpreter starts, never with the GIL wanted */
static gboolean started;           /* LOCK: start_lock; python is complete and an interpreter runs */
static PyObject *bootstrap;        /* the namespace of loader.py; guarded by the GIL */

#define CONVOKE_TYPE_LOADER_PYTHON (convoke_loader_python_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeLoaderPython, convoke_loader_python, CONVOKE, LOADER_PYTHON, ConvokeLoader)

struct _ConvokeLoaderPython
{
  ConvokeLoader parent_instance;
};

G_DEFINE_FINAL_TYPE (ConvokeLoaderPython, convoke_loader_python, CONVOKE_TYPE_LOADER)

G_MODULE_EXPORT GType convoke_loader_module_get_type (void);

GType
convoke_loader_module_get_type (void)
{
  return CONVOKE_TYPE_LOADER_PYTHON;
}

static gboolean
look_up (gpointer     library,
         const char  *name,
         gpointer     symbol,
         GError     **error)
{
  gpointer found = dlsym (library, name);

  memcpy (symbol, &found, sizeof found);
  if (found == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                 "The Python of this process has no %s", name);
  return found != NULL;
}

static gboolean
look_up_api (gpointer   library,
             GError   **error)
{
#define API(name) if (!look_up (library, #name, &python.name, error)) return FALSE;
  PYTHON_API (API)
#undef API
  return TRUE;
}

/* Where the symbols of the interpreter are: the process's own, or else ours. */
static gboolean
open_python (gpointer  *library,
             GError   **error)
{
  *library = RTLD_DEFAULT;
  if (dlsym (RTLD_DEFAULT, "Py_IsInitialized") != NULL)
    return TRUE;

  *library = dlopen (CONVOKE_LIBPYTHON, RTLD_NOW | RTLD_GLOBAL);
  if (*library == NULL)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED,
                 "Python cannot be started: %s", dlerror ());
  return *library != NULL;
}

static void
clear_python_object (PyObject **object)
{
  if (*object != NULL)
    python.Py_DecRef (g_steal_pointer (object));
}

typedef PyObject *PythonRef;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PythonRef, clear_python_object)

static char *
dup_utf8 (PyObject *string)
{
  g_auto (PythonRef) bytes = python.PyUnicode_AsUTF8String (string);

  if (bytes == NULL)
    {
      python.PyErr_Clear ();
      return g_strdup ("(text that is no Unicode)");
    }
  return g_strdup (python.PyBytes_AsString (bytes));
}

/* For what goes wrong outside of loader.py, which describes exceptions better. */
static void
take_exception (GError **error)
{
  PythonRef type = NULL, value = NULL, traceback = NULL, text = NULL;
  g_autofree char *message = NULL;

  python.PyErr_Fetch (&type, &value, &traceback);
  python.PyErr_NormalizeException (&type, &value, &traceback);
  text = value != NULL ? python.PyObject_Str (value) : NULL;
  message = text != NULL ? dup_utf8 (text) : g_strdup ("unknown error");
  python.PyErr_Clear ();
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_FAILED, "The loader of Python components: %s", message);

  clear_python_object (&text);
  clear_python_object (&traceback);
  clear_python_object (&value);
  clear_python_object (&type);
}

/* With the GIL. Returns the names that it left, NULL with an exception set. */
static PyObject *
run_source (const char *source,
            const char *name)
{
  g_auto (PythonRef) code = python.Py_CompileString (source, name, Py_file_input);
  g_auto (PythonRef) names = code != NULL ? python.PyDict_New () : NULL;
  g_auto (PythonRef) result = NULL;

  if (names != NULL
      && python.PyDict_SetItemString (names, "__builtins__", python.PyEval_GetBuiltins ()) == 0)
    result = python.PyEval_EvalCode (code, names, names);

  return result != NULL ? g_steal_pointer (&names) : NULL;
}

/* Whatever imports "signal" first would take Ctrl-C away from a program that leaves it to the system. Python lets only the
 * thread that started it give it back.
 */
static void
keep_signals (void)
{
  g_auto (PythonRef) names =
    run_source ("import signal\n"
                "if signal.getsignal(signal.SIGINT) is signal.default_int_handler:\n"
                "    signal.signal(signal.SIGINT, signal.SIG_DFL)\n",
                "convoke-loader-python");

  if (names == NULL)
    python.PyErr_Clear ();
}

static void
start_interpreter (gpointer library)
{
  void (*set_program_name) (const wchar_t *) = NULL;

  /* Else it takes its paths from the first python3 on PATH, which need not be the one that has gi. */
  if (library != RTLD_DEFAULT && look_up (library, "Py_SetProgramName", &set_program_name, NULL))
    set_program_name (L"" CONVOKE_PYTHON_PROGRAM);

  python.Py_InitializeEx (0);
  keep_signals ();
  /* Nobody on this thread waits for Python: it takes the GIL when it needs it, like every other thread. */
  (void) python.PyEval_SaveThread ();
}

static gboolean
ensure_python (GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&start_lock);
  gpointer library;

  if (started)
    return TRUE;

  if (!open_python (&library, error) || !look_up_api (library, error))
    return FALSE;

  if (!python.Py_IsInitialized ())
    start_interpreter (library);

  started = TRUE;
  return TRUE;
}

static PyObject *
run_bootstrap (GError **error)
{
  g_autoptr (GBytes) source = g_resource_lookup_data (convoke_loader_python_get_resource (), BOOTSTRAP_PATH,
                                                      G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_auto (PythonRef) names = NULL;

  if (source == NULL)
    return NULL;

  /* The bytes of a resource end with a NUL that is not counted. */
  names = run_source (g_bytes_get_data (source, NULL), "convoke-loader-python/loader.py");
  if (names == NULL)
    take_exception (error);
  return g_steal_pointer (&names);
}

/* With the GIL. Returns a borrowed reference. */
static PyObject *
ensure_bootstrap (GError **error)
{
  PythonRef fresh;

  if (bootstrap != NULL)
    return bootstrap;

  /* Its imports let other threads run, so another one can be first. */
  fresh = run_bootstrap (error);
  if (bootstrap == NULL)
    bootstrap = g_steal_pointer (&fresh);
  clear_python_object (&fresh);
  return bootstrap;
}

/* The answer of loader.py in the case of failure: (None, domain, code, message). */
static void
set_error_from_answer (GError   **error,
                       PyObject  *answer)
{
  g_autofree char *domain = dup_utf8 (python.PyTuple_GetItem (answer, 1));
  g_autofree char *message = dup_utf8 (python.PyTuple_GetItem (answer, 3));

  g_set_error_literal (error, g_quark_from_string (domain),
                       (int) python.PyLong_AsLong (python.PyTuple_GetItem (answer, 2)), message);
}

/* PyGObject knows from which typelibs the class has its interfaces. */
static void
require_typelibs (PyObject *list)
{
  for (Py_ssize_t i = 0; i < python.PyList_Size (list); i++)
    {
      PyObject *typelib = python.PyList_GetItem (list, i);
      g_autofree char *name = dup_utf8 (python.PyTuple_GetItem (typelib, 0));
      g_autofree char *version = dup_utf8 (python.PyTuple_GetItem (typelib, 1));
      g_autoptr (GError) error = NULL;

      /* Not fatal: who needs a description that is missing is told so then. */
      if (!convoke_require (name, version, &error))
        g_debug ("%s", error->message);
    }
}

typedef struct
{
  guint          n;
  const char   **names;
  const GValue  *values;
} Properties;

/* What loader.py collects them in (a new reference); NULL without an error: there are none. */
static PyObject *
carry (PyObject          *names,
       const Properties  *properties,
       GError           **error)
{
  g_auto (PythonRef) answer = NULL;
  GObject *carrier;

  if (properties->n == 0)
    return NULL;

  answer = python.PyObject_CallFunction (python.PyDict_GetItemString (names, "carrier"), NULL);
  carrier = answer != NULL ? python.PyCapsule_GetPointer (python.PyTuple_GetItem (answer, 1), NULL) : NULL;
  if (carrier == NULL)
    {
      take_exception (error);
      return NULL;
    }

  for (guint i = 0; i < properties->n; i++)
    g_signal_emit_by_name (carrier, "take", properties->names[i], &properties->values[i]);

  return g_steal_pointer (&answer);
}

static GObject *
create_with_gil (const char        *directory,
                 const char        *module,
                 const char        *type_name,
                 const Properties  *properties,
                 GError           **error)
{
  PyObject *names = ensure_bootstrap (error);
  g_auto (PythonRef) carried = NULL;
  g_auto (PythonRef) answer = NULL;
  gpointer object;

  if (names == NULL)
    return NULL;

  carried = carry (names, properties, error);
  if (carried == NULL && properties->n > 0)
    return NULL;

  answer = python.PyObject_CallFunction (python.PyDict_GetItemString (names, "create"), "yss(siiii)O",
                                         directory, module, type_name,
                                         g_quark_to_string (CONVOKE_ERROR), CONVOKE_ERROR_NOT_FOUND,
                                         CONVOKE_ERROR_CLASS_NOT_AVAILABLE, CONVOKE_ERROR_INVALID_ARGUMENT,
                                         CONVOKE_ERROR_FAILED,
                                         carried != NULL ? python.PyTuple_GetItem (carried, 0)
                                                         : python.PyDict_GetItemString (names, "NOTHING"));
  if (answer == NULL)
    {
      take_exception (error);
      return NULL;
    }
  if (python.PyTuple_Size (answer) == 4)
    {
      set_error_from_answer (error, answer);
      return NULL;
    }

  object = python.PyCapsule_GetPointer (python.PyTuple_GetItem (answer, 1), NULL);
  if (object == NULL)
    {
      take_exception (error);
      return NULL;
    }
  require_typelibs (python.PyTuple_GetItem (answer, 2));

  /* Before the wrapper goes: what Python code stored in it stays with the object. */
  return g_object_ref (object);
}

static GObject *
convoke_loader_python_create_instance_with_properties (ConvokeLoader  *loader,
                                                       const char     *directory,
                                                       const char     *module,
                                                       const char     *type_name,
                                                       guint           n_properties,
                                                       const char    **names,
                                                       const GValue   *values,
                                                       GError        **error)
{
  const Properties properties = { n_properties, names, values };
  PyGILState_STATE state;
  GObject *object;

  if (!ensure_python (error))
    return NULL;

  state = python.PyGILState_Ensure ();
  object = create_with_gil (directory, module, type_name, &properties, error);
  python.PyGILState_Release (state);

  return object;
}

static GObject *
convoke_loader_python_create_instance (ConvokeLoader  *loader,
                                       const char     *directory,
                                       const char     *module,
                                       const char     *type_name,
                                       GError        **error)
{
  return convoke_loader_python_create_instance_with_properties (loader, directory, module, type_name, 0, NULL, NULL, error);
}

static void
convoke_loader_python_class_init (ConvokeLoaderPythonClass *klass)
{
  CONVOKE_LOADER_CLASS (klass)->create_instance_with_properties = convoke_loader_python_create_instance_with_properties;
  CONVOKE_LOADER_CLASS (klass)->create_instance = convoke_loader_python_create_instance;
}

static void
convoke_loader_python_init (ConvokeLoaderPython *self)
{
}
