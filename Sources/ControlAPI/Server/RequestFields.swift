/// ControlAPI: the parameters of a request, wherever the caller put them.

import Foundation
import Hummingbird

/// Query, form and JSON object together; the body wins over the query.
struct RequestFields {
  var values: [String: String] = [:]

  /// 64 KiB of body at most.
  private static let limit = 65_536

  init(_ request: Request) async throws {
    if let query = request.uri.query { read(form: query) }
    let body = try await request.body.collect(upTo: Self.limit)
    guard body.readableBytes > 0 else { return }
    let type = request.headers[.contentType]?.lowercased() ?? "application/x-www-form-urlencoded"
    if type.hasPrefix("application/json") {
      try read(json: Data(body.readableBytesView))
    } else if type.hasPrefix("application/x-www-form-urlencoded") {
      read(form: String(buffer: body))
    } else {
      throw ControlRefusal(
        .unsupportedMediaType,
        "send a form (application/x-www-form-urlencoded) or JSON (application/json)")
    }
  }

  private mutating func read(json data: Data) throws {
    guard let object = try? JSONDecoder().decode([String: Field].self, from: data) else {
      throw ControlRefusal(.badRequest, "the body is not a JSON object")
    }
    for (name, field) in object {
      guard let text = field.text else {
        throw ControlRefusal(.badRequest, "«\(name)» must be a string")
      }
      values[name] = text
    }
  }

  /// A string, or a number as text; nil is anything else. NSNumber would make a number of `false`.
  private struct Field: Decodable {
    var text: String?

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let text = try? value.decode(String.self) {
        self.text = text
      } else if let number = try? value.decode(Int.self) {
        text = String(number)
      } else if let number = try? value.decode(Double.self) {
        text = String(number)
      }
    }
  }

  private mutating func read(form text: String) {
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let decoded = parts.map {
        $0.replacing("+", with: " ").removingPercentEncoding ?? String($0)
      }
      values[decoded[0]] = decoded.count == 2 ? decoded[1] : ""
    }
  }
}
