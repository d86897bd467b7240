/// Power: many hosts in few characters, as FreeIPMI and pdsh write them.

/// `node[1-3,7]`, `10.0.[0-3].[1-250]`, `rack[01-12]-bmc`, `a,b,c`. Numbers keep their leading zeros.
/// What is in brackets and has a colon is an IPv6 address, `[fe80::1]:623`.
package enum HostRange {
  /// What one command may name.
  package static let most = 65_536

  package struct Mistake: Error, Equatable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
  }

  /// Each once, in the order in which they are written. `@FILE` stands for what a file has: words with
  /// blanks, commas or ends of lines between them, and `#` for the rest of a line; `read` answers its
  /// text, nil when it can't.
  package static func expand(
    _ words: [String], read: (String) -> String?
  ) throws(Mistake) -> [String] {
    var seen: Set<String> = []
    var hosts: [String] = []
    func add(_ word: Substring) throws(Mistake) {
      for part in split(word) {
        for host in try expand(part, room: most - hosts.count) where seen.insert(host).inserted {
          hosts.append(host)
        }
      }
    }
    for word in words {
      guard word.hasPrefix("@") else {
        try add(word[...])
        continue
      }
      let path = String(word.dropFirst())
      guard let text = read(path) else {
        throw Mistake("the file «\(path)» with hosts cannot be read")
      }
      for line in text.split(whereSeparator: \.isNewline) {
        let kept = line.prefix { $0 != "#" }
        for word in kept.split(whereSeparator: \.isWhitespace) {
          do throws(Mistake) {
            try add(word)
          } catch {
            throw Mistake("in the file «\(path)»: \(error)")
          }
        }
      }
    }
    return hosts
  }

  /// At commas outside brackets.
  private static func split(_ text: Substring) -> [Substring] {
    var depth = 0
    return text.split {
      if $0 == "[" { depth += 1 }
      if $0 == "]" { depth -= 1 }
      return $0 == "," && depth == 0
    }
  }

  private static func expand(_ word: Substring, room: Int) throws(Mistake) -> [String] {
    var hosts = [""]
    var rest = word
    while let open = rest.firstIndex(where: { $0 == "[" || $0 == "]" }) {
      guard rest[open] == "[", let close = rest[open...].firstIndex(of: "]") else {
        throw Mistake("«\(word)»: a bracket has no partner")
      }
      let head = rest[..<open]
      let inside = rest[rest.index(after: open)..<close]
      rest = rest[rest.index(after: close)...]
      if inside.contains(":") {
        hosts = hosts.map { "\($0)\(head)[\(inside)]" }
        continue
      }
      let numbers = try numbers(inside, in: word)
      guard hosts.count * numbers.count <= room else { throw tooMany }
      hosts = hosts.flatMap { host in numbers.map { "\(host)\(head)\($0)" } }
    }
    guard hosts.count <= room else { throw tooMany }
    return hosts.map { $0 + rest }
  }

  private static var tooMany: Mistake {
    Mistake("these are more than \(most) hosts; name fewer at a time")
  }

  /// `1-3,07-12`
  private static func numbers(
    _ text: Substring, in word: Substring
  ) throws(Mistake) -> [String] {
    var numbers: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
      guard (1...2).contains(ends.count), let first = number(ends[0]),
        let last = number(ends[ends.count - 1])
      else {
        throw Mistake("«\(word)»: «\(part)» is no number and no range like 1-250")
      }
      guard first <= last else {
        throw Mistake("«\(word)»: the range \(part) ends before it begins")
      }
      guard last - first < most else { throw tooMany }
      let width = ends[0].utf8.count
      for number in first...last {
        let digits = String(number)
        numbers.append(String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits)
      }
      guard numbers.count <= most else { throw tooMany }
    }
    return numbers
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(text)
  }
}
