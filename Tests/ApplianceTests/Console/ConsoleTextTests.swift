/// ApplianceTests: what is kept of a console.

import Testing

@testable import Appliance

struct ConsoleTextTests {
  @Test func nothingIsChanged() {
    var text = ConsoleText()
    #expect(text.contents == [])
    let written = Array("\u{1b}[2J\u{1b}[1;31mGRUB\u{1b}[0m\r\n".utf8) + [0xff, 0x00, 0x9b]
    text.append(written)
    text.append([])
    #expect(text.contents == written)
    text.note("lost")
    #expect(text.contents == written + Array("\r\n[fino: lost]\r\n".utf8))
  }

  @Test(arguments: [1, 7, 1000, 40_000, ConsoleText.limit, ConsoleText.limit * 3])
  func theEndIsKept(_ step: Int) {
    var text = ConsoleText()
    let all = (0..<(ConsoleText.limit * 2 + 12_345)).map { UInt8(truncatingIfNeeded: $0 / 251) }
    var rest = all[...]
    while !rest.isEmpty {
      text.append(rest.prefix(step))
      rest = rest.dropFirst(step)
    }
    let leftOut = ConsoleText.limit + 12_345
    let front = "[fino: \(leftOut) bytes before this were not kept]\r\n"
    #expect(text.contents == Array(front.utf8) + all.suffix(ConsoleText.limit))
  }
}
