/// Tests of Images: conditions and ranges, clause by clause (RFC 9110 §13, §14).

import Foundation
import Images
import Testing

@Suite struct FileRequestTests {
  private static let modified = Date(timeIntervalSince1970: 784_111_777)
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
  private static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"
  private static let later = "Mon, 07 Nov 1994 08:49:37 GMT"

  private func answer(_ request: FileRequest, size: Int = 100) -> FileRequest.Answer {
    request.answer(
      for: ImageFile(path: "x", size: size, modified: Self.modified, entityTag: "\"tag\""))
  }

  // §14.1.2
  @Test(arguments: [
    ("bytes=0-0", FileRequest.Answer.part(0..<1)),
    ("bytes=0-99", .part(0..<100)),
    ("bytes=0-", .part(0..<100)),
    ("bytes=99-", .part(99..<100)),
    ("bytes=10-19", .part(10..<20)),
    ("bytes=90-200", .part(90..<100)),
    ("bytes=0-99999999999999999999999999", .part(0..<100)),
    ("bytes=-1", .part(99..<100)),
    ("bytes=-100", .part(0..<100)),
    ("bytes=-500", .part(0..<100)),
    ("bytes=-99999999999999999999999999", .part(0..<100)),
    ("BYTES=0-1", .part(0..<2)),
    (" bytes=0-1 ", .part(0..<2)),
    ("bytes=100-", .unsatisfiable),
    ("bytes=100-200", .unsatisfiable),
    ("bytes=99999999999999999999999999-", .unsatisfiable),
    ("bytes=-0", .unsatisfiable),
    ("bytes=5-4", .whole),
    ("bytes=-", .whole),
    ("bytes=", .whole),
    ("bytes", .whole),
    ("", .whole),
    ("bytes=a-b", .whole),
    ("bytes=1-b", .whole),
    ("bytes=+1-2", .whole),
    ("bytes=--1", .whole),
    ("bytes=0x1-2", .whole),
    ("bytes=\u{661}-2", .whole),
    ("bytes=0-1,5-6", .part(0..<7)),
    ("bytes=0-,5", .whole),
    ("items=0-1", .whole),
    ("lines 0-1", .whole),
  ])
  func ranges(_ header: String, _ expected: FileRequest.Answer) {
    #expect(answer(FileRequest(range: header)) == expected)
  }

  @Test func anEmptyFileHasNoRange() {
    #expect(answer(FileRequest(range: "bytes=0-"), size: 0) == .unsatisfiable)
    #expect(answer(FileRequest(range: "bytes=-5"), size: 0) == .unsatisfiable)
    #expect(answer(FileRequest(), size: 0) == .whole)
  }

  // §13.1.2, weak comparison
  @Test(arguments: [
    ("\"tag\"", true), ("W/\"tag\"", true), ("*", true), ("\"other\"", false),
    ("\"other\", \"tag\"", true), ("\"other\",W/\"tag\" , \"x\"", true), ("tag", false),
    ("\"TAG\"", false), ("", false), ("\"a,b\", \"tag\"", true),
  ])
  func ifNoneMatch(_ header: String, _ matches: Bool) {
    #expect(answer(FileRequest(ifNoneMatch: header)) == (matches ? .notModified : .whole))
  }

  // §13.1.3; a date that can't be read is ignored
  @Test(arguments: [
    (date, true), (later, true), (earlier, false), ("yesterday", false), ("", false),
    ("Sunday, 06-Nov-94 08:49:37 GMT", true), ("Sun Nov  6 08:49:37 1994", true),
  ])
  func ifModifiedSince(_ header: String, _ unchanged: Bool) {
    #expect(answer(FileRequest(ifModifiedSince: header)) == (unchanged ? .notModified : .whole))
  }

  // §13.1.1, strong comparison
  @Test(arguments: [
    ("\"tag\"", true), ("*", true), ("\"x\", \"tag\"", true), ("W/\"tag\"", false),
    ("\"x\"", false), ("", false),
  ])
  func ifMatch(_ header: String, _ holds: Bool) {
    #expect(answer(FileRequest(ifMatch: header)) == (holds ? .whole : .preconditionFailed))
  }

  // §13.1.4; a tag hides a date (§13.2.2, steps 1 and 2)
  @Test(arguments: [(date, true), (later, true), (earlier, false), ("yesterday", true)])
  func ifUnmodifiedSince(_ header: String, _ holds: Bool) {
    let expected: FileRequest.Answer = holds ? .whole : .preconditionFailed
    #expect(answer(FileRequest(ifUnmodifiedSince: header)) == expected)
    #expect(answer(FileRequest(ifMatch: "\"tag\"", ifUnmodifiedSince: header)) == .whole)
  }

  // §13.2.2, steps 3 and 4
  @Test func aTagHidesADate() {
    #expect(
      answer(FileRequest(ifNoneMatch: "\"other\"", ifModifiedSince: Self.later)) == .whole)
    #expect(
      answer(FileRequest(ifNoneMatch: "\"tag\"", ifModifiedSince: Self.earlier)) == .notModified)
  }

  // §13.2.2: conditions come before the range
  @Test func aConditionComesBeforeARange() {
    #expect(answer(FileRequest(range: "bytes=0-1", ifNoneMatch: "\"tag\"")) == .notModified)
    #expect(answer(FileRequest(range: "bytes=0-1", ifNoneMatch: "\"x\"")) == .part(0..<2))
    #expect(answer(FileRequest(range: "bytes=500-", ifNoneMatch: "\"tag\"")) == .notModified)
  }

  // §13.1.5, strong comparison
  @Test(arguments: [
    ("\"tag\"", true), ("W/\"tag\"", false), ("\"other\"", false), (date, true),
    (earlier, false), (later, false), ("tag", false), ("", false), ("*", false),
  ])
  func ifRange(_ header: String, _ holds: Bool) {
    let request = FileRequest(range: "bytes=0-1", ifRange: header)
    #expect(answer(request) == (holds ? .part(0..<2) : .whole))
  }

  // §13.1.5: a failed If-Range also hides a range that can't be satisfied
  @Test func ifRangeComesBeforeTheRange() {
    #expect(answer(FileRequest(range: "bytes=500-", ifRange: "\"other\"")) == .whole)
    #expect(answer(FileRequest(range: "bytes=500-", ifRange: "\"tag\"")) == .unsatisfiable)
    #expect(answer(FileRequest(ifRange: "\"tag\"")) == .whole)
  }
}
