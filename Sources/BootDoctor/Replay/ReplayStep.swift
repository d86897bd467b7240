/// BootDoctor: one question of a replay, with the answer of then and that of today.

import DHCPProxy
import Wire

package struct ReplayStep: Sendable {
  /// The question's frame.
  package var number: Int
  /// Nanoseconds since 1970.
  package var time: UInt64
  /// `DISCOVER of 52:54:00:00:00:01 on port 67`
  package var question: String
  /// The messages as text; a sentence in brackets where nothing was answered.
  package var captured: String
  package var today: String
  /// What differs, one line each; empty when today's answer is the captured one, byte for byte.
  package var differences: [String]
  /// There was an answer then or there is one today. Without `plan` there is none today to what nobody
  /// answered then.
  package var isCompared: Bool

  init(
    number: Int, time: UInt64, _ question: ReplayEvidence.Question,
    _ captured: ReplayEvidence.Answer?, _ decision: ProxyDecision
  ) {
    self.number = number
    self.time = time
    if case .reply = decision { isCompared = true } else { isCompared = captured != nil }
    let kind = question.message.type.map(String.init(describing:)) ?? "BOOTP request"
    let machine = question.message.mac.map(String.init(describing:)) ?? "a machine without address"
    self.question = "\(kind) of \(machine) on port \(question.port.rawValue)"
    self.captured = captured.map { "to \($0.destination)\n\($0.message)" } ?? "(no answer)"
    guard case .reply(let reply, _, _) = decision else {
      let silence = decision.silence
      today = "(no answer: \(silence))"
      differences = captured == nil ? [] : ["answered then, silent today: \(silence)"]
      return
    }
    var writer = ByteWriter(capacity: 400)
    reply.encode(into: &writer)
    let message = try? DHCPMessage(parsing: writer.bytes)
    today = "to \(reply.destination.text)\n\(message.map(String.init(describing:)) ?? "")"
    guard let captured, let message else {
      differences = ["silent then, answered today with \(reply.choice.strategy.title)"]
      return
    }
    var found = MessageDifference(captured.message, message).lines
    if let place = reply.destination.difference(from: captured) { found.append(place) }
    if found.isEmpty, captured.bytes != writer.bytes {
      found.append(
        "the same content in other bytes: \(captured.bytes.count) then, \(writer.count) today")
    }
    differences = found
  }
}

extension ProxyDecision {
  fileprivate var silence: String {
    switch self {
    case .reply: "it is answered"
    case .silence(_, let reason), .ignore(let reason): reason
    case .leaseRequested(_, let address, _): "it takes the address \(address) from a DHCP server"
    }
  }
}

extension ReplyDestination {
  fileprivate var text: String {
    switch self {
    case .broadcast: "255.255.255.255:68"
    case .hardware(let machine): "255.255.255.255:68 in a frame to \(machine)"
    case .unicast(let endpoint): "\(endpoint)"
    }
  }

  fileprivate func difference(from captured: ReplayEvidence.Answer) -> String? {
    let isSame =
      switch self {
      case .broadcast: captured.destination == Endpoint(IPv4Address.broadcast, 68)
      case .hardware(let machine):
        captured.destination.port == 68
          && (captured.destinationHardware == nil || captured.destinationHardware == machine)
      case .unicast(let endpoint): captured.destination == endpoint
      }
    let frame = captured.destinationHardware.map { " in a frame to \($0)" } ?? ""
    return isSame ? nil : "sent to: \(captured.destination)\(frame) then, \(text) today"
  }
}
