/// FinoBench: a server of the benchmark: Fino, or dnsmasq as a proxy beside somebody's DHCP server.

import Foundation
import Lab

final class BootServer {
  enum Kind: CaseIterable {
    case fino
    case dnsmasq
  }

  private let process: ChildProcess
  var processID: Int32 { process.processID }

  /// Returns once it is ready. Without `state` it starts with an empty one.
  init(
    _ kind: Kind, _ network: BenchNetwork, fino: String, work: String, state: String? = nil,
    pinned: Bool = true
  ) throws {
    let output = "\(work)/server.log"
    try? FileManager.default.removeItem(atPath: output)
    switch kind {
    case .fino:
      let folder = state ?? "\(work)/state"
      if state == nil { try? FileManager.default.removeItem(atPath: folder) }
      try FileManager.default.createDirectory(
        atPath: "\(work)/images", withIntermediateDirectories: true)
      process = try network.start(
        [
          fino, "serve", "--interface", "eth0", "--state", folder,
          "--images", "\(work)/images", "--config", try Self.configuration(work),
        ], pinned: pinned, output: output)
    case .dnsmasq:
      process = try network.start(Self.dnsmasq, pinned: pinned, output: output)
    }
    do {
      try BenchNetwork.wait(for: "a server that is ready", seconds: 60) {
        !process.isRunning || Self.isReady(kind, process)
      }
      guard process.isRunning else { throw LabError("it ended: \(process.outputText)") }
    } catch {
      process.kill()
      throw LabError("\(kind) did not start: \(error)")
    }
  }

  /// Fino says so; dnsmasq has its ports.
  private static func isReady(_ kind: Kind, _ process: ChildProcess) -> Bool {
    switch kind {
    case .fino:
      return process.outputText.contains("is ready")
    case .dnsmasq:
      let file = "/proc/\(process.processID)/net/udp"
      let ports = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
      return ports.contains(":0043 ") && ports.contains(":0FAB ")
    }
  }

  func stop() { process.kill() }

  deinit { stop() }

  /// How it ended, for an error.
  var ending: String { process.ended.map { "with \($0)" } ?? "not" }
  var isRunning: Bool { process.isRunning }
  var output: String { process.outputText }

  /// A record's power driver is none here; nothing is power-cycled.
  private static func configuration(_ work: String) throws -> String {
    let file = "\(work)/fino.yaml"
    try Data("power: { driver: log }\n".utf8).write(to: URL(filePath: file))
    return file
  }

  /// `dnsmasq 2.90`, or its name alone.
  static func dnsmasqVersion(_ work: String) -> String {
    let output = "\(work)/version.log"
    guard let child = try? ChildProcess.start(["dnsmasq", "--version"], output: output) else {
      return "dnsmasq"
    }
    while child.isRunning { usleep(1000) }
    let words = child.outputText.split(whereSeparator: \.isWhitespace)
    return words.count > 2 ? "dnsmasq \(words[2])" : "dnsmasq"
  }

  /// A fair opponent: no DNS, no log, no leases, one service for each of the two architectures.
  /// As root, group too: a process that changes either is no longer ended with ours.
  static let dnsmasq = [
    "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--group=root",
    "--pid-file",
    "--port=0", "--no-resolv", "--no-hosts", "--interface=eth0", "--log-facility=/dev/null",
    "--quiet-dhcp", "--leasefile-ro", "--dhcp-lease-max=1000000", "--no-ping",
    "--dhcp-range=10.64.0.0,proxy,255.224.0.0", "--dhcp-no-override",
    "--dhcp-match=set:bios,option:client-arch,0", "--dhcp-match=set:uefi,option:client-arch,7",
    "--dhcp-boot=tag:bios,undionly.kpxe", "--dhcp-boot=tag:uefi,snponly.efi",
    "--pxe-service=0,Fino,undionly.kpxe", "--pxe-service=7,Fino,snponly.efi",
  ]
}
