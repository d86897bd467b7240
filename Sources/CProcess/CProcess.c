/* CProcess: a child process with three pipes; what Swift's Glibc lacks for it. */

#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <time.h>
#include <unistd.h>

/* Above the standard descriptors, so that no copy below overwrites another one's source. */
static int raise_end(int *end) {
  if (*end > 2) return 0;
  int copy = fcntl(*end, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) return errno;
  close(*end);
  *end = copy;
  return 0;
}

static int open_pipes(int pipes[6]) {
  for (int i = 0; i < 6; i++) pipes[i] = -1;
  for (int i = 0; i < 6; i += 2) {
    if (pipe2(pipes + i, O_CLOEXEC) != 0) return errno;
    int failure = raise_end(pipes + i);
    if (failure == 0) failure = raise_end(pipes + i + 1);
    if (failure != 0) return failure;
  }
  return 0;
}

static int spawn(char *const argv[], char *const envp[], pid_t *pid, const int pipes[6]) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int failure = posix_spawn_file_actions_init(&actions);
  if (failure != 0) return failure;
  failure = posix_spawnattr_init(&attributes);
  if (failure != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return failure;
  }
  if (failure == 0) failure = posix_spawn_file_actions_adddup2(&actions, pipes[0], 0);
  if (failure == 0) failure = posix_spawn_file_actions_adddup2(&actions, pipes[3], 1);
  if (failure == 0) failure = posix_spawn_file_actions_adddup2(&actions, pipes[5], 2);
  if (failure == 0) failure = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (failure == 0) failure = posix_spawn_file_actions_addchdir_np(&actions, "/");
  if (failure == 0) failure = posix_spawnattr_setsigmask(&attributes, &none);
  if (failure == 0) failure = posix_spawnattr_setsigdefault(&attributes, &all);
  if (failure == 0) failure = posix_spawnattr_setpgroup(&attributes, 0);
  if (failure == 0)
    failure = posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (failure == 0) failure = posix_spawn(pid, argv[0], &actions, &attributes, argv, envp);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

int fino_spawn(char *const argv[], char *const envp[], pid_t *pid, int ends[3]) {
  int pipes[6];
  int failure = open_pipes(pipes);
  if (failure == 0) failure = spawn(argv, envp, pid, pipes);
  ends[0] = pipes[1];
  ends[1] = pipes[2];
  ends[2] = pipes[4];
  for (int i = 0; i < 6; i++) {
    int is_ours = i == 1 || i == 2 || i == 4;
    if (pipes[i] >= 0 && (failure != 0 || !is_ours)) close(pipes[i]);
  }
  if (failure != 0) return failure;
  for (int i = 0; i < 3; i++) fcntl(ends[i], F_SETFL, fcntl(ends[i], F_GETFL) | O_NONBLOCK);
  return 0;
}

ssize_t fino_write_quietly(int descriptor, const void *bytes, size_t count) {
  sigset_t pipe_signal, before, pending;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&pending);
  int was_pending = sigismember(&pending, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  ssize_t written = write(descriptor, bytes, count);
  int code = errno;
  if (written < 0 && code == EPIPE && !was_pending) {
    struct timespec now = {0, 0};
    sigtimedwait(&pipe_signal, NULL, &now);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = code;
  return written;
}
