/// CLoad: this thread in another process' network namespace.
#pragma once

/// Takes this thread to the namespace of process `pid`. Answers the one where it was, for
/// namespace_leave; negative: -errno.
int namespace_enter(int pid);

/// Takes this thread back, and answers `fd`; closes it when that fails: -errno.
int namespace_leave(int home, int fd);
