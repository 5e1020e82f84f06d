/* The caller's lock is given up, and what is taken and given back after that is another matter. */
// mechanism: given-up
typedef int PyGILState_STATE;
typedef struct thread_state PyThreadState;
PyGILState_STATE PyGILState_Ensure(void);
void PyGILState_Release(PyGILState_STATE);
PyThreadState *PyEval_SaveThread(void);
void Py_Finalize(void);
int is_there(void);
int opens_pipe(void);
void calls(void *);

static PyThreadState *main_state;

static int interactive;

int starts(void **all) {
  if (!is_there()) {
    Py_Finalize();
    return 0;
  }
  if (interactive) {
    if (opens_pipe())
      return 1;
  } else {
    main_state = PyEval_SaveThread();
  }
  PyGILState_STATE state = PyGILState_Ensure();
  for (; *all; all++)
    calls(*all);
  PyGILState_Release(state);
  return 0;
}

/* After its end there is no interpreter, and no lock. */
int ends(int count) {
  PyGILState_STATE state = PyGILState_Ensure();
  if (!count) {
    Py_Finalize();
    return 0;
  }
  PyGILState_Release(state);
  return 0;
}

int forgets(int count) {
  PyGILState_STATE state = PyGILState_Ensure(); // note: "acquired here"
  if (!count)
    return 0; // expect: lock-leak@likely "'gil' is still held"
  PyGILState_Release(state);
  return 0;
}
