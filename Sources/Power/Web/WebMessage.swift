/// Power: a question to a web service, and its answer.

struct WebQuestion: Equatable, Sendable {
  enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  var method: Method
  /// Begins with a slash.
  var path: String
  var fields: [(name: String, value: String)] = []
  var body: [UInt8] = []

  static func == (one: WebQuestion, other: WebQuestion) -> Bool {
    one.method == other.method && one.path == other.path && one.body == other.body
      && one.fields.map(\.name) == other.fields.map(\.name)
      && one.fields.map(\.value) == other.fields.map(\.value)
  }
}

struct WebAnswer: Equatable, Sendable {
  var status: Int
  /// Names in lower case.
  var fields: [String: [String]] = [:]
  var body: [UInt8] = []

  func field(_ name: String) -> String? { fields[name]?.first }
}

/// Who asks: the network, or a test.
protocol WebAsking: Sendable {
  func ask(_ question: WebQuestion) async throws(DriverError) -> WebAnswer
}
