/// Power: a child process by posix_spawn, with three pipes and no other descriptor of ours.

import CProcess
import Glibc

/// Used on one thread.
final class ChildProcess {
  enum Stream {
    case output
    case complaint
  }

  private let pid: pid_t
  private var input: Int32
  private var output: Int32
  private var complaint: Int32
  private var isReaped = false

  /// Starts it in a process group of its own, in `/`, with signals as they are by default.
  init(_ argv: [String], _ environment: [String: String]) throws(DriverError) {
    var words: [UnsafeMutablePointer<CChar>?] = argv.map { strdup($0) } + [nil]
    var pairs: [UnsafeMutablePointer<CChar>?] =
      environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + pairs { free(text) } }
    var child: pid_t = 0
    var ends: [Int32] = [-1, -1, -1]
    let code = fino_spawn(&words, &pairs, &child, &ends)
    guard code == 0 else {
      throw DriverError(
        .unreachable, "\(argv.first ?? "") cannot be started: \(String(cString: strerror(code)))")
    }
    pid = child
    input = ends[0]
    output = ends[1]
    complaint = ends[2]
  }

  /// Until something can be read, or the time is over.
  func wait(milliseconds: Int32) {
    var looks = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: complaint, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&looks, nfds_t(looks.count), milliseconds)
  }

  /// Writes what the pipe takes; closes it when all is written or nobody reads.
  func feed(_ bytes: inout ArraySlice<UInt8>) {
    guard input >= 0 else { return }
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { fino_write_quietly(input, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if count < 0, errno == EINTR {
        continue
      } else if count < 0, errno == EAGAIN {
        return
      } else {
        bytes = []
      }
    }
    closeInput()
  }

  /// All that is there. Only the last bytes are kept.
  func read(_ stream: Stream, into kept: inout KeptOutput) {
    let descriptor = stream == .output ? output : complaint
    guard descriptor >= 0 else { return }
    var piece = [UInt8](repeating: 0, count: 4096)
    // Bounded, so that a program that never stops talking cannot hide the clock.
    for _ in 0..<64 {
      let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        kept.append(piece.prefix(count))
      } else if count < 0, errno == EINTR {
        continue
      } else if count < 0, errno == EAGAIN {
        return
      } else {
        close(descriptor)
        if stream == .output { output = -1 } else { complaint = -1 }
        return
      }
    }
  }

  /// The status when it has ended. Its pid is then no longer ours to signal; its group may live on.
  func reap() -> Int32? {
    guard !isReaped else { return nil }
    var info = siginfo_t()
    // Without reaping: the group must be signalled while the pid still holds its number.
    guard waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo != 0
    else { return nil }
    Glibc.kill(-pid, SIGKILL)
    var status: Int32 = 0
    guard waitpid(pid, &status, 0) == pid else { return nil }
    isReaped = true
    return status
  }

  /// With all of its group.
  func kill() {
    guard !isReaped else { return }
    Glibc.kill(-pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    isReaped = true
  }

  func closeInput() {
    guard input >= 0 else { return }
    close(input)
    input = -1
  }

  func closeAll() {
    closeInput()
    for descriptor in [output, complaint] where descriptor >= 0 { close(descriptor) }
    output = -1
    complaint = -1
  }
}
