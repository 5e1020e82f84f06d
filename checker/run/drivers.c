/* drivers.c - see drivers.h. The answer is what gcc and clang print with -v: the target, and the
 * folders between two lines that both know. */
#include "run/drivers.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "base/text.h"
#include "input/target.h"

#undef posix_spawn // of what the user named, see drivers.h

enum { LONGEST_ANSWER = 1 << 20, PATIENCE_MS = 10000, LOOK_MS = 2, MOST_FLAGS = 16 };

extern char **environ;

typedef struct {
  const char *question; // program and flags, separated by lines
  const char **folders;
  uint32_t folder_count;
  const char *target; // NULL: not told
} Answer;

typedef struct {
  Arena *arena;
  const Texts *patterns;
  const CompileDatabase *database;
  ARRAY(Answer) answers;
} Drivers;

/* ---- which program */

static bool is_wrapper(const char *program) {
  static const char *const names[] = {"ccache", "sccache", "distcc", "icecc"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(path_base(program), names[i]))
      return true;
  return false;
}

static const char *in_path(Arena *arena, const char *name) {
  for (const char *list = getenv("PATH"); list && *list;) {
    size_t length = strcspn(list, ":");
    const char *program = path_join(arena, arena_text_n(arena, list, length), name);
    list += length;
    list += *list == ':';
    if (program[0] == '/' && !access(program, X_OK) && path_is_regular(program))
      return program;
  }
  return NULL;
}

static bool is_outside(const Drivers *d, const char *path) {
  const Roots *roots = &d->database->roots;
  return !path_inside(roots->top, path) && !(roots->build && path_inside(roots->build, path));
}

/* NULL: it is not to be asked. */
static const char *program_of(Drivers *d, const CompileCommand *command) {
  if (!command->argument_count)
    return NULL;
  bool wrapped = command->argument_count > 1 && is_wrapper(command->arguments[0]);
  const char *name = command->arguments[wrapped];
  const char *program =
      strchr(name, '/') ? path_join(d->arena, command->directory, name) : in_path(d->arena, name);
  char real[PATH_MAX];
  if (!program || access(program, X_OK) || !path_is_regular(program))
    return NULL;
  program = path_normal(d->arena, program);
  bool wanted = false;
  for (size_t i = 0; i < d->patterns->count; i++)
    wanted = wanted || !fnmatch(d->patterns->at[i], program, 0);
  if (!wanted)
    return NULL;
  if (guard_on("driver-outside") &&
      (!is_outside(d, program) || !realpath(program, real) || !is_outside(d, real))) {
    warn("%s lies in the analysed tree, so --query-driver does not run it", program);
    return NULL;
  }
  return program;
}

/* ---- the question */

/* Flags that decide where headers are looked for. All others stay away: some run programs. */
static bool is_passed_on(const char *flag) {
  static const char *const joined[] = {
      "--target=", "--sysroot=/", "-march=", "-mcpu=", "-mabi=", "-mfloat-abi=", "-mfpu="};
  static const char *const alone[] = {"-m32", "-m64", "-mx32", "-mthumb", "-marm"};
  for (size_t i = 0; i < sizeof joined / sizeof *joined; i++)
    if (text_starts(flag, joined[i]))
      return true;
  for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
    if (!strcmp(flag, alone[i]))
      return true;
  return false;
}

static const char *question_of(Drivers *d, const char *program, const CompileCommand *command) {
  const char *question = program;
  uint32_t flags = 0;
  for (uint32_t i = 1; i < command->argument_count && flags < MOST_FLAGS; i++) {
    const char *flag = command->arguments[i];
    bool pair =
        !strcmp(flag, "-isysroot") || !strcmp(flag, "--sysroot") || !strcmp(flag, "-target");
    if (pair && i + 1 < command->argument_count && command->arguments[i + 1][0] != '-') {
      question = arena_printf(d->arena, "%s\n%s\n%s", question, flag, command->arguments[++i]);
      flags += 2;
    } else if (is_passed_on(flag)) {
      question = arena_printf(d->arena, "%s\n%s", question, flag);
      flags++;
    }
  }
  return question;
}

/* ---- asking */

static const char **argument_list(Arena *arena, const char *question) {
  static const char *const last[] = {"-E", "-v", "-x", "c", "/dev/null"};
  enum { LAST = sizeof last / sizeof *last };
  const char **list = arena_new_array(arena, const char *, MOST_FLAGS + LAST + 4);
  size_t count = 0;
  while (*question) {
    size_t length = strcspn(question, "\n");
    list[count++] = arena_text_n(arena, question, length);
    question += length;
    question += *question == '\n';
  }
  for (size_t i = 0; i < LAST; i++)
    list[count++] = last[i];
  return list;
}

/* In English, because the answer is read by a program. */
static char **environment(Arena *arena) {
  size_t count = 0, kept = 0;
  while (environ[count])
    count++;
  char **to = arena_new_array(arena, char *, count + 2);
  for (size_t i = 0; i < count; i++)
    if (!text_starts(environ[i], "LC_") && !text_starts(environ[i], "LANG"))
      to[kept++] = environ[i];
  to[kept] = arena_printf(arena, "LC_ALL=C");
  return to;
}

