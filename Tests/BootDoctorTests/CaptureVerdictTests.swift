/// BootDoctorTests: verdicts over captures of real machines, good and broken.

import BootDoctor
import Fixtures
import PacketCapture
import Testing
import Wire

@Suite struct CaptureVerdictTests {
  /// The verdicts of all boots, `later` seconds after the capture's end.
  private static func codes(_ name: String, later: UInt64 = 0) throws -> [[String]] {
    let network = try network(name, later: later)
    return network.verdicts().joined().map { verdicts in
      verdicts.filter { $0.severity != .information }.map {
        ($0.severity == .warning ? "warning " : "") + $0.code.rawValue
      }
    }
  }

  private static func network(_ name: String, later: UInt64 = 0) throws -> NetworkRecord {
    var reader = CaptureReader(bytes: try Fixtures.bytes("captures/\(name).pcap"))
    var explainer = Explainer()
    try explainer.read(&reader)
    let network = explainer.finish()
    return later == 0 ? network : explainer.finish(at: network.end + later * 1_000_000_000)
  }

  @Test(arguments: [
    "fino-bios", "fino-uefi", "v6-pxe", "v6-http", "sb-shim", "b2", "b15", "e3", "h1", "p2", "p3",
    "faults/healthy-uefi",
  ])
  func aBootThatGoesWellHasNoVerdict(_ name: String) throws {
    let codes = try Self.codes(name)
    #expect(!codes.isEmpty)
    #expect(codes.joined().isEmpty, "\(codes)")
  }

  /// Each is a broken one's sibling, and was recorded until the machine had nothing more to fetch.
  @Test(arguments: [
    "dhcp-refused-healthy", "dhcp-refused-race", "relay-healthy", "vlan-healthy",
    "tftp-no-options-bios", "tls-healthy-uefi", "installer-once", "two-machines", "two-interfaces",
  ])
  func aSiblingOfAFaultHasNoVerdictHoweverLongNothingComes(_ name: String) throws {
    for later: UInt64 in [0, 1, 5, 12, 20, 40, 120] {
      let codes = try Self.codes("faults/\(name)", later: later)
      #expect(!codes.isEmpty)
      #expect(codes.joined().isEmpty, "\(later) s later: \(codes)")
    }
  }

  @Test(arguments: CaptureVerdictTests.faults)
  func aFaultHasItsVerdict(_ fault: Fault) throws {
    let network = try Self.network(fault.capture, later: fault.later)
    let verdicts = network.verdicts().joined().joined()
    let found = verdicts.first { $0.code == fault.code }
    #expect(found != nil, "\(verdicts.map(\.code.rawValue))")
    // Nothing else is said of the boot, but for a fight of servers.
    let others = verdicts.filter {
      $0.severity == .failure && $0.code != fault.code && $0.code != .twoPXEServers
    }
    #expect(others.isEmpty, "\(others.map(\.code.rawValue))")
    let evidence = found?.evidence ?? []
    #expect(!evidence.isEmpty && evidence.allSatisfy { (1...network.packets).contains($0) })
  }

  @Test func aFightOfServersIsToldBesideItsResult() throws {
    #expect(try Self.codes("faults/two-servers").joined().contains("two-pxe-servers"))
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var capture: String
    var code: Verdict.Code
    /// How long the capture went on without a packet; trimmed captures end with the last one.
    var later: UInt64

    init(_ capture: String, _ code: Verdict.Code, later: UInt64 = 0) {
      self.capture = capture
      self.code = code
      self.later = later
    }

    var testDescription: String { "\(capture): \(code.rawValue)" }
  }
}

