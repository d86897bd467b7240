/// Lab: whether a server of the laboratory has its UDP port yet.

internal import FoundationEssentials
internal import Wire

struct ListeningPort {
  var address: IPv4Address
  var port: UInt16

  /// Waits until somebody in the namespace of `process` has the port.
  func wait(for process: ChildProcess, timeout: Duration = .seconds(10)) async throws(LabError) {
    let deadline = ContinuousClock.now + timeout
    while !isOpen(in: process) {
      guard process.isRunning, ContinuousClock.now < deadline else {
        let said = process.outputText.split(separator: "\n").suffix(3).joined(separator: "; ")
        process.kill()
        let line = process.command.joined(separator: " ")
        throw LabError("`\(line)` does not listen on \(address):\(port): \(said)")
      }
      guard (try? await Task.sleep(for: .milliseconds(20))) != nil else {
        throw LabError("cancelled while waiting for \(address):\(port)")
      }
    }
  }

  /// proc_net_udp(5): the second column is the local address in the processor's byte order, and
  /// the port.
  private func isOpen(in process: ChildProcess) -> Bool {
    guard let table = FileManager.default.contents(atPath: "/proc/\(process.processID)/net/udp")
    else { return false }
    return String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst().contains {
      let columns = $0.split(separator: " ")
      return columns.count > 1 && columns[1] == procText
    }
  }

  private var procText: String {
    let swapped = address.value.byteSwapped
    return Self.hex(swapped, digits: 8) + ":" + Self.hex(UInt32(port), digits: 4)
  }

  private static func hex(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
