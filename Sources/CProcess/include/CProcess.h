/* CProcess: a child process with three pipes; what Swift's Glibc lacks for it. */

#ifndef CPROCESS_H
#define CPROCESS_H

#include <sys/types.h>

/* Starts the executable `argv[0]` (an absolute path) in a process group of its own, in `/`, with
   signals as they are by default and no descriptor of ours but its three standard ones.
   `ends`: where to write its input, and where to read its output and its error output; they are
   non-blocking and not inherited by other children.
   Returns 0 or an errno. */
int fino_spawn(char *const argv[], char *const envp[], pid_t *pid, int ends[3]);

/* Writes without SIGPIPE for the process; as write(2). */
ssize_t fino_write_quietly(int descriptor, const void *bytes, size_t count);

#endif
