/// Tests of HTTPBoot: the head and the parts of an answer with a file.

import Foundation
import Images
import Testing

@testable import HTTPBoot

@Suite struct ImageAnswerTests {
  private func answer(
    _ request: FileRequest = FileRequest(), isHead: Bool = false, size: Int = 1000,
    path: String = "x.efi"
  ) -> ImageAnswer {
    let file = ImageFile(
      path: path, size: size, modified: Date(timeIntervalSince1970: 784_111_777),
      entityTag: "\"tag\"")
    return ImageAnswer(
      to: request, isHead: isHead, of: file, lastModified: "Sun, 06 Nov 1994 08:49:37 GMT",
      boundary: "B")
  }

  private func value(_ name: String, _ answer: ImageAnswer) -> String? {
    answer.headers.first { $0.name == name }?.value
  }

  @Test func wholeAndHeadHaveTheSameHeaders() {
    let (get, head) = (answer(), answer(isHead: true))
    #expect(get.status == 200)
    #expect(get.headers == head.headers)
    #expect(get.parts == [.file(0..<1000)] && head.parts.isEmpty)
    #expect(value("Content-Type", get) == "application/efi")
    #expect(value("Content-Length", get) == "1000")
    #expect(value("ETag", get) == "\"tag\"")
    #expect(value("Accept-Ranges", get) == "bytes")
  }

  @Test func headIgnoresARange() {
    #expect(answer(FileRequest(range: "bytes=0-9"), isHead: true).status == 200)
  }

  // RFC 9110 §14.6, §15.3.7.2
  @Test func severalRangesAreAMultipartBody() {
    let answer = answer(FileRequest(range: "bytes=0-1,500-502"))
    #expect(answer.status == 206)
    #expect(value("Content-Type", answer) == "multipart/byteranges; boundary=B")
    #expect(value("Content-Range", answer) == nil)
    let text = answer.parts.map { part in
      switch part {
      case .text(let text): text
      case .file(let range): "<\(range)>"
      }
    }.joined()
    #expect(
      text == """
        \r\n--B\r\nContent-Type: application/efi\r\nContent-Range: bytes 0-1/1000\r\n\r\n<0..<2>\
        \r\n--B\r\nContent-Type: application/efi\r\nContent-Range: bytes 500-502/1000\r\n\r\n\
        <500..<503>\r\n--B--\r\n
        """)
    let length = text.utf8.count - "<0..<2><500..<503>".utf8.count + 5
    #expect(value("Content-Length", answer) == String(length))
    #expect(answer.range == 0..<503)
  }

  @Test func aRangeBehindTheEndSaysHowLongTheFileIs() {
    let answer = answer(FileRequest(range: "bytes=1000-"))
    #expect(answer.status == 416)
    #expect(value("Content-Range", answer) == "bytes */1000")
    #expect(!answer.parts.isEmpty, "iPXE hangs on an empty body")
    #expect(answer.range == nil)
  }

  @Test func nothingOfTheFileIsInAnAnswerWithoutIt() {
    let unchanged = answer(FileRequest(ifNoneMatch: "\"tag\""))
    #expect(unchanged.status == 304 && unchanged.parts.isEmpty)
    #expect(value("ETag", unchanged) == "\"tag\"")
    #expect(value("Content-Length", unchanged) == nil)
    let other = answer(FileRequest(ifMatch: "\"x\""))
    #expect(other.status == 412 && other.range == nil && !other.parts.isEmpty)
  }

  @Test func anEmptyFileIsAWholeOne() {
    let answer = answer(size: 0)
    #expect(answer.status == 200 && answer.range == 0..<0)
    #expect(value("Content-Length", answer) == "0")
  }
}
