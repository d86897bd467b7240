/// Lab: records what passes the switch into a pcap file.

internal import Glibc

package struct TrafficCapture: Sendable {
  package let file: String
  private let process: ChildProcess

  static func start(
    in laboratory: Laboratory, to file: String, filter: String, on segment: LabSegment
  ) async throws(LabError) -> TrafficCapture {
    // -U: each packet is in the file at once, so that it can be read while the capture runs.
    let process = try laboratory.start(
      ["tcpdump", "-i", segment.rawValue, "-U", "-n", "-Z", "root", "-w", file]
        + (filter.isEmpty ? [] : [filter]), on: .networkSwitch)
    let deadline = ContinuousClock.now + .seconds(10)
    while !process.outputText.contains("listening on") {
      guard process.isRunning, ContinuousClock.now < deadline,
        (try? await Task.sleep(for: .milliseconds(20))) != nil
      else {
        process.kill()
        throw LabError("tcpdump does not capture: \(process.outputText)")
      }
    }
    return TrafficCapture(file: file, process: process)
  }

  /// Ends the recording; the file is complete after it.
  package func stop() async {
    process.signal(SIGINT)
    if await process.waitForExit(timeout: .seconds(5)) == nil { process.kill() }
  }
}
