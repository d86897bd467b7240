/// FinoFuzz: requests, names and transfers of TFTP.

import TFTP
import Wire

enum TFTPFuzz {
  private static let client = Endpoint(IPv4Address(10, 0, 0, 9), 2070)
  private static let file = FileContents([UInt8](repeating: 7, count: 3_000))

  static func swallow(_ bytes: [UInt8]) {
    guard let packet = try? TFTPPacket(parsing: bytes) else { return }
    let again = packet.datagram
    precondition(again.isEmpty || (try? TFTPPacket(parsing: again)) == packet, "not stable")
    guard case .read(let request, let name) = TFTPAdmission(bytes, from: client) else { return }
    precondition(!name.cleaned.split(separator: "/").contains(".."), "climbs")
    let terms = TFTPTerms(request: request, fileSize: file.count, limits: TFTPLimits())
    let now = ContinuousClock.now
    var sender = TFTPSender(file: file, terms: terms, peer: client, at: now)
    _ = sender.opening
    _ = sender.receive(packet, from: client, at: now + .milliseconds(20))
    _ = sender.tick(at: now + .seconds(3))
  }
}
