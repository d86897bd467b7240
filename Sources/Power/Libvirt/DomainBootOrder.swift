/// Power: what a libvirt domain boots first, changed in its XML where it stands.

/// libvirt has no "next boot only". What was there is noted in the domain's metadata, and put back
/// when the domain has been started with the change (the running domain keeps its own copy).
///
/// Two ways exclude each other (libvirt.org/formatdomain.html): `<os><boot dev='network'/>…`, or
/// `<boot order='1'/>` in each device.
struct DomainBootOrder: Sendable {
  private let bytes: [UInt8]
  private let root: XMLElement
  private let os: XMLElement
  /// Disks, interfaces and so on, in the order of the document.
  private let devices: [XMLElement]

  private static let bootable: Set<String> = ["disk", "interface", "hostdev", "redirdev"]
  private static let namespace = "urn:fino:boot-order:1"
  private static let note = "boot-order"

  init(_ xml: String) throws(DriverError) {
    bytes = Array(xml.utf8)
    do throws(XMLReader.Problem) {
      root = try XMLElement(parsing: bytes)
    } catch {
      throw DriverError(
        .malformed, "its domain XML cannot be read: \(error.what) at byte \(error.offset)")
    }
    guard root.name == "domain", let os = root.child("os"), os.inside != nil else {
      throw DriverError(.malformed, "its domain XML has no <os>")
    }
    self.os = os
    devices = (root.child("devices")?.children ?? []).filter {
      Self.bootable.contains($0.name) && $0.inside != nil
    }
  }

  /// The order before a change that is still to be taken back.
  private struct Original: Equatable {
    /// `hd`, `cdrom`, …
    var os: [String]
    /// One for each device; empty where it had none.
    var devices: [String]
  }

  private var noted: XMLElement? {
    root.child("metadata")?.children.first { child in
      child.name == Self.note && child.attributes.contains { $0.value == Self.namespace }
    }
  }

  /// Whether a change waits for the next start.
  var isChanged: Bool { noted != nil }

  /// Whether the firmware is UEFI.
  var isEFI: Bool {
    os.attribute("firmware") == "efi" || os.child("loader")?.attribute("type") == "pflash"
  }

  private var current: Original {
    Original(
      os: os.all("boot").compactMap { $0.attribute("dev") },
      devices: devices.map { $0.child("boot")?.attribute("order") ?? "" })
  }

  private var usesDevices: Bool { current.devices.contains { !$0.isEmpty } }

  /// `network`, `hd` or `cdrom`: what comes first now.
  var first: String? {
    guard usesDevices else { return current.os.first }
    let ordered = devices.filter { Self.order($0) != nil }.min { Self.before($0, $1) }
    return ordered.map(Self.kind)
  }

  /// With `device` (`network`, `hd`, `cdrom`) first, and a note of what was there unless the change
  /// is to stay.
  func putting(_ device: String, persistent: Bool) throws(DriverError) -> String {
    var edits: [Edit] = []
    if usesDevices {
      let wanted = devices.indices.filter { Self.kind(devices[$0]) == device }
      guard !wanted.isEmpty else { throw DriverError(.unsupported, "it has no device “\(device)”") }
      let ordered = devices.indices.filter { Self.order(devices[$0]) != nil }.sorted {
        Self.before(devices[$0], devices[$1])
      }
      // Those of the kind that had an order first, in that order.
      let front = ordered.filter(wanted.contains) + wanted.filter { !ordered.contains($0) }
      let order = front + ordered.filter { !wanted.contains($0) }
      var numbers = Array(repeating: "", count: devices.count)
      for (place, index) in order.enumerated() { numbers[index] = "\(place + 1)" }
      edits += self.edits(devices: numbers)
    } else {
      edits += self.edits(os: [device] + current.os.filter { $0 != device })
    }
    if persistent {
      edits += noted.map { [Edit($0.range, "")] } ?? []
    } else if noted == nil {
      edits.append(noting(current))
    }
    return apply(edits)
  }

  /// As it was before; nil when there is nothing to take back. Where devices came or went since, the
  /// order stays as it is and only the note goes.
  func restored() -> String? {
    guard let noted else { return nil }
    var edits = [Edit(noted.range, "")]
    let os = (noted.attribute("os") ?? "").split(separator: ",").map(String.init)
    let numbers = (noted.attribute("devices") ?? "")
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let words = ["hd", "cdrom", "network", "fd"]
    guard os.allSatisfy(words.contains),
      numbers.allSatisfy({ $0.isEmpty || UInt16($0) != nil })
    else { return apply(edits) }
    if usesDevices {
      if numbers.count == devices.count { edits += self.edits(devices: numbers) }
    } else {
      edits += self.edits(os: os)
    }
    return apply(edits)
  }

  // MARK: Edits

  private struct Edit {
    var range: Range<Int>
    var text: String

    init(_ range: Range<Int>, _ text: String) {
      self.range = range
      self.text = text
    }
  }

  private func edits(os order: [String]) -> [Edit] {
    guard let inside = os.inside else { return [] }
    let text = order.map { "<boot dev='\($0.xmlEscaped)'/>" }.joined()
    return os.all("boot").map { Edit($0.range, "") }
      + [Edit(inside.upperBound..<inside.upperBound, text)]
  }

  private func edits(devices numbers: [String]) -> [Edit] {
    zip(devices, numbers).flatMap { device, number -> [Edit] in
      guard let inside = device.inside else { return [] }
      let old = device.all("boot").map { Edit($0.range, "") }
      let text = number.isEmpty ? "" : "<boot order='\(number.xmlEscaped)'/>"
      return old + [Edit(inside.upperBound..<inside.upperBound, text)]
    }
  }

  private func noting(_ original: Original) -> Edit {
    let element =
      "<fino:\(Self.note) xmlns:fino='\(Self.namespace)' "
      + "os='\(original.os.joined(separator: ",").xmlEscaped)' "
      + "devices='\(original.devices.joined(separator: ",").xmlEscaped)'/>"
    if let metadata = root.child("metadata") {
      guard let inside = metadata.inside else {
        return Edit(metadata.range, "<metadata>\(element)</metadata>")
      }
      return Edit(inside.lowerBound..<inside.lowerBound, element)
    }
    return Edit(os.range.lowerBound..<os.range.lowerBound, "<metadata>\(element)</metadata>")
  }

  /// They never overlap.
  private func apply(_ edits: [Edit]) -> String {
    var result: [UInt8] = []
    var position = 0
    let sorted = edits.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }
    for (_, edit) in sorted where edit.range.lowerBound >= position {
      result += bytes[position..<edit.range.lowerBound]
      result += Array(edit.text.utf8)
      position = edit.range.upperBound
    }
    result += bytes[position...]
    return String(decoding: result, as: UTF8.self)
  }

  private static func order(_ device: XMLElement) -> UInt16? {
    device.child("boot")?.attribute("order").flatMap { UInt16($0) }
  }

  private static func before(_ one: XMLElement, _ other: XMLElement) -> Bool {
    (order(one) ?? .max) < (order(other) ?? .max)
  }

  /// In the words of `<os>`.
  private static func kind(_ device: XMLElement) -> String {
    switch device.name {
    case "interface": "network"
    case "disk":
      switch device.attribute("device") {
      case "cdrom": "cdrom"
      case "floppy": "fd"
      default: "hd"
      }
    default: device.name
    }
  }
}
