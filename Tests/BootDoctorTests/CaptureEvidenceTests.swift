/// BootDoctorTests: each verdict over a capture points at the packets that show its cause.

import BootDoctor
import Fixtures
import PacketCapture
import Testing
import Wire

@Suite struct CaptureEvidenceTests {
  struct Evidence: Sendable, CustomTestStringConvertible {
    var capture: String
    /// What kinds of packets are shown, by alphabet, each once.
    var kinds: [String]
    /// What the cause says.
    var words: String
    /// Seconds after the last packet.
    var later: UInt64

    init(_ capture: String, _ kinds: String..., words: String = "", later: UInt64 = 0) {
      self.capture = capture
      self.kinds = kinds
      self.words = words
      self.later = later
    }

    var testDescription: String { capture }
  }

  @Test(arguments: CaptureEvidenceTests.all)
  func theEvidenceShowsTheCause(_ expected: Evidence) throws {
    let (packets, network) = try Self.read(expected.capture, later: expected.later)
    let verdicts = network.verdicts().joined().joined().filter { $0.severity != .information }
    let verdict = try #require(verdicts.first)
    let kinds = Set(verdict.evidence.compactMap { packets[$0] }.map(PacketKind.name))
    #expect(kinds.sorted() == expected.kinds)
    #expect(verdict.cause.contains(expected.words), "\(verdict.cause)")
    #expect(!verdict.remedy.isEmpty)
  }

  @Test func theLeaseThatAnotherMachineGotIsShown() throws {
    let (packets, network) = try Self.read("faults/lease-exhausted")
    let verdict = try #require(network.verdicts().last?.first?.first)
    let given = try #require(verdict.evidence.compactMap { packets[$0] }.last)
    #expect(PacketKind.name(given) == "ACK")
    #expect(given.destinationHardware == network.clients.first?.mac)
  }

  @Test func firmwareThatIsStillAboutToConnectHasNotFailed() throws {
    let (_, network) = try Self.read("faults/tls-uefi", later: 5)
    #expect(network.verdicts().joined().joined().allSatisfy { $0.severity == .information })
  }

  /// The large segments are not in the capture: the next question acknowledges them.
  @Test func anAnswerIsWholeWhenTheNextQuestionAcknowledgesIt() throws {
    let (_, network) = try Self.read("faults/installer-loop")
    let kernels = network.clients.flatMap(\.boots).flatMap(\.requests)
      .filter { $0.target == "/vmlinuz" }
    #expect(kernels.count >= 3)
    #expect(kernels.allSatisfy { $0.isWhole && $0.bytes == $0.contentLength })
  }

  /// As the machines showed it when these were recorded.
  @Test(arguments: [
    ("http-forbidden", "410c613c"), ("http-error", "1d0c6539"), ("tls-ipxe", "0216eb8f"),
    ("tftp-option-refused-bios", "3c126003"), ("tftp-no-size", "PXE-E53"),
    ("tftp-empty", "PXE-E99"), ("tftp-error", "PXE-E23"),
    ("tftp-option-refused", "PXE-E23"), ("lease-exhausted", "040ee119"),
  ])
  func theScreenIsWhatTheMachineShowed(_ capture: String, _ shown: String) throws {
    let (_, network) = try Self.read("faults/\(capture)")
    let verdicts = network.verdicts().joined().joined().filter { $0.severity == .failure }
    #expect(verdicts.contains { $0.screen.contains(shown) }, "\(verdicts.map(\.screen))")
    #expect(!ScreenCode.meanings(of: shown).isEmpty)
  }

  @Test func eachInstallationIsShownByItsScript() throws {
    let (packets, network) = try Self.read("faults/installer-loop")
    let verdict = try #require(network.verdicts().joined().joined().first)
    let scripts = verdict.evidence.compactMap { packets[$0] }.compactMap { packet in
      if case .tcp(let segment) = packet.content { Array(segment.payload) } else { nil }
    }
    #expect(scripts.count == 4)
    #expect(scripts.allSatisfy { $0.starts(with: "#!ipxe\nkernel vmlinuz".utf8) })
  }

  @Test func bothVLANsAreNamed() throws {
    let (packets, network) = try Self.read("faults/one-way-vlan")
    let verdict = try #require(network.verdicts().joined().joined().first)
    #expect(verdict.cause.contains("VLAN 10") && verdict.cause.contains("VLAN 20"))
    #expect(Set(verdict.evidence.compactMap { packets[$0]?.vlan }) == [10, 20])
  }

  /// The captured packets by their numbers, and what the explainer makes of them.
  private static func read(_ name: String, later: UInt64 = 0) throws -> (
    [Int: Packet], NetworkRecord
  ) {
    let bytes = try Fixtures.bytes("captures/\(name).pcap")
    var reader = CaptureReader(bytes: bytes)
    var decoder = PacketDecoder()
    var packets: [Int: Packet] = [:]
    while let frame = try reader.next() {
      if let packet = try decoder.decode(frame) { packets[packet.number] = packet }
    }
    var whole = CaptureReader(bytes: bytes)
    var explainer = Explainer()
    try explainer.read(&whole)
    let network = explainer.finish()
    return (packets, later == 0 ? network : explainer.finish(at: network.end + later * Span.second))
  }
}

extension CaptureEvidenceTests {
  static let all: [Evidence] = [
    Evidence("faults/dhcp-refused-bios", "NAK", "REQUEST", words: "NAK"),
    Evidence("faults/dhcp-refused-uefi", "NAK", "REQUEST", words: "NAK"),
    Evidence("faults/lease-exhausted", "ACK", "DISCOVER", words: "pool is used up"),
    Evidence("faults/relay-dropped", "DISCOVER", "OFFER", words: "the relay 10.77.0.3"),
    Evidence("faults/one-way-bios", "DISCOVER", "OFFER", words: "heard nothing"),
    Evidence("faults/one-way-uefi", "DISCOVER", "OFFER", words: "heard nothing"),
    Evidence("faults/one-way-tftp", "options", "read request", words: "«snponly.efi»"),
    Evidence("faults/one-way-vlan", "DISCOVER", "OFFER", words: "VLAN 20"),
    Evidence("faults/tftp-option-refused", "error 8", "read request", words: "tsize 0"),
    Evidence("faults/tftp-option-refused-bios", "error 8", "read request"),
    Evidence("faults/tftp-no-size", "error 8", "read request", words: "did not tell the size"),
    Evidence("faults/tftp-too-large", "error 8", "read request", words: "3221 MB"),
    Evidence("faults/tftp-empty", "error 8", "read request", words: "0 bytes"),
    Evidence("faults/tftp-error", "error 0", "read request", words: "cannot read"),
    Evidence("faults/http-forbidden", "GET", "HTTP 403", words: "403"),
    Evidence("faults/http-error", "GET", "HTTP 500", words: "500"),
    Evidence("faults/duplicate-mac", "DISCOVER", words: "bbccddee0002"),
    Evidence("faults/duplicate-uuid", "GET", words: "52:54:00:fa:00:02"),
    Evidence("faults/installer-loop", "segment", words: "4 times with the same kernel"),
    Evidence(
      "faults/tls-ipxe", "TLS handshake", "connection", "end of connection",
      words: "server's certificate"),
    Evidence(
      "faults/tls-uefi-authority", "TLS handshake", "connection", "reset",
      words: "server's certificate"),
    Evidence("faults/tls-uefi", "ACK", "OFFER", words: "no certificate authority", later: 20),
  ]
}
