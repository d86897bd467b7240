/// FinoFuzz: the XML of vSphere and of libvirt.

@testable import Power

/// The first byte says whose document the rest is.
enum XMLFuzz {
  static func swallow(_ bytes: [UInt8]) {
    guard let door = bytes.first else { return }
    let document = Array(bytes.dropFirst())
    switch door % 3 {
    case 0: element(document)
    case 1: answer(document)
    default: domain(String(decoding: document, as: UTF8.self))
    }
  }

  private static func element(_ bytes: [UInt8]) {
    guard let root = try? XMLElement(parsing: bytes) else { return }
    var all = [root]
    while let one = all.popLast() {
      precondition(one.range.upperBound <= bytes.count, "outside")
      if let inside = one.inside {
        precondition(
          one.range.lowerBound <= inside.lowerBound && inside.upperBound <= one.range.upperBound)
      }
      all += one.children
    }
    // What is escaped reads as it was.
    let text = "<a b=\"\(root.text.xmlEscaped)\">\(root.text.xmlEscaped)</a>"
    let again = try? XMLElement(parsing: Array(text.utf8))
    precondition(again?.text == again?.attribute("b"), "escaped in two ways")
  }

  private static func answer(_ bytes: [UInt8]) {
    guard let answer = try? SOAPAnswer(parsing: bytes, method: "Login") else { return }
    switch answer {
    case .values(let values): _ = values.map { ManagedObject($0) }
    case .fault(let name, let text):
      precondition(!text.utf8.contains { $0 < 0x20 }, "more than a line")
      _ = SOAPAnswer.faultName(name)
    }
  }

  /// A changed domain is still one, and what is put back is what was there.
  private static func domain(_ xml: String) {
    guard let order = try? DomainBootOrder(xml) else { return }
    _ = order.first
    _ = order.isEFI
    _ = order.restored().map { _ = try? DomainBootOrder($0) }
    for device in ["network", "hd", "cdrom"] {
      guard let changed = try? order.putting(device, persistent: false) else { continue }
      guard let next = try? DomainBootOrder(changed) else {
        preconditionFailure("a change that cannot be read")
      }
      precondition(next.isChanged, "no note")
      guard !order.isChanged else { continue }
      precondition(next.restored().map { (try? DomainBootOrder($0)) != nil } == true, "lost")
    }
  }
}
