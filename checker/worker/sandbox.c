/* sandbox.c - the limits of a worker. Each is a second wall behind another one: flags that make
 * libclang write are dropped before (input/flag_rules.c), and the supervisor has a deadline.
 *
 * Nothing here is a reason to refuse to work: on a kernel without Landlock the others stay. */
#include "worker/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/guard.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER 1
#endif
#endif

enum {
  LIBRARY_BYTES = 300 << 20,  // code and data of libclang, LLVM and ourselves
  LARGEST_OUTPUT = 512 << 20, // of a worker that may write
};

static void limit(int what, uint64_t soft) {
  struct rlimit current;
  if (getrlimit((__rlimit_resource_t)what, &current))
    return;
  if (current.rlim_max != RLIM_INFINITY && soft > current.rlim_max)
    soft = current.rlim_max;
  current.rlim_cur = soft;
  setrlimit((__rlimit_resource_t)what, &current);
}

static void limit_memory(uint64_t bytes) {
#ifdef HAS_ADDRESS_SANITIZER
  (void)bytes; // its shadow takes terabytes of address space
#else
  if (guard_on("memory-limit"))
    limit(RLIMIT_AS, bytes + SANDBOX_STACK + LIBRARY_BYTES);
#endif
}

/* The kernel's headers may be older than the kernel: these came with later versions of Landlock. */
enum {
  ACCESS_REFER = 1 << 13,    // version 2
  ACCESS_TRUNCATE = 1 << 14, // version 3
};

/* A file is written under another name first and then renamed. */
static void allow_output(int rules, const char *folder, uint64_t handled) {
  struct landlock_path_beneath_attr rule = {
      .allowed_access = handled & (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
                                   LANDLOCK_ACCESS_FS_REMOVE_FILE | ACCESS_TRUNCATE),
      .parent_fd = open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
  };
  if (rule.parent_fd < 0)
    return;
  syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(rule.parent_fd);
}

/* A ruleset without rules denies all that it handles: writing, making, removing and executing.
 * Reading is not handled, so it stays allowed everywhere. */
static void forbid_writing(const char *output_folder) {
  if (!guard_on("landlock"))
    return;
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1)
    return;
  struct landlock_ruleset_attr rules = {
      .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                           LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                           LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                           LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                           LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                           LANDLOCK_ACCESS_FS_MAKE_SYM | (version >= 2 ? ACCESS_REFER : 0u) |
                           (version >= 3 ? ACCESS_TRUNCATE : 0u),
  };
  long file = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules.handled_access_fs, 0);
  if (file < 0)
    return;
  if (output_folder)
    allow_output((int)file, output_folder, rules.handled_access_fs);
  if (!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    syscall(SYS_landlock_restrict_self, (int)file, 0);
  close((int)file);
}

static bool is_kept(int file, const int *keep_open, size_t keep_count) {
  for (size_t i = 0; i < keep_count; i++)
    if (keep_open[i] == file)
      return true;
  return file <= STDERR_FILENO;
}

static void close_others(const int *keep_open, size_t keep_count) {
  int last = STDERR_FILENO;
  for (size_t i = 0; i < keep_count; i++)
    last = keep_open[i] > last ? keep_open[i] : last;
  for (int file = 0; file <= last; file++)
    if (!is_kept(file, keep_open, keep_count))
      close(file);
  if (syscall(SYS_close_range, (unsigned)last + 1, ~0u, 0)) {
    int limit_of_files = (int)sysconf(_SC_OPEN_MAX);
    for (int file = last + 1; file < limit_of_files; file++)
      close(file);
  }
}

void sandbox_enter(const Sandbox *box) {
  if (guard_on("reap"))
    prctl(PR_SET_PDEATHSIG, SIGKILL);
  close_others(box->keep_open, box->keep_count);
  limit(RLIMIT_CORE, 0);
  limit_memory(box->memory_bytes);
  if (guard_on("file-size")) {
    signal(SIGXFSZ, SIG_IGN); // the write fails instead
    limit(RLIMIT_FSIZE, box->output_folder ? LARGEST_OUTPUT : 0);
  }
  forbid_writing(box->output_folder);
}

double sandbox_cpu_seconds(void) {
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

void sandbox_allow_cpu(double seconds) {
  if (guard_on("cpu-limit"))
    limit(RLIMIT_CPU, (uint64_t)(sandbox_cpu_seconds() + seconds + 1));
}
