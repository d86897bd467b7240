/// Appliance: how many files and connections may be open at once.

import Glibc

enum Descriptors {
  /// Each transfer and each connection costs one; a shell's usual limit of 1,024 is a rack of machines
  /// that start together. Takes what the system allows without asking anybody.
  static func raiseLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 65_536))
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
