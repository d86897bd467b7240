/// ControlAPI: pages and JSON as responses, and who gets which.

import Foundation
import Hummingbird

enum Answer {
  /// Programs say `Accept: application/json`; browsers, and callers that say nothing, get pages.
  static func wantsJSON(_ request: Request) -> Bool {
    let accept = request.headers[.accept] ?? ""
    return accept.contains("application/json") && !accept.contains("text/html")
  }

  static func page(_ page: Page, _ status: HTTPResponse.Status = .ok) -> Response {
    response(page.text, "text/html; charset=utf-8", status)
  }

  static func json(
    _ value: some Encodable, _ status: HTTPResponse.Status = .ok
  ) throws -> Response {
    response(try text(value) + "\n", "application/json", status)
  }

  /// https://prometheus.io/docs/instrumenting/exposition_formats/
  static func metrics(_ counts: [(name: String, value: Int)]) -> Response {
    let lines = counts.map { "fino_events_total{kind=\"\($0.name)\"} \($0.value)\n" }
    return response(
      "# HELP fino_events_total What the appliance saw and did.\n"
        + "# TYPE fino_events_total counter\n" + lines.joined(), "text/plain; version=0.0.4", .ok)
  }

  static func text(_ text: String) -> Response { response(text, "text/plain; charset=utf-8", .ok) }

  /// Of any encoding, most likely this one.
  static func plain(_ bytes: [UInt8]) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// For a person to keep, under `name`.
  static func file(_ bytes: [UInt8], type: String, name: String) -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: type, .cacheControl: "no-store",
        .contentDisposition: "attachment; filename=\"\(name)\"",
      ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// RFC 9512.
  static func document(_ yaml: String) -> Response { response(yaml, "application/yaml", .ok) }

  /// Keys are sorted, so that the same answer is the same text.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func response(
    _ text: String, _ type: String, _ status: HTTPResponse.Status
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