/* False: it did not end in time, or not well. */
static bool ends_well(pid_t pid) {
  int status;
  for (int waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
    pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended == pid)
      return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (ended < 0 && errno != EINTR)
      return false;
    nanosleep(&(struct timespec){0, LOOK_MS * 1000000}, NULL);
  }
  kill(pid, SIGKILL);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    continue;
  return false;
}

/* What it writes to stderr; NULL when it fails. */
static const char *ask(Arena *arena, const char *question) {
  const char **arguments = argument_list(arena, question);
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  int answer = memfd_create("overstay-driver", MFD_CLOEXEC);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, nothing, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, nothing, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, answer, STDERR_FILENO);
  pid_t pid;
  bool fine = nothing >= 0 && answer >= 0 &&
              !posix_spawn(&pid, arguments[0], &files, NULL, (char *const *)arguments,
                           environment(arena)) &&
              ends_well(pid) && !lseek(answer, 0, SEEK_SET);
  posix_spawn_file_actions_destroy(&files);
  FileText text = fine ? file_read_open(arena, answer, LONGEST_ANSWER) : (FileText){0};
  if (nothing >= 0)
    close(nothing);
  if (answer >= 0)
    close(answer);
  if (!text.text)
    warn("%s did not say where it looks for headers (--query-driver)", arguments[0]);
  return text.text;
}

/* ---- the answer */

/* A compiler's own headers are for that compiler; libclang has others. */
static bool is_own(Arena *arena, const char *folder) {
  return path_exists(path_join(arena, folder, "stddef.h")) &&
         path_exists(path_join(arena, folder, "stdarg.h"));
}

static void read_answer(Arena *arena, const char *text, Answer *answer) {
  static const char begin[] = "#include <...> search starts here:", end[] = "End of search list.";
  static const char target[] = "Target: ";
  size_t room = 0, capacity = 0;
  bool inside = false;
  while (*text) {
    size_t length = strcspn(text, "\n");
    const char *line = arena_text_n(arena, text, length);
    text += length;
    text += *text == '\n';
    if (text_starts(line, target))
      answer->target = line + strlen(target);
    inside = (inside && strcmp(line, end)) || !strcmp(line, begin);
    if (!inside || line[0] != ' ')
      continue;
    const char *folder = path_canonical(arena, path_join(arena, line + 1, "."));
    if (folder[0] != '/' || is_own(arena, folder))
      continue;
    answer->folders =
        arena_grow(arena, answer->folders, sizeof *answer->folders, room, &capacity, room + 1);
    answer->folders[room++] = folder;
  }
  answer->folder_count = (uint32_t)room;
}

static const Answer *answer_to(Drivers *d, const char *question) {
  for (size_t i = 0; i < d->answers.count; i++)
    if (!strcmp(d->answers.at[i].question, question))
      return &d->answers.at[i];
  Answer answer = {.question = question};
  const char *text = ask(d->arena, question);
  if (text)
    read_answer(d->arena, text, &answer);
  array_push(&d->answers, answer);
  return &d->answers.at[d->answers.count - 1];
}

static bool has_target(const CompileCommand *command) {
  for (uint32_t i = 1; i < command->argument_count; i++)
    if (!strcmp(command->arguments[i], "-target") ||
        text_starts(command->arguments[i], "--target="))
      return true;
  return false;
}

static void add_answer(Drivers *d, CompileCommand *command, const Answer *answer) {
  const char **arguments = arena_new_array(
      d->arena, const char *, command->argument_count + 2 * (size_t)answer->folder_count + 1);
  uint32_t count = 0;
  Machine machine;
  for (; count < command->argument_count; count++)
    arguments[count] = command->arguments[count];
  for (uint32_t i = 0; i < answer->folder_count; i++) {
    arguments[count++] = "-isystem";
    arguments[count++] = answer->folders[i];
  }
  if (answer->target && !has_target(command) && machine_of_triple(answer->target, &machine))
    arguments[count++] = arena_printf(d->arena, "--target=%s", answer->target);
  command->arguments = arguments;
  command->argument_count = count;
}

void drivers_ask(Arena *arena, const Texts *patterns, CompileDatabase *database) {
  for (size_t i = 0; i < patterns->count; i++)
    if (patterns->at[i][0] != '/')
      die(EXIT_USAGE, "--query-driver: '%s' is no absolute path; a pattern is, for example, %s",
          patterns->at[i], "/usr/bin/arm-none-eabi-*");
  Drivers drivers = {arena, patterns, database, {0}};
  for (uint32_t i = 0; i < database->command_count && patterns->count; i++) {
    CompileCommand *command = &database->commands[i];
    const char *program = program_of(&drivers, command);
    if (program)
      add_answer(&drivers, command, answer_to(&drivers, question_of(&drivers, program, command)));
  }
  array_free(&drivers.answers);
}