extension CaptureVerdictTests {
  /// Fixtures/README.md tells how each was made.
  static let faults: [Fault] = [
    Fault("e13", .bootServerWrongPort),
    Fault("e15", .noProxyAnswer),
    Fault("sb-refused", .loaderSilent),
    Fault("s1", .httpNotFound),
    Fault("faults/no-dhcp", .noDHCPAnswer),
    Fault("faults/no-proxy-bios", .ipxeNoFileName),
    Fault("faults/no-proxy-uefi", .noProxyAnswer),
    Fault("faults/only-proxy", .noDHCPAnswer),
    Fault("faults/boot-server-blocked", .bootServerSilent),
    Fault("faults/two-servers", .bootServerSilent),
    Fault("faults/tftp-not-found-bios", .tftpFileNotFound),
    Fault("faults/tftp-not-found-uefi", .tftpFileNotFound),
    Fault("faults/tftp-access", .tftpAccessDenied),
    Fault("faults/tftp-blocked", .tftpBlocked),
    Fault("faults/tftp-answers-blocked", .tftpBlocked),
    Fault("faults/tftp-closed", .tftpBlocked),
    Fault("faults/tftp-stalled", .tftpStalled),
    Fault("faults/tftp-mtu", .tftpMTU),
    Fault("faults/next-server-dead", .tftpBlocked),
    Fault("faults/wrong-loader-uefi", .wrongArchitecture),
    Fault("faults/wrong-loader-bios", .wrongArchitecture),
    Fault("faults/ipxe-loop", .ipxeLoop),
    Fault("faults/name-unknown", .nameNotResolved),
    Fault("faults/name-no-server", .nameNotResolved),
    Fault("faults/http-refused", .httpRefused),
    Fault("faults/http-blocked", .httpUnanswered),
    Fault("faults/http-not-found", .httpNotFound),
    Fault("faults/http-stalled", .httpStalled, later: 18),
    Fault("faults/http-cut", .httpTruncated),
    Fault("faults/script-https", .scriptUnused),
    Fault("faults/initrd-missing", .initrdMissing),
    Fault("faults/script-unused", .scriptUnused, later: 20),
    Fault("faults/dhcp-refused-bios", .dhcpRefused),
    Fault("faults/dhcp-refused-uefi", .dhcpRefused),
    Fault("faults/lease-exhausted", .leaseExhausted),
    Fault("faults/relay-dropped", .relayDroppedAnswer),
    Fault("faults/one-way-bios", .oneWayTraffic),
    Fault("faults/one-way-uefi", .oneWayTraffic),
    Fault("faults/one-way-tftp", .oneWayTraffic),
    Fault("faults/one-way-vlan", .oneWayTraffic),
    Fault("faults/tftp-option-refused", .tftpOptionRefused),
    Fault("faults/tftp-option-refused-bios", .tftpOptionRefused),
    Fault("faults/tftp-no-size", .tftpOptionRefused),
    Fault("faults/tftp-too-large", .tftpProbeOnly),
    Fault("faults/tftp-empty", .tftpProbeOnly),
    Fault("faults/tftp-error", .tftpError),
    Fault("faults/http-forbidden", .httpError),
    Fault("faults/http-error", .httpError),
    Fault("faults/tls-ipxe", .tlsFailed),
    Fault("faults/tls-uefi", .tlsFailed, later: 20),
    Fault("faults/tls-uefi-authority", .tlsFailed),
    Fault("faults/tftp-no-options", .tftpOptionRefused),
    Fault("faults/installer-loop", .installerLoop),
    Fault("faults/duplicate-mac", .duplicateMAC),
    Fault("faults/duplicate-uuid", .duplicateUUID),
    // Recorded with a server made for it, which answers as it is told.
    Fault("faults/offer-without-identifier", .offerNotAccepted, later: 10),
    Fault("faults/offer-from-4011", .offerNotAccepted),
    Fault("faults/option-60-of-dhcp", .bootServerSilent),
    Fault("faults/boot-server-silent-ipxe", .bootServerSilent),
    Fault("faults/option-43-without-file", .vendorOptionsUnusable, later: 5),
    Fault("faults/http-boot-type", .httpBootUnusable, later: 5),
    Fault("faults/http-boot-pxe-class", .offerNotAccepted),
    Fault("faults/http-boot-no-dns", .nameNotResolved),
  ]
}
