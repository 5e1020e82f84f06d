// ref-cycle: circles that somebody breaks while the objects are in use, each in its own way.
// mechanism: ref-broken
#include <stdlib.h>

/* ---- one of them is told to close */

struct peer;

struct session {
  int count;
  struct peer *peer;
};

struct peer {
  int count;
  struct session *session;
};

static void peer_unref(struct peer *peer);

static void session_unref(struct session *session) {
  if (--session->count > 0)
    return;
  if (session->peer)
    peer_unref(session->peer);
  free(session);
}

static void peer_unref(struct peer *peer) {
  if (--peer->count > 0)
    return;
  if (peer->session)
    session_unref(peer->session);
  free(peer);
}

void session_bind(struct session *session, struct peer *peer) {
  session->count++;
  peer->session = session;
  peer->count++;
  session->peer = peer;
}

void peer_close(struct peer *peer) {
  session_unref(peer->session);
  peer->session = NULL;
}

/* ---- a setter takes another one, or none */

struct view;

struct model {
  int count;
  struct view *view;
};

struct view {
  int count;
  struct model *model;
};

static void view_unref(struct view *view);

static void model_unref(struct model *model) {
  if (--model->count > 0)
    return;
  if (model->view)
    view_unref(model->view);
  free(model);
}

static void view_unref(struct view *view) {
  if (--view->count > 0)
    return;
  if (view->model)
    model_unref(view->model);
  free(view);
}

void view_set_model(struct view *view, struct model *model) {
  if (model)
    model->count++;
  if (view->model)
    model_unref(view->model);
  view->model = model;
}

void model_show(struct model *model, struct view *view) {
  view->count++;
  model->view = view;
  view_set_model(view, model);
}

/* ---- the destructor is called by others, too */

struct task;

struct queue {
  int count;
  struct task *task;
};

struct task {
  int count;
  struct queue *queue;
};

static void task_unref(struct task *task);

static void queue_unref(struct queue *queue) {
  if (--queue->count > 0)
    return;
  if (queue->task)
    task_unref(queue->task);
  free(queue);
}

static void task_finish(struct task *task) {
  struct queue *queue = task->queue;
  task->queue = NULL;
  if (queue)
    queue_unref(queue);
}

static void task_unref(struct task *task) {
  if (--task->count > 0)
    return;
  task_finish(task);
  free(task);
}

void queue_start(struct queue *queue, struct task *task) {
  queue->count++;
  task->queue = queue;
  task->count++;
  queue->task = task;
}

void task_cancel(struct task *task) { task_finish(task); }

/* ---- the field's address goes to somebody who clears it */

struct buffer;

struct pipe {
  int count;
  struct buffer *buffer;
};

struct buffer {
  int count;
  struct pipe *pipe;
};

static void buffer_unref(struct buffer *buffer);

static void pipe_unref(struct pipe *pipe) {
  if (--pipe->count > 0)
    return;
  if (pipe->buffer)
    buffer_unref(pipe->buffer);
  free(pipe);
}

static void buffer_unref(struct buffer *buffer) {
  if (--buffer->count > 0)
    return;
  if (buffer->pipe)
    pipe_unref(buffer->pipe);
  free(buffer);
}

static void pipe_clear(struct pipe **place) {
  struct pipe *pipe = *place;
  *place = NULL;
  if (pipe)
    pipe_unref(pipe);
}

void pipe_attach(struct pipe *pipe, struct buffer *buffer) {
  pipe->count++;
  buffer->pipe = pipe;
  buffer->count++;
  pipe->buffer = buffer;
}

void buffer_detach(struct buffer *buffer) { pipe_clear(&buffer->pipe); }
