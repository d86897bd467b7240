/// Inventory: where an actor waits for the disk, so that no thread of the protocols does.

import Dispatch

/// A serial executor of its own: SQLite's calls block, and a blocked thread of the shared pool
/// would hold up everybody on a small machine.
final class DiskQueue: SerialExecutor {
  private let queue: DispatchQueue

  init(label: String) {
    queue = DispatchQueue(label: label)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }
}
