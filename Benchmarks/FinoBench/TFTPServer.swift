/// FinoBench: a TFTP server of the benchmark: Fino, dnsmasq, or tftpd-hpa.

import Foundation
import Lab

final class TFTPServer {
  enum Kind: CaseIterable {
    case fino
    case dnsmasq
    case tftpd

    var title: String { self == .tftpd ? "tftpd-hpa" : "\(self)" }
  }

  private let process: ChildProcess
  private let kind: Kind

  /// Serves the files of `folder`, which everybody may read. Returns once it is ready.
  init(
    _ kind: Kind, _ network: BenchNetwork, fino: String, work: String, folder: String,
    pinned: Bool
  ) throws {
    self.kind = kind
    let output = "\(work)/server.log"
    try? FileManager.default.removeItem(atPath: output)
    let command: [String]
    switch kind {
    case .fino:
      let state = "\(work)/state"
      try FileManager.default.createDirectory(
        atPath: "\(work)/images", withIntermediateDirectories: true)
      try? FileManager.default.removeItem(atPath: state)
      try Data("tftp: { directory: \(folder) }\n".utf8).write(
        to: URL(filePath: "\(work)/fino.yaml"))
      command = [
        fino, "serve", "--interface", "eth0", "--state", state, "--images", "\(work)/images",
        "--config", "\(work)/fino.yaml",
      ]
    case .dnsmasq: command = Self.dnsmasq + ["--tftp-root=\(folder)"]
    case .tftpd:
      command =
        BenchPlace.family + [
          "in.tftpd", "--listen", "--foreground", "--ipv4",
          "--address", "\(BenchNetwork.serverAddress):69", "--user", "root", "--secure", folder,
        ]
    }
    process = try network.start(command, pinned: pinned, output: output)
    do {
      try BenchNetwork.wait(for: "a server that is ready", seconds: 60) {
        !process.isRunning || Self.isReady(kind, process)
      }
      guard process.isRunning else { throw LabError("it ended: \(process.outputText)") }
    } catch {
      stop()
      throw LabError("\(kind.title) did not start: \(error)")
    }
  }

  /// Fino says so; the others have their port.
  private static func isReady(_ kind: Kind, _ process: ChildProcess) -> Bool {
    if kind == .fino { return process.outputText.contains("is ready") }
    return BenchPlace.hasPort(process, "udp", 69)
  }

  /// With its children: tftpd-hpa has one for each transfer.
  var use: ProcessUse { ProcessUse(session: process.processID) }
  var isRunning: Bool { process.isRunning }
  var output: String { process.outputText }

  func stop() {
    // The whole session: a child of tftpd-hpa would go on for a while.
    if process.isRunning { kill(-process.processID, SIGKILL) }
    process.kill()
  }

  deinit { stop() }

  /// As fair as it can be: no DNS, no log, and as many transfers as it can be told (50 by default).
  private static let dnsmasq = [
    "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--group=root",
    "--pid-file", "--port=0", "--no-resolv", "--no-hosts", "--interface=eth0",
    "--log-facility=/dev/null", "--quiet-tftp", "--enable-tftp", "--tftp-max=4096",
  ]
}
