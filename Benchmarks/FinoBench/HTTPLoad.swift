/// FinoBench: HTTP clients on a thread of their own.

import CLoad
import Foundation
import Lab
import Synchronization

final class HTTPLoad: Sendable {
  private let result = Mutex<Result<HTTPClients.Outcome, LabError>?>(nil)
  private let ended = DispatchSemaphore(value: 0)
  /// What we hold of the two pipes.
  private let stopping: Int32
  private let starting: Int32

  /// Starts; `processor` is where the thread may run, anywhere when nil.
  init(_ clients: HTTPClients, in process: Int32, processor: Int32?) throws(LabError) {
    let stop = try Self.makePipe()
    let start = try Self.makePipe()
    (stopping, starting) = (stop.writing, start.reading)
    let thread = Thread { [self] in
      if let processor { _ = load_pin(processor) }
      let outcome: Result<HTTPClients.Outcome, LabError>
      do throws(LabError) {
        outcome = .success(
          try clients.run(in: process, stop: stop.reading, started: start.writing))
      } catch {
        outcome = .failure(error)
      }
      result.withLock { $0 = outcome }
      close(stop.reading)
      close(start.writing)
      ended.signal()
    }
    thread.start()
  }

  deinit { close(starting) }

  /// Until all clients are connected and have asked.
  func waitUntilStarted(seconds: Double = 60) throws(LabError) {
    var descriptor = pollfd(fd: starting, events: Int16(POLLIN), revents: 0)
    var byte: UInt8 = 0
    guard poll(&descriptor, 1, Int32(seconds * 1e3)) == 1 else {
      throw LabError("the clients are not connected after \(Int(seconds)) s")
    }
    // Nothing to read: it is over already.
    if read(starting, &byte, 1) == 0 { _ = try outcome() }
  }

  func stop() throws(LabError) -> HTTPClients.Outcome {
    close(stopping)
    return try outcomeAtEnd()
  }

  /// Waits for the end.
  func outcome() throws(LabError) -> HTTPClients.Outcome {
    let outcome = Result { () throws(LabError) in try outcomeAtEnd() }
    close(stopping)
    return try outcome.get()
  }

  private func outcomeAtEnd() throws(LabError) -> HTTPClients.Outcome {
    ended.wait()
    guard let outcome = result.withLock({ $0 }) else { throw LabError("the clients have gone") }
    return try outcome.get()
  }

  private static func makePipe() throws(LabError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw LabError("no pipe: \(String(cString: strerror(errno)))") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}
