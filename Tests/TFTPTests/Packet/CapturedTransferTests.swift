/// TFTPTests: the requests that real firmware sent, and the answers that it accepted.

import Fixtures
import PacketCapture
import Testing
import Wire

@testable import TFTP

@Suite struct CapturedTransferTests {
  private static let loaderSize = 173_792

  private func frames() throws -> [UDPFrame] {
    try CaptureFile(parsing: Fixtures.bytes("captures/fino-uefi.pcap")).records
      .compactMap { try UDPFrame(parsing: $0.bytes) }
      .filter { ![67, 68, 4011].contains($0.destination.port) }
  }

  /// EDK2 asks twice: for the size, which it ends with an error, and for the file.
  @Test func everyRequestGetsTheOACKThatTheFirmwareTook() throws {
    let frames = try frames()
    let requests = frames.filter { $0.destination.port == 69 }
    #expect(requests.count == 2)
    for request in requests {
      guard case .read(let read, let name) = TFTPAdmission(request.payload, from: request.source)
      else {
        Issue.record("\(request.source): not a read request")
        continue
      }
      #expect(name.cleaned == "snponly.efi")
      let terms = TFTPTerms(
        request: read, fileSize: Self.loaderSize, limits: TFTPLimits(mtu: 1500, windowSize: 64))
      let answer = try #require(frames.first { $0.destination == request.source })
      #expect(
        try TFTPPacket(parsing: answer.payload) == .optionAcknowledgment(terms.acknowledged))
    }
  }

  @Test func theProbeEndsWithAnErrorAndTheTransferWithItsLastBlock() throws {
    let fromClient = try frames().filter { $0.destination.port != 69 }
      .filter { $0.source.address != .v4(IPv4Address(10, 77, 0, 2)) }
    guard case .error = try TFTPPacket(parsing: try #require(fromClient.first).payload) else {
      Issue.record("the probe did not end with an error")
      return
    }
    let last = try TFTPPacket(parsing: try #require(fromClient.last).payload)
    #expect(last == .acknowledgment(block: UInt16(Self.loaderSize / 1468 + 1)))
  }
}
