/// TFTPTests: what a datagram on port 69 gets.

import TFTP
import Testing
import Wire

@Suite struct TFTPAdmissionTests {
  static let client = Endpoint(IPv4Address(10, 0, 0, 9), 2070)

  private func admit(_ packet: TFTPPacket) -> TFTPAdmission {
    TFTPAdmission(packet.datagram, from: Self.client)
  }

  @Test func `a read request is looked up under its cleaned name`() throws {
    let request = TFTPTransferRequest(filename: "\\boot\\X.efi")
    let name = try TFTPFilename(cleaning: request.filename)
    #expect(name.cleaned == "boot/X.efi")
    #expect(admit(.read(request)) == .read(request, name))
  }

  @Test func `a request to many gets no answer, also no ERROR`() {
    for packet in [TFTPPacket.read(.init(filename: "x")), .write(.init(filename: "x"))] {
      #expect(
        TFTPAdmission(packet.datagram, from: Self.client, isForMany: true) == .ignore(.toMany))
    }
  }

  @Test func `a write request gets ERROR 4`() {
    let request = TFTPTransferRequest(filename: "x")
    #expect(admit(.write(request)) == .refuse(request, .writing))
    #expect(TFTPRefusal.writing.answer.map { Array($0.datagram.prefix(4)) } == [0, 5, 0, 4])
  }

  @Test func `modes other than octet and netascii are refused`() {
    for mode in ["mail", "image", "\u{1}"] {
      let request = TFTPTransferRequest(filename: "x", mode: TFTPMode(rawValue: mode))
      #expect(admit(.read(request)) == .refuse(request, .mode))
    }
  }

  @Test func `names that climb get ERROR 2, names that name nothing ERROR 1`() {
    let climbing = TFTPTransferRequest(filename: "../etc/passwd")
    #expect(admit(.read(climbing)) == .refuse(climbing, .name(.climbs)))
    #expect(
      TFTPRefusal.name(.climbs).answer.map { Array($0.datagram.prefix(4)) } == [0, 5, 0, 2])
    let empty = TFTPAdmission([0, 1] + Array("\0octet\0".utf8), from: Self.client)
    #expect(empty.refusal == .name(.empty))
  }

  @Test func `nothing but a request is answered here`() {
    let packets: [TFTPPacket] = [
      .error(code: .notDefined, message: "x"), .acknowledgment(block: 0),
      .data(block: 1, payload: [1]), .optionAcknowledgment([]),
    ]
    for packet in packets { #expect(admit(packet) == .ignore(.notARequest)) }
    for malformed in [[], [0], [0, 1], [0, 0, 1], [0, 9]] as [[UInt8]] {
      guard case .ignore(.malformed) = TFTPAdmission(malformed, from: Self.client) else {
        Issue.record("\(malformed) was not malformed")
        continue
      }
    }
  }

  @Test func `addresses that cannot be answered`() {
    let request = TFTPPacket.read(TFTPTransferRequest(filename: "x")).datagram
    for source in [
      Endpoint(IPv4Address(10, 0, 0, 9), 0), Endpoint(IPv4Address.any, 2070),
      Endpoint(IPv4Address.broadcast, 2070),
      Endpoint(IPv4Address(224, 0, 0, 1), 2070),
    ] {
      #expect(TFTPAdmission(request, from: source) == .ignore(.unanswerable))
    }
  }
}

extension TFTPAdmission {
  var refusal: TFTPRefusal? {
    if case .refuse(_, let refusal) = self { refusal } else { nil }
  }
}
