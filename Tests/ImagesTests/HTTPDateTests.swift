/// Tests of Images: the three forms of an HTTP date (RFC 9110 §5.6.7).

import Foundation
import Images
import Testing

@Suite struct HTTPDateTests {
  private static let example = Date(timeIntervalSince1970: 784_111_777)

  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
  ])
  func allFormsAreRead(_ text: String) {
    #expect(HTTPDate(text)?.date == Self.example)
  }

  @Test func theFirstFormIsWritten() {
    #expect(HTTPDate(Self.example).description == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(
      HTTPDate(Date(timeIntervalSince1970: 0)).description == "Thu, 01 Jan 1970 00:00:00 GMT")
  }

  @Test func roundTrip() {
    var generator = SeededGenerator(seed: 1994)
    for _ in 0..<500 {
      let date = Date(
        timeIntervalSince1970: Double(Int.random(in: 0...253_402_300_799, using: &generator)))
      #expect(HTTPDate(HTTPDate(date).description)?.date == date)
    }
  }

  @Test(arguments: [
    "", "GMT", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
    "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
    "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Now 1994 08:49:37 GMT",
    "Sun, +6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov -994 08:49:37 GMT",
    "Sun, 06 Nov 99999999999999999999 08:49:37 GMT", "Sun, 06 Nov 1994 a:b:c GMT",
    "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov 08:49:37 GMT", "Sun Nov 6 1994 08:49:37",
  ])
  func anythingElseIsNot(_ text: String) {
    #expect(HTTPDate(text) == nil)
  }

  @Test func everyPrefixIsRefused() {
    let text = "Sun, 06 Nov 1994 08:49:37 GMT"
    for length in 0..<text.count {
      #expect(HTTPDate(String(text.prefix(length))) == nil)
    }
  }
}
