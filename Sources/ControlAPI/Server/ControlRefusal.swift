/// ControlAPI: a request that can't be understood, as JSON with one sentence.

import Hummingbird

struct ControlRefusal: HTTPResponseError {
  var status: HTTPResponse.Status
  var sentence: String

  init(_ status: HTTPResponse.Status, _ sentence: String) {
    self.status = status
    self.sentence = sentence
  }

  func response(from request: Request, context: some RequestContext) throws -> Response {
    try Answer.json(ErrorAnswer(error: sentence), status)
  }
}
