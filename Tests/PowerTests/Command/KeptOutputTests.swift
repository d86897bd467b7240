/// PowerTests: the last bytes of an executable's output, without the password.

import Testing

@testable import Power

struct KeptOutputTests {
  private func cleared(_ output: KeptOutput, _ secret: String) -> String {
    String(decoding: output.cleared(of: HiddenText(secret)), as: UTF8.self)
  }

  @Test func theSecretIsStarsWhereverItStands() {
    var output = KeptOutput()
    output.append("pässwörd a pässwörpässwörd\n".utf8)
    #expect(cleared(output, "pässwörd") == "*** a pässwör***\n")
    #expect(cleared(output, "") == "pässwörd a pässwörpässwörd\n")
    #expect(output.cleared(of: nil) == output.bytes)
    #expect(!output.isCut)
  }

  @Test func onlyTheLastBytesAreKept() {
    var output = KeptOutput()
    for _ in 0..<20 { output.append([UInt8](repeating: 1, count: 4096)) }
    output.append([2])
    #expect(output.bytes.count <= 2 * KeptOutput.limit && output.bytes.last == 2)
    #expect(output.isCut)
  }

  @Test(arguments: 1...8)
  func theEndOfASecretWhoseBeginningIsGoneIsNotTold(left: Int) {
    var output = KeptOutput()
    output.append([UInt8](repeating: 0x2d, count: 2 * KeptOutput.limit))
    let tail = KeptOutput.limit - left
    output.append(Array("Sesame17".utf8) + [UInt8](repeating: 0x2e, count: tail))
    #expect(output.bytes.count == KeptOutput.limit)
    #expect(cleared(output, "Sesame17") == "***" + String(repeating: ".", count: tail))
  }
}
