/* git.c - see git.h */
#include "revision/git.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "base/text.h"

#undef posix_spawn // git, and nothing else

extern char **environ;

/* ---- which program */

/* A name in PATH may lead into the repository: ".", or a folder that an .envrc put there. */
static const char *find_program(Arena *arena, const char *top) {
  const char *list = getenv("PATH");
  while (list && *list) {
    size_t length = strcspn(list, ":");
    const char *folder = arena_text_n(arena, list, length);
    const char *program = path_join(arena, folder, "git");
    char real[PATH_MAX];
    list += length;
    list += *list == ':';
    if (folder[0] != '/' || access(program, X_OK) || !path_is_regular(program))
      continue;
    bool outside = realpath(program, real) && !path_inside(top, real) &&
                   !path_inside(top, path_normal(arena, program));
    if (outside || !guard_on("git-program"))
      return program;
  }
  die(EXIT_USAGE, "git is needed for this and is not in PATH");
}

/* ---- with which settings */

/* What a hook hands over: the index that is to be committed, and where the repository is. */
static const char *kept_variable(Arena *arena, const char *name) {
  const char *value = getenv(name);
  if (!value || !*value)
    return NULL;
  const char *path = path_join(arena, path_current(arena), value);
  return arena_printf(arena, "%s=%s", name, path);
}

static char **make_environment(Arena *arena, const char *top) {
  static const char *const settings[] = {
      "GIT_OPTIONAL_LOCKS=0",
      "GIT_NO_REPLACE_OBJECTS=1",
      "GIT_TERMINAL_PROMPT=0",
      "GIT_ALLOW_PROTOCOL=none",
      "GIT_NO_LAZY_FETCH=1",
      "GIT_SSH_COMMAND=false",
      "GIT_LITERAL_PATHSPECS=1",
      "GIT_PAGER=cat",
      "LC_ALL=C",
  };
  enum { SETTINGS = sizeof settings / sizeof *settings };
  size_t count = 0, room = 0;
  while (environ[room])
    room++;
  char **to = arena_new_array(arena, char *, room + SETTINGS + 4);
  bool guarded = guard_on("git-settings");
  for (size_t i = 0; i < room; i++)
    if (!guarded || (!text_starts(environ[i], "GIT_") && !text_starts(environ[i], "LC_ALL=")))
      to[count++] = environ[i];
  for (size_t i = 0; i < SETTINGS && guarded; i++)
    to[count++] = (char *)settings[i];
  const char *index = kept_variable(arena, "GIT_INDEX_FILE");
  const char *folder = kept_variable(arena, "GIT_DIR");
  if (index && guarded)
    to[count++] = (char *)index;
  if (folder && guarded) {
    to[count++] = (char *)folder;
    to[count++] = arena_printf(arena, "GIT_WORK_TREE=%s", top);
  }
  return to;
}

Git git_open(Arena *arena, const char *top) {
  return (Git){arena, find_program(arena, top), top, make_environment(arena, top)};
}

/* ---- running it */

enum { MORE_ARGUMENTS = 24 };

static const char *const *all_arguments(const Git *git, const char *const *arguments) {
  static const char *const first[] = {
      "--no-pager",
      "--no-optional-locks",
      "--no-replace-objects",
      "--literal-pathspecs",
      "-c",
      "core.fsmonitor=false",
      "-c",
      "core.untrackedCache=false",
      "-c",
      "core.hooksPath=/dev/null",
      "-c",
      "core.sshCommand=false",
      "-c",
      "protocol.allow=never",
  };
  size_t given = 0, count = 0;
  while (arguments[given])
    given++;
  const char **all = arena_new_array(git->arena, const char *, given + MORE_ARGUMENTS);
  all[count++] = "git";
  all[count++] = "-C";
  all[count++] = git->top;
  for (size_t i = 0; i < sizeof first / sizeof *first && guard_on("git-settings"); i++)
    all[count++] = first[i];
  for (size_t i = 0; i < given; i++)
    all[count++] = arguments[i];
  return all;
}

/* A file without a name, so that nobody has to write and read at once. */
static int memory_file(const char *content, size_t size) {
  int file = memfd_create("git", MFD_CLOEXEC);
  if (file < 0)
    die(EXIT_INTERNAL, "memfd_create: %s", strerror(errno));
  while (size) {
    ssize_t put = write(file, content, size);
    if (put < 0)
      die(EXIT_INTERNAL, "cannot keep what is for git: %s", strerror(errno));
    content += put;
    size -= (size_t)put;
  }
  lseek(file, 0, SEEK_SET);
  return file;
}

static pid_t spawn(const Git *git, const char *const *arguments, int in, int out, int messages) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, messages, STDERR_FILENO);
  sigset_t broken;
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigdefault(&attributes, &broken);
  pid_t pid = -1;
  int error = posix_spawn(&pid, git->program, &files, &attributes,
                          (char *const *)all_arguments(git, arguments), git->environment);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error)
    die(EXIT_INTERNAL, "cannot run '%s': %s", git->program, strerror(error));
  return pid;
}

static const char *read_all(Arena *arena, int file, size_t *size) {
  ByteWriter bytes = {0};
  static char buffer[1 << 16];
  for (ssize_t got; (got = read(file, buffer, sizeof buffer)) != 0;) {
    if (got < 0 && errno != EINTR)
      die(EXIT_INTERNAL, "cannot read what git says: %s", strerror(errno));
    if (got > 0)
      bytes_put_raw(&bytes, buffer, (size_t)got);
  }
  bytes_put_u8(&bytes, 0);
  *size = bytes.count - 1;
  const char *text = arena_copy(arena, bytes.at, bytes.count);
  bytes_free(&bytes);
  return text;
}

static const char *first_line(Arena *arena, const char *text) {
  size_t length = strcspn(text, "\n");
  return length ? arena_text_n(arena, text, length) : "it failed without a word";
}

GitAnswer git_ask(const Git *git, const char *const *arguments, const char *input, size_t size) {
  int in = memory_file(input, size), messages = memory_file(NULL, 0), out[2];
  if (pipe2(out, O_CLOEXEC))
    die(EXIT_INTERNAL, "pipe: %s", strerror(errno));
  pid_t pid = spawn(git, arguments, in, out[1], messages);
  close(in);
  close(out[1]);
  GitAnswer answer = {0};
  answer.text = read_all(git->arena, out[0], &answer.size);
  close(out[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    continue;
  if (!WIFEXITED(status) || WEXITSTATUS(status)) {
    lseek(messages, 0, SEEK_SET);
    size_t length;
    answer.error = first_line(git->arena, read_all(git->arena, messages, &length));
  }
  close(messages);
  return answer;
}

GitAnswer git_tell(const Git *git, const char *const *arguments, const char *input, size_t size) {
  GitAnswer answer = git_ask(git, arguments, input, size);
  if (answer.error)
    die(EXIT_USAGE, "git %s: %s", arguments[0], answer.error);
  return answer;
}
