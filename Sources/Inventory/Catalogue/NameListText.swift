/// Inventory: names as a list in JSON, and shorter lists cut out of it.

private import Jinja
private import Synchronization

/// Whoever asks first waits until all names are written; copying is all that others have to do. It
/// belongs to one list of names.
final class NameListText: Sendable {
  private struct Written {
    /// `["a","b"]`, without spaces.
    var bytes = [UInt8(ascii: "[")]
    /// Behind each name.
    var ends: [Int] = []

    init(_ names: [String]) {
      ends.reserveCapacity(names.count)
      for name in names {
        if !ends.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes += JSONWriter.bytes(.string(name))
        ends.append(bytes.count)
      }
      bytes.append(UInt8(ascii: "]"))
    }

    func name(_ place: Int) -> ArraySlice<UInt8> {
      // Behind the bracket, or the comma.
      bytes[(place == 0 ? 1 : ends[place - 1] + 1)..<ends[place]]
    }
  }

  private let written = Mutex<Written?>(nil)

  func all(_ names: [String]) -> [UInt8] { text(of: names).bytes }

  func some(_ names: [String], at places: [Int]) -> [UInt8] {
    if places.isEmpty { return Array("[]".utf8) }
    let text = text(of: names)
    if places.count == names.count { return text.bytes }
    var result = [UInt8(ascii: "[")]
    for place in places {
      if result.count > 1 { result.append(UInt8(ascii: ",")) }
      result += text.name(place)
    }
    result.append(UInt8(ascii: "]"))
    return result
  }

  private func text(of names: [String]) -> Written {
    written.withLock { written in
      if let written { return written }
      let new = Written(names)
      written = new
      return new
    }
  }
}
