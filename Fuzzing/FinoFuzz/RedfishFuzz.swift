/// FinoFuzz: the JSON of Redfish.

import IPMI

@testable import Power

/// Two status bytes, then the body.
enum RedfishFuzz {
  static func swallow(_ bytes: [UInt8]) {
    guard bytes.count > 2 else { return }
    let status = 200 + Int(bytes[0]) + Int(bytes[1])
    let answer = WebAnswer(
      status: status, fields: ["etag": ["\"1\""]], body: Array(bytes.dropFirst(2)))
    precondition(!answer.messages.utf8.contains { $0 < 0x20 }, "more than a line")
    _ = answer.messageIDs
    _ = answer.refusal(of: "reset the machine").description
    guard let json = answer.json else { return }
    _ = WebAnswer(status: status).etag(json)
    if let link = json.link { precondition(RedfishValue.path(link) == link && link.first == "/") }
    let override = BootOverride(json)
    for device in [BootDevice.pxe, .none] {
      _ = try? override.setting(for: BootWish(device: device, efi: true))
      _ = override.mode(for: BootWish(device: device), isSupermicro: true)
    }
    let reset = ResetAction(target: json.link ?? "/", allowed: json["Members"]?.texts ?? [])
    _ = reset.type(for: .cycle)
  }
}
