/* banned.h - functions that nobody here needs or may use: a use is a compile error.
 *
 * Force-included by the build before everything else, so it has to pull in the headers that
 * declare them first; the macros would break the declarations.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BANNED(function) sorry_##function##_is_banned_see_base_banned_h

#undef strcpy
#define strcpy(...) BANNED(strcpy)
#undef strcat
#define strcat(...) BANNED(strcat)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef strtok
#define strtok(...) BANNED(strtok)
#undef gets
#define gets(...) BANNED(gets)
#undef atoi
#define atoi(...) BANNED(atoi)

/* Nothing here starts a program: what an analysed tree names is never run (tests/faults/03). The
 * one exception is git.c, which says what it takes. */
#undef system
#define system(...) BANNED(system)
#undef popen
#define popen(...) BANNED(popen)
#undef execl
#define execl(...) BANNED(execl)
#undef execle
#define execle(...) BANNED(execle)
#undef execlp
#define execlp(...) BANNED(execlp)
#undef execv
#define execv(...) BANNED(execv)
#undef execve
#define execve(...) BANNED(execve)
#undef execvp
#define execvp(...) BANNED(execvp)
#undef execvpe
#define execvpe(...) BANNED(execvpe)
#undef fexecve
#define fexecve(...) BANNED(fexecve)
#undef posix_spawn
#define posix_spawn(...) BANNED(posix_spawn)
#undef posix_spawnp
#define posix_spawnp(...) BANNED(posix_spawnp)

#endif
