/// Tests of Images: Content-Range (RFC 9110 §14.4).

import Testing

@testable import Images

@Suite struct ContentRangeTests {
  @Test(arguments: [
    ("bytes 0-0/1", ContentRange(bytes: 0..<1, size: 1)),
    ("bytes 10-19/100", ContentRange(bytes: 10..<20, size: 100)),
    ("BYTES 10-19/*", ContentRange(bytes: 10..<20, size: nil)),
    ("bytes */100", ContentRange(bytes: nil, size: 100)),
  ])
  func valid(_ text: String, _ expected: ContentRange) {
    #expect(ContentRange(text) == expected)
    #expect("\(expected)" == text.lowercased())
  }

  @Test(arguments: [
    "", "bytes", "bytes */*", "bytes 5-4/10", "bytes 0-10/10", "bytes 0-9", "bytes 0-9/",
    "bytes -9/10", "bytes 0-/10", "items 0-9/10", "bytes +0-9/10", "bytes 0-9/10 x",
    "bytes 0-9223372036854775807/*", "bytes 0-99999999999999999999/*", "bytes 0-9/-1",
    "bytes a-b/c",
  ])
  func invalid(_ text: String) {
    #expect(ContentRange(text) == nil)
  }

  @Test func everyPrefixIsRefused() {
    let text = "bytes 10-19/100"
    for length in 0..<text.count where length < 13 {
      #expect(ContentRange(String(text.prefix(length))) == nil)
    }
  }
}
