/// LabTests: lines out of what firmware writes to a serial line.

import FoundationEssentials
import Testing

@testable import Lab

@Suite struct SerialConsoleTests {
  private func texts(_ text: String, after start: Int = 0) -> [String] {
    SerialConsole.lines(of: Array(text.utf8), after: start).map(\.text)
  }

  @Test func linesEndWithEitherEnding() {
    #expect(texts("one\r\ntwo\rthree\n\n four \n") == ["one", "two", "three", "four"])
  }

  @Test func aLineThatIsNotCompleteIsNotThere() {
    #expect(texts("one\ntw") == ["one"])
    #expect(texts("").isEmpty)
  }

  /// As iPXE's banner and OVMF's screens have them.
  @Test func controlSequencesAreLeftOut() {
    #expect(texts("\u{1b}[0;1miPXE 1.0.0\u{1b}[0m -- Boot\r\n") == ["iPXE 1.0.0 -- Boot"])
    #expect(texts("\u{1b}[2J\u{1b}[01;01HBdsDxe\u{1b}[02;01Hnext\n") == ["BdsDxe", "next"])
    #expect(texts("\u{1b}cstart\u{08}\n") == ["start"])
  }

  @Test func readingGoesOnBehindALine() throws {
    let bytes = Array("one\r\ntwo\r\n".utf8)
    let first = try #require(SerialConsole.lines(of: bytes).first)
    #expect(SerialConsole.lines(of: bytes, after: first.end).map(\.text) == ["two"])
    #expect(SerialConsole.lines(of: bytes, after: bytes.count).isEmpty)
    #expect(SerialConsole.lines(of: bytes, after: 1000).isEmpty)
    #expect(SerialConsole.lines(of: bytes, after: -1).count == 2)
  }

  @Test func aLineIsFoundAndOneThatNeverComesIsAnError() async throws {
    let file = "\(FileManager.default.temporaryDirectory.path)/console-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try LabFile.write("before\r\nhere it is\r\n", to: file)
    let console = SerialConsole(file: file)
    let line = try await console.waitForLine(containing: "here", timeout: .seconds(10))
    #expect(line.text == "here it is")
    #expect(line.end == console.end - 1)
    await #expect(throws: LabError.self) {
      try await console.waitForLine(containing: "before", after: line.end, timeout: .zero)
    }
  }
}
